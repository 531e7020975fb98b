// Signals arrive as data: blocked on every thread, read from a descriptor.

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <ucontext.h>
#include <unistd.h>

#include "state.h"

struct ct_state ct = {.tty = -1, .input = -1, .signals = -1, .errors = -1, .standard_error = -1};

static const int reported[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};

static sigset_t all_reported(void) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++) sigaddset(&set, reported[i]);
    return set;
}

// A library may start a thread that blocks nothing (swift-subprocess 1.0.2 does), and the kernel then gives the signal
// to that thread. The thread blocks them from here on, and the signal is sent once more, to the descriptor.
// Async-signal-safe.
static void stray(int signal, siginfo_t *info, void *context) {
    (void)info;
    ucontext_t *interrupted = context;
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++) sigaddset(&interrupted->uc_sigmask, reported[i]);
    kill(getpid(), signal);
}

void ct_signals_catch(int signal) {
    struct sigaction action = {.sa_sigaction = stray, .sa_mask = all_reported(), .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(signal, &action, NULL);
}

void ct_prepare(int output) {
    if (ct.signals >= 0) return;
    sigset_t set = all_reported();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++) ct_signals_catch(reported[i]);
    ct.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    ct.errors = memfd_create("standard-error", MFD_CLOEXEC);
    if (isatty(output)) ct_watcher_start(output);
}

int ct_next_signal(void) {
    struct signalfd_siginfo info;
    return read(ct.signals, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

static sigset_t only(int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return set;
}

void ct_signals_unblock(int signal) {
    sigset_t set = only(signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void ct_signals_block(int signal) {
    sigset_t set = only(signal);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

// Takes one back that has arrived and has been dealt with.
void ct_signals_forget(int signal) {
    sigset_t set = only(signal);
    struct timespec none = {0};
    while (sigtimedwait(&set, NULL, &none) > 0) {}
}

void ct_die_by(int number) {
    ct_leave(500);
    signal(number, SIG_DFL);
    ct_signals_unblock(number);
    kill(getpid(), number);
    _exit(128 + number);
}

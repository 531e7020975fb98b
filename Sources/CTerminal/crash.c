// Restores the terminal before a crash is reported by the kernel or by Swift's backtracer.

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state.h"

// A Swift trap is SIGILL on x86-64 and SIGTRAP on arm64.
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS};
#define FATAL_COUNT (sizeof fatal / sizeof *fatal)

static struct sigaction previous[NSIG];
static bool installed;

// Async-signal-safe. A fault that happens again on return keeps its true address; the others are sent again.
static void crashed(int number, siginfo_t *info, void *context) {
    (void)context;
    ct_leave(500);
    if (ct.standard_error >= 0) dup2(ct.standard_error, STDERR_FILENO);
    bool repeats = info->si_code > 0 && (number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE);
    if (repeats) {
        sigaction(number, &previous[number], NULL);
        return;
    }
    // Another process sent the signal: a backtracer would return, and the program would go on without its screen.
    signal(number, SIG_DFL);
    raise(number);
}

// Restores the terminal when a library calls exit(3).
static void exiting(void) { ct_leave(500); }

void ct_crash_install(void) {
    static bool registered;
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (size_t i = 0; i < FATAL_COUNT; i++) sigaction(fatal[i], &action, &previous[fatal[i]]);
    if (!registered) registered = atexit(exiting) == 0;
    installed = true;
}

void ct_crash_remove(void) {
    if (!installed) return;
    for (size_t i = 0; i < FATAL_COUNT; i++) sigaction(fatal[i], &previous[fatal[i]], NULL);
    installed = false;
}

void ct_fault(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

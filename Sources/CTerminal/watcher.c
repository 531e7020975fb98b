// A process of its own that restores the terminal when this one is killed with SIGKILL.
//
// It sleeps in read(2) on a pipe whose only writer is this process, so that the end of file is the end of this process.
// Each order says whether the terminal must be restored then, and to what.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "state.h"

// Seconds that the watcher waits for the terminal to be read.
#define PATIENCE 30

// Shorter than PIPE_BUF, so that it is written and read whole (pipe(7)).
struct order {
    bool armed;
    size_t length;
    struct termios cooked;
    char restore[CT_RESTORE_MAX];
};

static int orders = -1;

static void wait_for_reader(int tty) {
    struct pollfd out = {.fd = tty, .events = POLLOUT};
    while (poll(&out, 1, PATIENCE * 1000) < 0 && errno == EINTR) {}
}

_Noreturn static void watch(int pipe_end, int tty) {
    struct order order = {.armed = false}, next;
    ssize_t count;
    while ((count = read(pipe_end, &next, sizeof next)) != 0) {
        if (count == sizeof next) order = next;
        if (count < 0 && errno != EINTR) break;
    }
    if (order.armed) {
        tcsetattr(tty, TCSANOW, &order.cooked);
        wait_for_reader(tty);
        ct_restore_terminal(tty, &order.cooked, order.restore, order.length, ct.errors);
    }
    _exit(0);
}

// Nothing may stop it before the process that it watches has ended.
static void shield(void) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTOU, SIGTTIN, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
}

// Standard streams may be pipes whose readers wait for their end.
static void release_streams(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= 2 && null >= 0; fd++) dup2(null, fd);
}

static void close_others(int first, int second, int third) {
    for (int fd = 3; fd < 1024; fd++) {
        if (fd != first && fd != second && fd != third) close(fd);
    }
}

void ct_watcher_start(int output) {
    int ends[2];
    int tty = ct_tty_open(output);
    if (tty < 0 || pipe2(ends, O_CLOEXEC) != 0) return;
    if (fork() == 0) {
        prctl(PR_SET_NAME, "tty-watcher");
        shield();
        release_streams();
        close_others(ends[0], tty, ct.errors);
        watch(ends[0], tty);
    }
    close(tty);
    close(ends[0]);
    orders = ends[1];
}

static void send_order(const struct order *order) {
    if (orders >= 0) (void)!write(orders, order, sizeof *order);
}

void ct_watcher_arm(void) {
    struct order order = {.armed = true, .length = ct.restore_length, .cooked = ct.cooked};
    memcpy(order.restore, ct.restore, sizeof order.restore);
    send_order(&order);
}

void ct_watcher_disarm(void) {
    struct order order = {.armed = false};
    send_order(&order);
}

// The terminal device: an own description of it, its line discipline, its size.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "state.h"

// A terminal that polls writable takes so much without blocking (WAKEUP_CHARS of the kernel's n_tty.c).
#define ROOM 256

// An own description: O_NONBLOCK on fd 1 would reach the shell, which shares that description. Where the device may not
// be opened (after su, in another container), the description that was inherited must do.
int ct_tty_open(int descriptor) {
    char path[256];
    bool named = ttyname_r(descriptor, path, sizeof path) == 0;
    int own = named ? open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK) : -1;
    ct.shared = own < 0;
    return ct.shared ? fcntl(descriptor, F_DUPFD_CLOEXEC, 3) : own;
}

// Reads the discipline as it is and derives ours: no echo, no lines, Ctrl-C and Ctrl-Z as keys; Ctrl-\ remains
// a signal. A background process first stops until it is in the foreground: only then is the discipline
// that is found the shell's for programs, and not that of its prompt.
void ct_tty_learn(void) {
    pid_t foreground = tcgetpgrp(ct.tty);
    if (foreground > 0 && foreground != getpgrp()) kill(0, SIGTTOU);
    tcgetattr(ct.tty, &ct.cooked);
    ct.raw = ct.cooked;
    ct.raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    ct.raw.c_lflag |= ISIG;
    ct.raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT);
    ct.raw.c_oflag &= ~(tcflag_t)OPOST;
    ct.raw.c_cc[VINTR] = ct.raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    ct.raw.c_cc[VMIN] = 1;
    ct.raw.c_cc[VTIME] = 0;
}

// The flags of the line discipline that are ours.
#define LOCAL (ICANON | ECHO | ECHONL | IEXTEN | ISIG)
#define INPUT (IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT)

// Keeps what the device made of it, so that only a change by another program is one.
void ct_tty_raw(void) {
    if (tcsetattr(ct.tty, TCSANOW, &ct.raw) == 0) tcgetattr(ct.tty, &ct.raw);
}

// In the background the line discipline is another job's.
bool ct_taken(void) {
    struct termios now;
    pid_t foreground = tcgetpgrp(ct.tty);
    if (foreground > 0 && foreground != getpgrp()) return false;
    if (tcgetattr(ct.tty, &now) != 0) return false;
    return ((now.c_lflag ^ ct.raw.c_lflag) & LOCAL) != 0 || ((now.c_iflag ^ ct.raw.c_iflag) & INPUT) != 0
        || ((now.c_oflag ^ ct.raw.c_oflag) & OPOST) != 0;
}

// Writes without waiting, as far as the terminal has room now; async-signal-safe.
ssize_t ct_tty_some(int tty, const char *bytes, size_t length) {
    struct pollfd out = {.fd = tty, .events = POLLOUT};
    if (!ct.shared) return write(tty, bytes, length);
    if (poll(&out, 1, 0) > 0) return write(tty, bytes, length < ROOM ? length : ROOM);
    errno = EAGAIN;
    return -1;
}

// Writes everything, waiting at most so long in all for a terminal that is not read; async-signal-safe.
bool ct_tty_write(int tty, const char *bytes, size_t length, int milliseconds) {
    while (length > 0) {
        ssize_t written = ct_tty_some(tty, bytes, length);
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        } else if (errno == EAGAIN && milliseconds > 0) {
            struct pollfd out = {.fd = tty, .events = POLLOUT};
            if (poll(&out, 1, 50) == 0) milliseconds -= 50;
            if (out.revents & (POLLHUP | POLLERR)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void ct_tty_size(int tty, int *columns, int *rows) {
    struct winsize size = {0};
    bool known = ioctl(tty, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    *columns = known ? size.ws_col : 80;
    *rows = known ? size.ws_row : 24;
}

// Restores the terminal, for every path: quit, signal, crash, suspension, the watcher.
//
// All of it is async-signal-safe, except for diverting fd 2.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state.h"

#define ERRORS_KEPT (64 * 1024)

// The end of what was written to fd 2 while the screen was up.
static bool replay(int tty, int errors) {
    char bytes[4096];
    off_t size = errors < 0 ? 0 : lseek(errors, 0, SEEK_END);
    off_t at = size > ERRORS_KEPT ? size - ERRORS_KEPT : 0;
    while (at < size) {
        ssize_t count = pread(errors, bytes, sizeof bytes, at);
        if (count <= 0) break;
        if (!ct_tty_write(tty, bytes, (size_t)count, 500)) return false;
        at += count;
    }
    return true;
}

// Modes first, then the line discipline, which works even where the terminal is not read, then the text.
bool ct_restore_terminal(int tty, const struct termios *cooked, const char *restore, size_t length, int errors) {
    bool sent = ct_tty_write(tty, restore, length, 500);
    tcsetattr(tty, TCSANOW, cooked);
    return sent && replay(tty, errors);
}

// Restores once. True when the terminal took the bytes; else the watcher stays armed and restores it once it is read.
bool ct_leave(int milliseconds) {
    if (!atomic_exchange(&ct.entered, false)) return true;
    bool sent = milliseconds > 0 && ct_restore_terminal(ct.tty, &ct.cooked, ct.restore, ct.restore_length, ct.errors);
    if (sent) {
        ct_watcher_disarm();
    } else {
        tcsetattr(ct.tty, TCSANOW, &ct.cooked);
    }
    return sent;
}

static bool same_device(int one, int other) {
    struct stat a, b;
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && S_ISCHR(a.st_mode) && a.st_rdev == b.st_rdev;
}

// What another library writes to the terminal would tear the screen, and a trap's last words would
// vanish with it: they go to a memory file. An fd 2 that leads elsewhere is left alone.
void ct_errors_divert(void) {
    if (ct.errors < 0 || !same_device(STDERR_FILENO, ct.tty)) return;
    (void)!ftruncate(ct.errors, 0);
    lseek(ct.errors, 0, SEEK_SET);
    ct.standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (ct.standard_error >= 0) dup2(ct.errors, STDERR_FILENO);
}

void ct_errors_release(void) {
    if (ct.standard_error < 0) return;
    dup2(ct.standard_error, STDERR_FILENO);
    close(ct.standard_error);
    ct.standard_error = -1;
}

// Waiting for child processes, signals to them, pipes, and ports of the loopback address.

#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char **arguments;

// The GNU C library hands the arguments of main to every constructor.
#ifdef __GLIBC__
__attribute__((constructor)) static void keep_arguments(int count, char **words) {
    (void)count;
    arguments = words;
}
#endif

char **clinux_arguments(void) { return arguments; }

static int words(int code) {
    switch (code) {
    case CLD_EXITED: return CLINUX_EXITED;
    case CLD_KILLED: return CLINUX_KILLED;
    case CLD_DUMPED: return CLINUX_DUMPED;
    case CLD_CONTINUED: return CLINUX_CONTINUED;
    default: return CLINUX_STOPPED;
    }
}

int clinux_wait(pid_t pid, struct clinux_change *change) {
    siginfo_t info;
    for (;;) {
        memset(&info, 0, sizeof info);
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WCONTINUED | WNOWAIT) != 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        change->how = words(info.si_code);
        change->status = info.si_status;
        if (change->how >= CLINUX_STOPPED) {
            siginfo_t taken;
            (void)waitid(P_PID, (id_t)pid, &taken, WSTOPPED | WCONTINUED | WNOHANG);
        }
        return 0;
    }
}

int clinux_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ? 0 : errno;
}

int clinux_pipe(int ends[2], int bytes) {
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    (void)fcntl(ends[1], F_SETPIPE_SZ, bytes);
    return 0;
}

// Older headers of the C library have these numbers for _GNU_SOURCE only; they are Linux's own (linux/fcntl.h).
enum { OFD_GETLK = 36, OFD_SETLK = 37 };

int clinux_lock(int file) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, OFD_SETLK, &lock) == 0 ? 0 : errno;
}

int clinux_is_locked(int file) {
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    if (fcntl(file, OFD_GETLK, &lock) != 0) return -errno;
    return lock.l_type != F_UNLCK;
}

static long number(rlim_t limit) { return limit > (rlim_t)LONG_MAX ? LONG_MAX : (long)limit; }

int clinux_file_limits(long *soft, long *hard) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    *soft = number(limit.rlim_cur);
    *hard = number(limit.rlim_max);
    return 0;
}

int clinux_limit_files(long soft) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    limit.rlim_cur = (rlim_t)soft < limit.rlim_max ? (rlim_t)soft : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? 0 : errno;
}

static struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int clinux_try_listen(uint16_t port) {
    struct sockaddr_in address = loopback(port);
    int yes = 1, result = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) result = errno;
    (void)close(fd);
    return result;
}

int clinux_free_port(void) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int result;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0
        || getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        result = -errno;
    else
        result = ntohs(address.sin_port);
    (void)close(fd);
    return result;
}

int clinux_hold_port(uint16_t *port) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int yes = 1, failure;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0
        && getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    failure = errno;
    (void)close(fd);
    return -failure;
}

int clinux_probe(uint16_t port, int timeout_ms) {
    struct sockaddr_in address = loopback(port);
    int result = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        result = errno;
        if (result == EINPROGRESS) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            socklen_t length = sizeof result;
            if (poll(&wait, 1, timeout_ms) == 0) result = ETIMEDOUT;
            else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &length) != 0) result = errno;
        }
    }
    (void)close(fd);
    return result;
}

// Descriptors of processes, names of threads, exit statuses, and names of system calls.

#include "CLinux.h"

#include <errno.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// linux/pidfd.h since Linux 6.13, the exit since 6.15; the headers that this is built with may be older.
struct pidfd_info {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
#define INFO_EXIT (UINT64_C(1) << 3)
#define GET_INFO _IOWR(0xFF, 11, struct pidfd_info)

int clinux_pidfd(pid_t pid) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

void clinux_name_thread(const char *name) {
    (void)pthread_setname_np(pthread_self(), name);
}

int clinux_exit_status(int pidfd) {
    struct pidfd_info info = {.mask = INFO_EXIT};
    if (ioctl(pidfd, GET_INFO, &info) != 0 || !(info.mask & INFO_EXIT)) return -1;
    return info.exit_code;
}

struct clinux_change clinux_read_status(int status) {
    struct clinux_change change = {.how = CLINUX_EXITED, .status = WEXITSTATUS(status)};
    if (WIFSIGNALED(status)) {
        change.how = WCOREDUMP(status) ? CLINUX_DUMPED : CLINUX_KILLED;
        change.status = WTERMSIG(status);
    }
    return change;
}

#define CALL(name, sense, has_file) \
    case SYS_##name: return (struct clinux_call){#name, sense, has_file}

struct clinux_call clinux_call(long number) {
    static const char events[] = "for events", time[] = "for a time to pass", child[] = "for a child to end";
    static const char data[] = "for something to read", room[] = "for room to write", disk[] = "for the disk";
    static const char lock[] = "for a lock", signal[] = "for a signal", client[] = "for a client";
    static const char thread[] = "for another thread or a lock";
    switch (number) {
#ifdef SYS_epoll_wait
        CALL(epoll_wait, events, 0);
        CALL(poll, events, 0);
        CALL(select, events, 0);
        CALL(pause, signal, 0);
        CALL(accept, client, 1);
#endif
        CALL(epoll_pwait, events, 0);
        CALL(epoll_pwait2, events, 0);
        CALL(ppoll, events, 0);
        CALL(pselect6, events, 0);
        CALL(io_uring_enter, events, 0);
        CALL(io_getevents, events, 0);
        CALL(futex, thread, 0);
        CALL(nanosleep, time, 0);
        CALL(clock_nanosleep, time, 0);
        CALL(restart_syscall, time, 0);
        CALL(wait4, child, 0);
        CALL(waitid, child, 0);
        CALL(rt_sigtimedwait, signal, 0);
        CALL(rt_sigsuspend, signal, 0);
        CALL(accept4, client, 1);
        CALL(read, data, 1);
        CALL(readv, data, 1);
        CALL(pread64, disk, 1);
        CALL(recvfrom, data, 1);
        CALL(recvmsg, data, 1);
        CALL(write, room, 1);
        CALL(writev, room, 1);
        CALL(pwrite64, disk, 1);
        CALL(sendto, room, 1);
        CALL(sendmsg, room, 1);
        CALL(sendfile, room, 1);
        CALL(splice, room, 1);
        CALL(fsync, disk, 1);
        CALL(fdatasync, disk, 1);
        CALL(sync_file_range, disk, 1);
        CALL(close, "for a file to close", 1);
        CALL(flock, lock, 1);
        CALL(fcntl, lock, 1);
        CALL(connect, "for somebody else to answer", 1);
        CALL(semop, lock, 0);
        CALL(semtimedop, lock, 0);
        CALL(exit_group, "for its own end", 0);
    default: return (struct clinux_call){0};
    }
}

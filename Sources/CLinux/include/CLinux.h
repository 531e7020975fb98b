#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/types.h>

/// What a child process did, as waitid(2) tells it: CLD_EXITED and its code, CLD_KILLED or CLD_DUMPED and the signal,
/// CLD_STOPPED or CLD_CONTINUED and the signal.
struct clinux_change {
    int how;
    int status;
};

enum { CLINUX_EXITED = 1, CLINUX_KILLED, CLINUX_DUMPED, CLINUX_STOPPED, CLINUX_CONTINUED };

/// Waits until the child stops, continues or ends. An end is only looked at (WNOWAIT), so that whoever started the
/// child can still reap it; stops and continuations are taken. Returns 0, or the errno.
int clinux_wait(pid_t pid, struct clinux_change *change);

/// Sends a signal to exactly the process behind the descriptor (pidfd_send_signal(2)). Returns 0, or the errno.
int clinux_signal(int pidfd, int signal);

/// A pipe whose ends do not survive exec, of at least so many bytes if the kernel allows it (F_SETPIPE_SZ).
/// Returns 0, or the errno.
int clinux_pipe(int ends[2], int bytes);

/// Raises the soft limit of open files to the hard one, but not above `most`. Returns the limit that holds now.
long clinux_raise_files(long most);

/// Whether a server could listen on this port of 127.0.0.1 now. Returns 0, or the errno of bind(2) or listen(2).
int clinux_try_listen(uint16_t port);

/// A port of 127.0.0.1 that nobody listens on at this moment, or minus the errno.
int clinux_free_port(void);

/// One connect(2) to the port of 127.0.0.1, given up after `timeout_ms`. Returns 0 when it was accepted, or the errno.
int clinux_probe(uint16_t port, int timeout_ms);

#endif

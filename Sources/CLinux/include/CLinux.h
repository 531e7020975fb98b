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

/// The words that this process was started with, ended by NULL; NULL where the C library does not tell.
char **clinux_arguments(void);

/// Waits until the child stops, continues or ends. An end is only looked at (WNOWAIT), so that whoever started the
/// child can still reap it; stops and continuations are taken. Returns 0, or the errno.
int clinux_wait(pid_t pid, struct clinux_change *change);

/// Sends a signal to exactly the process behind the descriptor (pidfd_send_signal(2)). Returns 0, or the errno.
int clinux_signal(int pidfd, int signal);

/// A pipe whose ends do not survive exec, of at least so many bytes if the kernel allows it (F_SETPIPE_SZ).
/// Returns 0, or the errno.
int clinux_pipe(int ends[2], int bytes);

/// The limits of open files of this process (getrlimit(2), RLIMIT_NOFILE). Returns 0, or the errno.
int clinux_file_limits(long *soft, long *hard);

/// Sets the soft limit of open files, at most to the hard one. Returns 0, or the errno.
int clinux_limit_files(long soft);

/// Locks a whole file that is open for writing, for as long as it is open (F_OFD_SETLK). Returns 0, or the errno.
int clinux_lock(int file);

/// Whether another description of the file holds a lock on it (F_OFD_GETLK): 1, 0, or minus the errno.
int clinux_is_locked(int file);

/// Whether a server could listen on this port of 127.0.0.1 now. Returns 0, or the errno of bind(2) or listen(2).
int clinux_try_listen(uint16_t port);

/// A port of 127.0.0.1 that nobody listens on at this moment, or minus the errno.
int clinux_free_port(void);

/// A socket that is bound to a free port of 127.0.0.1 with SO_REUSEADDR and does not listen; `port` becomes its number.
/// Returns its descriptor, or minus the errno.
int clinux_hold_port(uint16_t *port);

/// One connect(2) to the port of 127.0.0.1, given up after `timeout_ms`. Returns 0 when it was accepted, or the errno.
int clinux_probe(uint16_t port, int timeout_ms);

/// A descriptor of this very process, whoever has its number later (pidfd_open(2)), or minus the errno.
int clinux_pidfd(pid_t pid);

/// Gives the calling thread a name of at most 15 bytes that top(1) and /proc show.
void clinux_name_thread(const char *name);

/// How the process behind the descriptor ended, as wait(2) tells it, also when somebody else has waited for it
/// (PIDFD_GET_INFO, Linux 6.15). Returns -1 when the kernel does not know (yet), or is older.
int clinux_exit_status(int pidfd);

/// The words for a status of wait(2).
struct clinux_change clinux_read_status(int status);

/// A system call in which threads sleep.
struct clinux_call {
    /// As in its manual page; NULL for one that is not known here.
    const char *name;
    /// "for a lock": what whoever sleeps in it waits for.
    const char *sense;
    /// Whether its first argument is a file descriptor.
    int has_file;
};

/// By its number on this machine (syscalls(2)).
struct clinux_call clinux_call(long number);

/// One TCP socket, as inet_diag tells it (sock_diag(7)).
struct clinux_socket {
    /// The same for as long as the socket is.
    uint64_t cookie;
    /// Bytes that nobody has read; of a listening socket, connections in the accept queue.
    uint32_t unread;
    /// Bytes that the peer has not acknowledged; of a listening socket, the length of the accept queue.
    uint32_t unsent;
    /// Of the descriptors that hold it; 0 when no process does.
    uint32_t inode;
    /// This end's port, and the other end's.
    uint16_t own;
    uint16_t peer;
    /// Who made it.
    uint32_t user;
    /// This end's address in network order, in as many words as its family has.
    uint32_t address[4];
    /// TCP_ESTABLISHED and so on (netinet/tcp.h).
    uint8_t state;
    /// AF_INET or AF_INET6.
    uint8_t family;
};

/// Whether a socket that listens there takes connections to this address, written as `127.0.0.1` or `::1`: it is bound
/// to the address, or to every address.
int clinux_takes(const struct clinux_socket *socket, const char *address);

/// A netlink socket for `clinux_sockets`, or minus the errno.
int clinux_open_diag(void);

/// The TCP sockets of this machine, IPv4 and IPv6, whose own port is `port` (0: any) and whose state is in `states` (a
/// bit each). Stores at most `room` of them. Returns how many there are, or minus the errno. Not for two threads at a time.
long clinux_sockets(int diag, uint16_t port, uint32_t states, struct clinux_socket *sockets, long room);

#endif

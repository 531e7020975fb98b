/// The terminal of this process, reached through ncurses: opaque functions, no macros, no globals.
///
/// There is one terminal, and every function but `ct_wake` belongs to the thread that called `ct_open`.
/// Nothing here includes <curses.h>, so that nothing of it reaches Swift.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Before any thread exists (signals.c, watcher.c)

/// Blocks the signals that the terminal reports (INT TERM HUP QUIT TSTP CONT WINCH) and, where `output` is a
/// terminal, forks the watcher that restores it when this process is killed. The second call does nothing.
void ct_prepare(int output);

/// Ends this process by `signal`'s default action, so that the parent sees the true cause. The terminal is to be
/// closed before; where it is not, it is restored as after a crash.
_Noreturn void ct_die_by(int signal);

// MARK: Opening and closing (open.c)

/// Why a terminal cannot be used; 0 means that it can.
enum ct_problem {
    CT_FINE = 0,
    CT_NO_INPUT_TERMINAL,
    CT_NO_OUTPUT_TERMINAL,
    CT_TERM_UNKNOWN,
    CT_TERM_CANNOT_ADDRESS,
    CT_CANNOT_OPEN,
};

/// Looks whether a screen can be drawn on `output` with keys from `input`; changes nothing and writes nothing.
enum ct_problem ct_probe(int input, int output);

/// Takes the terminal: own description, line discipline, crash handlers, alternate screen (shown by the first
/// `ct_present`). Without `ct_prepare` before it, no signals are reported and there is no watcher. `ascii` draws '?' for
/// what is not ASCII; `mouse` asks for reports of the mouse. On CT_CANNOT_OPEN, errno says why.
enum ct_problem ct_open(int input, int output, bool ascii, bool mouse);

/// Gives the terminal back as it was. `farewell` (UTF-8, lines end in "\n", `length` bytes) is printed on the main
/// screen. Takes at most 0.5 s where the terminal is not read; the watcher then finishes the work.
void ct_close(const char *farewell, size_t length);

/// Gives the terminal back, stops this process's group as Ctrl-Z does, and takes the terminal again when it
/// is continued. Where no shell could continue it (an orphaned process group), the kernel does not stop it.
void ct_suspend(void);

/// Takes the terminal again after SIGCONT: line discipline and everything on the screen.
void ct_reenter(void);

/// Whether another program has given the terminal a line discipline in which no key would come.
bool ct_taken(void);

// MARK: Facts (open.c)

/// Whether text may leave ASCII: the locale is UTF-8 and `ascii` was not asked for.
bool ct_is_utf8(void);

/// How many colours the terminal has: 0, 8, 16, 256 …
int ct_colours(void);

/// Reads the size from the kernel, fits the screen to it and lets the next frame paint every cell. A terminal that
/// reports 0×0 counts as 80×24.
void ct_resize(void);

/// The size that was read last, in cells.
void ct_size(int *columns, int *rows);

// MARK: Painting (present.c)

/// One cell: a scalar (0: the second column of a wide one), an ink of `ct_paint`, emphasis bits
/// (1 bold, 2 dim, 4 reverse, 8 underline).
struct ct_cell {
    uint32_t scalar;
    uint8_t ink;
    uint8_t emphasis;
};

/// Turns colour on; without this call no colour is ever sent. False where the terminal has none that keep its
/// own background.
bool ct_start_colour(void);

/// Sets how an ink (0…15) looks: a colour (-1: the terminal's own foreground) on the terminal's own background.
void ct_paint(int ink, int colour, int emphasis);

/// Blanks the whole screen in memory.
void ct_erase(void);

/// Places `count` cells from (row, column) on, clipped at the edges. A scalar whose width disagrees with
/// its cells, or that is not printable, becomes '?'.
void ct_put(int row, int column, const struct ct_cell *cells, int count);

/// Sends what has changed since the last call with one write(2); returns its bytes, 0 when nothing has changed.
/// Must not be called while there is a backlog.
long ct_present(void);

/// Whether bytes wait because the terminal is not read; tries to send them first.
bool ct_backlog(void);

// MARK: Waiting (wait.c)

/// What `ct_wait` found; bits.
enum ct_ready {
    CT_READY_SIGNAL = 1,
    CT_READY_KEY = 2,
    CT_READY_WOKEN = 4,
    CT_READY_OUTPUT = 8,
    CT_READY_GONE = 16,
};

/// Sleeps until something is ready, or for `nanoseconds` (negative: for ever). 0 on timeout.
int ct_wait(int waker, int64_t nanoseconds);

/// The next blocked signal that has arrived, 0 when there is none.
int ct_next_signal(void);

/// A descriptor for `ct_wait` and `ct_wake` (eventfd(2)); -1 with errno.
int ct_waker(void);

/// Makes `ct_wait` return; safe on every thread, never blocks.
void ct_wake(int waker);

/// Reads what has been typed, at most `capacity` bytes; to be called when `ct_wait` says that there is something.
int ct_read(uint8_t *bytes, int capacity);

// MARK: For tests (crash.c)

/// Writes through a null pointer.
void ct_fault(void);

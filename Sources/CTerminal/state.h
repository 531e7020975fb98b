// What the files of this module share; Swift never sees it.
#pragma once

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include "CTerminal.h"

#define CT_RESTORE_MAX 256

// All of the terminal's state. The watcher has its own copy, taken by fork(2).
struct ct_state {
    int tty;               // the output terminal
    bool shared;           // its description is not our own, and may block
    int input;             // where keys come from
    int signals;           // signalfd(2)
    int errors;            // memfd(2) that stands in for fd 2 while the screen is up
    int standard_error;    // the real fd 2 meanwhile, -1 when it was left alone
    bool screen;           // between ct_open and ct_close
    bool ascii;            // draw '?' for what is not ASCII
    bool sized;            // terminfo names a size to begin with
    atomic_bool entered;   // the terminal is not as it was, and must be restored
    struct termios cooked; // as it was
    struct termios raw;    // as the screen needs it, and what the device made of that
    char enter[CT_RESTORE_MAX];
    char restore[CT_RESTORE_MAX];
    size_t restore_length;
};

extern struct ct_state ct __attribute__((visibility("hidden")));

#pragma GCC visibility push(hidden)

// tty.c
int ct_tty_open(int descriptor);
void ct_tty_learn(void);
void ct_tty_raw(void);
ssize_t ct_tty_some(int tty, const char *bytes, size_t length);
bool ct_tty_write(int tty, const char *bytes, size_t length, int milliseconds);
void ct_tty_size(int tty, int *columns, int *rows);

// terminfo.c
const char *ct_terminfo(const char *name);
void ct_terminfo_compose(bool mouse);

// output.c: what ncurses wrote, on its way to the terminal
int ct_frame_open(void);
void ct_frame_close(void);
void ct_frame_add(const char *bytes);
void ct_frame_discard(void);
long ct_frame_send(void);
bool ct_output_flush(int milliseconds);
void ct_output_forget(void);

// leave.c: the one way back to a whole terminal
bool ct_restore_terminal(int tty, const struct termios *cooked, const char *restore, size_t length, int errors);
bool ct_leave(int milliseconds);
void ct_errors_divert(void);
void ct_errors_release(void);

// crash.c
void ct_crash_install(void);
void ct_crash_remove(void);

// watcher.c
void ct_watcher_start(int output);
void ct_watcher_arm(void);
void ct_watcher_disarm(void);

// present.c
void ct_paint_reset(void);

// signals.c
void ct_signals_catch(int signal);
void ct_signals_unblock(int signal);
void ct_signals_block(int signal);
void ct_signals_forget(int signal);

#pragma GCC visibility pop

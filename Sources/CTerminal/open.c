// Taking the terminal and giving it back.

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state.h"

static SCREEN *screen;
static FILE *frames;
static int columns, rows;

// Many images name a locale in LANG that they do not have.
static bool locale_is_utf8(void) {
    if (setlocale(LC_CTYPE, "") == NULL) {
        const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
        const char *wanted = NULL;
        for (int i = 2; i >= 0; i--) wanted = names[i] != NULL && *names[i] ? names[i] : wanted;
        if (wanted != NULL && strcasestr(wanted, "utf") != NULL) setlocale(LC_CTYPE, "C.UTF-8");
    }
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// From here on the terminal is to be restored, whatever ends this process. The next frame is sent whole.
static void enter(void) {
    ct_frame_discard();
    ct_output_forget();
    ct_errors_divert();
    atomic_store(&ct.entered, true);
    ct_watcher_arm();
    ct_tty_raw();
    ct_frame_add(ct.enter);
    ct_resize();
    clearok(curscr, TRUE);
}

// newterm() installs handlers of its own where it finds the default. It must not take the size from LINES and COLUMNS
// but where terminfo has none (TERM=linux) and it would fail; ct_resize() sets the real one in any case.
static SCREEN *start_curses(void) {
    static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct sigaction before[4];
    for (int i = 0; i < 4; i++) sigaction(taken[i], NULL, &before[i]);
    use_env(!ct.sized);
    use_tioctl(FALSE);
    SCREEN *opened = newterm(NULL, frames, frames);
    for (int i = 0; i < 4; i++) sigaction(taken[i], &before[i], NULL);
    return opened;
}

static void close_files(void) {
    if (frames != NULL) fclose(frames);
    if (ct.input >= 0) close(ct.input);
    if (ct.tty >= 0) close(ct.tty);
    frames = NULL;
    ct.tty = ct.input = -1;
    ct_frame_close();
}

static bool open_files(int input, int output) {
    int frame = ct_frame_open();
    ct.input = fcntl(input, F_DUPFD_CLOEXEC, 3);
    ct.tty = ct_tty_open(output);
    frames = frame < 0 ? NULL : fdopen(frame, "w");
    return frames != NULL && ct.input >= 0 && ct.tty >= 0;
}

enum ct_problem ct_open(int input, int output, bool ascii, bool mouse) {
    enum ct_problem problem = ct_probe(input, output);
    if (problem != CT_FINE) return problem;
    ct.ascii = !locale_is_utf8() || ascii;
    if (!open_files(input, output) || (screen = start_curses()) == NULL) {
        int reason = errno;
        close_files();
        errno = reason;
        return CT_CANNOT_OPEN;
    }
    typeahead(-1);
    leaveok(stdscr, TRUE);
    curs_set(0);  // flushes what ncurses has buffered, so that it can be dropped
    ct_paint_reset();
    ct_terminfo_compose(mouse);
    ct_tty_learn();
    ct_crash_install();
    enter();
    ct.screen = true;
    return CT_FINE;
}

void ct_close(const char *farewell, size_t length) {
    if (!ct.screen) return;
    bool read = ct_output_flush(500);
    if (ct_leave(read ? 500 : 0)) ct_tty_write(ct.tty, farewell, length, 500);
    ct_errors_release();
    ct_crash_remove();
    delscreen(screen);
    close_files();
    ct.screen = false;
}

void ct_suspend(void) {
    bool read = ct_output_flush(500);
    ct_leave(read ? 500 : 0);
    ct_errors_release();
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP);
    ct_signals_unblock(SIGTSTP);
    ct_signals_block(SIGTSTP);
    ct_signals_catch(SIGTSTP);
    ct_signals_forget(SIGCONT);
    ct_tty_learn();
    enter();
}

void ct_reenter(void) {
    ct_errors_release();
    enter();
}

bool ct_is_utf8(void) { return !ct.ascii; }

int ct_colours(void) {
    int count = tigetnum("colors");
    return count > 0 ? count : 0;
}

void ct_resize(void) {
    ct_tty_size(ct.tty, &columns, &rows);
    if (is_term_resized(rows, columns)) resize_term(rows, columns);
    // Also when the size is the old one again: on the way there the terminal has cut and reflowed what it showed.
    clearok(curscr, TRUE);
}

void ct_size(int *to_columns, int *to_rows) {
    *to_columns = columns;
    *to_rows = rows;
}

// What terminfo(5) says about this terminal. Alone, because <term.h> defines hundreds of everyday words as macros.

#include "state.h"

#include <curses.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

const char *ct_terminfo(const char *name) {
    const char *text = tigetstr(name);
    return text == NULL || text == (const char *)-1 ? "" : text;
}

enum ct_problem ct_probe(int input, int output) {
    int error = 0;
    if (!isatty(output)) return CT_NO_OUTPUT_TERMINAL;
    if (!isatty(input)) return CT_NO_INPUT_TERMINAL;
    use_env(FALSE);
    if (setupterm(NULL, output, &error) != OK) return CT_TERM_UNKNOWN;
    ct.sized = tigetnum("lines") > 0 && tigetnum("cols") > 0;
    enum ct_problem found = *ct_terminfo("cup") ? CT_FINE : CT_TERM_CANNOT_ADDRESS;
    del_curterm(cur_term);
    return found;
}

// Appends a terminfo string without its delays, `$<5>`, which no terminal of today needs.
static void append(char *end, const char *limit, const char *text) {
    while (*end) end++;
    while (*text && end + 1 < limit) {
        const char *delay = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;
        if (delay != NULL) {
            text = delay + 1;
        } else {
            *end++ = *text++;
        }
    }
    *end = 0;
}

static size_t compose(char *text, size_t capacity, const char *const *parts, size_t count) {
    text[0] = 0;
    for (size_t i = 0; i < count; i++) append(text, text + capacity, parts[i]);
    return strlen(text);
}

// Written whole on every way in and every way out; what ncurses itself would write at these moments is dropped: it
// sets xterm's eight-bit mode and resets a palette that another program may have set. CAN ends a sequence that
// was cut in the middle; a terminal without an alternate screen keeps the frame, and the prompt comes below it.
void ct_terminfo_compose(bool mouse) {
    const char *enter[] = {
        ct_terminfo("smcup"), ct_terminfo("rmir"), ct_terminfo("smam"), ct_terminfo("smkx"), ct_terminfo("civis"),
        "\033[?2004h", mouse ? "\033[?1000h\033[?1006h" : "",
    };
    const char *restore[] = {
        "\030\033[?2026l\033[?2004l", mouse ? "\033[?1006l\033[?1000l" : "",
        ct_terminfo("sgr0"), ct_terminfo("rmkx"), ct_terminfo("cnorm"),
        *ct_terminfo("rmcup") ? ct_terminfo("rmcup") : "\033[999;1H\r\n",
    };
    compose(ct.enter, sizeof ct.enter, enter, sizeof enter / sizeof *enter);
    ct.restore_length = compose(ct.restore, sizeof ct.restore, restore, sizeof restore / sizeof *restore);
}

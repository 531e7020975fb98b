// Keys: ncurses knows this terminal's sequences, and the table below those that every terminal may send.

#include <curses.h>
#include <stdlib.h>
#include <time.h>

#include "state.h"

#define PASTE_BEGINS 2000
#define PASTE_ENDS 2001

// wget_wch() refreshes the window it reads from; a pad is never refreshed, so that reading writes nothing.
static WINDOW *reader;
static bool pasting;
static time_t pasted;

struct sequence {
    const char *bytes;
    int key;
};

static const struct sequence common[] = {
    {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
    {"\033[1;2C", KEY_SRIGHT}, {"\033[1;2D", KEY_SLEFT}, {"\033[c", KEY_SRIGHT}, {"\033[d", KEY_SLEFT},
    {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
    {"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
    {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, {"\033[3~", KEY_DC}, {"\033[Z", KEY_BTAB}, {"\033OM", KEY_ENTER},
    {"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
    {"\033[11~", KEY_F(1)}, {"\033[12~", KEY_F(2)}, {"\033[13~", KEY_F(3)}, {"\033[14~", KEY_F(4)},
    {"\033[[A", KEY_F(1)}, {"\033[[B", KEY_F(2)}, {"\033[[C", KEY_F(3)}, {"\033[[D", KEY_F(4)}, {"\033[[E", KEY_F(5)},
    {"\033[15~", KEY_F(5)}, {"\033[17~", KEY_F(6)}, {"\033[18~", KEY_F(7)}, {"\033[19~", KEY_F(8)},
    {"\033[20~", KEY_F(9)}, {"\033[21~", KEY_F(10)}, {"\033[23~", KEY_F(11)}, {"\033[24~", KEY_F(12)},
    {"\033[200~", PASTE_BEGINS}, {"\033[201~", PASTE_ENDS},
};

bool ct_input_open(void) {
    reader = newpad(1, 1);
    if (reader == NULL) return false;
    keypad(reader, TRUE);
    nodelay(reader, TRUE);
    meta(reader, TRUE);
    if (getenv("ESCDELAY") == NULL) set_escdelay(25);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) define_key(common[i].bytes, common[i].key);
    pasting = false;
    return true;
}

void ct_input_close(void) {
    delwin(reader);
    reader = NULL;
}

static int named(wint_t key) {
    if (key >= KEY_F(1) && key <= KEY_F(12)) return CT_KEY_FUNCTION + (int)(key - KEY_F(0));
    switch (key) {
    case KEY_UP: return CT_KEY_UP;
    case KEY_DOWN: return CT_KEY_DOWN;
    case KEY_LEFT: return CT_KEY_LEFT;
    case KEY_RIGHT: return CT_KEY_RIGHT;
    case KEY_SLEFT: return CT_KEY_SHIFT_LEFT;
    case KEY_SRIGHT: return CT_KEY_SHIFT_RIGHT;
    case KEY_HOME: return CT_KEY_HOME;
    case KEY_END: return CT_KEY_END;
    case KEY_PPAGE: return CT_KEY_PAGE_UP;
    case KEY_NPAGE: return CT_KEY_PAGE_DOWN;
    case KEY_ENTER: return CT_KEY_ENTER;
    case KEY_BTAB: return CT_KEY_BACKTAB;
    case KEY_BACKSPACE: return CT_KEY_BACKSPACE;
    case KEY_DC: return CT_KEY_DELETE;
    default: return CT_KEY_IGNORED;
    }
}

// Skips the rest of an unknown sequence (Ctrl-arrows, focus, mouse): its bytes are no keys.
static int drop_sequence(void) {
    wint_t next;
    while (wget_wch(reader, &next) == OK && (next < 0x40 || next > 0x7e)) {}
    return CT_KEY_IGNORED;
}

static int escape(void) {
    wint_t next;
    int kind = wget_wch(reader, &next);
    if (kind == ERR) return 27;
    if (kind == OK && next == 'O') return wget_wch(reader, &next), CT_KEY_IGNORED;
    if (kind == OK && next == '[') return drop_sequence();
    if (kind == OK) {
        unget_wch((wchar_t)next);
    } else {
        ungetch((int)next);
    }
    return 27;
}

// Skips pasted text, which is not meant as keys. A paste whose end never comes is over after a second of silence.
static bool swallowed(int kind, wint_t key) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (pasting && now.tv_sec - pasted > 1) pasting = false;
    if (kind == KEY_CODE_YES && key == PASTE_BEGINS) pasting = true;
    bool inside = pasting;
    if (kind == KEY_CODE_YES && key == PASTE_ENDS) pasting = false;
    pasted = now.tv_sec;
    return inside;
}

int ct_next_key(void) {
    wint_t key;
    int kind = wget_wch(reader, &key);
    if (kind == ERR) return 0;
    if (swallowed(kind, key)) return CT_KEY_IGNORED;
    if (kind == KEY_CODE_YES) return key == KEY_MOUSE ? drop_sequence() : named(key);
    if (key == 27) return escape();
    return key == 0 ? CT_KEY_IGNORED : (int)key;
}

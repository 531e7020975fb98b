// Cells and colours: what the screen is to show, and sending the difference.

#include <curses.h>
#include <wchar.h>

#include "state.h"

#define INKS 16
#define CHUNK 256

struct look {
    short pair;
    attr_t attributes;
};

static struct look looks[INKS];

static attr_t attributes(int emphasis) {
    return (emphasis & 1 ? A_BOLD : 0) | (emphasis & 2 ? A_DIM : 0) | (emphasis & 4 ? A_REVERSE : 0)
        | (emphasis & 8 ? A_UNDERLINE : 0);
}

void ct_paint_reset(void) {
    for (int i = 0; i < INKS; i++) looks[i] = (struct look){0};
}

bool ct_start_colour(void) { return has_colors() && start_color() == OK && use_default_colors() == OK; }

void ct_paint(int ink, int colour, int emphasis) {
    if (ink < 0 || ink >= INKS) return;
    bool coloured = colour >= 0 && init_pair((short)(ink + 1), (short)colour, -1) == OK;
    looks[ink] = (struct look){.pair = coloured ? (short)(ink + 1) : 0, .attributes = attributes(emphasis)};
}

void ct_erase(void) { werase(stdscr); }

static bool fits(uint32_t scalar, int width) {
    if (scalar < 0x80 || ct.ascii) return scalar >= 0x20 && scalar < 0x7f && width == 1;
    return wcwidth((wchar_t)scalar) == width;
}

static void compose(cchar_t *cell, uint32_t scalar, const struct ct_cell *style) {
    const struct look *look = &looks[style->ink % INKS];
    wchar_t text[2] = {(wchar_t)scalar, 0};
    setcchar(cell, text, look->attributes | attributes(style->emphasis), look->pair, NULL);
}

void ct_put(int row, int column, const struct ct_cell *cells, int count) {
    cchar_t line[CHUNK + 1];
    if (row < 0 || row >= getmaxy(stdscr) || column < 0) return;
    if (count > getmaxx(stdscr) - column) count = getmaxx(stdscr) - column;
    for (int next = 0; next < count;) {
        int start = next, length = 0;
        while (next < count && length < CHUNK) {
            const struct ct_cell *cell = &cells[next];
            int width = next + 1 < count && cells[next + 1].scalar == 0 ? 2 : 1;
            if (fits(cell->scalar, width)) {
                compose(&line[length++], cell->scalar, cell);
            } else {
                compose(&line[length++], cell->scalar == 0 ? ' ' : '?', cell);
                if (width == 2) compose(&line[length++], ' ', cell);
            }
            next += width;
        }
        mvwadd_wchnstr(stdscr, row, column + start, line, length);
    }
}

long ct_present(void) {
    wnoutrefresh(stdscr);
    doupdate();
    return ct_frame_send();
}

bool ct_backlog(void) { return !ct_output_flush(0); }

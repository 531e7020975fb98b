// ncurses as it comes, painting frames that the dashboard drew: plain-ncurses CELLS FRAMES RESULT.
//
// RESULT gets one line a frame: the microseconds that painting it took.

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

struct frames {
    unsigned char *cells;
    int columns, rows, count;
};

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct frames load(const char *path) {
    struct frames frames = {0};
    FILE *file = fopen(path, "r");
    if (file == NULL) return frames;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *bytes = malloc((size_t)size);
    if (bytes != NULL && size > 4 && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
        frames.columns = bytes[0] | bytes[1] << 8;
        frames.rows = bytes[2] | bytes[3] << 8;
        frames.cells = bytes + 4;
        frames.count = (int)((size - 4) / (6L * frames.columns * frames.rows));
    }
    fclose(file);
    return frames;
}

static void start_colours(void) {
    static const short colours[] = {-1, 245, 75, -1, 214, 208, -1};
    start_color();
    use_default_colors();
    for (short ink = 0; ink < 7; ink++) init_pair((short)(ink + 1), colours[ink], -1);
}

static void paint(const struct frames *frames, int index) {
    const unsigned char *cell = frames->cells + 6L * index * frames->columns * frames->rows;
    for (int row = 0; row < frames->rows; row++) {
        for (int column = 0; column < frames->columns; column++, cell += 6) {
            wchar_t text[2] = {(wchar_t)(cell[0] | cell[1] << 8 | cell[2] << 16), 0};
            if (text[0] == 0) continue;
            cchar_t shown;
            attr_t attributes = (cell[5] & 1 ? A_BOLD : 0) | (cell[5] & 2 ? A_DIM : 0) | (cell[5] & 4 ? A_REVERSE : 0)
                | (cell[4] == 1 ? A_DIM : 0);
            setcchar(&shown, text, attributes, (short)(cell[4] + 1), NULL);
            mvadd_wch(row, column, &shown);
        }
    }
    refresh();
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    struct frames frames = load(arguments[1]);
    FILE *result = fopen(arguments[3], "w");
    if (frames.count == 0 || result == NULL) return 1;
    setlocale(LC_ALL, "");
    initscr();
    start_colours();
    for (int i = 0; i < atoi(arguments[2]); i++) {
        double start = microseconds();
        paint(&frames, i % frames.count);
        fprintf(result, "%.1f\n", microseconds() - start);
    }
    endwin();
    fclose(result);
    return 0;
}

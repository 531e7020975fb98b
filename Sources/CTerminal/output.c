// From ncurses to the terminal: a memory file takes a frame, one write(2) sends it.
//
// ncurses 6.4 flushes on cursor moves, up to hundreds of times a frame; each flush could tear. Its output file
// is therefore a memfd(2), which is copied to the terminal in one piece, between the marks of a synchronised update.

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "state.h"

#define BEGIN_SYNC "\033[?2026h"
#define END_SYNC "\033[?2026l"

static int frame = -1;
static char *queue;
static size_t queue_capacity, queue_length, queue_sent;

int ct_frame_open(void) {
    frame = memfd_create("frame", MFD_CLOEXEC);
    return frame;
}

// The descriptor belongs to the FILE that ncurses writes to, which closes it.
void ct_frame_close(void) {
    frame = -1;
    free(queue);
    queue = NULL;
    queue_capacity = queue_length = queue_sent = 0;
}

// Goes ahead of what ncurses writes next.
void ct_frame_add(const char *bytes) { (void)!write(frame, bytes, strlen(bytes)); }

void ct_frame_discard(void) {
    lseek(frame, 0, SEEK_SET);
    (void)!ftruncate(frame, 0);
}

static bool reserve(size_t wanted) {
    if (wanted <= queue_capacity) return true;
    char *larger = realloc(queue, wanted * 2);
    if (larger == NULL) return false;
    queue = larger;
    queue_capacity = wanted * 2;
    return true;
}

long ct_frame_send(void) {
    off_t size = lseek(frame, 0, SEEK_CUR);
    size_t marks = strlen(BEGIN_SYNC) + strlen(END_SYNC);
    if (size <= 0 || !reserve((size_t)size + marks)) return 0;
    char *end = stpcpy(queue, BEGIN_SYNC);
    ssize_t copied = pread(frame, end, (size_t)size, 0);
    end = stpcpy(end + (copied > 0 ? copied : 0), END_SYNC);
    ct_frame_discard();
    queue_length = (size_t)(end - queue);
    queue_sent = 0;
    ct_output_flush(0);
    return end - queue;
}

// True when nothing waits any more. A terminal that is gone takes everything.
bool ct_output_flush(int milliseconds) {
    while (queue_sent < queue_length) {
        ssize_t written = ct_tty_some(ct.tty, queue + queue_sent, queue_length - queue_sent);
        if (written > 0) {
            queue_sent += (size_t)written;
        } else if (errno == EAGAIN) {
            struct pollfd out = {.fd = ct.tty, .events = POLLOUT};
            if (milliseconds <= 0) return false;
            if (poll(&out, 1, 50) == 0) milliseconds -= 50;
        } else if (errno != EINTR) {
            break;
        }
    }
    ct_output_forget();
    return true;
}

void ct_output_forget(void) { queue_length = queue_sent = 0; }

// One poll(2) for keys, signals, other threads and a terminal that reads again.

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "state.h"

int ct_waker(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int ct_read(uint8_t *bytes, int capacity) {
    ssize_t count = read(ct.input, bytes, (size_t)capacity);
    return count > 0 ? (int)count : 0;
}

void ct_wake(int waker) { (void)!eventfd_write(waker, 1); }

int ct_wait(int waker, int64_t nanoseconds) {
    short output = ct_backlog() ? POLLOUT : 0;
    struct pollfd places[] = {
        {.fd = ct.signals, .events = POLLIN},
        {.fd = ct.input, .events = POLLIN},
        {.fd = waker, .events = POLLIN},
        {.fd = ct.tty, .events = output},
    };
    struct timespec span = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    if (ppoll(places, 4, nanoseconds < 0 ? NULL : &span, NULL) <= 0) return 0;
    int ready = 0;
    eventfd_t count;
    if (places[0].revents & POLLIN) ready |= CT_READY_SIGNAL;
    if (places[1].revents & POLLIN) ready |= CT_READY_KEY;
    if (places[2].revents & POLLIN && eventfd_read(waker, &count) == 0) ready |= CT_READY_WOKEN;
    if (places[3].revents & POLLOUT) ready |= CT_READY_OUTPUT;
    if ((places[1].revents | places[3].revents) & (POLLHUP | POLLERR | POLLNVAL)) ready |= CT_READY_GONE;
    return ready;
}

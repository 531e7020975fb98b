/* A thread for each connection, mended: the handler only writes a byte into a pipe, which the accept loop waits for as
 * well; readiness fails first; after the lead the accept queue is emptied and the listener closed, idle connections are
 * ended, and what is in flight is finished under a deadline; SIGTERM and SIGINT alike, and a second one forces.
 * A payment is on the disk before it is answered, and charged once for each key. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1024 }; /* connections at a time */
enum state { FREE, IDLE, BUSY };

static int signals[2], listener = -1;
static FILE *ledger;
static enum state state[MOST]; /* of the connection with this descriptor */
static _Atomic bool draining, closing;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, ledger_lock = PTHREAD_MUTEX_INITIALIZER;

static void on_signal(int number) {
    int before = errno;
    char byte = (char)number;
    (void)!write(signals[1], &byte, 1);
    errno = before;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double setting(const char *name, double otherwise) {
    const char *value = getenv(name);
    return value && *value ? atof(value) : otherwise;
}

static void note(int client, enum state new) {
    pthread_mutex_lock(&lock);
    state[client] = new;
    if (closing && new == IDLE) shutdown(client, SHUT_RD); /* what has arrived is still read, and then the end */
    pthread_mutex_unlock(&lock);
}

static int in_flight(void) {
    int count = 0;
    pthread_mutex_lock(&lock);
    for (int client = 0; client < MOST; client++) count += state[client] != FREE;
    pthread_mutex_unlock(&lock);
    return count;
}

static void answer(int client, bool last, const char *status, const char *text) {
    char whole[512];
    int length = snprintf(whole, sizeof whole, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen(text),
                          last ? "Connection: close\r\n" : "", text);
    for (int sent = 0, more; sent < length; sent += more)
        if ((more = send(client, whole + sent, length - sent, MSG_NOSIGNAL)) <= 0) return;
}

/* The status for a payment: 201 for a new one, 200 for one whose key is in the ledger. */
static const char *pay(const char *head, const char *body, char *line, size_t size) {
    char key[65] = "", earlier[256], prefix[96];
    const char *header = strcasestr(head, "\r\nIdempotency-Key:"), *order = strstr(body, "\"order\":"), *amount = strstr(body, "\"amount\":");
    if (header) sscanf(header + 18, " %64[A-Za-z0-9_-]", key);
    snprintf(line, size, "a payment needs a JSON body and an Idempotency-Key\n");
    if (!*key || !order || !amount) return "400 Bad Request";
    int length = snprintf(prefix, sizeof prefix, "{\"key\":\"%s\",", key);
    snprintf(line, size, "%s\"order\":%d,\"amount\":%d}\n", prefix, atoi(order + 8), atoi(amount + 9));
    const char *status = "201 Created";
    pthread_mutex_lock(&ledger_lock);
    rewind(ledger);
    while (fgets(earlier, sizeof earlier, ledger)) { /* a torn line does not end in }: it was never answered */
        if (strncmp(earlier, prefix, length) || !strstr(earlier, "}\n")) continue;
        snprintf(line, size, "%s", earlier);
        status = "200 OK";
    }
    if (*status == '2' && status[2] == '1' && (fputs(line, ledger) < 0 || fflush(ledger) || fsync(fileno(ledger))))
        status = "500 Internal Server Error";
    pthread_mutex_unlock(&ledger_lock);
    return status;
}

/* Reads one request, with its body; its length, or 0 at the end of the connection. */
static size_t receive(int client, char *request, size_t size) {
    size_t have = 0, want = 0;
    while (!want || have < want) {
        ssize_t more = have < size - 1 ? read(client, request + have, size - 1 - have) : 0;
        if (more <= 0) return 0;
        if (!have) note(client, BUSY);
        request[have += more] = 0;
        char *end = strstr(request, "\r\n\r\n"), *header = strcasestr(request, "\r\nContent-Length:");
        if (end) want = end + 4 - request + (header && header < end ? strtoul(header + 17, NULL, 10) : 0);
    }
    return have;
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument;
    char request[8192], text[256] = "hello\n";
    bool last = false;
    while (!last && receive(client, request, sizeof request)) {
        const char *status = "200 OK";
        int ms = 1000;
        if (strncmp(request, "GET /slow", 9) == 0) {
            sscanf(request, "GET /slow?ms=%d", &ms);
            usleep(ms * 1000);
            snprintf(text, sizeof text, "done after %d ms\n", ms);
        } else if (strncmp(request, "POST /payments", 14) == 0) {
            status = pay(request, strstr(request, "\r\n\r\n") + 4, text, sizeof text);
        } else if (strncmp(request, "GET /readyz", 11) == 0) {
            status = draining ? "503 Service Unavailable" : "200 OK";
            snprintf(text, sizeof text, draining ? "draining\n" : "ready\n");
        } else {
            snprintf(text, sizeof text, "hello\n");
        }
        last = draining || strcasestr(request, "\r\nConnection: close");
        answer(client, last, status, text);
        if (!last) note(client, IDLE);
    }
    shutdown(client, SHUT_WR); /* close() with unread input would destroy the answer on its way */
    struct timeval brief = {.tv_usec = 200000};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
    while (read(client, request, sizeof request) > 0) {}
    note(client, FREE);
    close(client);
    return NULL;
}

/* Accepts for so many seconds, or for ever if negative; true as soon as a signal comes. */
static bool accept_for(double seconds) {
    double end = now() + seconds;
    for (;;) {
        struct pollfd both[2] = {{.fd = signals[0], .events = POLLIN}, {.fd = listener, .events = POLLIN}};
        double left = end - now();
        int found = poll(both, 2, seconds < 0 ? -1 : left > 0 ? (int)(left * 1000) + 1 : 0);
        char byte;
        if (found > 0 && both[0].revents && read(signals[0], &byte, 1) == 1) return true;
        if (found == 0) return false;
        int client = found > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (client < 0) continue;
        if (client >= MOST) { close(client); continue; }
        struct timeval patience = {.tv_sec = 10}; /* of silence, also in the middle of a body */
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        note(client, IDLE);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)client)) { note(client, FREE); close(client); }
        else pthread_detach(thread);
    }
}

int main(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    if (pipe2(signals, O_CLOEXEC | O_NONBLOCK)) return 1;
    sigaction(SIGTERM, &action, NULL); /* before anything that takes time */
    sigaction(SIGINT, &action, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    double lead = setting("LEAD", 1), drain = setting("DRAIN", 30);
    const char *path = getenv("LEDGER");
    if (!(ledger = fopen(path ? path : "payments.jsonl", "a+")) || fputs("\n", ledger) < 0) { perror("ledger"); return 1; }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((int)setting("PORT", 8080)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) { perror("listen"); return 1; }

    while (!accept_for(-1)) {}
    draining = true;
    printf("not ready; the listener stays open for %g s\n", lead);
    bool forced = accept_for(lead);
    accept_for(0); /* whoever is in the accept queue has been promised an answer */
    close(listener);
    printf("listener closed\n");
    usleep(100000); /* who was accepted last may have the request still on the way */
    pthread_mutex_lock(&lock);
    closing = true;
    for (int client = 0; client < MOST; client++)
        if (state[client] == IDLE) shutdown(client, SHUT_RD);
    pthread_mutex_unlock(&lock);
    for (double deadline = now() + drain; !forced && in_flight() && now() < deadline;) {
        struct pollfd again = {.fd = signals[0], .events = POLLIN};
        forced = poll(&again, 1, 10) > 0;
    }
    bool clean = !in_flight();
    pthread_mutex_lock(&ledger_lock); /* a payment that is being written is written whole */
    fclose(ledger);                   /* last, as it was opened first */
    printf("ledger closed; %s\n", clean ? "nothing was cut" : "cut what was still in flight");
    exit(clean ? 0 : 1);
}

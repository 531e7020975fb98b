/* A thread for each connection, and the usual signal code: a handler that clears a flag which the accept loop looks at.
 * Its flaws: signal() restarts accept(), so that the flag is seen only when the next connection comes; then main returns 0
 * and every answer in flight is cut; a payment sent twice is charged twice, and nothing of it is synced. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int running = 1;

static void stop(int number) {
    printf("Caught signal %d, shutting down\n", number);
    running = 0;
}

static void answer(int client, const char *status, const char *text) {
    char head[256];
    int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(text), text);
    write(client, head, length);
}

static void pay(const char *request) {
    const char *body = strstr(request, "\r\n\r\n");
    const char *path = getenv("LEDGER");
    FILE *ledger = fopen(path ? path : "payments.jsonl", "a");
    fprintf(ledger, "%s\n", body + 4);
    fclose(ledger);
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument;
    char request[4096];
    ssize_t length;
    while ((length = read(client, request, sizeof request - 1)) > 0) {
        int ms = 1000;
        request[length] = 0;
        if (strncmp(request, "GET /slow", 9) == 0) {
            sscanf(request, "GET /slow?ms=%d", &ms);
            usleep(ms * 1000);
            answer(client, "200 OK", "done\n");
        } else if (strncmp(request, "POST /payments", 14) == 0) {
            pay(request);
            answer(client, "201 Created", "paid\n");
        } else if (strncmp(request, "GET /readyz", 11) == 0) {
            answer(client, "200 OK", "ready\n");
        } else {
            answer(client, "200 OK", "hello\n");
        }
    }
    close(client);
    return NULL;
}

int main(void) {
    const char *port = getenv("PORT");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port ? atoi(port) : 8080),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 128) < 0) {
        perror("listen");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN); /* a client that has left ends its own thread only */
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    while (running) {
        pthread_t thread;
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)client);
        pthread_detach(thread);
    }
    close(listener);
    return 0;
}

// The TCP sockets of a port, as sock_diag(7) lists them.

#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int clinux_open_diag(void) {
    // A kernel that is slow to answer must not hold the caller for ever.
    struct timeval patience = {.tv_sec = 1};
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static int ask(int diag, uint16_t port, uint32_t states, uint32_t number) {
    struct {
        struct nlmsghdr head;
        struct inet_diag_req request;
    } message;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    memset(&message, 0, sizeof message);
    message.head.nlmsg_len = sizeof message;
    // The older request, which walks the table of connections once for both families (sock_diag(7) asks for each alone).
    message.head.nlmsg_type = TCPDIAG_GETSOCK;
    message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.head.nlmsg_seq = number;
    message.request.id.idiag_sport = htons(port);
    message.request.idiag_states = states;
    ssize_t count = sendto(diag, &message, sizeof message, 0, (struct sockaddr *)&kernel, sizeof kernel);
    return count == (ssize_t)sizeof message ? 0 : count < 0 ? errno : EIO;
}

static struct clinux_socket told(const struct inet_diag_msg *message) {
    struct clinux_socket socket;
    socket.cookie = (uint64_t)message->id.idiag_cookie[1] << 32 | message->id.idiag_cookie[0];
    socket.unread = message->idiag_rqueue;
    socket.unsent = message->idiag_wqueue;
    socket.inode = message->idiag_inode;
    socket.own = ntohs(message->id.idiag_sport);
    socket.peer = ntohs(message->id.idiag_dport);
    socket.user = message->idiag_uid;
    memcpy(socket.address, message->id.idiag_src, sizeof socket.address);
    socket.state = message->idiag_state;
    socket.family = message->idiag_family;
    return socket;
}

int clinux_takes(const struct clinux_socket *socket, const char *address) {
    static const uint32_t mapped = 0xFFFF;
    const uint32_t *own = socket->address;
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET, address, &four) == 1) {
        if (socket->family == AF_INET) return own[0] == 0 || own[0] == four.s_addr;
        // Every address of IPv6 is by default every address of IPv4 too (ipv6(7), IPV6_V6ONLY).
        if (own[0] != 0 || own[1] != 0) return 0;
        return (own[2] == 0 && own[3] == 0) || (own[2] == htonl(mapped) && (own[3] == 0 || own[3] == four.s_addr));
    }
    if (inet_pton(AF_INET6, address, &six) != 1 || socket->family != AF_INET6) return 0;
    return memcmp(own, &in6addr_any, sizeof six) == 0 || memcmp(own, &six, sizeof six) == 0;
}

long clinux_sockets(int diag, uint16_t port, uint32_t states, struct clinux_socket *sockets, long room) {
    static _Atomic uint32_t last = 0;
    // As large as the kernel's own pieces of a dump.
    _Alignas(struct nlmsghdr) char buffer[32768];
    uint32_t number = ++last;
    long count = 0;
    int failure = ask(diag, port, states, number);
    if (failure != 0) return -failure;
    for (;;) {
        ssize_t size = recv(diag, buffer, sizeof buffer, 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return size < 0 ? -errno : -EIO;
        unsigned left = (unsigned)size;
        for (struct nlmsghdr *head = (struct nlmsghdr *)buffer; NLMSG_OK(head, left); head = NLMSG_NEXT(head, left)) {
            // What is left of a dump that was given up.
            if (head->nlmsg_seq != number) continue;
            if (head->nlmsg_type == NLMSG_DONE) return count;
            if (head->nlmsg_type == NLMSG_ERROR) {
                const struct nlmsgerr *error = NLMSG_DATA(head);
                return error->error < 0 ? error->error : -EIO;
            }
            if (head->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) continue;
            const struct inet_diag_msg *message = NLMSG_DATA(head);
            if (port != 0 && ntohs(message->id.idiag_sport) != port) continue;
            if (count < room) sockets[count] = told(message);
            count++;
        }
    }
}

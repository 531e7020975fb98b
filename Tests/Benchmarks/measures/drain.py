"""Drain overhead: from the last byte of the last answer to the exit, seen from outside, beside the Go server."""
import os
import random
import selectors
import time

from common import Failed, Row, spread, words
from processes import drainboard, go, serving

IN_FLIGHT = 12
# The demo server closes its listener a second after the signal: the last answers come later than that.
SHORTEST, LONGEST = 1.5, 2.2


class Answers:
    """Connections that wait for one answer each; closes a connection when its answer is whole."""

    def __init__(self):
        self.selector = selectors.EpollSelector()
        self.waiting = {}
        self.whole = 0
        self.last = 0.0

    def expect(self, connection):
        connection.setblocking(False)
        self.waiting[connection] = b""
        self.selector.register(connection, selectors.EVENT_READ)

    def take(self, connection):
        chunk = connection.recv(1 << 16)
        now = time.monotonic()
        text = self.waiting[connection] + chunk
        self.waiting[connection] = text
        if is_whole(text):
            self.whole += 1
            self.last = now
        elif chunk:
            return
        self.selector.unregister(connection)
        del self.waiting[connection]
        connection.close()

    def until_exit(self, pidfd, patience=60.0):
        """Takes answers until the process has ended; returns that moment."""
        self.selector.register(pidfd, selectors.EVENT_READ)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for key, _ in self.selector.select(1.0):
                if key.fd == pidfd:
                    return time.monotonic()
                self.take(key.fileobj)
        raise Failed(f"the server did not end within {patience:.0f} s of the signal")


def is_whole(text):
    head, found, body = text.partition(b"\r\n\r\n")
    if not found or b" 200 " not in head.split(b"\r\n", 1)[0]:
        return False
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(body) >= int(length or 0)


def request(connection, milliseconds):
    connection.sendall(b"GET /report?ms=%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % milliseconds)


def pay(server):
    """The ledger gets rows and the log lines, so that there is something to release."""
    for order in range(10):
        body = b'{"order":%d,"amount":100}' % order
        with server.connect() as connection:
            connection.sendall(b"POST /payments HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                               b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            while connection.recv(4096):
                pass


def overhead(server):
    """Milliseconds between the last byte of the last answer and the exit."""
    answers = Answers()
    for _ in range(IN_FLIGHT):
        connection = server.connect()
        request(connection, round(1000 * random.uniform(SHORTEST, LONGEST)))
        answers.expect(connection)
    time.sleep(random.uniform(0.1, 0.2))
    server.terminate()
    exited = answers.until_exit(server.pidfd)
    if answers.whole != IN_FLIGHT:
        raise Failed(f"{answers.whole} of {IN_FLIGHT} requests in flight were answered whole")
    if server.process.wait() != 0:
        raise Failed(f"the server ended with {server.process.returncode}")
    return 1000 * (exited - answers.last)


def measure(setup):
    ours, theirs = [], []
    for _ in range(setup.runs(40)):
        with serving(drainboard(setup)) as server:
            pay(server)
            ours.append(overhead(server))
            trace = server.printed
        os.unlink(trace)
        with serving(go(setup)) as server:
            theirs.append(overhead(server))
    ours, theirs = spread(ours), spread(theirs)
    return [Row(
        "drain overhead: last byte of the last answer → exit", words(ours), "median ≤ 5 ms, p99 ≤ 15 ms",
        ours["median"] <= 5 and ours["p99"] <= 15,
        f"Go: {words(theirs, digits=0)}; ratio {ours['median'] / theirs['median']:.3f}",
        {"drainboard": ours, "go": theirs})]

"""10,000 requests and 1,000 WebSockets held at once, and drained."""
import random
import socket
import time

from common import Failed, Row
from drain import Answers, request
from processes import drainboard, raise_open_files, resident_megabytes, serving

REQUESTS, WEBSOCKETS = 10_000, 1_000
UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
GOING_AWAY = b"\x88\x02\x03\xe9"
# The same Close as a client sends it: masked, with a mask of zeros.
ECHO = b"\x88\x82\x00\x00\x00\x00\x03\xe9"


class Crowd(Answers):
    """Answers, and WebSockets that echo the server's Close and leave when it has closed."""

    def __init__(self):
        super().__init__()
        self.websockets = {}
        self.told = 0

    def hold(self, connection):
        connection.sendall(UPGRADE)
        reply = connection.recv(4096)
        if not reply.startswith(b"HTTP/1.1 101 "):
            raise Failed(f"a WebSocket was refused: {reply[:60]!r}")
        connection.setblocking(False)
        self.websockets[connection] = b""
        self.selector.register(connection, 1)

    def take(self, connection):
        if connection not in self.websockets:
            return super().take(connection)
        try:
            chunk = connection.recv(4096)
        except ConnectionResetError:
            chunk = b""
        self.websockets[connection] += chunk
        if chunk and self.websockets[connection] == GOING_AWAY:
            self.told += 1
            connection.sendall(ECHO)
        elif not chunk:
            self.selector.unregister(connection)
            del self.websockets[connection]
            connection.close()


def fill(server, crowd):
    for _ in range(WEBSOCKETS):
        crowd.hold(server.connect())
    waiting = []
    for _ in range(REQUESTS):
        waiting.append(server.connect())
    for connection in waiting:
        request(connection, round(1000 * random.uniform(5, 8)))
        crowd.expect(connection)
    end = time.monotonic() + 4.5
    while server.lines("request.started") < REQUESTS:
        if time.monotonic() > end:
            raise Failed(f"{server.lines('request.started')} of {REQUESTS} requests were in flight in time")
        time.sleep(0.05)


def measure(setup):
    raise_open_files(REQUESTS + WEBSOCKETS + 500)
    with serving(drainboard(setup)) as server:
        crowd = Crowd()
        fill(server, crowd)
        held = server.lines("request.started") - server.lines("request.finished")
        memory = resident_megabytes(server.process.pid)
        sent = time.monotonic()
        server.terminate()
        exited = crowd.until_exit(server.pidfd)
        code = server.process.wait()
    numbers = {
        "held": held, "answered": crowd.whole, "websocketsTold": crowd.told, "exit": code, "megabytes": memory,
        "overheadMs": 1000 * (exited - crowd.last), "signalToExitS": exited - sent,
    }
    met = held >= REQUESTS and crowd.whole == REQUESTS and crowd.told == WEBSOCKETS and code == 0
    return [Row(
        f"{REQUESTS:,} requests and {WEBSOCKETS:,} WebSockets held and drained",
        f"{held:,} in flight at the signal, {crowd.whole:,} answered whole, {crowd.told:,} closed with 1001, exit {code}; "
        f"last answer → exit {numbers['overheadMs']:.1f} ms; {memory:.0f} MB resident",
        "all of them, exit 0", met, numbers=numbers)]

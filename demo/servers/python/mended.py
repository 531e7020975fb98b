"""Python's own threading HTTP server, mended: SIGTERM and SIGINT alike, and a second one forces.

Readiness fails first; after the lead the accept queue is emptied, the listener closed, idle connections ended and what is
in flight finished under a deadline. Payments are in SQLite before they are answered, and charged once for each key.
"""
import contextlib
import json
import os
import select
import signal
import socket
import sqlite3
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LEAD, DRAIN = (float(os.environ.get(name, default)) for name, default in (("LEAD", 1), ("DRAIN", 30)))


class Ledger:
    def __init__(self, path):
        self.lock = threading.Lock()
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute("CREATE TABLE IF NOT EXISTS payments (key TEXT PRIMARY KEY, 'order' INT, amount INT)")

    def pay(self, key, order, amount):
        """The payment as it was first charged for this key, and whether that was now."""
        with self.lock:
            made = self.database.execute("INSERT OR IGNORE INTO payments VALUES (?, ?, ?)", (key, order, amount))
            row = self.database.execute("SELECT key, \"order\", amount FROM payments WHERE key = ?", (key,)).fetchone()
            return dict(zip(("key", "order", "amount"), row)), made.rowcount == 1

    def close(self):
        with self.lock:
            self.database.close()


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, address, handler, ledger):
        super().__init__(address, handler)
        self.ledger = ledger
        self.draining = self.closing = False
        self.busy, self.lock = {}, threading.Lock()  # connection: whether a request is being served on it

    def note(self, connection, busy):
        with self.lock:
            self.busy[connection] = busy
            self.end_if_idle(connection, busy)

    def end_if_idle(self, connection, busy):
        if self.closing and not busy:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)  # its thread still reads what had arrived, and then the end

    def process_request(self, request, client_address):
        self.note(request, busy=False)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        super().shutdown_request(request)
        with self.lock:
            self.busy.pop(request, None)

    def drain(self, signals):
        """Takes nothing new and waits for the rest; true if nothing had to be cut."""
        self.shutdown()
        while select.select([self], [], [], 0)[0]:  # whoever is in the accept queue has been promised an answer
            self.handle_request()
        self.server_close()
        print("listener closed", flush=True)
        time.sleep(0.1)  # who was accepted last may have the request still on the way
        with self.lock:
            self.closing = True
            for connection, busy in self.busy.items():
                self.end_if_idle(connection, busy)
        deadline = time.monotonic() + DRAIN
        while self.busy and time.monotonic() < deadline and not came(signals, 0.01):
            pass
        return not self.busy


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10  # seconds of silence, also in the middle of a body

    def parse_request(self):  # called as soon as a request line has been read
        self.server.note(self.connection, busy=True)
        return super().parse_request()

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.server.draining:
            self.send_header("Connection", "close")  # also makes this handler end after the answer
        self.end_headers()
        self.wfile.write(body)
        self.server.note(self.connection, busy=self.close_connection)

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/slow":
            ms = int(parse_qs(url.query).get("ms", ["1000"])[0])
            time.sleep(ms / 1000)
            self.answer(200, f"done after {ms} ms\n")
        elif url.path == "/readyz":
            self.answer(503 if self.server.draining else 200, "draining\n" if self.server.draining else "ready\n")
        else:
            self.answer(200, "hello\n")

    def do_POST(self):
        key = self.headers["Idempotency-Key"]
        try:
            body = json.loads(self.rfile.read(min(int(self.headers["Content-Length"]), 4096)))
            order, amount = int(body["order"]), int(body["amount"])
        except (TypeError, ValueError, KeyError):
            key = None
        if not key:
            return self.answer(400, "a payment needs a JSON body and an Idempotency-Key\n")
        payment, new = self.server.ledger.pay(key, order, amount)
        self.answer(201 if new else 200, json.dumps(payment) + "\n")

    def log_message(self, *_):
        pass


def came(signals, seconds):
    """Whether a signal comes within so many seconds; it stays there, so that nothing waits after it."""
    return bool(select.select([signals], [], [], seconds)[0])


def main():
    # A byte for each signal. The kernel may deliver one to any thread: a main thread that waits for a lock would not wake.
    signals, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    ledger = Ledger(os.environ.get("LEDGER", "payments.sqlite"))
    server = Server(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler, ledger)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    signals.recv(1)
    server.draining = True
    print(f"not ready; the listener stays open for {LEAD:g} s", flush=True)
    came(signals, LEAD)
    clean = server.drain(signals)
    ledger.close()  # last, as it was opened first
    print("ledger closed;", "nothing was cut" if clean else "cut what was still in flight", flush=True)
    os._exit(0 if clean else 1)  # threads that are still in a handler would otherwise go on


if __name__ == "__main__":
    main()

"""What the special servers share: a threading HTTP server that can drain, and nothing that decides when."""
import contextlib
import os
import select
import signal
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PORT = int(os.environ.get("PORT", "8080"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def parse_request(self):
        self.server.note(self.connection, busy=True)
        return super().parse_request()

    def answer(self, status, text, length=None):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        if self.server.closing:
            self.send_header("Connection", "close")  # what was sent behind this request may be sent again elsewhere
        self.end_headers()
        self.wfile.write(body)
        self.server.note(self.connection, busy=self.close_connection)

    def slow(self, ms):
        time.sleep(ms / 1000)
        self.answer(200, f"done after {ms} ms\n")

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/slow":
            self.slow(int(parse_qs(url.query).get("ms", ["1000"])[0]))
        else:
            self.answer(200, "hello\n")

    def do_POST(self):
        self.answer(200, f"{len(self.rfile.read(int(self.headers['Content-Length'])))} bytes\n")

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    closing = False
    ends_idle = True

    def __init__(self, address=("127.0.0.1", PORT), handler=Handler):
        self.busy, self.lock = {}, threading.Lock()  # connection: whether a request is being served on it
        super().__init__(address, handler)

    def note(self, connection, busy):
        with self.lock:
            self.busy[connection] = busy
            self.end_if_idle(connection, busy)

    def end_if_idle(self, connection, busy):
        if self.closing and self.ends_idle and not busy:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)  # its thread still reads what had arrived, and then the end

    def process_request(self, request, client_address):
        self.note(request, busy=False)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        super().shutdown_request(request)
        with self.lock:
            self.busy.pop(request, None)

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def drain(self):
        """Closes the listener and waits for every connection, for as long as that takes."""
        self.shutdown()
        while select.select([self], [], [], 0)[0]:
            self.handle_request()
        self.server_close()
        time.sleep(0.1)  # who was accepted last may have the request still on the way
        with self.lock:
            self.closing = True
            for connection, busy in self.busy.items():
                self.end_if_idle(connection, busy)
        while self.busy:
            time.sleep(0.01)


class Stops:
    """These signals, one after the other, instead of what they do otherwise.

    Python runs a handler in its main thread, yet the kernel may deliver a signal to any thread, and then nothing wakes a
    main thread that waits for a lock or a queue. The byte that the interpreter writes to its wakeup descriptor does.
    """

    def __init__(self, *numbers):
        self.came, wake = socket.socketpair()
        wake.setblocking(False)
        self.wake = wake  # kept open
        signal.set_wakeup_fd(wake.fileno())
        for number in numbers or (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def get(self):
        return self.came.recv(1)[0]

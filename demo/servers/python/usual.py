"""Python's own threading HTTP server, stopped as people usually stop it: by catching Ctrl-C.

Its flaws: SIGTERM has no handler and kills it at once; SIGINT exits 0, yet its threads are daemons and every answer in
flight is cut; a payment sent twice is charged twice, and nothing of it is synced.
"""
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LEDGER = os.environ.get("LEDGER", "payments.jsonl")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/slow":
            ms = int(parse_qs(url.query).get("ms", ["1000"])[0])
            time.sleep(ms / 1000)
            self.answer(200, f"done after {ms} ms\n")
        elif url.path == "/readyz":
            self.answer(200, "ready\n")
        else:
            self.answer(200, "hello\n")

    def do_POST(self):
        payment = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(LEDGER, "a") as ledger:
            ledger.write(json.dumps(payment) + "\n")
        self.answer(201, json.dumps(payment) + "\n")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("bye", flush=True)
    server.server_close()

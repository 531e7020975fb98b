"""The mended demo servers keep what they promise: endpoints, payments, readiness, both signals, the deadline, the force."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from machine import longer
from sandbox import ROOT, free_port, until

RUN = ROOT / "demo/servers/run"
PROBE = ROOT / "Tests/EndToEnd/plain/probe.py"
LANGUAGES = ("go", "node", "python", "ruby", "c", "rust", "java")
each_language = pytest.mark.parametrize("language", LANGUAGES)


class Server:
    """One mended server with a short lead and deadline, and single requests to it."""

    def __init__(self, sandbox, language, **env):
        self.port = free_port()
        self.ledger = sandbox.folder / "payments"
        # Compiled once for all tests, not in the sandbox's own home.
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.child = sandbox.spawn([str(RUN), language, "mended"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={
            "XDG_CACHE_HOME": cache, "PATH": os.environ["PATH"], "PORT": str(self.port), "LEDGER": str(self.ledger),
            "LEAD": "0.5", "DRAIN": "10", **{"HOME": os.path.expanduser("~")}, **env})
        until(self.is_up, f"the {language} server", patience=90)

    def is_up(self):
        try:
            return self.get("/")[0] == 200
        except OSError:
            assert self.child.poll() is None, f"it ended with {self.child.returncode}"
            return False

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=longer(15))
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode(), answer.headers
        connection.close()
        return found

    def get(self, path):
        return self.request("GET", path)

    def pay(self, key, order=1, amount=5):
        return self.request("POST", "/payments", json.dumps({"order": order, "amount": amount}, separators=(",", ":")), Idempotency_Key=key)

    def begin(self, text):
        """A connection with this sent on it and no answer read yet."""
        connection = socket.create_connection(("127.0.0.1", self.port), 15)
        connection.sendall(text.encode())
        return connection

    def signal(self, number=signal.SIGTERM):
        self.child.send_signal(number)

    def until_not_ready(self):
        until(lambda: self.get("/readyz")[0] == 503, "readiness to fail")


def read_all(connection):
    data = b""
    try:
        while more := connection.recv(65536):
            data += more
    except ConnectionError:
        pass
    return data.decode()


SLOW = "GET /slow?ms=%d HTTP/1.1\r\nHost: a\r\n\r\n"


@each_language
def test_it_answers(language, sandbox):
    server = Server(sandbox, language)
    assert server.get("/")[:2] == (200, "hello\n")
    assert server.get("/slow?ms=20")[1] == ("done after 20 ms\n")
    assert server.get("/readyz")[0] == 200


@each_language
def test_a_key_is_charged_once_also_after_a_kill(language, sandbox):
    server = Server(sandbox, language)
    status, first, _ = server.pay("k-1")
    assert status == 201 and {"key": "k-1", "order": 1, "amount": 5} == json.loads(first)
    assert server.pay("k-1", amount=9)[:2] == (200, first)
    assert server.pay("k-2")[0] == 201
    assert server.request("POST", "/payments", '{"order":1,"amount":5}')[0] == 400
    assert server.request("POST", "/payments", "nonsense", Idempotency_Key="k-3")[0] == 400
    server.child.kill()
    server.child.wait()
    if language != "python":  # SQLite mends its own file
        with server.ledger.open("a") as ledger:
            ledger.write('{"key":"k-4","order":1,"amo')  # torn by the kill
    again = Server(sandbox, language)
    assert again.pay("k-1")[:2] == (200, first)
    assert again.pay("k-4")[0] == 201
    assert again.pay("k-4")[0] == 200


@each_language
def test_readiness_fails_first_and_answers_announce_the_end(language, sandbox):
    server = Server(sandbox, language)
    slow = server.begin(SLOW % 1500)
    server.signal()
    server.until_not_ready()
    status, text, headers = server.get("/")
    assert (status, text) == (200, "hello\n") and headers["Connection"] == "close"
    assert read_all(slow).endswith("done after 1500 ms\n")
    assert server.child.wait(10) == 0


@each_language
@pytest.mark.parametrize("name", ["TERM", "INT"])
def test_both_signals_are_graceful_to_a_plain_probe(language, name):
    # New requests come in the lead and as long again after it, for as long as the slow ones are in flight.
    lead = min(longer(0.3), 2)
    slow = f"/slow?ms={400 + 2000 * lead:.0f}"
    done = subprocess.run([sys.executable, PROBE, "--signal", name, "--start", "60", "--path", slow, "--",
                           "env", f"LEAD={lead}", RUN, language, "mended"], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["outcome"], found["exit"], found["fates"]) == ("graceful", {"code": 0}, {"whole": 4}), found
    # One may always come in the very moment in which the listener is closed.
    new = found["newConnections"]
    assert sum(count for fate, count in new.items() if fate not in ("served", "refused")) <= 1, found
    assert new.get("served") and new.get("refused") and not found["portOpen"], found


@each_language
def test_a_second_signal_forces(language, sandbox):
    server = Server(sandbox, language)
    slow = server.begin(SLOW % 8000)
    server.signal()
    server.until_not_ready()
    server.signal(signal.SIGINT)
    assert read_all(slow) == ""
    assert server.child.wait(5) == 1


@each_language
def test_a_half_sent_body_holds_it_no_longer_than_the_deadline(language, sandbox):
    server = Server(sandbox, language, DRAIN="1")
    half = server.begin("POST /payments HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k\r\nContent-Length: 100\r\n\r\n{\"order\"")
    silent = server.begin("")
    server.get("/")  # so that the two before it have been accepted
    server.signal()
    assert server.child.wait(6) == 1
    assert "201" not in read_all(half) and read_all(silent) == ""

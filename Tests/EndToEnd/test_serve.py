"""The demo server alone: its trace on standard output, its exit status, its ledger."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess

import pytest

from machine import longer
from sandbox import PROGRAM, busy_port, free_port, until


class Server:
    """`drainboard serve`, once it listens; every line of its trace is kept."""

    def __init__(self, sandbox, *arguments, **how):
        self.database = sandbox.folder / "ledger.sqlite"
        self.log = sandbox.folder / "access.log"
        self.child = sandbox.start("serve", "--port", "0", "--database", str(self.database), "--log", str(self.log),
                                   *arguments, **how)
        self.lines = []
        self.port = None
        if self.child.stdout:
            self.port = self.until("listener.opened")["port"]
            self.until("readiness.raised")

    def until(self, name):
        """Reads the trace until an event of this name, and returns it."""
        for line in self.child.stdout:
            self.lines.append(json.loads(line))
            if self.lines[-1].get("ev") == name:
                return self.lines[-1]
        raise AssertionError(f"no {name} came: {self.lines[-5:]} {self.child.stderr.read()}")

    def ends(self):
        """Reads the trace to its end, and returns the exit status."""
        self.lines += [json.loads(line) for line in self.child.stdout]
        return self.child.wait(20)

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def pay(self, order, **headers):
        body = json.dumps({"order": order, "amount": 100 + order})
        return self.ask("POST", "/payments", body, {"Content-Type": "application/json", **headers})

    def ask(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=longer(20))
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def events(self):
        return [line for line in self.lines if "ev" in line]


@pytest.fixture
def server(sandbox):
    return Server(sandbox)


def ended_by(server, number):
    server.child.send_signal(number)
    return server.ends()


def test_the_header_is_the_first_line(server):
    assert ended_by(server, signal.SIGTERM) == 0
    header = server.lines[0]
    assert header["drainboard"] == 1 and header["title"] == "polite"
    assert header["pid"] == server.child.pid and header["port"] == server.port
    assert "ev" not in header and all("ev" in line for line in server.lines[1:])


def test_events_are_numbered_without_gaps_and_never_go_back_in_time(server):
    for order in range(20):
        assert server.pay(order)[0] in (200, 201)
    assert ended_by(server, signal.SIGTERM) == 0
    assert [event["seq"] for event in server.events] == list(range(1, len(server.events) + 1))
    assert server.events[-1]["ev"] == "shutdown.ended"
    assert {event["src"] for event in server.events} == {"server"}


@pytest.mark.parametrize("name", ["TERM", "INT"])
def test_leaves_with_0(server, name):
    number = signal.Signals[f"SIG{name}"]
    assert server.get("/readyz")[0] == 200
    assert ended_by(server, number) == 0
    received = next(event for event in server.events if event["ev"] == "signal.received")
    assert received["signal"] == number and received["sender"] == os.getpid()
    released = [event["name"] for event in server.events if event["ev"] == "resource.released"]
    acquired = [event["name"] for event in server.events if event["ev"] == "resource.acquired"]
    assert released == acquired[::-1]


def test_answers_what_was_in_flight_and_turns_readiness_down_first(server):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(server.get, "/report?ms=2500")
        server.until("request.started")
        server.child.send_signal(signal.SIGTERM)
        server.until("readiness.lowered")
        assert server.get("/readyz")[0] == 503
        assert server.get("/livez")[0] == 200
        assert slow.result(20)[0] == 200
    assert server.ends() == 0


def test_a_second_TERM_forces_and_leaves_with_1(server):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        slow = pool.submit(server.get, "/report?ms=20000")
        server.until("request.started")
        server.child.send_signal(signal.SIGTERM)
        server.until("shutdown.began")
        server.child.send_signal(signal.SIGTERM)
        assert server.ends() == 1
        with pytest.raises((http.client.HTTPException, OSError, AssertionError)):
            assert slow.result(20)[0] == 200
    names = [event["ev"] for event in server.events]
    assert "shutdown.forced" in names and names[-1] == "shutdown.ended"


def test_KILL_leaves_no_trace_of_a_shutdown(server):
    assert server.pay(7)[0] in (200, 201)
    assert ended_by(server, signal.SIGKILL) == -signal.SIGKILL
    assert not [event for event in server.events if event["ev"].startswith(("shutdown.", "resource.rel"))]
    assert rows(server.database) == [(7,)], "an acknowledged payment is in the ledger, whatever ended the server"


def rows(database):
    with contextlib.closing(sqlite3.connect(database)) as ledger:
        return ledger.execute("SELECT order_id FROM payments ORDER BY id").fetchall()


def test_the_ledger_is_kept_and_closed_and_goes_on(sandbox, server):
    assert server.pay(1)[0] in (200, 201)
    assert ended_by(server, signal.SIGTERM) == 0
    assert rows(server.database) == [(1,)]
    assert not server.database.with_name("ledger.sqlite-wal").exists()
    again = Server(sandbox)
    assert again.pay(2)[0] in (200, 201)
    assert again.get("/payments/1")[0] == 200
    assert ended_by(again, signal.SIGTERM) == 0
    assert rows(server.database) == [(1,), (2,)]


def test_an_idempotency_key_is_charged_once(server):
    first, second = (server.pay(3, **{"Idempotency-Key": "k-3"}) for _ in range(2))
    assert first[0] in (200, 201) and second[0] in (200, 201)
    assert json.loads(first[1]) == json.loads(second[1])
    assert ended_by(server, signal.SIGTERM) == 0
    assert len(rows(server.database)) == 1


def test_a_busy_port_is_a_sentence_and_2(sandbox):
    with busy_port() as taken:
        port = taken.getsockname()[1]
        done = sandbox.run("serve", "--port", str(port), "--database", str(sandbox.folder / "l.sqlite"))
    assert done.returncode == 2
    assert str(port) in done.stderr and "in use" in done.stderr and "--port" in done.stderr


def test_goes_on_serving_when_nobody_reads_its_trace(sandbox):
    port = free_port()
    child = sandbox.start("serve", "--port", str(port), "--database", str(sandbox.folder / "l.sqlite"),
                          stderr=subprocess.DEVNULL)
    child.stdout.readline()
    child.stdout.close()
    answers(port)
    for _ in range(50):
        answers(port)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0


def test_serves_with_standard_output_closed(sandbox):
    port = free_port()
    child = sandbox.spawn(["sh", "-c", f'exec "$0" "$@" >&-', PROGRAM, "serve", "--port", str(port),
                           "--database", str(sandbox.folder / "l.sqlite")],
                          stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    answers(port)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    with contextlib.closing(sqlite3.connect(sandbox.folder / "l.sqlite")) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def answers(port):
    """Asks until the server answers."""
    def asked():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=longer(5))
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
    until(asked, f"an answer on port {port}")


def test_says_nothing_with_no_trace(sandbox):
    port = free_port()
    child = sandbox.start("serve", "--port", str(port), "--no-trace", "--database", str(sandbox.folder / "l.sqlite"))
    answers(port)
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=longer(20))
    assert (child.returncode, out) == (0, "")


def test_without_a_ledger_named_it_says_where_it_is(sandbox):
    child = sandbox.start("serve", "--port", str(free_port()))
    line = child.stderr.readline()
    assert "the ledger is" in line and str(sandbox.temporary) in line
    until(lambda: "readiness.raised" in child.stdout.readline(), "readiness")
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    ledger = line.split("the ledger is ")[1].strip()
    assert not os.path.exists(os.path.dirname(ledger)), "it goes with the server"


def test_what_a_killed_server_left_goes_with_the_next_start(sandbox):
    first = sandbox.start("serve", "--port", str(free_port()))
    until(lambda: "readiness.raised" in first.stdout.readline(), "readiness")
    first.kill()
    first.wait()
    left, = sandbox.temporary.iterdir()
    second = sandbox.start("serve", "--port", str(free_port()))
    until(lambda: "readiness.raised" in second.stdout.readline(), "readiness")
    assert not left.exists() and len(list(sandbox.temporary.iterdir())) == 1
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0

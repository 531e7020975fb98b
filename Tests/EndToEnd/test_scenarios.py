"""Scenarios whose fault is in the process itself: its signals, its exit, its helpers, two of it on one ledger."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess

import pytest

from machine import longer
from sandbox import PATIENCE, PROGRAM, free_port, until
from test_serve import Server, ended_by, rows

FAULT, CURE = [], ["--mended"]


def started(sandbox, name, *arguments, **how):
    return Server(sandbox, "--scenario", name, "--lead", "0", *arguments, **how)


class Request:
    """One request on a raw socket, and all that came back until the end."""

    def __init__(self, port, path, method="GET", body="", identifier=1):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=longer(PATIENCE))
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: test\r\nX-Request-Id: {identifier}\r\n"
                            f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def answer(self):
        """The bytes that came, and how they ended: fin or reset."""
        whole = b""
        with self.socket:
            while True:
                try:
                    piece = self.socket.recv(65536)
                except ConnectionResetError:
                    return whole.decode(), "reset"
                if not piece:
                    return whole.decode(), "fin"
                whole += piece


def in_flight(server, path, **how):
    """Sends a request and returns once the server has begun it, whatever it began before."""
    request = Request(server.port, path, **how)
    while not path.startswith(server.until("request.started")["path"]):
        pass
    return request


def names(server):
    return [event["ev"] for event in server.events]


def releases(server):
    return [event["name"] for event in server.events if event["ev"] == "resource.released"]


def acquired(server):
    return [event["name"] for event in server.events if event["ev"] == "resource.acquired"]


def log_lines(server):
    return len(pathlib.Path(server.log).read_text().splitlines())


class TestSignals:
    def test_without_a_handler_the_signal_kills_and_nothing_is_released(self, sandbox):
        server = started(sandbox, "no-handler")
        request = in_flight(server, "/report?ms=60000")
        assert ended_by(server, signal.SIGTERM) == -signal.SIGTERM
        assert request.answer()[0] == ""
        assert not releases(server) and server.database.with_name("ledger.sqlite-wal").exists()

    @pytest.mark.parametrize("how, status", [(FAULT, -signal.SIGTERM), (CURE, 0)], ids=["fault", "cure"])
    def test_a_signal_during_a_slow_start(self, sandbox, how, status):
        child = sandbox.start("serve", "--scenario", "startup-signal", *how, "--port", "0", "--database",
                              str(sandbox.folder / "l.sqlite"))
        assert json.loads(child.stdout.readline())["title"].startswith("startup-signal")
        child.send_signal(signal.SIGTERM)
        out, _ = child.communicate(timeout=longer(20))
        assert child.returncode == status
        assert ("shutdown.ended" in out) == (status == 0)

    def test_a_slow_start_that_is_over_is_signalled_like_any_other(self, sandbox):
        server = started(sandbox, "startup-signal")
        server.until("signals.armed")
        assert ended_by(server, signal.SIGTERM) == 0

    @pytest.mark.parametrize("how, status, whole", [(FAULT, -signal.SIGHUP, False), (CURE, 0, True)],
                             ids=["fault", "cure"])
    def test_the_terminal_goes_away(self, sandbox, how, status, whole):
        server = started(sandbox, "terminal-gone", *how)
        request = in_flight(server, "/report?ms=500")
        assert ended_by(server, signal.SIGHUP) == status
        assert ("report" in request.answer()[0]) == whole
        assert (releases(server) == acquired(server)[::-1]) == whole

    @pytest.mark.parametrize("script, survives", [('"$0" "$@"; true', True), ('exec "$0" "$@"', False)],
                             ids=["fault", "cure"])
    def test_a_shell_in_front_of_the_server(self, sandbox, script, survives):
        port = free_port()
        wrapper = sandbox.spawn(
            ["sh", "-c", script, PROGRAM, "serve", "--scenario", "deaf-wrapper", "--lead", "0", "--port", str(port),
             "--database", str(sandbox.folder / "l.sqlite")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        until(lambda: "readiness.raised" in wrapper.stdout.readline(), "readiness")
        wrapper.send_signal(signal.SIGTERM)
        assert wrapper.wait(20) == (-signal.SIGTERM if survives else 0)
        left = [pid for pid, _ in sandbox.processes(" serve ")]
        assert len(left) == survives
        if survives:
            answer = Request(port, "/readyz")
            assert answer.socket.recv(100).startswith(b"HTTP/1.1 200"), "it never heard of the signal"
            os.kill(left[0], signal.SIGTERM)
            wrapper.stdout.read()


class TestLimits:
    def test_killed_in_the_drain_by_somebody_less_patient(self, sandbox):
        server = started(sandbox, "grace-mismatch")
        request = in_flight(server, "/report?ms=60000")
        server.child.send_signal(signal.SIGTERM)
        server.until("drain.began")
        assert ended_by(server, signal.SIGKILL) == -signal.SIGKILL
        assert request.answer()[0] == ""
        assert "shutdown.ended" not in names(server)

    def test_exits_on_the_spot_at_the_deadline(self, sandbox):
        server = started(sandbox, "fatal-at-deadline", "--timeout", "0.3")
        assert server.pay(7)[0] == 201
        request = in_flight(server, "/report?ms=60000")
        assert ended_by(server, signal.SIGTERM) == 1
        assert names(server)[-1] == "drain.deadlinePassed"
        assert request.answer()[0] == ""
        assert releases(server) == ["rotation"]
        assert server.database.with_name("ledger.sqlite-wal").exists()
        assert log_lines(server) == 0, "what was in the buffer is lost"

    def test_cuts_what_is_left_at_the_deadline_and_cleans_up_where_it_is_mended(self, sandbox):
        server = started(sandbox, "fatal-at-deadline", "--mended", "--timeout", "0.3")
        assert server.pay(7)[0] == 201
        request = in_flight(server, "/report?ms=60000")
        assert ended_by(server, signal.SIGTERM) == 1
        assert request.answer()[0] == ""
        assert releases(server) == acquired(server)[::-1]
        assert not server.database.with_name("ledger.sqlite-wal").exists()
        assert log_lines(server) == 1

    @pytest.mark.parametrize("how, status", [(FAULT, 1), (CURE, 0)], ids=["fault", "cure"])
    def test_stopped_in_the_drain_until_its_time_is_over(self, sandbox, how, status):
        server = started(sandbox, "stopped", *how, "--timeout", "1")
        request = in_flight(server, "/report?ms=3000")
        server.child.send_signal(signal.SIGTERM)
        server.until("drain.began")
        server.child.send_signal(signal.SIGSTOP)
        # The drain's second is over while the server stands still, and the request needs a little longer.
        with contextlib.suppress(TimeoutError):
            request.socket.settimeout(2.5)
            request.socket.recv(1)
            raise AssertionError("a stopped server answered")
        request.socket.settimeout(PATIENCE)
        server.child.send_signal(signal.SIGCONT)
        assert ("report" in request.answer()[0]) == (status == 0)
        assert server.ends() == status
        assert ("drain.deadlinePassed" in names(server)) == (status == 1)


class TestLeaving:
    def test_main_returns_before_anybody_was_answered(self, sandbox):
        server = started(sandbox, "main-returns-early")
        request = in_flight(server, "/report?ms=60000")
        assert ended_by(server, signal.SIGTERM) == 0
        assert request.answer()[0] == ""
        assert names(server)[-1] == "listener.closed" and not releases(server)

    def test_dies_of_the_signal_after_a_perfect_drain(self, sandbox):
        server = started(sandbox, "exit-liar", "--mended")
        request = in_flight(server, "/report?ms=500")
        assert ended_by(server, signal.SIGTERM) == -signal.SIGTERM
        assert "report" in request.answer()[0]
        assert releases(server) == acquired(server)[::-1]
        assert server.events[-1]["outcome"] == "clean"

    @pytest.mark.parametrize("how, lines", [(FAULT, 0), (CURE, 3)], ids=["fault", "cure"])
    def test_the_last_lines_of_the_log(self, sandbox, how, lines):
        server = started(sandbox, "log-lost", *how)
        for order in range(3):
            assert server.pay(order)[0] == 201
        assert ended_by(server, signal.SIGTERM) == 0
        assert releases(server) == acquired(server)[::-1]
        assert [event["lines"] for event in server.events if event["ev"] == "log.flushed"] == [3]
        assert log_lines(server) == lines


class TestHelpers:
    @pytest.mark.parametrize("how, end, state", [(FAULT, "job.abandoned", "failed"), (CURE, "job.finished", "done")],
                             ids=["fault", "cure"])
    def test_a_signal_to_the_whole_group(self, sandbox, how, end, state):
        server = started(sandbox, "group-signal", *how, start_new_session=True)
        payer = Request(server.port, "/payments?receipt=900", "POST", '{"order":7,"amount":1}')
        assert b"201" in payer.socket.recv(100)
        server.until("job.fetched")
        until(lambda: sandbox.processes("sleep"), "the helper")
        os.killpg(server.child.pid, signal.SIGINT)
        assert server.ends() == 0
        assert [event["ev"] for event in server.events if event["ev"] in ("job.abandoned", "job.finished")] == [end]
        with contextlib.closing(sqlite3.connect(server.database)) as ledger:
            assert ledger.execute("SELECT state FROM jobs").fetchall() == [(state,)]
        assert not sandbox.processes()

    def test_a_helper_that_takes_too_long_is_ended_and_its_job_handed_back(self, sandbox):
        server = started(sandbox, "group-signal", "--mended", "--workers", "0.2")
        payer = Request(server.port, "/payments?receipt=60000", "POST", '{"order":7,"amount":1}')
        assert b"201" in payer.socket.recv(100)
        server.until("job.fetched")
        assert ended_by(server, signal.SIGTERM) == 0
        assert "job.returned" in names(server)
        assert not sandbox.processes()

    def test_a_helper_that_outlives_the_server_holds_its_port(self, sandbox):
        server = started(sandbox, "orphan-holds-port")
        assert ended_by(server, signal.SIGTERM) == 0
        (orphan, _), = sandbox.processes()
        with socket.create_connection(("127.0.0.1", server.port), timeout=longer(PATIENCE)):
            pass
        again = sandbox.run("serve", "--port", str(server.port), "--database", str(server.database))
        assert again.returncode == 2 and "in use" in again.stderr
        os.kill(orphan, signal.SIGTERM)
        until(lambda: not sandbox.processes(), "the orphan to end")

    def test_a_helper_is_ended_with_the_server_where_it_is_mended(self, sandbox):
        server = started(sandbox, "orphan-holds-port", "--mended")
        assert len(sandbox.processes()) == 2
        assert ended_by(server, signal.SIGTERM) == 0
        assert not sandbox.processes()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=longer(PATIENCE))


class TestOneLedger:
    @pytest.mark.parametrize("how, expected", [(FAULT, [(7,), (7,)]), (CURE, [(7,)])], ids=["fault", "cure"])
    def test_a_payment_that_is_killed_before_its_answer_and_tried_again(self, sandbox, how, expected):
        server = started(sandbox, "charged-twice", *how)
        body = '{"order":7,"amount":107}'
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(f"POST /payments?after=60000 HTTP/1.1\r\nHost: test\r\nIdempotency-Key: k\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
            server.until("payment.charged")
            assert ended_by(server, signal.SIGKILL) == -signal.SIGKILL
        again = started(sandbox, "charged-twice", *how)
        assert again.pay(7, **{"Idempotency-Key": "k"})[0] == 201
        assert ended_by(again, signal.SIGTERM) == 0
        assert rows(again.database) == expected

    @pytest.mark.parametrize("how, expected", [(FAULT, []), (CURE, [(7,)])], ids=["fault", "cure"])
    def test_a_payment_that_is_acknowledged_and_then_killed(self, sandbox, how, expected):
        server = started(sandbox, "lost-payment", *how)
        assert server.pay(7)[0] == 201
        assert ended_by(server, signal.SIGKILL) == -signal.SIGKILL
        again = started(sandbox, "lost-payment", *how)
        assert ended_by(again, signal.SIGTERM) == 0
        assert rows(again.database) == expected

    def test_a_new_instance_leaves_the_jobs_of_the_old_one_alone(self, sandbox):
        old = started(sandbox, "polite", env={"DRAINBOARD_INSTANCE": "1"})
        payer = Request(old.port, "/payments?receipt=1500", "POST", '{"order":7,"amount":1}')
        assert b"201" in payer.socket.recv(100)
        old.until("job.fetched")
        new = started(sandbox, "polite", env={"DRAINBOARD_INSTANCE": "2"})
        assert new.pay(8)[0] == 201
        assert ended_by(old, signal.SIGTERM) == 0
        assert ended_by(new, signal.SIGTERM) == 0
        assert names(old).count("job.finished") == 1
        assert [event["id"] for event in new.events if event["ev"] == "job.fetched"] == [2]
        assert not new.database.with_name("ledger.sqlite-wal").exists()

    def test_a_new_start_takes_up_the_jobs_of_one_that_was_killed(self, sandbox):
        old = started(sandbox, "polite")
        payer = Request(old.port, "/payments?receipt=900", "POST", '{"order":7,"amount":1}')
        assert b"201" in payer.socket.recv(100)
        old.until("job.fetched")
        assert ended_by(old, signal.SIGKILL) == -signal.SIGKILL
        new = started(sandbox, "polite")
        new.until("job.finished")
        assert ended_by(new, signal.SIGTERM) == 0

    def test_each_answer_names_its_instance(self, sandbox):
        server = started(sandbox, "polite", env={"DRAINBOARD_INSTANCE": "2"})
        request = Request(server.port, "/nowhere")
        assert b"\r\nx-instance: 2\r\n" in request.socket.recv(1000).lower()
        plain = started(sandbox, "polite")
        request = Request(plain.port, "/nowhere")
        assert b"x-instance" not in request.socket.recv(1000).lower()


class TestOrders:
    def tied(self, sandbox, *arguments):
        return Server(sandbox, "--tied", *arguments, stdin=subprocess.PIPE)

    def tell(self, server, text):
        server.child.stdin.write(text)
        server.child.stdin.flush()

    def test_hold_and_release(self, sandbox):
        server = self.tied(sandbox, "--lead", "0")
        self.tell(server, "hold\n")
        request = in_flight(server, "/report?ms=100")
        server.child.send_signal(signal.SIGTERM)
        assert server.until("gate.held")["name"] == "the lead"
        self.tell(server, "step\n")
        assert server.until("gate.held")["name"] == "the listener closes"
        assert "report" in request.answer()[0], "what is in flight goes on"
        assert b"200 OK" in Request(server.port, "/").socket.recv(100), "and the door is still open"
        self.tell(server, "release\n")
        assert server.until("gate.released")["took"] > 0
        assert server.ends() == 0

    def test_a_lead_that_is_changed_while_it_runs(self, sandbox):
        server = self.tied(sandbox, "--lead", "600")
        server.child.send_signal(signal.SIGTERM)
        server.until("readiness.lowered")
        self.tell(server, "lead 0.01\n")
        assert server.ends() == 0
        assert "lead.ended" in names(server)

    def test_nonsense_and_endless_lines_change_nothing(self, sandbox):
        server = self.tied(sandbox, "--lead", "0")
        self.tell(server, "lead -1\n" + "x" * 1_000_000 + "\nhold me\n\0\n")
        for _ in range(4):
            assert "none of hold" in server.until("fault.reported")["text"]
        assert server.get("/readyz")[0] == 200
        assert ended_by(server, signal.SIGTERM) == 0

    def test_the_end_of_input_ends_it(self, sandbox):
        server = self.tied(sandbox)
        self.tell(server, "hold\n")
        server.child.stdin.close()
        assert server.ends() == 3


@pytest.mark.parametrize("option, value", [("--lead", "-1"), ("--lead", "nan"), ("--workers", "0"), ("--flush", "-3")])
def test_a_senseless_limit_is_a_sentence(sandbox, option, value):
    done = sandbox.run("serve", option, value)
    assert done.returncode == 2 and option in done.stderr and "seconds" in done.stderr

#!/usr/bin/env python3
"""Judges one shutdown by plain sockets and waitpid alone: the second opinion that the verdicts are compared with.

    probe.py --path '/slow?ms=1500' --signal TERM --grace 6 -- COMMAND…

Starts the command in a process group of its own with the default signal dispositions and PORT set, waits until it answers,
puts slow requests and idle connections in place, sends the signal to the main process, starts a new connection every
50 ms until that process is gone, ends whatever is left, and prints one JSON object. Exit status 2: it could not be run.

It shares nothing with the program under test, on purpose.

outcome, the first that is true:
    inconclusive  nothing was in flight at the signal; "why" says what happened instead
    ignored       still there at the end of the grace, and still answering new connections
    reloaded      the same, and its processes have changed
    killed        still there at the end of the grace, without answering
    orphans       the main process is gone and others that it started are not
    unhandled     it died of the signal itself, with work in flight lost
    dropped       it left by itself, with work in flight lost
    refusedWork   what was in flight was answered, some of it with a status of 500 or more
    badExit       all of it was answered, then neither exit 0, nor 128 + the signal, nor death by the signal sent
    graceful
"""
import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

MARK = "PLAIN_PROBE_MARK"
LOST = ("cut", "wrong", "reset", "unanswered", "refused", "held")


def answer(connection, limit):
    """Reads one answer: (fate, body, whether it announced the end of the connection).

    Whole means the end that its Content-Length or its chunks announce.
    """
    data = b""

    def ended(fate):
        return ("cut" if data else fate), None, True

    while True:
        status, whole = complete(data)
        if whole:
            head, _, body = data.partition(b"\r\n\r\n")
            return fate_of(status), body, b"\r\nconnection: close" in head.lower()
        connection.settimeout(max(0.001, limit - time.monotonic()))
        try:
            more = connection.recv(65536)
        except ConnectionError:
            return ended("reset")
        except OSError:
            return "held", None, True
        if not more:
            if status and b"content-length" not in data.lower() and b"chunked" not in data.lower():
                # Its end is the connection's end.
                return fate_of(status), data.partition(b"\r\n\r\n")[2], True
            return ended("unanswered")
        data += more


def fate_of(status):
    return "whole" if status < 500 else "error"


def complete(data):
    """(status, whether the body is whole) of an answer's bytes so far; (None, False) before its head is."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return None, False
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if "content-length" in fields:
        return status, len(body) >= int(fields["content-length"])
    if fields.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size, found, rest = body.partition(b"\r\n")
            if not found:
                return status, False
            length = int(size.split(b";")[0], 16)
            if length == 0:
                return status, rest.endswith(b"\r\n")
            body = rest[length + 2:]
    return status, status in (204, 304)


class Request(threading.Thread):
    """One GET on a connection of its own, and its fate: whole, error, cut, wrong, reset, unanswered, refused or held.

    Wrong is an answer that is complete and has another body than the same request had before the signal. The connection is
    kept open afterwards where that is asked for and the answer does not announce its end.
    """

    def __init__(self, port, path, limit, expected=None, keep=False):
        super().__init__(daemon=True)
        self.port, self.path, self.limit, self.expected, self.keep = port, path, limit, expected, keep
        self.fate = self.body = self.ended = self.connection = None
        self.began = time.monotonic()
        self.start()

    def run(self):
        try:
            self.connection = socket.create_connection(("127.0.0.1", self.port), max(0.001, self.limit - time.monotonic()))
            self.connection.sendall(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        except ConnectionRefusedError:
            self.fate = "refused"
        except ConnectionError:
            self.fate = "reset"
        except OSError:
            self.fate = "held"
        else:
            self.fate, self.body, ending = answer(self.connection, self.limit)
            if ending or not self.keep:
                self.close()
            if self.fate == "whole" and self.expected is not None and self.body != self.expected:
                self.fate = "wrong"
        self.ended = time.monotonic()

    def close(self):
        if self.connection:
            self.connection.close()


def family(mark, group):
    """The processes that carry the mark or are in the group, zombies aside, as {pid: command line}."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        place = pathlib.Path("/proc", pid)
        try:
            state, _, in_group = place.joinpath("stat").read_text().rsplit(")", 1)[1].split()[:3]
            if state not in "ZX" and (int(in_group) == group or mark.encode() in place.joinpath("environ").read_bytes()):
                found[int(pid)] = place.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
    return found


def default_signals():
    """In the child before exec: a group of its own, every signal with its default action and none blocked."""
    os.setpgid(0, 0)
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


class Child:
    def __init__(self, command, port, output):
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            command, env={**os.environ, "PORT": str(port), MARK: self.mark}, preexec_fn=default_signals, restore_signals=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.pid, self.gone, self.status = self.process.pid, threading.Event(), None
        threading.Thread(target=self.reap, daemon=True).start()

    def reap(self):
        self.status = self.process.wait()
        self.gone_at = time.monotonic()
        self.gone.set()

    def family(self):
        return family(self.mark, self.pid)

    def end(self):
        """Kills whatever is left, until nothing is."""
        while left := self.family():
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.01)
        self.gone.wait()


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def tally(requests, names):
    fates = [each.fate for each in requests]
    return {name: fates.count(name) for name in names if fates.count(name)}


def probe(options):
    port, number = options.port, getattr(signal, "SIG" + options.signal)
    child = Child(options.command, port, options.output)
    try:
        return observe(child, port, number, options)
    finally:
        child.end()


def started(child, port, options):
    """Waits until it answers; else says why there is nothing to judge."""
    limit = time.monotonic() + options.start
    while time.monotonic() < limit:
        request = Request(port, options.fast, time.monotonic() + 1)
        request.join()
        if request.fate in ("whole", "error"):
            return "the main process had ended before the signal" if child.gone.is_set() else None
        if not child.gone.wait(0.05):
            continue
        time.sleep(0.5)  # what it left in the background may be about to listen
        if not is_open(port):
            return f"ended with {child.status} before it answered"
    return "never answered"


def observe(child, port, number, options):
    if why := started(child, port, options):
        return {"outcome": "inconclusive", "why": why, "exit": exit_of(child), "survivors": survivors(child)}
    last = time.monotonic() + options.settle + options.grace + 10
    expected = Request(port, options.path, last)
    expected.join()
    idle = [Request(port, options.fast, time.monotonic() + 2, keep=True) for _ in range(options.idle)]
    for each in idle:
        each.join()
    before = child.family()
    slow = [Request(port, options.path, last, expected.body, keep=True) for _ in range(options.in_flight)]
    child.gone.wait(options.settle)

    signalled = time.monotonic()
    in_flight = [each for each in slow if each.ended is None]
    if child.gone.is_set():
        return {"outcome": "inconclusive", "why": "the main process ended before the signal", "exit": exit_of(child),
                "survivors": survivors(child)}
    os.kill(child.pid, number)
    new, beat = [], signalled
    while time.monotonic() - signalled < options.grace:
        new.append(Request(port, options.fast, time.monotonic() + 1))
        beat += 0.05
        if child.gone.wait(max(0, beat - time.monotonic())):
            break
    in_time = child.gone.is_set()
    # Who is left may still answer: a wrapper's child, a worker. It gets what is left of the grace.
    left = survivors(child) if in_time else {}
    while left and any(each.ended is None for each in in_flight) and time.monotonic() - signalled < options.grace:
        time.sleep(0.05)
    if in_time and left:
        left = survivors(child)
    for each in new[-20:]:
        each.join(1.1)
    after, still_open = child.family(), is_open(port)
    closed_idle = sum(closed(each.connection) for each in idle)
    if not in_time or left:
        child.end()
    for each in in_flight:
        each.join(2)

    fates = tally(in_flight, ("whole", "error") + LOST)
    late = [each for each in new[-20:] if each.fate == "whole" and each.began > signalled + options.grace - 1]
    if not in_flight:
        outcome = "inconclusive"
    elif not in_time:
        outcome = ("ignored" if after.keys() == before.keys() else "reloaded") if late else "killed"
    elif left:
        outcome = "orphans"
    elif any(each in fates for each in LOST):
        outcome = "unhandled" if child.status == -number else "dropped"
    elif "error" in fates:
        outcome = "refusedWork"
    else:
        outcome = "graceful" if child.status in (0, -number, 128 + number) else "badExit"
    found = {
        "outcome": outcome, "exit": exit_of(child) if in_time else None, "inFlight": len(in_flight), "fates": fates,
        "newConnections": tally(new, ("whole", "error") + LOST), "idle": {"placed": len(idle), "closed": closed_idle},
        "signalToExit": round(child.gone_at - signalled, 3) if in_time else None,
        "survivors": left, "portOpen": still_open,
    }
    if not in_flight:
        found["why"] = "everything was answered before the signal"
    found["newConnections"] = {{"whole": "served"}.get(name, name): count for name, count in found["newConnections"].items()}
    for each in idle + slow + new:
        each.close()
    return found


def closed(connection):
    """Whether this idle connection has ended; one that was never kept alive has."""
    try:
        connection.settimeout(0)
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def survivors(child):
    """Processes that outlive the main one; those that are just leaving with it get a quarter of a second."""
    limit = time.monotonic() + 0.25
    while (left := {pid: line for pid, line in child.family().items() if pid != child.pid}) and time.monotonic() < limit:
        time.sleep(0.02)
    return left


def exit_of(child):
    if child.status is None:
        return None
    return {"signal": -child.status} if child.status < 0 else {"code": child.status}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--path", default="/slow?ms=1500", help="what is slow")
    parser.add_argument("--fast", default="/", help="what is fast, for idle and new connections")
    parser.add_argument("--signal", default="TERM")
    parser.add_argument("--grace", type=float, default=6, help="seconds")
    parser.add_argument("--start", type=float, default=20, help="seconds to wait for the first answer")
    parser.add_argument("--settle", type=float, default=0.4, help="seconds between the slow requests and the signal")
    parser.add_argument("--in-flight", type=int, default=4)
    parser.add_argument("--idle", type=int, default=2)
    parser.add_argument("--port", type=int, help="default: one that nobody listens on")
    parser.add_argument("--output", type=argparse.FileType("wb"), default=subprocess.DEVNULL, help="where the command's output goes")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if options.port is None:
        # Below the ports that the kernel gives to clients, and another one for each probe that runs at a time.
        options.port = next(port for port in range(20_000 + os.getpid() % 10_000, 32_000) if not is_open(port))
    if is_open(options.port):
        print(f"somebody else listens on port {options.port}", file=sys.stderr)
        return 2
    try:
        print(json.dumps(probe(options)))
    except OSError as error:
        print(f"could not be run: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Key to signal: from the byte written to the terminal until the server has received the signal."""
import json
import random
import time

from common import Failed, Row, spread, words
from terminal import Terminal

IN_FLIGHT = 1_000
RATE = 700


class Recording:
    """The trace of a run while it is written."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.rest = b""
        self.clock = None
        self.in_flight = 0
        self.received = []

    def read(self):
        if self.file is None and self.path.exists():
            self.file = open(self.path, "rb")
        lines = (self.rest + (self.file.read() if self.file else b"")).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            self.take(line)

    def take(self, line):
        if self.clock is None:
            self.clock = json.loads(line)["clock"]
        elif b'"src":"client","ev":"request.started"' in line:
            self.in_flight += 1
        elif b'"src":"client","ev":"request.finished"' in line:
            self.in_flight -= 1
        elif b'"ev":"signal.received"' in line:
            self.received.append(self.clock + json.loads(line)["t"])


def until(terminal, recording, condition, what):
    def look():
        recording.read()
        return condition()
    terminal.wait(look, what)


def press(terminal, recording, key):
    """Milliseconds from the key to the signal."""
    before = len(recording.received)
    start = time.monotonic()
    terminal.type(key)
    until(terminal, recording, lambda: len(recording.received) > before, "the signal to be received")
    return 1000 * (recording.received[before] - start)


def one_run(setup):
    """Two samples: the first signal, and the second one that forces, while requests still arrive."""
    recording = Recording(setup.path("keys.jsonl"))
    argv = [setup.drainboard, "demo", "--slow", "--rate", str(RATE), "--record", str(recording.path)]
    terminal = Terminal(argv, (120, 40), setup.folder)
    samples = []
    try:
        for _ in range(2):
            until(terminal, recording, lambda: recording.in_flight >= IN_FLIGHT, f"{IN_FLIGHT} requests in flight")
            time.sleep(random.uniform(0.05, 0.25))
            recording.read()
            in_flight = recording.in_flight
            samples.append((press(terminal, recording, b"t"), in_flight))
    finally:
        terminal.close(b"Kyq")
    recording.path.unlink()
    return samples


def measure(setup):
    samples = [sample for _ in range(setup.runs(20)) for sample in one_run(setup)]
    if min(count for _, count in samples) < IN_FLIGHT:
        raise Failed(f"only {min(count for _, count in samples)} requests were in flight at a key")
    numbers = spread([latency for latency, _ in samples])
    numbers["inFlight"] = min(count for _, count in samples)
    return [Row(
        f"key → signal received, ≥ {numbers['inFlight']:,} requests in flight", words(numbers, digits=2), "p99 ≤ 5 ms",
        numbers["p99"] <= 5, numbers=numbers)]

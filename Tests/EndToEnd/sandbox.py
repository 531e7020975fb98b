"""A place of its own for each test: folders, processes, terminals; and the proof that nothing is left in it.

Everything waits for an event (an exit, a line, a text on the screen), bounded by PATIENCE on a machine that is not slow.
"""
import contextlib
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

from machine import lead, longer

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("DRAINBOARD") or str(ROOT / ".build/debug/drainboard")
PATIENCE = 60.0
MARK = "DRAINBOARD_TEST_SANDBOX"
FORGOTTEN = ("NO_COLOR", "LC_ALL", "LC_CTYPE", "LINES", "COLUMNS", "TMUX", "TMUX_PANE", "DRAINBOARD_PLAIN",
             "DRAINBOARD_TEST_CRASH", "COLORTERM")


class Timeout(AssertionError):
    pass


def until(condition, what, patience=PATIENCE, more=lambda: ""):
    """Waits until the condition is true, and returns its value."""
    patience = longer(patience)
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Timeout(f"waited {patience:g} s for {what}\n{more()}")
        time.sleep(0.02)


class Sandbox:
    """Folders and an environment for one test, and every process that was started in it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="db-"))
        self.state, self.temporary, self.home = (self.folder / name for name in ("state", "tmp", "home"))
        for folder in (self.state, self.temporary, self.home):
            folder.mkdir()
        self.mark = uuid.uuid4().hex
        self.env = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
        self.env |= {
            "XDG_STATE_HOME": str(self.state), "TMPDIR": str(self.temporary), "HOME": str(self.home),
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", MARK: self.mark,
        }
        self.children = []
        self.terminals = []

    # Starting

    def run(self, *arguments, env=None, patience=PATIENCE, **how):
        """Runs drainboard to its end."""
        child = self.start(*arguments, env=env, **how)
        try:
            out, err = child.communicate(timeout=longer(patience))
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            raise Timeout(f"drainboard {' '.join(arguments)} ran for more than {longer(patience)} s\n{out[-2000:]}\n{err[-2000:]}")
        return subprocess.CompletedProcess(arguments, child.returncode, out, err)

    def start(self, *arguments, env=None, program=PROGRAM, **how):
        """Starts drainboard with pipes; it is killed at the end of the test if it still runs."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
               "errors": "surrogateescape", "cwd": self.folder} | how
        return self.spawn([program, *arguments], env=env, **how)

    def spawn(self, command, env=None, **how):
        child = subprocess.Popen(command, env={**self.env, **(env or {})}, **how)
        self.children.append(child)
        return child

    def check(self, *arguments, **how):
        """Runs one check and returns its verdict as JSON, with its exit status and its recording."""
        record = self.folder / f"run-{uuid.uuid4().hex}.jsonl"
        done = self.run("check", "--start", str(longer(30)), "--format", "json", "--record", str(record), *lead(arguments), *arguments, **how)
        assert done.stdout, f"no verdict; {done.returncode}; {done.stderr}"
        return Checked(json.loads(done.stdout), done.returncode, record)

    # Looking

    def processes(self, name=None):
        """Processes of this sandbox that still run, as (pid, command line)."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if self.mark.encode() not in pathlib.Path(f"/proc/{pid}/environ").read_bytes():
                    continue
                line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if state != "Z" and (name is None or name in line):
                found.append((int(pid), line.strip()))
        return found

    def server(self):
        """The pid of the demo server, once it runs."""
        return until(lambda: [pid for pid, line in self.processes(" serve ")], "the server's process")[0]

    def recording(self):
        """The newest recording in the state folder."""
        return until(lambda: sorted((self.state / "drainboard").glob("*.jsonl")), "a recording")[-1]

    # Leaving

    def nothing_is_left(self, patience=15):
        """Waits until no process and no temporary file of this sandbox is left."""
        until(lambda: not self.processes(), "every process to end", patience, lambda: self.processes())
        until(lambda: not os.listdir(self.temporary), "the temporary folder to be empty", patience,
              lambda: list(self.temporary.rglob("*")))

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout, child.stderr):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
        try:
            self.nothing_is_left()
        finally:
            for pid, _ in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            shutil.rmtree(self.folder, ignore_errors=True)


class Checked:
    """What a check said of its run, and the events that it recorded."""

    def __init__(self, verdict, status, record):
        self.verdict, self.status, self.record = verdict, status, record

    def __getitem__(self, key):
        return self.verdict[key]

    @property
    def events(self):
        return events(self.record)

    @property
    def rules(self):
        return {rule["name"]: rule for rule in self.verdict["rules"]}


def events(file):
    """The events of a trace, without its header; a torn last line is left out."""
    found = []
    for line in pathlib.Path(file).read_text(errors="replace").splitlines()[1:]:
        with contextlib.suppress(json.JSONDecodeError):
            found.append(json.loads(line))
    return found


def busy_port():
    """A listening socket; its port is busy for as long as it is open."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen(1)
    return taken


def ports_of_this_worker():
    """Ports below those that Linux gives to clients and below those that the program takes, a thousand for each worker."""
    first = 10_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    offset = random.randrange(1_000)  # so that two runs of the tests meet seldom
    while True:
        for number in range(1_000):
            yield first + (offset + number) % 1_000


PORTS = ports_of_this_worker()


def free_port():
    """A port on which nobody listens; nobody else in these tests gets it."""
    for port in itertools.islice(PORTS, 1_000):
        with socket.socket() as free, contextlib.suppress(OSError):
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def escapes(text):
    """The control characters in a text but newline: none may ever come from outside to a terminal."""
    return sorted({hex(ord(one)) for one in text if one != "\n" and (ord(one) < 32 or 127 <= ord(one) < 160)})


def in_mount(options, *commands, script='shift; exec "$@"'):
    """A command that has a tmpfs of its own at $1 and runs the script there; fails loudly where it cannot.

    Whoever may not mount anything may do so in a user namespace of their own (user_namespaces(7)).
    """
    return ["unshare", "--user", "--map-root-user", "--mount", "--",
            "sh", "-ec", f'mount -t tmpfs -o {options} tmpfs "$1"; {script}', "sh", *commands]


if sys.platform != "linux":
    raise RuntimeError("These tests need Linux.")

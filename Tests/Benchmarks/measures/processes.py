"""Servers as child processes, and what the kernel says of a process."""
import os
import resource
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from common import Failed

PATIENCE = 15.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on 127.0.0.1; what it prints goes through a pipe that is always read, into `printed`."""

    def __init__(self, argv, port, printed, env=None):
        self.port = port
        self.printed = printed
        with open(printed, "wb") as file:
            self.reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file)
        self.process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=self.reader.stdin, stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {})}, start_new_session=True)
        self.reader.stdin.close()
        self.pidfd = os.pidfd_open(self.process.pid)
        self._wait_until_it_listens(argv)

    def _wait_until_it_listens(self, argv):
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            try:
                return self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.01)
        self.close()
        raise Failed(f"{argv[0]} did not answer on port {self.port} within {PATIENCE:.0f} s")

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def terminate(self):
        signal.pidfd_send_signal(self.pidfd, signal.SIGTERM)

    def lines(self, event):
        """How many events of this name the server's trace has so far."""
        return Path(self.printed).read_bytes().count(b'"ev":"%s"' % event.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.wait()
        os.close(self.pidfd)


@contextmanager
def serving(server):
    try:
        yield server
    finally:
        server.close()


def drainboard(setup, *more, printed=None):
    port = free_port()
    database = setup.path("ledger.sqlite")
    argv = [setup.drainboard, "serve", "--port", str(port), "--database", str(database),
            "--log", str(setup.path("access.log")), *more]
    return Server(argv, port, printed or setup.path("trace.jsonl"))


def go(setup):
    port = free_port()
    return Server([setup.go_server], port, setup.path("go.log"), {"PORT": str(port)})


def raise_open_files(wanted):
    """Many connections need many descriptors, here and in the servers, which inherit the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < wanted:
        raise Failed(f"{wanted} open files are needed, and this shell may have only {hard}: raise ulimit -n")


def cpu_seconds(pid):
    """User and system time of all threads of a process so far (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wake_ups(pid):
    """How often each thread that a process has now slept and woke (proc(5), status)."""
    return {thread: field(f"{pid}/task/{thread}", "voluntary_ctxt_switches") for thread in os.listdir(f"/proc/{pid}/task")}


def wake_ups_between(before, after):
    """A thread that has ended meanwhile woke up once at least."""
    return sum(count - before.get(thread, 0) for thread, count in after.items()) + len(before.keys() - after.keys())


def resident_megabytes(pid):
    return field(pid, "VmRSS") / 1024


def field(place, name):
    for line in Path(f"/proc/{place}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def children(pid):
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        found += Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
    return [int(child) for child in found]

"""However the dashboard or a check ends, its server ends with it, and nothing is left behind."""
import os
import shlex
import signal

import pytest

from sandbox import PROGRAM, until
from screen import Screen, dashboard

SIGNALS = ["TERM", "INT", "HUP", "QUIT", "KILL", "SEGV", "ABRT", "USR1"]
SERVERS = ["polite", "no-handler", "frozen"]


def started(sandbox, kind, **how):
    """A dashboard over a server that is polite, deaf to signals, or frozen; with the pids of both."""
    screen = dashboard(sandbox, *(["--scenario", "no-handler"] if kind == "no-handler" else []), **how)
    server = sandbox.server()
    if kind == "frozen":
        os.kill(server, signal.SIGSTOP)
        until(lambda: state(server) == "T", "the server to be frozen")
    return screen, mine(sandbox), server


def mine(sandbox):
    """The pid of the dashboard itself."""
    return min((pid for pid, line in sandbox.processes(" demo") if line.startswith(PROGRAM)), default=None)


def state(pid):
    return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]


def is_gone(pid):
    try:
        return state(pid) == "Z"
    except OSError:
        return True


def everything_is_gone(sandbox, screen, server):
    until(lambda: is_gone(server), "the server to end", 10, sandbox.processes)
    screen.close()
    sandbox.nothing_is_left(10)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("name", SIGNALS)
def test_the_server_does_not_outlive_a_dashboard_that_dies_of(sandbox, name, kind):
    screen, dashboard_pid, server = started(sandbox, kind)
    number = signal.Signals[f"SIG{name}"]
    os.kill(dashboard_pid, number)
    assert screen.ended() == 128 + number
    everything_is_gone(sandbox, screen, server)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("key", ["q", "Q"])
def test_the_server_does_not_outlive_a_dashboard_that_is_left_by(sandbox, key, kind):
    screen, _, server = started(sandbox, kind)
    screen.press(key)
    assert screen.ended() == 0
    everything_is_gone(sandbox, screen, server)


@pytest.mark.parametrize("crash, number", [("trap", signal.SIGILL), ("segv", signal.SIGSEGV), ("abort", signal.SIGABRT)])
def test_the_server_does_not_outlive_a_dashboard_that_crashes_by_a(sandbox, crash, number):
    screen, _, server = started(sandbox, "polite", env={"DRAINBOARD_TEST_CRASH": crash})
    screen.type("!")
    assert screen.ended() == 128 + number
    everything_is_gone(sandbox, screen, server)


def test_the_server_does_not_outlive_the_terminal(sandbox):
    screen, _, server = started(sandbox, "polite")
    screen.close()
    everything_is_gone(sandbox, screen, server)


def test_the_server_does_not_outlive_a_dashboard_that_is_killed_while_it_starts(sandbox):
    screen = Screen(sandbox, shlex.join([PROGRAM, "demo"]))
    os.kill(until(lambda: mine(sandbox), "the dashboard"), signal.SIGKILL)
    assert screen.ended() == 128 + signal.SIGKILL
    screen.close()
    sandbox.nothing_is_left(10)


def test_the_server_does_not_outlive_a_dashboard_that_is_killed_while_it_drains(sandbox):
    screen, dashboard_pid, server = started(sandbox, "polite")
    screen.press("t")
    screen.shows("DRAINING")
    os.kill(dashboard_pid, signal.SIGKILL)
    everything_is_gone(sandbox, screen, server)


def test_the_run_ends_and_says_so_when_somebody_else_kills_the_server(sandbox):
    screen, _, server = started(sandbox, "polite")
    os.kill(server, signal.SIGKILL)
    screen.shows("CRASHED|killed by signal 9")
    screen.press("q")
    assert screen.ended() == 0
    everything_is_gone(sandbox, screen, server)


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "KILL", "QUIT", "SEGV"])
@pytest.mark.parametrize("kind", SERVERS)
def test_the_server_does_not_outlive_a_check_that_dies_of(sandbox, name, kind):
    scenario = "no-handler" if kind == "no-handler" else "polite"
    child = sandbox.start("check", "--scenario", scenario, "--after", "60")
    server = sandbox.server()
    until(lambda: "rotation.entered" in sandbox.recording().read_text(), "the server to be in rotation")
    if kind == "frozen":
        os.kill(server, signal.SIGSTOP)
    number = signal.Signals[f"SIG{name}"]
    child.send_signal(number)
    assert child.wait(20) == -number
    until(lambda: is_gone(server), "the server to end", 10)
    sandbox.nothing_is_left(10)


def test_the_run_ends_with_its_server_when_the_guard_is_killed(sandbox):
    screen, dashboard_pid, server = started(sandbox, "polite")
    guard = next(pid for pid, line in sandbox.processes("drainboard-guard"))
    os.kill(guard, signal.SIGKILL)
    os.kill(dashboard_pid, signal.SIGKILL)
    until(lambda: is_gone(server), "the server to end, for it is tied to its standard input", 10)
    screen.ended()
    screen.close()
    until(lambda: not sandbox.processes(), "every process to end")
    for folder in sandbox.temporary.iterdir():  # the guard was to remove it
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


class TestTheFolderOfARun:
    def test_goes_even_when_the_check_is_killed_the_moment_it_is_there(self, sandbox):
        child = sandbox.start("check", "--scenario", "polite")
        while not list(sandbox.temporary.glob("drainboard-*")):
            assert child.poll() is None, child.stderr.read()
        child.kill()
        child.wait()
        until(lambda: not list(sandbox.temporary.glob("drainboard-*")), "the folder to go")
        until(lambda: not sandbox.processes(), "the processes to go")

"""However the dashboard or a check ends, its server ends with it, and nothing is left behind."""
import contextlib
import os
import random
import shlex
import signal
import subprocess

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

    def test_goes_even_when_the_check_dies_while_it_audits_the_ledger(self, sandbox):
        """The copy of the ledger lies in it, and there is so much in it that the copy takes a while."""
        child = sandbox.start("check", "--scenario", "polite", "--after", "1")
        until(lambda: list(sandbox.temporary.glob("drainboard-*/audit")) or child.poll() is not None, "the audit")
        child.send_signal(signal.SIGQUIT)
        child.wait()
        sandbox.nothing_is_left(10)

    def test_goes_with_the_next_start_when_the_guard_is_killed_too(self, sandbox):
        child = sandbox.start("check", "--scenario", "polite", "--after", "60")
        until(lambda: list(sandbox.temporary.glob("drainboard-*/ledger.sqlite")), "the ledger")
        for pid, _ in sandbox.processes("drainboard-guard"):
            os.kill(pid, signal.SIGKILL)
        child.kill()
        child.wait()
        until(lambda: not sandbox.processes(), "the processes to go")
        assert list(sandbox.temporary.iterdir()) != []
        sandbox.run("check", "--scenario", "no-handler", "--after", "0.3")
        sandbox.nothing_is_left(10)


@pytest.mark.minutes(10)
def test_nothing_is_left_by_any_subcommand_that_is_ended_at_any_moment(sandbox):
    """KILL and QUIT leave no time to clean up: the guard does it at once, or the next start."""
    commands = [
        ("check", "--after", "0.3"), ("demo", "--plain"), ("grid", "--signals", "TERM", "--jobs", "2"),
        ("sweep", "--steps", "2"), ("serve", "--port", "0"), ("check", "--scenario", "lost-payment", "--after", "0.3"),
    ]
    moments = random.Random(7)
    for round in range(20):
        child = sandbox.start(*commands[round % len(commands)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(moments.uniform(0, 3.5))
        child.send_signal((signal.SIGKILL, signal.SIGQUIT)[round % 2])
        child.wait()
        until(lambda: not sandbox.processes(), "every process to end")
        if "serve" not in commands[round % len(commands)]:  # it has no guard
            until(lambda: not [one for one in sandbox.temporary.iterdir() if one.is_dir()], "the folder to go",
                  more=lambda: commands[round % len(commands)])
    assert sandbox.run("check", "--scenario", "no-handler", "--after", "0.3").returncode == 1
    sandbox.nothing_is_left(10)

#!/usr/bin/env python3
"""The terminal is whole again, however the program ends.

    leave_no_trace.py --program '.build/debug/drainboard demo'

For every way to end: line discipline as before, alternate screen left, cursor visible, no mode left on, the true
exit status, and the words of a crash readable on the main screen.
"""
import select
import signal
import termios
import time

from checks import check, main
from session import Timeout, longer


def whole(session, what="the terminal to be whole"):
    """Waits for the watcher too: it may finish a moment after the process."""
    session.until(lambda: not session.modes(), what, 15)
    session.until(lambda: termios.tcgetattr(session.slave) == session.before, f"{what}: its line discipline", 15)
    assert b"\x1b[?1049h" in session.output, "the alternate screen was never entered"
    session.until(lambda: not session.group(), "every process of the session to end", 15)


def ends(session, expected, patience=15):
    status = session.ended(patience)
    assert status == expected, f"status {status}, not {expected} (negative: a signal)\n{session.text()}"
    whole(session)


@check("quit: q")
def quit_key(program):
    session = program.start()
    session.frame()
    during = termios.tcgetattr(session.slave)
    assert not during[3] & (termios.ICANON | termios.ECHO), "the line discipline is not the screen's"
    assert {1000, 1006, 1049, "cursor hidden"} <= session.modes()
    session.type(program.quit)
    ends(session, 0)


@check("quit: Q keeps the last frame on the main screen")
def keep_key(program):
    session = program.start()
    session.frame()
    words = [row for row in session.text().splitlines() if row.strip()][-1].split()
    session.type(program.keep)
    ends(session, 0)
    assert words[0] in session.text(), f"“{words[0]}” is not on the main screen:\n{session.text()}"


def by_signal(number):
    def body(program):
        session = program.start()
        session.frame()
        session.signal(number)
        ends(session, -number)
    return body


for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL, signal.SIGUSR2):
    check(f"signal: {one.name}")(by_signal(one))


@check("Ctrl-\\ dies by SIGQUIT")
def control_backslash(program):
    session = program.start()
    session.frame()
    session.type("\x1c")
    ends(session, -signal.SIGQUIT)


CRASHES = {"trap": (-signal.SIGILL, -signal.SIGTRAP), "segv": (-signal.SIGSEGV,), "abort": (-signal.SIGABRT,)}


def by_crash(kind, backtrace):
    def body(program):
        env = {"SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no"} if backtrace else {}
        session = program.crashing(kind, env=env)
        status = session.ended(60 if backtrace else 15)
        assert status in CRASHES[kind], f"status {status}"
        whole(session)
        if kind == "trap":
            assert "atal error" in session.main_screen(), f"the last words are lost:\n{session.main_screen()}"
        if backtrace:
            assert "crashed" in session.main_screen(), f"no backtrace:\n{session.main_screen()}"
    return body


for one in CRASHES:
    check(f"crash: {one}")(by_crash(one, False))
check("crash: trap, with Swift's backtracer")(by_crash("trap", True))


@check("Ctrl-Z and fg under a job-control shell")
def suspend(program):
    session = program.shell()
    session.shows("$")
    cooked = termios.tcgetattr(session.slave)
    session.type(" ".join(program.argv) + "\n")
    session.frame()
    for _ in range(2):
        session.type("\x1a")
        session.until(lambda: not session.modes() and b"Stopped" in session.output[session.output.rfind(b"1049l") :],
                      "the shell to say that the program is stopped")
        assert termios.tcgetattr(session.slave) == cooked, "termios differ while it is stopped"
        position = len(session.output)
        session.type("fg\n")
        session.frame(position)
        assert b"\x1b[?1049h" in session.output[position:], "the screen was not entered again"
        assert b"\x1b[?1000h" in session.output[position:], "the mouse was not asked for again"
        session.type(program.key)
        session.shows(program.answer)
    session.type(program.quit)
    session.until(lambda: not session.modes(), "the screen to be left")
    session.type("echo status $?\n")
    session.shows("status 0")
    assert termios.tcgetattr(session.slave) == cooked
    session.type("exit\n")
    session.ended()


@check("SIGSTOP from elsewhere, then SIGCONT: the screen is painted again")
def stopped(program):
    session = program.start()
    session.frame()
    session.signal(signal.SIGSTOP)
    termios.tcsetattr(session.slave, termios.TCSANOW, session.before)
    position = len(session.output)
    session.signal(signal.SIGCONT)
    session.frame(position)
    assert not termios.tcgetattr(session.slave)[3] & termios.ECHO, "echo is on"
    session.type(program.quit)
    ends(session, 0)


def stalled_by_flow_control(session):
    termios.tcflow(session.slave, termios.TCOOFF)


def stalled_unread(session):
    """Nobody reads: repaint until the kernel takes no more."""
    session.deaf = True
    end = time.monotonic() + longer(20)
    turn = full = 0
    while full < 20:  # not only for the moment that a write takes
        full = 0 if select.select([], [session.slave], [], 0)[1] else full + 1
        if time.monotonic() > end:
            raise Timeout("the terminal never filled up")
        turn += 1
        session.resize_quietly((200 + turn % 2, 60))
        select.select([], [], [], 0.005)  # the pace of a hand that drags a window


def stalled(stall, number):
    def body(program):
        session = program.start(size=(200, 60))
        session.frame()
        stall(session)
        session.deaf = True
        start = time.monotonic()
        session.type("\x0c")
        session.signal(number)
        status = session.ended(15)
        took = time.monotonic() - start
        assert status == -number, f"status {status}"
        assert took < 2, f"it took {took:.2f} s"
        assert termios.tcgetattr(session.slave) == session.before, "termios differ while nobody reads"
        session.deaf = False
        termios.tcflow(session.slave, termios.TCOON)
        whole(session, "the terminal to be whole once it is read again")
        return f"ended after {took:.2f} s"
    return body


check("nobody reads the terminal (Ctrl-S): SIGTERM")(stalled(stalled_by_flow_control, signal.SIGTERM))
check("nobody reads the terminal (full): SIGTERM")(stalled(stalled_unread, signal.SIGTERM))
check("nobody reads the terminal (full): SIGKILL")(stalled(stalled_unread, signal.SIGKILL))


@check("nobody reads the terminal for a while: the newest frame comes when somebody does")
def read_again(program):
    session = program.start()
    session.frame()
    stalled_by_flow_control(session)
    position = len(session.output)
    session.resize_quietly((90, 30))
    session.type(program.key)
    termios.tcflow(session.slave, termios.TCOON)
    session.frame(position)
    session.shows(program.answer)
    session.type(2 * program.quit if program.answer == "Help" else program.quit)
    ends(session, 0)


@check("the terminal window is closed")
def hang_up(program):
    session = program.start()
    session.frame()
    session.hang_up()
    session.deaf = True
    status = session.ended(15)
    assert status in (-signal.SIGHUP, 0, 1), f"status {status}"
    end = time.monotonic() + longer(15)
    while session.group():
        assert time.monotonic() < end, f"processes are left: {session.group()}"
        time.sleep(0.02)


if __name__ == "__main__":
    main(__doc__)

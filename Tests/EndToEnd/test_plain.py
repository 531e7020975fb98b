"""A run line by line: what can be typed, nobody who types, and a terminal that goes away."""
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios

import pytest

from machine import longer
from sandbox import PROGRAM, until
from test_dashboard import read_until, send

OFFER = "Type a line: t term, i int, K kill, g hold, G step, e explain, q quit, ? help"


@pytest.fixture
def plain(sandbox):
    """A run that has begun: its process, and what it has printed."""
    def start(*arguments):
        child = sandbox.start("demo", "--plain", "--timeout", "4", *arguments, stdin=subprocess.PIPE)
        return child, read_until(child, "in rotation")
    return start


class TestALine:
    def test_is_offered_first(self, plain):
        child, seen = plain()
        assert seen.splitlines()[0] == OFFER
        child.communicate("quit\n", timeout=longer(30))

    @pytest.mark.parametrize("text", ["exit", "tt", "T", "stop", "15", "terminate"])
    def test_that_is_no_command_does_nothing_and_says_so(self, plain, text):
        child, _ = plain()
        send(child, text)
        assert read_until(child, OFFER).splitlines()[-2:] == [f"{text} means nothing here.", OFFER]
        out, err = child.communicate("q\n", timeout=longer(30))
        assert sent(out) == ["SIGKILL"] and (child.returncode, err) == (0, "")

    @pytest.mark.parametrize("word, told", [("term", "SIGTERM sent"), ("int", "SIGINT sent"), ("sigterm", "SIGTERM sent")])
    def test_may_be_the_word_of_a_signal(self, plain, word, told):
        child, _ = plain()
        out, _ = child.communicate(word + "\n", timeout=longer(30))
        assert told in out and "GRACEFUL" in out

    def test_help_lists_and_sends_nothing(self, plain):
        child, _ = plain()
        send(child, "help")
        read_until(child, "The same as words: term, int, kill, yes, hold, step, explain, quit, help, go.")
        out, _ = child.communicate("quit\n", timeout=longer(30))
        assert sent(out) == ["SIGKILL"]

    def test_holds_lets_go_and_goes_one_step(self, plain):
        child, _ = plain()
        send(child, "hold\nterm")
        read_until(child, "held before")
        send(child, "step")
        read_until(child, "held before")
        out, _ = child.communicate("go\n", timeout=longer(30))
        assert "exited 0" in out

    def test_explains_when_the_server_is_gone_at_the_latest(self, plain):
        child, _ = plain()
        send(child, "hold\nterm")
        read_until(child, "held before")
        send(child, "explain")
        told = read_until(child, "gone in at most").splitlines()[-1]
        assert re.fullmatch(r"gone in at most [\d.]+ s: what the server's own limits still leave it, .* of the grace\.", told)
        child.communicate("q\n", timeout=longer(30))

    def test_kills_after_a_yes_in_words(self, plain):
        child, _ = plain()
        out, _ = child.communicate("kill\nyes\n", timeout=longer(30))
        assert "SIGKILL sent" in out

    @pytest.mark.parametrize("line, named", [
        (b"\x1b[A", "A line with control bytes"), (b"\xff\xfe", "A line with control bytes"),
        (b"t" * 300_000, "A line of more than 200 bytes")], ids=["arrow", "no text", "long"])
    def test_of_other_bytes_is_refused(self, sandbox, plain, line, named):
        child, _ = plain()
        child.stdin.buffer.write(line + b"\n")
        child.stdin.flush()
        read_until(child, named + " means nothing here")
        out, _ = child.communicate("q\n", timeout=longer(30))
        assert sent(out) == ["SIGKILL"]

    def test_without_end_takes_no_memory(self, sandbox, plain):
        child, _ = plain()
        before = memory(child.pid)
        for _ in range(300):
            child.stdin.buffer.write(b"t" * 100_000)
        child.stdin.flush()
        assert memory(child.pid) < before + 20_000
        child.communicate("\nq\n", timeout=longer(30))


def sent(text):
    """The signals that were sent; that of q is the last."""
    return re.findall(r"supervisor: (SIG\w+) sent to", text)


def memory(pid):
    return int(re.search(r"VmRSS:\s*(\d+)", open(f"/proc/{pid}/status").read())[1])


class TestNobodyWhoTypes:
    def test_is_told_and_the_signal_comes_by_itself(self, sandbox):
        done = sandbox.run("demo", "--plain", "--timeout", "4", "--longest", "3")
        lines = done.stdout.splitlines()
        announced = lines.index("Standard input is at its end: SIGTERM is sent by itself, 3.0 s after the start.")
        due = lines.index("SIGTERM, because nobody can type")
        assert announced < due - 10 and sent("\n".join(lines[due:])) == sent(done.stdout) == ["SIGTERM"]
        assert "GRACEFUL" in done.stdout and (done.returncode, done.stderr) == (0, "")

    def test_the_exit_status_is_that_of_the_verdict(self, sandbox):
        done = sandbox.run("demo", "--plain", "--scenario", "no-handler")
        assert "UNHANDLED" in done.stdout and done.returncode == 1

    @pytest.mark.parametrize("scenario, name, word", [
        ("charged-twice", "SIGKILL", "DUPLICATED|FORCE-KILLED"), ("terminal-gone", "SIGHUP", "UNHANDLED"),
        ("startup-signal", "SIGTERM", "UNHANDLED")])
    def test_gets_the_signal_of_the_lesson(self, sandbox, scenario, name, word):
        done = sandbox.run("demo", "--plain", "--scenario", scenario)
        assert f"{name}, because nobody can type" in done.stdout and re.search(word, done.stdout), done.stdout
        assert done.returncode == 1

    def test_an_early_line_is_not_lost(self, sandbox):
        child = sandbox.start("demo", "--plain", "--timeout", "4", stdin=subprocess.PIPE)
        out, _ = child.communicate("t\n", timeout=longer(30))
        assert "because nobody can type" not in out and "Standard input is at its end" not in out
        assert out.index("in rotation") < out.index("SIGTERM sent") and child.returncode == 0

    def test_a_server_that_is_held_is_let_go(self, sandbox):
        child = sandbox.start("demo", "--plain", "--timeout", "4", stdin=subprocess.PIPE)
        out, _ = child.communicate("hold\nterm\n", timeout=longer(30))
        assert "exited 0" in out and child.returncode == 0

    def test_any_other_server_is_watched_until_its_end(self, sandbox):
        done = sandbox.run("watch", "--plain", "--", "sh", "-c", "sleep 5; echo over")
        assert "Standard input is at its end: nobody can type any more." in done.stdout
        assert "over" in done.stdout and sent(done.stdout) == []


def started_in_a_terminal(sandbox, script, session, stdin):
    """A shell's script on a terminal that it has as its own, or only as its files; and the master of the terminal."""
    master, slave = pty.openpty()

    def child():
        os.setsid()
        if session:
            fcntl.ioctl(1, termios.TIOCSCTTY, 0)
    process = sandbox.spawn(["sh", "-c", script, "sh", PROGRAM], stdin=slave if stdin is None else stdin, stdout=slave, stderr=slave, preexec_fn=child)
    os.close(slave)
    seen = b""
    # A write would find out too: the terminal goes when everything has been said.
    while b"in rotation" not in seen or select.select([master], [], [], 1)[0]:
        seen += os.read(master, 65536)
    return process, master


class TestATerminalThatGoesAway:
    @pytest.mark.parametrize("session, script, stdin", [
        (True, 'exec "$1" --plain', None), (True, 'trap "" HUP; exec "$1" --plain', None),
        (False, 'exec "$1" --plain', None), (False, 'exec "$1" --plain', subprocess.PIPE)],
        ids=["", "HUP ignored", "not its own", "a pipe types"])
    def test_ends_the_run(self, sandbox, session, script, stdin):
        process, master = started_in_a_terminal(sandbox, script, session, stdin)
        assert sandbox.processes(" serve ")
        os.close(master)
        until(lambda: not sandbox.processes(), "every process to end", 10, sandbox.processes)
        until(lambda: not list(sandbox.temporary.iterdir()), "its folder to go", 10)
        assert process.wait(1) in (-signal.SIGHUP, 2)


class TestASignalThatIsIgnored:
    """By nohup, or in the background of a shell without job control: it stays so."""

    @pytest.mark.parametrize("name", ["HUP", "INT"])
    @pytest.mark.parametrize("arguments", [
        ("check", "--after", "2", "--format", "json"), ("demo", "--plain", "--timeout", "4")], ids=["check", "plain"])
    def test_does_not_end(self, sandbox, arguments, name):
        number = signal.Signals["SIG" + name]
        child = sandbox.start(*arguments, preexec_fn=lambda: signal.signal(number, signal.SIG_IGN), stdin=subprocess.PIPE)
        sandbox.server()
        child.send_signal(number)
        out, _ = child.communicate("t\n", timeout=longer(30))
        assert child.returncode == 0 and "GRACEFUL" in out

    @pytest.mark.parametrize("name", ["HUP", "INT", "TERM"])
    def test_ends_where_it_is_not_ignored(self, sandbox, name):
        child = sandbox.start("demo", "--plain", stdin=subprocess.PIPE)
        sandbox.server()
        child.send_signal(signal.Signals["SIG" + name])
        child.communicate(timeout=longer(30))
        assert child.returncode == -signal.Signals["SIG" + name]

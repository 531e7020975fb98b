"""What check, judge, grid and sweep print: coloured and broken once on a terminal, and as it always was elsewhere."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest

from machine import longer
from sandbox import ROOT, events, free_port

KILLED = str(ROOT / "demo/recordings/killed.jsonl")
TWICE = str(ROOT / "demo/recordings/charged-twice.jsonl")
QUICK = ("check", "--after", "0.3", "--scenario", "no-handler")


class Terminal:
    """What a program wrote to a terminal of a width: to standard output, standard error, or both."""

    def __init__(self, sandbox, arguments, width, env=None, stdout=True, stderr=False):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        child = sandbox.start(*arguments, env=env, **({"stdout": slave} if stdout else {}), **({"stderr": slave} if stderr else {}))
        os.close(slave)
        self.bytes, end = b"", time.monotonic() + longer(120)
        while time.monotonic() < end:
            if not select.select([master], [], [], 0.2)[0]:
                continue
            try:
                self.bytes += os.read(master, 65536)
            except OSError:
                break
        os.close(master)
        child.communicate(timeout=longer(30))
        self.status = child.returncode
        self.text = self.bytes.decode().replace("\r\n", "\n")
        self.plain = re.sub(r"\x1b\[[0-9;]*m", "", self.text)


def words(text):
    return text.split()


class TestOnATerminal:
    @pytest.mark.parametrize("width", [60, 80, 120])
    @pytest.mark.parametrize("file", [KILLED, TWICE], ids=["killed", "charged-twice"])
    def test_a_verdict_is_broken_once_between_words(self, sandbox, file, width):
        seen = Terminal(sandbox, ["judge", file], width)
        told = sandbox.run("judge", file)
        assert words(seen.plain) == words(told.stdout) and seen.status == told.returncode
        long = [line for line in seen.plain.splitlines() if len(line) > width]
        assert all(len(line.split()) == 1 for line in long), long

    def test_COLUMNS_says_how_wide_it_is(self, sandbox):
        seen = Terminal(sandbox, ["judge", KILLED], 120, env={"COLUMNS": "70"})
        assert max(map(len, seen.plain.splitlines())) <= 70

    def test_what_held_and_what_failed_differ_in_colour(self, sandbox):
        text = Terminal(sandbox, ["judge", KILLED], 80).text
        assert "\x1b[1;31mFORCE-KILLED" in text and "\x1b[1;31m✗" in text and "\x1b[34m✓" in text

    @pytest.mark.parametrize("env, arguments", [
        ({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--color", "never"])], ids=["NO_COLOR", "dumb", "never"])
    def test_there_is_no_colour_where_none_is_wanted(self, sandbox, env, arguments):
        assert "\x1b" not in Terminal(sandbox, ["judge", KILLED, *arguments], 80, env).text

    @pytest.mark.parametrize("format", ["json", "junit"])
    def test_the_other_formats_are_as_they_are(self, sandbox, format):
        seen = Terminal(sandbox, ["judge", KILLED, "--format", format], 60)
        assert seen.text == sandbox.run("judge", KILLED, "--format", format).stdout

    @pytest.mark.minutes(10)
    def test_a_grid_fits_in_80_columns(self, sandbox):
        seen = Terminal(sandbox, ["grid", "--signals", "TERM,HUP"], 80)
        assert seen.status == 0 and max(map(len, seen.plain.splitlines())) <= 80, seen.plain
        assert words(seen.plain.splitlines()[0]) == words("starting idle in flight draining workers ledger log twice")

    @pytest.mark.minutes(10)
    def test_a_sweep_fits_in_80_columns(self, sandbox):
        seen = Terminal(sandbox, ["sweep", "--scenario", "charged-twice", "--steps", "2"], 80)
        assert seen.status == 0 and max(map(len, seen.plain.splitlines())) <= 80, seen.plain

    def test_several_runs_fit_in_80_columns(self, sandbox):
        seen = Terminal(sandbox, [*QUICK, "--signal", "TERM,INT,KILL"], 80)
        # A command line stays whole, so that it can be copied.
        lines = [line for line in seen.plain.splitlines() if not line.startswith("  command ")]
        assert all(len(line) <= 80 or len(line.split()) == 1 for line in lines), seen.plain


class TestHelp:
    @pytest.mark.parametrize("topic", ["trace-format", "rules-format", "verdict-format", "glossary", "completions"])
    def test_has_topics_that_it_lists(self, sandbox, topic):
        assert topic in sandbox.run("help").stdout and topic in sandbox.run("help", "help").stdout
        done = sandbox.run("help", topic)
        assert done.returncode == 0 and done.stderr == "" and len(done.stdout.splitlines()) >= 3

    def test_of_a_subcommand_is_its_help(self, sandbox):
        assert sandbox.run("help", "check").stdout == sandbox.run("check", "--help").stdout

    def test_of_nothing_that_there_is_says_what_there_is(self, sandbox):
        done = sandbox.run("help", "nonsense")
        assert done.returncode == 2 and 'no topic "nonsense"' in done.stderr and "glossary" in done.stderr

    def test_a_glossary_fits_in_80_columns(self, sandbox):
        assert max(map(len, Terminal(sandbox, ["help", "glossary"], 80).plain.splitlines())) <= 80

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_the_completions_are_there(self, sandbox, shell):
        assert f"--generate-completion-script {shell}" in sandbox.run("help", "completions").stdout
        assert "drainboard" in sandbox.run("--generate-completion-script", shell).stdout

    @pytest.mark.parametrize("width", [None, 80])
    def test_a_lesson_without_a_name_lists_them(self, sandbox, width):
        text = Terminal(sandbox, ["lesson"], width).plain if width else sandbox.run("lesson").stdout
        assert "  polite " in text and "charged-twice" in text and text.endswith("drainboard lesson NAME opens one.\n")
        assert not width or max(map(len, text.splitlines())) <= width


class TestAMoment:
    """After --at: since the start, or with a sign since the signal, everywhere."""

    @pytest.mark.parametrize("command", [["replay", "--frame", "100x30"], ["export", "--to", "svg", "-o", "-"], ["replay", "--plain"]],
                             ids=["replay", "export", "plain"])
    def test_is_the_same_whether_it_is_counted_from_the_start_or_the_signal(self, sandbox, command):
        signal = next(event["t"] for event in events(KILLED) if event["ev"] == "signal.sent")
        seen = {moment: sandbox.run(*command, KILLED, "--at", moment).stdout
                for moment in (f"{signal + 0.001:.6f}", "+0.001", f"{signal - 0.5:.6f}", "-0.5")}
        texts = list(seen.values())
        assert texts[0] and texts[0] == texts[1] != texts[2] == texts[3], seen.keys()

    def test_since_a_signal_that_never_came_is_a_sentence(self, sandbox):
        file = sandbox.folder / "short.jsonl"
        file.write_text("".join(open(KILLED).readlines()[:20]))
        done = sandbox.run("replay", str(file), "--at", "+1", "--frame", "80x24")
        assert done.returncode == 2 and "has no signal. Give --at in seconds since the start" in done.stderr


class TestElsewhere:
    def test_nothing_is_coloured_or_broken(self, sandbox):
        told = sandbox.run("judge", KILLED).stdout
        assert "\x1b" not in told and max(map(len, told.splitlines())) > 120

    def test_colour_may_be_asked_for(self, sandbox):
        assert "\x1b[1;31mFORCE-KILLED" in sandbox.run("judge", KILLED, "--color", "always").stdout

    def test_there_is_no_progress(self, sandbox):
        assert sandbox.run(*QUICK).stderr == ""


class TestWhileItWaits:
    @pytest.mark.parametrize("arguments, shown", [
        ([], ["starting the server", "serving", "SIGTERM sent, waiting for the exit"]),
        (["--repeat", "2"], ["[....................] 0 of 2 runs", "[##########..........] 1 of 2 runs"])], ids=["one", "two"])
    def test_a_line_on_standard_error_says_how_far_it_is_and_goes_away(self, sandbox, arguments, shown):
        seen = Terminal(sandbox, [*QUICK, *arguments], 80, stdout=False, stderr=True).text
        places = [seen.index(words) for words in shown]
        assert places == sorted(places) and seen.endswith("\r\x1b[K")

    def test_its_line_is_gone_before_the_verdict(self, sandbox):
        seen = Terminal(sandbox, QUICK, 80, stderr=True).text
        assert re.search(r"\r\x1b\[K\x1b\[1;31mUNHANDLED", seen), seen[:2000]

    def test_its_line_is_gone_when_it_is_interrupted(self, sandbox):
        import signal
        import threading
        def interrupt():
            server = sandbox.server()
            for pid, line in sandbox.processes(" check "):
                os.kill(pid, signal.SIGTERM)
            assert server
        thread = threading.Thread(target=interrupt)
        thread.start()
        seen = Terminal(sandbox, ["check", "--after", "60"], 80, stdout=False, stderr=True)
        thread.join()
        assert seen.status == -15 and seen.text.endswith("\r\x1b[K"), seen.text


class TestOneFixedPort:
    """Its runs come one after the other."""

    @pytest.mark.minutes(10)
    @pytest.mark.parametrize("arguments", [
        ("grid", "--signals", "TERM"), ("sweep", "--steps", "3"), (*QUICK, "--repeat", "3")], ids=["grid", "sweep", "repeat"])
    def test_is_enough(self, sandbox, arguments):
        done = sandbox.run(*arguments, "--port", str(free_port()), patience=400)
        assert done.returncode in (0, 1) and done.stderr == "", done.stderr

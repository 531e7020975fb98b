"""What a terminal sends that is no key, and what it sends late: nothing of it may act, and keys must go on to work.

The bytes are written to a pseudo-terminal as they are, since tmux would read them first.
"""
import os
import shlex
import shutil
import signal
import sys
import termios
import time

import pytest

from machine import lead
from sandbox import PROGRAM, ROOT
from terminal.session import Session

NOBODY = 65534
GRACEFUL = ROOT / "Tests/EndToEnd/fixtures/graceful.jsonl"
ANSWERS = {
    "its name (XTVERSION)": ["\x1bP>|xterm(380)\x1b\\"],
    "kitty graphics": ["\x1b_Gi=31;OK\x1b\\"],
    "the colour of its background": ["\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b]11;rgb:1c1c/1c1c/1c1c\x07"],
    "a private message and a string": ["\x1b^it\x1b\\", "\x1bXit\x1b\\"],
    "what it is": ["\x1b[?62;22c", "\x1b[>1;10;0c", "\x1bP!|00000000\x1b\\"],
    "focus, cursor, modes, keyboard": ["\x1b[I\x1b[O", "\x1b[5;1R", "\x1b[?2026;2$y", "\x1b[?1u", "\x1b[116;1u", "\x1b[27;5;116~"],
    "the mouse, for another program": ["\x1b[Mtiq", "\x1b[<0;5;5M\x1b[<0;5;5m"],
}
LATE = {
    "an arrow": ["\x1b", "[A"],
    "a paste": ["\x1b", "[200~Kyt\n"],
    "a paste, cut twice": ["\x1b", "[", "200~Kyt\n"],
    "a colour": ["\x1b", "]11;rgb:1c1c/1c1c/1c1c\x1b\\"],
    "a colour, cut three times": ["\x1b", "]", "11;rgb:1c1c/tiq", "\x1b", "\\"],
    "its name": ["\x1b", "P>|xterm(380)\x1b\\"],
    "its name, cut twice": ["\x1bP", ">|xt", "erm(380)\x1b\\"],
}
OVER = {"nothing": ("", "SERVING"), "the help": ("?", "Esc close"), "the menu": ("s", "from /proc/"), "the question": ("K", "Enter cancel")}


class Board(Session):
    """The dashboard, once its server is serving."""

    def __init__(self, sandbox, *arguments, command=None, size=(120, 36), **how):
        self.sandbox = sandbox
        command = command or [PROGRAM, "demo", *lead(arguments), *arguments]
        line = f"cd {sandbox.folder} && exec {shlex.join(map(str, command))}"
        super().__init__(["sh", "-c", line], size=size, env=sandbox.env, **how)
        sandbox.terminals.append(self)

    def ready(self):
        self.shows("SERVING")
        return self

    def pieces(self, texts, pause=0.2):
        """Bytes as a slow line brings them."""
        for text in texts:
            self.type(text)
            self.wait(pause)

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(0.02)

    def hides(self, text):
        self.until(lambda: text not in self.text(), f"“{text}” to leave the screen")

    def is_unharmed(self):
        """The keys work, the screen is the present's, and no signal was sent."""
        self.type(" ")
        self.shows("go on")
        self.type(" ")
        self.hides("go on")
        assert "SERVING" in self.text().splitlines()[0], self.text()
        sent = [line for line in self.sandbox.recording().read_text().splitlines() if '"signal.sent"' in line]
        assert not sent, sent

    def leaves(self):
        self.type("q")
        assert self.ended() == 0, self.text()
        self.is_whole()

    def is_whole(self):
        """The watcher may finish a moment after the process."""
        self.until(lambda: not self.modes() and termios.tcgetattr(self.slave) == self.before, "the terminal to be as it was")


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_of_the_terminal_is_no_key(sandbox, answer, over):
    board = Board(sandbox).ready()
    key, text = OVER[over]
    board.type(key)
    board.shows(text)
    for one in ANSWERS[answer]:
        board.type(one)
    if key:
        assert text in board.text(), board.text()
        board.type("\x1b")
        board.hides(text)
    board.is_unharmed()
    board.leaves()


@pytest.mark.parametrize("pause", [0.1, 0.2])
@pytest.mark.parametrize("sequence", LATE)
def test_a_sequence_that_goes_on_late_is_swallowed(sandbox, sequence, pause):
    board = Board(sandbox).ready()
    board.pieces(LATE[sequence], pause)
    if "paste" in sequence:
        board.shows("came without its end")
    board.type("\x1b[F")  # a bracket that comes alone may be a person's, who looks back by it
    board.is_unharmed()
    board.leaves()


def test_an_arrow_that_goes_on_late_in_a_dialog_is_Escape_and_no_more(sandbox):
    board = Board(sandbox).ready()
    board.type("?")
    board.shows("Esc close")
    board.pieces(["\x1b", "[A"])
    board.hides("Esc close")
    board.is_unharmed()
    board.leaves()


def test_Alt_is_another_key(sandbox):
    board = Board(sandbox).ready()
    for letter in "tiqKQ":
        board.type("\x1b" + letter)
    board.is_unharmed()
    board.leaves()


def test_Escape_closes_and_the_brackets_after_it_are_served(sandbox):
    board = Board(sandbox).ready()
    board.type("?")
    board.shows("Esc close")
    board.type("\x1b")
    board.hides("Esc close")
    board.type("[")
    board.shows("BACK")
    board.type("\x1b[F")
    board.is_unharmed()
    board.leaves()


class TestAPaste:
    @pytest.mark.parametrize("cut", [3, 6, 8, 13])
    def test_that_is_cut_is_no_key(self, sandbox, cut):
        board = Board(sandbox).ready()
        paste = "\x1b[200~Kyt\nq\x1b[201~"
        board.pieces([paste[:cut], paste[cut:]])
        board.is_unharmed()
        board.leaves()

    def test_without_its_end_is_over_after_a_silence_and_says_so(self, sandbox):
        board = Board(sandbox).ready()
        board.type("\x1b[200~qtK")
        board.shows("came without its end")
        board.is_unharmed()
        board.leaves()

    def test_without_its_end_lets_a_person_out_who_presses_on(self, sandbox):
        board = Board(sandbox).ready()
        board.type("\x1b[200~")
        for _ in range(8):
            if board.status is None:
                board.wait(0.3)
                board.type("q")
        assert board.ended() == 0

    def test_into_the_filter_is_its_text(self, sandbox):
        board = Board(sandbox).ready()
        board.type("/")
        board.shows("filter:")
        board.type("\x1b[200~GET /orders\x07 täglich\n\x1b[201~")
        board.shows("filter: GET /orders täglich")
        board.type("\x1b")
        board.hides("filter:")
        board.is_unharmed()
        board.leaves()


class TestATerminal:
    def foreign(self, sandbox):
        """As after su: the device is another user's, and the descriptors were inherited."""
        command = [PROGRAM, "demo", *lead(())]
        if os.getuid() == 0:
            program = shutil.copy(PROGRAM, sandbox.folder / "drainboard")
            for place in (sandbox.folder, *sandbox.folder.iterdir()):
                os.chown(place, NOBODY, NOBODY)
            command = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", program, *command[1:]]
        line = f"chmod 000 $(tty); exec {shlex.join(map(str, command))}"
        return Board(sandbox, command=["sh", "-c", line]).ready()

    def test_whose_device_may_not_be_opened_is_drawn_on_all_the_same(self, sandbox):
        board = self.foreign(sandbox)
        board.is_unharmed()
        position = len(board.output)
        board.resize_quietly((100, 30))
        board.frame(position)
        board.leaves()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_whose_device_may_not_be_opened_is_whole_after_a_signal(self, sandbox, number):
        board = self.foreign(sandbox)
        board.signal(number)
        assert board.ended() == -number
        board.is_whole()

    def test_whose_device_may_not_be_opened_holds_nothing_up_when_nobody_reads_it(self, sandbox):
        board = self.foreign(sandbox)
        termios.tcflow(board.slave, termios.TCOOFF)
        for columns in (110, 100):
            board.resize_quietly((columns, 30))
            board.wait(0.3)
        board.signal(signal.SIGTERM)
        assert board.ended() == -signal.SIGTERM
        termios.tcflow(board.slave, termios.TCOON)
        board.is_whole()

    def test_that_another_program_restores_is_taken_back(self, sandbox):
        """As Node does at its exit with a terminal that it was started in."""
        other = sandbox.folder / "other.py"
        other.write_text(
            "import os, sys, termios, time\n"
            "before = termios.tcgetattr(0)\n"
            "open('started', 'w').close()\n"
            f"sys.stdout.write(open({str(GRACEFUL)!r}).read())\n"
            "sys.stdout.flush()\n"
            "while not os.path.exists('end'): time.sleep(0.01)\n"
            "termios.tcsetattr(0, termios.TCSANOW, before)\n")
        watch = f"until test -e started; do sleep 0.01; done; exec {PROGRAM} watch -"
        line = f"cd {sandbox.folder}; {sys.executable} {other} | sh -c {shlex.quote(watch)}"
        board = Board(sandbox, command=["sh", "-c", line])
        board.shows("FOLLOWING")
        (sandbox.folder / "end").touch()
        board.shows("END OF INPUT")
        board.until(lambda: not termios.tcgetattr(board.slave)[3] & (termios.ECHO | termios.ICANON), "the keys to be ours")
        board.type("?")
        board.shows("Esc close")
        board.type("\x1b")
        board.hides("Esc close")
        board.leaves()


class TestTheMouse:
    """Reports as a terminal sends them (xterm, SGR): rows and columns are counted from 1."""

    def click(self, board, words, button=0):
        board.shows(words)
        lines = board.text().splitlines()
        row = next(number for number, line in enumerate(lines) if words in line)
        place = f"{lines[row].index(words) + 1};{row + 1}"
        board.type(f"\x1b[<{button};{place}M" + (f"\x1b[<{button};{place}m" if button < 64 else ""))

    def test_chooses_a_lane_and_opens_it(self, sandbox):
        board = Board(sandbox).ready()
        assert {1000, 1006} <= board.modes()
        board.type("t")
        board.shows("SIGTERM sent")
        board.type(" ")
        board.shows("go on")
        lane = next(line for line in board.text().splitlines() if "▶" in line and " POST " in line or " GET " in line)
        label = " ".join(lane.strip("│ ").split()[:3])
        self.click(board, label)
        board.shows("Enter all of it")
        self.click(board, label)
        board.shows(f"request {label}")
        board.shows("in flight since")
        board.type("\x1b")
        board.hides("in flight since")
        board.leaves()

    def test_sends_nothing_by_a_click_on_a_key(self, sandbox):
        board = Board(sandbox).ready()
        self.click(board, "t SIGTERM")
        board.shows("A click sends nothing to a server and ends nothing: press t.")
        self.click(board, "SERVING")
        board.type("?")
        board.shows("Esc close")
        self.click(board, "Esc close")
        board.hides("Esc close")
        board.is_unharmed()
        board.leaves()

    def test_scrolls_the_verdict_by_its_wheel(self, sandbox):
        board = Board(sandbox, command=[PROGRAM, "replay", ROOT / "demo/recordings/killed.jsonl", "--at", "1000"], size=(80, 24))
        board.shows("more lines below")
        self.click(board, "FORCE-KILLED", 65)
        board.shows("3 lines above")
        self.click(board, "above", 64)
        board.hides("above")
        board.type("\x1b[F")
        board.shows("lines above")
        board.leaves()

    @pytest.mark.parametrize("report", ["\x1b[<0;99999;99999M", "\x1b[<0;0;0M", "\x1b[<0;5M", "\x1b[<;;M", "\x1b[<35;9;9M",
                                        "\x1b[<0;999999999999;3M", "\x1b[<0;5;5t", "\x1b[<2;5;5M", "\x1b[<4;5;5M"])
    def test_means_nothing_where_there_is_nothing(self, sandbox, report):
        board = Board(sandbox).ready()
        board.type(report)
        board.is_unharmed()
        board.leaves()

    def test_is_left_to_the_terminal_where_that_is_asked_for(self, sandbox):
        board = Board(sandbox, "--no-mouse").ready()
        assert not board.modes() & {1000, 1002, 1003, 1006}
        board.is_unharmed()
        board.leaves()

    def test_is_not_asked_for_by_plain(self, sandbox):
        board = Board(sandbox, "--plain")
        board.shows("in rotation")
        assert not board.modes()
        board.type("q\n")
        assert board.ended() == 0


class TestWhyNothingHappens:
    def test_each_key_says_why_it_does_nothing(self, sandbox):
        board = Board(sandbox).ready()
        for key, words in (("w", "w does nothing here"), ("n", "n does nothing now: it needs a filter"), ("'", "No mark is set"),
                           ("r", "r does nothing now: the server still runs"), ("\r", "Enter does nothing now: choose a request first")):
            board.type(key)
            board.shows(words)
        board.leaves()

    def test_the_explanation_lets_keys_through(self, sandbox):
        board = Board(sandbox).ready()
        board.type("e")
        board.shows("Esc close")
        board.type("t")
        board.shows("LEAVING ROTATION")
        assert "Esc close" in board.text()
        board.type("q")
        board.hides("Esc close")
        board.leaves()

    def test_a_signal_ends_a_freeze(self, sandbox):
        board = Board(sandbox).ready()
        board.type(" ")
        board.shows("FROZEN")
        board.type("t")
        board.shows("LEAVING ROTATION")
        assert "FROZEN" not in board.text() and "space go on" not in board.text()
        board.leaves()

    def test_the_catalogue_asks_before_it_ends_a_server(self, sandbox):
        board = Board(sandbox).ready()
        board.type("c")
        board.shows("▶ polite")
        board.type("\x1b[B\r")
        board.shows("This ends the server that runs (pid ")
        board.type("\r")
        board.hides("This ends the server")
        board.is_unharmed()
        board.type("c\x1b[B\r")
        board.shows("This ends the server")
        board.type("y")
        board.shows("no-handler")
        board.shows("SERVING")
        board.leaves()

"""The dashboard as a person meets it: real keys in tmux, the real screen read back."""
import re
import shlex
import signal
import subprocess

import pytest

from machine import lead, longer
from sandbox import PROGRAM, escapes, until
from screen import Screen, dashboard

SGR_COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;[\d;]+)(?:;\d+)*m")


def leave(screen, *words, key="q"):
    """Quits; then these words must be on the main screen, and no process or file may be left."""
    screen.press(key)
    assert screen.ended() == 0
    for word in words:
        until(lambda: word in screen.history(), f"“{word}” on the main screen", 5, screen.history)
    history = screen.history()
    screen.close()
    screen.sandbox.nothing_is_left()
    return history


class TestASIGTERM:
    @pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)], ids=lambda size: "x".join(map(str, size)))
    def test_is_watched_to_the_verdict(self, sandbox, size):
        screen = dashboard(sandbox, "--timeout", "4", size=size)
        screen.press("t")
        screen.shows("DRAINING|LEAVING ROTATION")
        screen.shows("GONE")
        screen.shows("GRACEFUL +exited 0|GRACEFUL")
        leave(screen, "GRACEFUL")

    def test_passes_through_every_phase_in_order(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "4")
        screen.press("t")
        for word in ("LEAVING ROTATION", "DRAINING", "GONE", "released +7 of 7"):
            screen.shows(word)
        leave(screen)

    def test_pressed_twice_forces(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("t")
        screen.shows("DRAINING")
        screen.shows("t again: force")
        screen.press("t")
        screen.shows("exited 1")
        screen.shows("DROPPED")
        leave(screen, "polite: DROPPED", "forced: second signal, SIGTERM")

    def test_ends_a_server_without_signal_code(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "no-handler")
        screen.press("t")
        screen.shows("UNHANDLED +killed by signal 15")
        leave(screen, "no-handler: UNHANDLED")


class TestASIGKILL:
    def test_is_asked_about_and_Enter_cancels(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("K")
        screen.shows("y kill|y  ?kill|kill.*y")
        screen.press("Enter")
        screen.hides("Enter cancel")
        screen.shows("SERVING")
        assert len(sandbox.processes(" serve ")) > 0
        screen.press("K")
        screen.shows("Enter cancel")
        screen.press("y")
        screen.shows("FORCE-KILLED +killed by signal 9")
        leave(screen)


class TestTheSignalMenu:
    def test_predicts_from_the_masks_and_sends(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("s")
        for words in ("from /proc/", "15 SIGTERM.*caught", "10 SIGUSR1.*dies at once", "13 SIGPIPE.*ignored",
                      " 3 SIGQUIT.*dies, may dump core"):
            screen.shows(words)
        screen.press("Escape")
        screen.hides("from /proc/")
        screen.press("s")
        screen.shows("▶ 15 SIGTERM")
        for row in ("14 SIGALRM", "13 SIGPIPE", "12 SIGUSR2"):
            screen.press("Up")
            screen.shows(f"▶ {row}")
        screen.press("Enter")
        screen.shows("UNHANDLED +killed by signal 12")
        leave(screen)

    def test_asks_before_it_sends_KILL(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("s")
        screen.shows("▶ 15 SIGTERM")
        for number in range(14, 8, -1):
            screen.press("Up")
            screen.shows(f"▶ +{number} SIG")
        screen.press("Enter")
        screen.shows("Enter cancel")
        screen.press("n")
        screen.hides("Enter cancel")
        screen.shows("SERVING")
        leave(screen)


class TestCtrlC:
    def test_is_SIGINT_for_the_server_and_quits_once_that_is_gone(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "4")
        screen.press("C-c")
        screen.shows("DRAINING|LEAVING")
        screen.shows("GRACEFUL +exited 0, [0-9.]+ s after SIGINT")
        leave(screen, "GRACEFUL", key="C-c")

    def test_does_not_reach_the_server_by_itself(self, sandbox):
        """Else the server would count two, and force."""
        screen = dashboard(sandbox, "--timeout", "4")
        screen.press("C-c")
        screen.shows("GRACEFUL")
        assert sandbox.recording().read_text().count("signal.received") == 1
        leave(screen)


class TestFreezing:
    def test_holds_the_picture_while_the_run_goes_on(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("Space")
        screen.shows("go on")
        until(lambda: screen.text() == screen.text(), "a picture that stands still")
        frozen = screen.text()
        size = sandbox.recording().stat().st_size
        until(lambda: sandbox.recording().stat().st_size > size + 20_000, "more events")
        assert screen.text() == frozen
        screen.press("Space")
        screen.hides("go on")
        until(lambda: screen.text() != frozen, "a new picture")
        leave(screen)

    def test_does_not_hold_up_the_signal(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "2")
        screen.press("Space")
        screen.shows("go on")
        screen.press("t")
        until(lambda: "process.exited" in sandbox.recording().read_text(), "the exit in the recording")
        screen.press("Space")
        screen.shows("GRACEFUL")
        leave(screen)


class TestTheOtherKeys:
    def test_each_key_of_the_footer_does_something(self, sandbox):
        """Reads the footer and presses what it offers, before and after the exit, until the screen answers."""
        screen = dashboard(sandbox, size=(160, 40))
        answers = {
            "K": ("Enter cancel", "Escape"), "s": ("from /proc/", "Escape"), "space": ("go on", "Space"),
            "e": ("Esc close", "Escape"), "/": ("filter:", "Escape"), "c": ("Enter start", "Escape"),
            "?": ("Esc close", "Escape"), "↑↓": (None, "End"), "m": (None, None), "t": (None, None), "i": (None, None),
            "q": (None, None), "v": (None, None), "r": (None, None),
            # What these do has journeys of its own: they begin another run, or hold the shutdown of this one.
            "d": (None, None), "g": (None, None), "M": (None, None),
        }
        screen.shows("q quit")
        offered = until(lambda: {"t", "i", "K", "s", "space", "e", "?", "q"} <= keys(screen.footer()) and keys(screen.footer()),
                        "the keys in the footer", 5, screen.text)
        assert offered <= answers.keys(), f"the footer offers {offered - answers.keys()}, which no test knows"
        for key in sorted(offered - {"t", "i", "q", "↑↓", "m", "d", "g", "M"}):
            words, back = answers[key]
            screen.press({"space": "Space"}.get(key, key))
            screen.shows(re.escape(words))
            screen.press(back)
            screen.hides(re.escape(words))
        screen.press("K")
        screen.shows("Enter cancel")
        screen.press("y")
        screen.shows("FORCE-KILLED")
        screen.shows("again")
        after = keys(screen.footer())
        assert not after & {"t", "i", "K", "s"}, "no signal can be sent to a process that is gone"
        screen.press("v")
        screen.shows("in flight")
        screen.press("v")
        screen.shows("FORCE-KILLED")
        leave(screen)

    def test_mark_keeps_the_moment_and_export_writes_a_file(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "no-handler")
        before = screen.text()
        screen.press("m")
        until(lambda: "mark" in screen.text().replace(before, "").lower(), "an answer to m", 5, screen.text)
        screen.press("t")
        screen.shows("UNHANDLED")
        screen.shows("x +export|export")
        screen.press("x")
        until(lambda: [file for file in sandbox.folder.iterdir() if file.suffix in (".html", ".svg", ".md", ".cast")],
              "an exported file", 20, screen.text)
        leave(screen)

    def test_explain_says_what_happens_now(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("e")
        screen.shows("Esc close")
        screen.press("Enter")
        screen.hides("Esc close")
        leave(screen)

    @pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=lambda size: "x".join(map(str, size)))
    def test_help_lists_every_key_and_scrolls(self, sandbox, size):
        screen = dashboard(sandbox, size=size)
        screen.press("?")
        screen.shows("Esc close")
        for words in ("SIGTERM", "SIGKILL", "suspend", "in the signal menu", "in this help"):
            until(lambda: words in screen.text() or screen.press("Down"), f"“{words}” further down", more=screen.text)
        screen.press("?")
        screen.hides("Esc close")
        leave(screen)

    def test_filter_lists_only_what_was_asked_for(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("/")
        screen.shows("filter:")
        screen.type("rotation")
        screen.shows("filter: rotation")
        screen.press("Enter")
        screen.hides("filter: rotation .*keep")
        screen.shows("in rotation")
        screen.hides("signal handlers stand")
        screen.press("Escape")
        screen.hides('events with "rotation"')
        screen.press("t")
        screen.shows("SIGTERM sent to")
        leave(screen)

    def test_again_runs_again(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "no-handler")
        first = sandbox.server()
        screen.press("t")
        screen.shows("UNHANDLED")
        screen.shows("r again|r +again")
        screen.press("r")
        screen.shows("SERVING")
        assert sandbox.server() != first
        leave(screen)

    def test_the_catalogue_starts_another_scenario(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("c")
        screen.shows("▶ polite")
        screen.press("Down")
        screen.shows("▶ no-handler")
        screen.press("Enter")
        screen.shows("This ends the server that runs")
        screen.press("y")
        screen.shows("drainboard +no-handler.*SERVING")
        until(lambda: len([line for _, line in sandbox.processes(" serve ") if "--scenario polite" in line]) == 0,
              "the first server to end")
        leave(screen)


class TestLeaving:
    def test_q_prints_a_summary(self, sandbox):
        screen = dashboard(sandbox)
        leave(screen, "polite: ended with the dashboard, while serving", f"recorded in {sandbox.state}/drainboard/")

    def test_Q_keeps_the_last_frame(self, sandbox):
        screen = dashboard(sandbox)
        leave(screen, "SERVING", "in flight", "release", "recorded in", key="Q")

    def test_the_frame_that_Q_keeps_is_whole_after_a_verdict(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "no-handler")
        screen.press("t")
        screen.shows("UNHANDLED")
        screen.shows("r again|r +again")
        leave(screen, "no-handler: UNHANDLED", "killed by signal 15", key="Q")


class TestTheSize:
    def test_changes_at_any_time_down_to_one_cell(self, sandbox):
        screen = dashboard(sandbox)
        for size in ((80, 24), (40, 10), (20, 4), (10, 2), (1, 1), (200, 50), (2, 40), (160, 1), (120, 36)):
            screen.resize(*size)
        screen.shows("SERVING")
        screen.shows("in flight")
        screen.press("t")
        for turn in range(40):
            screen.resize(30 + turn * 3, 8 + turn)
        screen.resize(120, 36)
        screen.shows("DRAINING|LEAVING ROTATION")
        leave(screen)

    @pytest.mark.parametrize("size", [(1, 1), (5, 2), (20, 4), (300, 100)], ids=lambda size: "x".join(map(str, size)))
    def test_is_no_reason_to_refuse(self, sandbox, size):
        screen = Screen(sandbox, shlex.join([PROGRAM, "demo", "--timeout", "2"]), size)
        sandbox.server()
        until(lambda: "rotation.entered" in sandbox.recording().read_text(), "the server to be in rotation")
        until(lambda: screen.text().strip() or size == (1, 1), "anything on the screen")
        assert "too small" not in screen.text()
        screen.press("t")
        until(lambda: "run.ended" in sandbox.recording().read_text(), "the end of the run")
        screen.press("q")
        assert screen.ended() == 0


class TestTheLook:
    @pytest.mark.parametrize("arguments, env", [(["--color", "never"], {}), ([], {"NO_COLOR": "1"}),
                                                (["--theme", "monochrome"], {}), ([], {"TERM": "vt220"})],
                             ids=["never", "NO_COLOR", "monochrome", "vt220"])
    def test_without_colour_uses_none(self, sandbox, arguments, env):
        screen = dashboard(sandbox, *arguments, env=env)
        assert not SGR_COLOUR.search(screen.text(styled=True)), SGR_COLOUR.search(screen.text(styled=True))
        screen.press("K")
        screen.shows("Enter cancel")
        assert not SGR_COLOUR.search(screen.text(styled=True))
        screen.press("y")
        screen.shows("FORCE-KILLED")
        assert not SGR_COLOUR.search(screen.text(styled=True))
        leave(screen)

    @pytest.mark.parametrize("env", [{}, {"NO_COLOR": ""}], ids=["default", "empty NO_COLOR"])
    def test_with_colour_uses_some(self, sandbox, env):
        screen = dashboard(sandbox, env=env)
        screen.press("K")
        screen.shows("Enter cancel")
        screen.press("y")
        screen.shows("FORCE-KILLED")
        until(lambda: SGR_COLOUR.search(screen.text(styled=True)), "colour", 5)
        leave(screen)

    def test_color_always_wins_over_NO_COLOR(self, sandbox):
        screen = dashboard(sandbox, "--color", "always", env={"NO_COLOR": "1"})
        screen.press("K")
        screen.shows("Enter cancel")
        screen.press("y")
        screen.shows("FORCE-KILLED")
        until(lambda: SGR_COLOUR.search(screen.text(styled=True)), "colour", 5)
        leave(screen)

    @pytest.mark.parametrize("arguments, env", [(["--ascii"], {}), ([], {"LANG": "C"}), ([], {"LC_ALL": "POSIX"})],
                             ids=["ascii", "LANG=C", "LC_ALL=POSIX"])
    def test_in_ASCII_is_ASCII_through_and_through(self, sandbox, arguments, env):
        screen = dashboard(sandbox, "--timeout", "2", *arguments, env=env)
        seen = screen.text()
        for key, words in (("s", "from /proc/"), ("e", "Esc close"), ("?", "Esc close"), ("c", "Enter start")):
            screen.press(key)
            seen += screen.shows(words)
            screen.press("Escape")
            screen.hides(words)
        screen.press("t")
        seen += screen.shows("DRAINING|LEAVING")
        seen += screen.shows("GRACEFUL")
        seen += leave(screen)
        assert seen.isascii(), sorted({one for one in seen if not one.isascii()})

    @pytest.mark.parametrize("theme, own, other", [("dark", "36|38;5;75", "34|38;5;25"),
                                                   ("light", "34|38;5;25", "36|38;5;75")], ids=["dark", "light"])
    def test_a_theme_draws_requests_in_flight_in_its_own_colour(self, sandbox, theme, own, other):
        def has(colour):
            return re.search(rf"\x1b\[(?:[\d;]+;)?(?:{colour})[;m]", screen.text(styled=True))

        screen = dashboard(sandbox, "--theme", theme)
        until(lambda: has(own), f"the blue of the {theme} theme", more=screen.text)
        assert not has(other), has(other)
        leave(screen)


class TestNoTerminal:
    @pytest.mark.parametrize("env, unset", [({"TERM": "dumb"}, ()), ({}, ("TERM",)), ({"TERM": "no-such-terminal"}, ())],
                             ids=["dumb", "unset", "unknown"])
    def test_that_can_show_a_screen_is_a_sentence_and_2(self, sandbox, env, unset):
        screen = Screen(sandbox, shlex.join([PROGRAM, "demo"]), env=env, unset=unset)
        assert screen.ended() == 2
        text = screen.text()
        assert "TERM" in text and "--plain" in text

    def test_on_standard_input_is_a_sentence_and_2(self, sandbox):
        screen = Screen(sandbox, f"{shlex.quote(PROGRAM)} demo < /dev/null")
        assert screen.ended() == 2
        assert "--plain" in screen.text()

    def test_on_standard_output_is_the_plain_mode(self, sandbox):
        screen = Screen(sandbox, f"{shlex.quote(PROGRAM)} demo --timeout 2 | tee {sandbox.folder}/out")
        out = sandbox.folder / "out"
        until(lambda: out.exists() and "in rotation" in out.read_text(), "the server to be in rotation")
        screen.type("t\n")
        assert screen.ended() == 0
        text = out.read_text()
        assert "GRACEFUL" in text and escapes(text) == []


class TestThePlainMode:
    @pytest.fixture
    def plain(self, sandbox):
        def start(*arguments, **how):
            child = sandbox.start("demo", "--plain", "--timeout", "4", *lead(arguments), *arguments, stdin=subprocess.PIPE, **how)
            return child, read_until(child, "in rotation")
        return start

    def test_takes_letters_and_says_everything_to_the_verdict(self, sandbox, plain):
        child, seen = plain()
        for letters, words in (("?", "t SIGTERM, i SIGINT"), ("e", "."), ("z", "z means nothing here")):
            send(child, letters)
            seen += read_until(child, words)
        send(child, "t")
        out, err = child.communicate(timeout=longer(30))
        text = seen + out
        assert child.returncode == 0 and err == ""
        for words in ("SIGTERM sent to", "readiness down", "out of rotation", "listener closed", "drain begins",
                      "log flushed", "exited 0", "GRACEFUL", "waiting for", "all released, last in first out"):
            assert words in text, words
        assert escapes(text) == []
        order = [text.index(words) for words in ("readiness down", "listener closed", "ledger closed", "log flushed")]
        assert order == sorted(order)

    @pytest.mark.parametrize("letters, verdict", [("i", "GRACEFUL"), ("K\ny", "FORCE-KILLED")], ids=["INT", "KILL"])
    def test_sends_the_other_signals(self, plain, letters, verdict):
        child, _ = plain()
        out, _ = child.communicate(letters + "\n", timeout=longer(30))
        assert verdict in out and child.returncode == 0

    def test_kills_only_after_a_yes(self, plain):
        child, _ = plain()
        send(child, "K\nn")
        read_until(child, "n means nothing here")
        out, _ = child.communicate("y\nt\n", timeout=longer(30))
        assert "GRACEFUL" in out and "SIGKILL sent" not in out

    def test_quits_with_q_and_ends_the_server(self, sandbox, plain):
        child, _ = plain()
        child.communicate("q\n", timeout=longer(30))
        assert child.returncode == 0
        sandbox.nothing_is_left()

    def test_in_ASCII_is_ASCII(self, plain):
        child, seen = plain("--ascii")
        out, _ = child.communicate("t\n", timeout=longer(30))
        assert (seen + out).isascii(), sorted({one for one in seen + out if not one.isascii()})

    def test_goes_on_at_the_end_of_its_input_until_a_signal(self, sandbox):
        child = sandbox.start("demo", "--plain")
        read_until(child, "in rotation")
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=longer(30))
        assert child.returncode == -signal.SIGTERM
        sandbox.nothing_is_left()

    def test_ends_when_nobody_reads_it_any_more(self, sandbox):
        child = sandbox.start("demo", "--plain", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        read_until(child, "in rotation")
        child.stdout.close()
        child.stdin.write("?\n")
        child.stdin.close()
        assert child.wait(20) == -signal.SIGPIPE
        sandbox.nothing_is_left()

    def test_that_cannot_be_written_is_2_and_a_sentence(self, sandbox):
        with open("/dev/full", "w") as full:
            child = sandbox.start("demo", "--plain", stdin=subprocess.PIPE, stdout=full)
            _, err = child.communicate(timeout=longer(30))
        assert child.returncode == 2 and "Cannot write to standard output: No space left on device" in err
        sandbox.nothing_is_left()


def send(child, letter):
    child.stdin.write(letter + "\n")
    child.stdin.flush()


def read_until(child, words):
    seen = ""
    for line in child.stdout:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"“{words}” was never printed:\n{seen[-3000:]}\n{child.stderr.read() if child.stderr else ''}")


def keys(footer):
    """The keys that a footer offers: the words before the labels."""
    return {part.split(" ")[0] for part in re.split(r" {2,}", footer.strip()) if part}

"""The lessons as a student meets them: catalogue, gate, sliders, deploy and payments, in tmux; and two runs beside each other."""
import re
import shlex

import pytest

from sandbox import PROGRAM, ROOT, events, until
from screen import Screen, dashboard
from test_dashboard import leave

SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=lambda size: "x".join(map(str, size)))


class TestTheCatalogue:
    @SIZES
    def test_is_searched_and_starts_a_lesson_broken_and_mended(self, sandbox, size):
        screen = dashboard(sandbox, size=size)
        screen.press("c")
        screen.shows("▶ polite")
        screen.press("/")
        screen.type("lag")
        screen.shows("▶ lb-lag")
        screen.hides("no-handler")
        screen.press("Enter")
        screen.hides("search: ")
        screen.press("Enter")
        screen.shows("This ends the server that runs")
        screen.press("y")
        screen.shows("lb-lag · .*SERVING")
        screen.press("M")
        screen.shows("lb-lag, mended · .*SERVING")
        screen.shows("M broken")
        screen.press("M")
        screen.shows("lb-lag · .*SERVING")
        leave(screen, "lb-lag: ended with the dashboard")

    def test_starts_a_mended_lesson_with_M(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("c")
        screen.shows("▶ polite")
        screen.press("Down")
        screen.shows("▶ no-handler")
        screen.press("M")
        screen.shows("This ends the server that runs")
        screen.press("y")
        screen.shows("no-handler, mended · .*SERVING")
        leave(screen)

    def test_has_no_mended_version_of_what_is_not_broken(self, sandbox):
        screen = dashboard(sandbox)
        screen.shows("d deploy")
        assert "mended" not in screen.text()
        screen.press("M")
        screen.press("e")
        screen.shows("Esc close")
        assert "polite · " in screen.text()
        leave(screen.back(), "polite: ended")


class TestTheGate:
    @SIZES
    def test_holds_steps_and_releases(self, sandbox, size):
        screen = dashboard(sandbox, "--timeout", "4", size=size)
        screen.press("g")
        screen.shows("WILL HOLD")
        screen.press("t")
        screen.shows("HELD +before the lead")
        screen.shows("waiting for the gate: held before the lead")
        screen.press("e")
        screen.shows("Somebody holds the server here, before the lead")
        screen.press("Escape")
        screen.hides("Somebody holds")
        seen = ["the lead"]
        while len(seen) < 4:
            screen.press("G")
            screen.hides(f"HELD +before {seen[-1]}")
            boundary = re.search("HELD +before (.+?) *\n", screen.shows("HELD +before "))
            seen.append(boundary[1])
        assert len(set(seen)) == len(seen), seen
        screen.press("g")
        screen.shows("GRACEFUL +exited 0")
        leave(screen, "GRACEFUL")

    def test_says_so_without_covering_anything(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "4", size=(80, 24))
        screen.press("g")
        screen.press("t")
        screen.shows("HELD")
        screen.press("G")
        first = screen.shows("HOLD +LEAVING").split("\n")[0]
        assert re.search(r":\d+ +WILL HOLD +LEAVING", first), first
        leave(screen)


class TestAStart:
    def test_is_slow_enough_to_be_hit_by_a_signal(self, sandbox):
        screen = Screen(sandbox, shlex.join([PROGRAM, "demo", "--scenario", "startup-signal"]), (80, 24))
        screen.shows("STARTING")
        screen.shows("started as process")
        screen.press("t")
        screen.shows("UNHANDLED +killed by signal 15")
        screen.press("e")
        screen.shows("it had not run yet")
        leave(screen.back(), "UNHANDLED")


class TestARecording:
    def test_of_a_lesson_teaches_and_plays_no_other(self, sandbox):
        file = str(ROOT / "demo/recordings/wrong-order.jsonl")
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", file]))
        screen.press("End")
        screen.shows("DROPPED")
        screen.press("e")
        screen.shows("only the order was wrong")
        screen.back()
        screen.press("c")
        screen.shows("▶ wrong-order")
        screen.press("Enter")
        screen.shows("This is a recording")
        screen.press("q")
        assert screen.ended() == 0


class TestTheSliders:
    def test_of_lb_lag_move_and_stop_at_their_limits(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "lb-lag")
        screen.shows(r"lead ●─+ 0 s +lag .* 0\.8 s")
        screen.press("-")
        screen.shows("The lead stops here: 0 s is its smallest value")
        screen.press("+")
        screen.shows(r"lead ━●─+ 0\.25 s")
        screen.shows("told the server: lead 0.25")
        for label in ("0.5", "0.75", "1", "1.5", "2", "3", "5"):
            screen.press("+")
            screen.shows(rf"lead .* {re.escape(label)} s +lag")
        screen.press("+")
        screen.shows("The lead stops here: 5 s is its largest value")
        screen.press("Tab")
        screen.press("-")
        screen.shows(r"lag ━●─+ at most 0\.4 s")
        screen.shows(r"probes every 0\.2 s")
        leave(screen)

    # Who had just got in when the door closed is cut off, so that it is more than refused work now and then.
    @pytest.mark.parametrize("steps, word, mark", [(0, "(REFUSED-WORK|DROPPED)", "✗"), (5, "GRACEFUL", "✓")],
                             ids=["no lead", "a lead of 1.5 s"])
    def test_of_lb_lag_decide_the_verdict(self, sandbox, steps, word, mark):
        screen = dashboard(sandbox, "--scenario", "lb-lag", "--timeout", "6")
        for _ in range(steps):
            screen.press("+")
        screen.shows(r"lead .* 1\.5 s +lag" if steps else "lead .* 0 s +lag")
        screen.press("t")
        # The countdown runs to the lead that the slider shows.
        if steps:
            screen.shows(r"lead .*0\.\d(/| of )1\.5 s")
        screen.shows(f"{word} +exited 0")
        screen.shows(f"{mark} no new request met a closed door while in rotation")
        leave(screen, "lb-lag: ")

    def test_of_grace_mismatch_are_the_supervisors(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "grace-mismatch")
        first = sandbox.server()
        for label, grace in (("Docker", 10), ("Kubernetes", 30), ("systemd", 90)):
            screen.press("+")
            screen.shows(f"supervisor .*{label} {grace} s")
            screen.shows(rf"0\.0 of {grace} s, then SIGKILL")
        screen.press("t")
        screen.shows("DRAINING")
        assert sandbox.server() == first, "the server that runs is granted more, none is started anew"
        screen.press("+")
        screen.shows("The supervisor stops here: systemd 90 s is its largest value")
        leave(screen)

    def test_of_grace_mismatch_end_in_SIGKILL_at_PM2(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "grace-mismatch")
        screen.shows("PM2 1.6 s: it sends SIGINT, press i")
        screen.press("i")
        screen.shows("FORCE-KILLED +killed by signal 9")
        leave(screen, "FORCE-KILLED")


class TestADeploy:
    @SIZES
    def test_loses_nothing_and_shows_both_instances(self, sandbox, size):
        screen = dashboard(sandbox, "--deploy", size=size)
        screen.shows("·1 ▶ serving")
        screen.shows("·2 · not started")
        screen.shows("press t to begin the deploy")
        screen.press("t")
        screen.shows("·2 ▶ serving +in rotation")
        screen.shows("·1 ▶ draining +out of rotation")
        screen.shows(r"\d+·2 GET /")
        screen.shows("·1 ━ gone")
        screen.shows("waiting for the clients of instance 2")
        assert "INCONCLUSIVE" not in screen.text()
        screen.shows("GRACEFUL +exited 0")
        screen.shows("deploy +0 failed, [0-9,]+ answered")
        leave(screen, "GRACEFUL")

    def test_is_one_key_away_from_a_lesson(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "lb-lag")
        screen.press("d")
        screen.shows("lb-lag, deploy · .*SERVING")
        screen.shows("·2 · not started")
        leave(screen)

    def test_is_not_forced_by_a_second_t_before_the_first_signal_is_sent(self, sandbox):
        screen = dashboard(sandbox, "--deploy")
        screen.press("t", "t")
        screen.shows("DRAINING")
        screen.shows("·2 ▶ serving")
        leave(screen)
        assert sandbox.recording().read_text().count('"ev":"signal.received"') == 1

    def test_waits_with_its_signal_for_the_second_instance(self, sandbox):
        screen = dashboard(sandbox, "--deploy")
        screen.press("t")
        screen.shows("DRAINING")
        leave(screen)
        text = sandbox.recording().read_text()
        assert text.index('"instance.serving"') < text.index('"signal.sent"'), "the signal came first"


class TestPayments:
    def test_are_charged_twice_by_a_kill_and_named(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "charged-twice")
        screen.press("K")
        screen.shows("Enter cancel")
        screen.shows("payments? charged and not answered")
        screen.press("y")
        screen.shows("waiting for the clients of instance 2")
        text = screen.shows("INSTANCE 2 SERVES")
        assert "r again" not in text and "GONE" not in text
        screen.shows("tried again, attempt [2-9]|DUPLICATED")
        screen.shows("DUPLICATED|FORCE-KILLED", patience=60)
        assert "DUPLICATED" in screen.text()
        screen.press("p")
        screen.shows(r"order \d+ .*ledger: 2 rows: twice")
        screen.back().press("e")
        screen.shows("now: gone")
        leave(screen.back(), "charged-twice: DUPLICATED")
        # The line may come and go between two frames.
        recording = sandbox.recording()
        begin = next(event["t"] for event in events(recording) if event["ev"] == "deploy.began")
        frame = sandbox.run("replay", "--at", str(begin), "--frame", "120x36", str(recording)).stdout
        assert "the supervisor starts it again" in frame, frame

    def test_are_charged_once_by_the_cure(self, sandbox):
        screen = dashboard(sandbox, "--scenario", "charged-twice", "--mended")
        screen.press("K")
        screen.shows("Enter cancel")
        screen.shows("payments? charged and not answered")
        screen.press("y")
        screen.shows("FORCE-KILLED", patience=60)
        screen.press("p")
        text = screen.shows("Read from the database file")
        assert ": twice" not in text and not re.search("[1-9] twice", text)
        screen.back()
        leave(screen, "charged-twice, mended: FORCE-KILLED")


class TestTwoRuns:
    @SIZES
    def test_are_played_together_and_told_apart(self, sandbox, size):
        files = [str(ROOT / "demo/recordings" / name) for name in ("polite.jsonl", "killed.jsonl")]
        screen = Screen(sandbox, shlex.join([PROGRAM, "compare", *files]), size)
        text = screen.shows("PLAYING")
        assert "polite.jsonl" in text and "killed.jsonl" in text
        screen.press("Space")
        screen.shows(r"PAUSED .* since the signal")
        screen.press("Home")
        screen.shows(r"-\d+\.\d of \+\d")
        screen.press("]", "]", "]")
        screen.shows(r"\+0\.0 of \+\d")
        assert len(re.findall("SIGNALLED|LEAVING ROTATION", screen.text())) == 2, screen.text()
        screen.press("Right")
        screen.shows(r"\+0\.2 of \+\d")
        screen.press(*["Right"] * 20)
        screen.shows("FORCE-KILLED")
        screen.press("End")
        screen.shows(r" END ")
        text = screen.text()
        assert "GRACEFUL" in text and "FORCE-KILLED" in text
        screen.press("t", "K", "m", "r")
        screen.press("d")
        screen.shows(r"\* word +GRACEFUL +FORCE-KILLED")
        screen.press("Escape")
        screen.hides(r"\* word")
        screen.press("+", "Home", "Space")
        screen.shows("PLAYING ▶ 2×")
        screen.press("q")
        assert screen.ended() == 0
        assert re.search(r"\* word +GRACEFUL +FORCE-KILLED", screen.history())

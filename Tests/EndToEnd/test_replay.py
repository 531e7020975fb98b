"""A recorded run on the screen, a live one looked back upon, and one that comes over a pipe."""
import gzip
import json
import os
import pathlib
import re
import shlex
import signal
import unicodedata

import pytest

from sandbox import PROGRAM, escapes, free_port, until
from screen import Screen, dashboard

FIXTURES = pathlib.Path(__file__).parent / "fixtures"
GRACEFUL = FIXTURES / "graceful.jsonl"
LOGS = pathlib.Path(__file__).resolve().parents[1] / "LogImportTests" / "Fixtures"
PLACE = re.compile(r"event ([\d,]+) of ([\d,]+) +([\d.]+) of ([\d.]+) s")


def replay(sandbox, *arguments, size=(120, 36)):
    """A replay that stands still at its start."""
    screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(GRACEFUL), *arguments]), size)
    screen.shows("PLAYING|PAUSED|END")
    return screen


def place(screen):
    """The event and the second on the screen."""
    found = PLACE.search(screen.text())
    assert found, screen.text()
    return int(found[1].replace(",", "")), float(found[3])


def moves(screen, *keys, to=None, pattern=None):
    """Presses keys and waits until the place is another, or the one that is expected."""
    before = place(screen)
    screen.press(*keys)
    if to is not None:
        until(lambda: place(screen) == to, f"the place {to}", 10, screen.text)
    else:
        until(lambda: place(screen) != before, f"another place than {before}", 10, screen.text)
    return place(screen)


def own(sandbox, name):
    """The processes of the program itself, not of the shells that were told to start it."""
    return [pid for pid, line in sandbox.processes(name) if line.startswith(PROGRAM)]


def leave(screen, word):
    screen.press("q")
    assert screen.ended() == 0
    until(lambda: word in screen.history(), f"“{word}” on the main screen", 5, screen.history)
    screen.close()
    screen.sandbox.nothing_is_left()


class TestOneFrame:
    @pytest.mark.parametrize("golden", sorted(FIXTURES.glob("graceful-*.txt")), ids=lambda path: path.stem)
    def test_is_the_same_on_every_machine(self, sandbox, golden):
        at, size = golden.stem.split("-")[1:]
        done = sandbox.run("replay", str(GRACEFUL), "--at", at, "--frame", size, env={"TERM": "", "LANG": "C"})
        assert done.returncode == 0 and done.stderr == ""
        assert done.stdout == golden.read_text()

    def test_needs_no_terminal_and_no_marks_file(self, sandbox):
        done = sandbox.run("replay", str(GRACEFUL), "--frame", "60x20")
        assert len(done.stdout.splitlines()) == 20 and "GRACEFUL" in done.stdout

    def test_of_a_log_is_drawn_as_well(self, sandbox):
        done = sandbox.run("replay", str(LOGS / "go.log"), "--frame", "100x30")
        assert done.returncode == 0 and "Go server" in done.stdout and "(inferred)" in done.stdout


class TestARecording:
    def test_plays_from_the_start_to_the_end(self, sandbox):
        screen = replay(sandbox, "--speed", "4")
        screen.shows("PLAYING ▶ 4×")
        screen.shows("END +■")
        screen.shows("GRACEFUL +exited 0")
        leave(screen, "polite: GRACEFUL")

    def test_stands_still_where_it_was_asked_to_and_steps_both_ways(self, sandbox):
        screen = replay(sandbox, "--at", "1.4")
        screen.shows("PAUSED")
        start = place(screen)
        assert start[1] == 1.4
        events = [start]
        for _ in range(5):
            events.append(moves(screen, ".", to=None))
        assert [event for event, _ in events] == list(range(start[0], start[0] + 6))
        for event, _ in events[-2::-1]:
            assert moves(screen, ",")[0] == event
        leave(screen, "polite: GRACEFUL")

    def test_is_sought_by_time_by_percent_and_by_phase(self, sandbox):
        screen = replay(sandbox, "--at", "0")
        events = [json.loads(line) for line in GRACEFUL.read_text().splitlines()]
        last = events[-1]["t"]
        at = {event.get("ev"): event["t"] for event in events if "t" in event}
        assert moves(screen, "5")[1] == pytest.approx(last / 2, abs=0.06)
        assert moves(screen, "9")[1] == pytest.approx(last * 0.9, abs=0.06)
        assert moves(screen, "S-Left")[1] == pytest.approx(last * 0.8, abs=0.06)
        assert moves(screen, "S-Right")[1] == pytest.approx(last * 0.9, abs=0.06)
        # Inside the shutdown a step is a tenth of it.
        tenth = (at["process.exited"] - at["signal.sent"]) / 10
        assert moves(screen, "Left")[1] == pytest.approx(last * 0.9 - tenth, abs=0.06)
        assert moves(screen, "End")[1] == pytest.approx(last, abs=0.06)
        screen.shows("END +■")
        assert moves(screen, "Home") == (0, 0.0)
        screen.shows("STARTING")
        seen = []
        for _ in range(4):
            moves(screen, "]")
            seen.append(screen.rows()[0])
        assert "SERVING" in seen[0] and any("ROTATION" in row or "SIGNALLED" in row for row in seen), seen
        there = place(screen)
        moves(screen, "[")
        moves(screen, "]", to=there)
        leave(screen, "polite: GRACEFUL")

    def test_plays_and_pauses_and_changes_its_speed(self, sandbox):
        screen = replay(sandbox, "--at", "0.3")
        screen.press("-", "-", "-", "-")
        screen.shows("PAUSED +‖ 1/16×")
        screen.press("Space")
        screen.shows("PLAYING ▶ 1/16×")
        screen.press("+")
        screen.shows("PLAYING ▶ 1/8×")
        screen.press("Space")
        screen.shows("PAUSED")
        here = place(screen)
        screen.press("=")
        screen.hides("1/8×")
        assert place(screen) == here
        leave(screen, "polite: GRACEFUL")

    def test_takes_no_signal(self, sandbox):
        screen = replay(sandbox, "--at", "1.4")
        before = screen.text()
        screen.press("t", "i", "K", "s", "r")
        screen.press("?")
        screen.shows("╭─ help")
        assert "SIGTERM" not in screen.footer()
        screen.press("Escape")
        screen.hides("╭─ help")
        assert screen.text() == before
        leave(screen, "polite: GRACEFUL")

    def test_finds_the_filters_text(self, sandbox):
        screen = replay(sandbox, "--at", "0.1")
        screen.press("/")
        screen.shows("filter:")
        screen.type("shutdown begins")
        screen.press("Enter")
        found = moves(screen, "n")
        assert "shutdown begins" in screen.text()
        screen.press("n")
        screen.shows('No event further on has "shutdown begins"')
        moves(screen, "Home")
        moves(screen, "n", to=found)
        leave(screen, "polite: GRACEFUL")

    def test_keeps_its_marks_in_a_file_beside_it(self, sandbox):
        copy = sandbox.folder / "run.jsonl"
        copy.write_bytes(GRACEFUL.read_bytes())
        for round in (1, 2):
            screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(copy), "--at", "1.4"]))
            screen.shows("PAUSED")
            if round == 1:
                screen.press("m")
                screen.shows("Marked 1.4 s")
                marked = place(screen)
            moves(screen, "Home")
            moves(screen, "'", to=marked)
            assert "◆" in screen.text() or "●" in screen.text()
            screen.press("q")
            assert screen.ended() == 0
            screen.done.unlink()
        assert json.loads(copy.with_name("run.jsonl.marks").read_text())["t"] == pytest.approx(1.4)
        assert copy.read_bytes() == GRACEFUL.read_bytes()

    def test_is_exported_where_the_person_is(self, sandbox):
        screen = replay(sandbox, "--at", "1.4")
        screen.press("x")
        screen.shows("Written here: drainboard-polite.md and drainboard-polite.svg")
        report = (sandbox.folder / "drainboard-polite.md").read_text()
        assert "GRACEFUL" in report and (sandbox.folder / "drainboard-polite.svg").read_text().startswith("<")
        screen.press("x")
        screen.shows("drainboard-polite-2.md")
        assert (sandbox.folder / "drainboard-polite.md").read_text() == report
        leave(screen, "polite: GRACEFUL")

    @pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 4)], ids=lambda size: "x".join(map(str, size)))
    def test_is_played_on_a_small_screen(self, sandbox, size):
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(GRACEFUL), "--speed", "8"]), size)
        screen.shows("GRACEFUL|graceful")
        leave(screen, "polite: GRACEFUL")

    def test_that_grows_goes_on(self, sandbox):
        file = sandbox.folder / "grows.jsonl"
        lines = GRACEFUL.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[:60]))
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(file)]))
        screen.shows("PLAYING|END")
        screen.press("End")
        screen.shows("of 59 ")
        with file.open("ab") as out:
            out.write(b"".join(lines[60:]))
        screen.shows("GRACEFUL +exited 0")
        leave(screen, "polite: GRACEFUL")

    def test_that_is_truncated_is_read_anew_and_never_ends_the_program(self, sandbox):
        file = sandbox.folder / "shrinks.jsonl"
        lines = GRACEFUL.read_bytes().splitlines(keepends=True)
        # Far more than is read at once, so that what a seek has to read lies where nothing is left.
        file.write_bytes(lines[0] + b"".join(lines[1:]) * 40)
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(file), "--at", "1"]))
        screen.shows("PAUSED")
        for size in (file.stat().st_size // 2, 4_096, 0):
            os.truncate(file, size)
            screen.press("End", "5", "Home", "9", ".", ",", "]")
        screen.shows("event 0 of 0 .*problem")
        file.write_bytes(b"".join(lines))
        screen.shows(f"event [0-9]+ of {len(lines) - 1} ")
        screen.press("End")
        screen.shows("GRACEFUL +exited 0")
        leave(screen, "polite: GRACEFUL")

    def test_without_a_name_is_the_newest(self, sandbox):
        sandbox.check("--after", "0.3", "--timeout", "2")
        done = sandbox.run("replay", "--frame", "80x24")
        assert "GRACEFUL" in done.stdout


class TestABigLog:
    def test_is_shown_and_can_be_left_while_it_is_read(self, sandbox):
        file = sandbox.folder / "big.log"
        with file.open("w") as log:
            log.write("2026/11/22 08:00:00 [notice] 7#7: nginx/1.22.1\n")
            for second in range(3600):
                log.write(f"2026/11/22 08:{second // 60:02}:{second % 60:02} [error] 7#7: *1 connect() failed\n" * 300)
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(file)]), (120, 36))
        screen.shows("reading [0-9]+ %")
        screen.press("q")
        assert screen.ended() == 0
        screen.close()
        sandbox.nothing_is_left()

    def test_keeps_its_shutdown_and_counts_what_it_leaves_out(self, sandbox):
        file = sandbox.folder / "big.log"
        lines = [f"2026-01-31T17:02:01Z GET /item/{number} 200" for number in range(30_000)]
        file.write_text("\n".join(lines + ["2026-01-31T17:02:11Z received SIGTERM, shutting down", "bye"]) + "\n")
        done = sandbox.run("export", str(file), "--to", "html", "-o", "-")
        assert "SIGTERM" in done.stdout
        frame = sandbox.run("replay", str(file), "--frame", "120x36", "--at", "9.999").stdout
        assert "GET /item/29999 200" in frame
        text = sandbox.run("replay", str(file), "--plain").stdout
        assert text.count("GET /item/") == 30_000, "what is only passed on is passed on whole"
        trace = sandbox.run("judge", str(file), "--format", "json").stdout
        assert json.loads(trace)["verdict"] == "INCONCLUSIVE"


class TestALiveRun:
    def test_is_looked_back_upon_while_it_drains(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "20", "--scenario", "polite")
        screen.press("t")
        screen.shows("DRAINING")
        screen.press("0")
        screen.shows("LOOKING BACK [0-9.]+ s.*End is live")
        screen.shows("STARTING")
        first = float(re.search(r"LOOKING BACK ([0-9.]+) s", screen.shows("LOOKING BACK"))[1])
        screen.press("]")
        screen.shows("SERVING")
        screen.press(".", ".", ",")
        screen.shows("PAUSED")
        # The server and the recording went on meanwhile.
        until(lambda: "process.exited" in sandbox.recording().read_text(), "the server's exit in the recording")
        assert first > 0
        screen.press("End")
        screen.shows("GRACEFUL +exited 0")
        assert "LOOKING BACK" not in screen.text()
        screen.press("q")
        assert screen.ended() == 0

    def test_gets_a_signal_also_while_somebody_looks_back(self, sandbox):
        screen = dashboard(sandbox, "--timeout", "2")
        screen.press("Home")
        screen.shows("LOOKING BACK")
        screen.press("t")
        until(lambda: "process.exited" in sandbox.recording().read_text(), "the server's exit in the recording")
        screen.press("End")
        screen.shows("GRACEFUL +exited 0")
        screen.press("q")
        assert screen.ended() == 0

    def test_holds_and_goes_on(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("Space")
        screen.shows("FROZEN")
        screen.press("Space")
        screen.hides("FROZEN")
        assert "LOOKING BACK" not in screen.text()
        screen.press("q")
        assert screen.ended() == 0

    def test_is_marked_beside_its_recording(self, sandbox):
        screen = dashboard(sandbox)
        screen.press("m")
        screen.shows("Marked [0-9.]+ s")
        assert sandbox.recording().with_name(sandbox.recording().name + ".marks").exists()
        screen.press("q")
        assert screen.ended() == 0


class TestAPipe:
    def test_is_followed_to_its_end_which_is_no_exit(self, sandbox):
        port = free_port()
        command = f"{PROGRAM} serve --port {port} --timeout 2 --database {sandbox.folder}/l.sqlite | {PROGRAM} watch -"
        screen = Screen(sandbox, f"sh -c {shlex.quote(command)}")
        screen.shows("SERVING")
        screen.shows("FOLLOWING")
        os.kill(own(sandbox, " serve ")[0], signal.SIGTERM)
        screen.shows("END OF INPUT")
        screen.shows("EXITING|GONE")
        screen.press("Home")
        screen.shows("STARTING|SERVING")
        screen.press("q")
        assert screen.ended() == 0

    def test_that_is_torn_is_shown_to_its_last_whole_line(self, sandbox):
        file = sandbox.folder / "torn"
        file.write_bytes(GRACEFUL.read_bytes()[:-30])
        screen = Screen(sandbox, f"sh -c {shlex.quote(f'cat {file} | {PROGRAM} watch -')}")
        screen.shows("END OF INPUT")
        screen.shows("1 problem")
        leave(screen, "torn")

    def test_may_be_a_log(self, sandbox):
        screen = Screen(sandbox, f"sh -c {shlex.quote(f'cat {LOGS}/go.log | {PROGRAM} watch -')}")
        screen.shows("Go server")
        screen.shows("END OF INPUT")
        leave(screen, "Go server")

    def test_with_nothing_in_it_yet_waits_and_can_be_left(self, sandbox):
        screen = Screen(sandbox, f"sh -c {shlex.quote(f'sleep 60 | {PROGRAM} watch -')}")
        screen.shows("FOLLOWING")
        screen.press("?")
        screen.shows("send SIGTERM, the polite way")
        screen.back().press("q")
        # The shell waits for the sleep as well.
        until(lambda: not own(sandbox, " watch "), "the dashboard to end", 10, screen.text)

    def test_without_a_terminal_is_told_line_by_line(self, sandbox):
        with GRACEFUL.open() as trace:
            done = sandbox.run("watch", "-", stdin=trace)
        assert done.returncode == 0 and "supervisor: SIGTERM sent" in done.stdout.replace("sends SIGTERM", "SIGTERM sent")
        assert "GRACEFUL" in done.stdout and escapes(done.stdout) == []


class TestBadInput:
    @pytest.mark.parametrize("kind, words", [
        ("gzip", ["compressed", "zcat"]), ("folder", ["is a folder"]), ("missing", ["Cannot open"]),
        ("empty", ["holds no event"]), ("noise", ["no event"]),
    ])
    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"], ["replay"]])
    def test_is_a_sentence_and_2(self, sandbox, command, kind, words):
        file = sandbox.folder / kind
        if kind == "folder":
            file.mkdir()
        elif kind != "missing":
            file.write_bytes({"gzip": gzip.compress(b"x" * 999), "empty": b"", "noise": bytes(range(256)) * 9}[kind])
        done = sandbox.run(*command, str(file))
        assert done.returncode == 2 and done.stdout == ""
        assert done.stderr.startswith("drainboard: ") and str(file) in done.stderr
        assert all(word in done.stderr for word in words) or kind == "noise" and "no text" in done.stderr

    @pytest.mark.parametrize("kind, words", [
        ("long", "line 10: longer than"), ("nul", "line 10:"), ("utf8", "line 10:"), ("newer", "line 1: written by a newer"),
    ])
    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"], ["replay"]])
    def test_is_named_by_its_line_and_the_rest_is_shown(self, sandbox, command, kind, words):
        lines = GRACEFUL.read_bytes().splitlines(keepends=True)
        if kind == "newer":
            lines[0] = lines[0].replace(b'"drainboard":1', b'"drainboard":9')
        else:
            lines.insert(9, {"long": b"x" * 100_000_000, "nul": b"\0" * 99, "utf8": b"\xff\xfe"}[kind] + b"\n")
        file = sandbox.folder / "bad.jsonl"
        file.write_bytes(b"".join(lines))
        done = sandbox.run(*command, str(file))
        assert done.returncode == 0 and "GRACEFUL" in done.stdout
        assert f"{file}, {words}" in done.stderr

    @pytest.mark.parametrize("kind, words", [
        ("headless", "line 1: no header; title, limits and grace period are not known"),
        ("twice", "line 11: server: the same event twice"), ("backwards", "line 21: client: time ran backwards"),
        ("missing", " event of the client missing"),
    ])
    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"]])
    def test_that_cannot_have_happened_is_named_and_the_rest_is_shown(self, sandbox, command, kind, words):
        lines = GRACEFUL.read_bytes().splitlines(keepends=True)
        if kind == "headless":
            del lines[0]
        elif kind == "twice":
            lines.insert(10, lines[9])
        elif kind == "backwards":
            lines[20] = re.sub(rb'"t":[0-9.]+', b'"t":-5.0', lines[20])
        else:
            del lines[next(i for i, line in enumerate(lines) if b'"client","ev":"request.answering"' in line)]
        file = sandbox.folder / "odd.jsonl"
        file.write_bytes(b"".join(lines))
        done = sandbox.run(*command, str(file))
        assert done.returncode == 0 and "GRACEFUL" in done.stdout
        assert f"{file}, line" in done.stderr and words in done.stderr

    @pytest.mark.parametrize("kind, words", [
        ("long", "line 3: longer than"), ("nul", "line 3: 4096 zero bytes"), ("utf8", "line 3: not UTF-8"),
        ("back", "line 3: time runs backwards by 3731 s"),
    ])
    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"], ["export", "-o", "-", "--to", "svg"]])
    def test_in_a_log_is_named_by_its_line_and_the_rest_is_read(self, sandbox, command, kind, words):
        odd = {"long": b"x" * 100_000_000, "nul": b"\0" * 4096, "utf8": b"2026-01-31T17:02:11Z caf\xe9",
               "back": b"2026-01-31T16:00:00Z draining"}[kind]
        file = sandbox.folder / "server.log"
        file.write_bytes(b"2026-01-31T17:02:01Z listening\n2026-01-31T17:02:11Z received SIGTERM, shutting down\n" + odd
                         + b"\n2026-01-31T17:02:14Z bye\n2026-01-31T17:02:15Z half a li")
        done = sandbox.run(*command, str(file))
        assert f"{file}, {words}" in done.stderr and "no header" not in done.stderr
        assert "SIGTERM" in done.stdout and escapes(done.stdout) == escapes(done.stderr) == []

    @pytest.mark.parametrize("kind, words", [
        ("zst", "zstdcat"), ("bz2", "bzcat"), ("xz", "xzcat"), ("utf16", "no text in UTF-8"), ("empty", "no event"),
    ])
    @pytest.mark.parametrize("command", [["judge"], ["replay"], ["export", "-o", "-", "--to", "svg"]])
    def test_that_is_no_text_is_a_sentence(self, sandbox, command, kind, words):
        file = sandbox.folder / "server.log"
        file.write_bytes({"zst": b"\x28\xb5\x2f\xfd" + bytes(99), "bz2": b"BZh91AY&SY" + bytes(99), "empty": b"",
                          "xz": b"\xfd7zXZ\0" + bytes(99), "utf16": "shutting down\n".encode("utf-16")}[kind])
        done = sandbox.run(*command, str(file))
        assert done.returncode == 2 and done.stdout == "" and words in done.stderr and str(file) in done.stderr

    def test_of_wide_and_hidden_characters_keeps_every_column_in_its_place(self, sandbox):
        file = sandbox.folder / "wide.log"
        evil = "\x1b]0;x\x07\x1b[2J\u202e\u2066中文字中文字\u200b👨\u200d👩\u200d👧 e\u0301\u0301\u00ad\ufeff\x9b31m"
        file.write_text("".join(f"2026-01-31T17:02:{second:02} {words} {evil} {second}\n" for second, words in
                                enumerate(["received SIGTERM, shutting down", "draining", "closing", "closing pool", "bye"])))
        screen = Screen(sandbox, shlex.join([PROGRAM, "replay", str(file), "--at", "9"]), (100, 30))
        screen.shows("importer")
        rows = screen.rows()
        boxed = [row for row in rows if row.startswith(("│", "╭", "╰"))]
        assert len(boxed) > 10 and all(row.rstrip()[-1] in "│╮╯" for row in boxed), screen.text()
        ends = {sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in row.rstrip()) for row in boxed}
        assert max(ends) == 100 and not re.search("[\u202e\u2066\u200b\u00ad\ufeff\x1b\x9b]", screen.text())
        leave(screen, "wide.log")

    def test_of_hostile_text_cannot_break_the_screen(self, sandbox):
        file = sandbox.folder / "evil.log"
        file.write_text("\x1b]0;x\x07\x1b[2J\u202e中文 shutting down\x9b31m\n" * 9)
        for command in (["judge"], ["replay", "--frame", "80x24"], ["replay"]):
            done = sandbox.run(*command, str(file))
            assert escapes(done.stdout) == escapes(done.stderr) == [] and "\u202e" not in done.stdout

    def test_of_compressed_standard_input_is_a_sentence(self, sandbox):
        file = sandbox.folder / "run.gz"
        file.write_bytes(gzip.compress(GRACEFUL.read_bytes()))
        with file.open() as packed:
            done = sandbox.run("watch", "-", stdin=packed)
        assert done.returncode == 2 and "is compressed" in done.stderr and "zcat" in done.stderr

    @pytest.mark.parametrize("arguments, word", [
        (["watch"], "What is to be watched"), (["watch", "x"], "watch -"), (["replay", "--speed", "0", "x"], "no speed"),
        (["replay", "--speed", "1000", "x"], "no speed"), (["replay", "--rules", "/none", "x"], "Cannot read the rules"),
    ])
    def test_on_the_command_line_is_2(self, sandbox, arguments, word):
        done = sandbox.run(*arguments)
        assert done.returncode == 2 and word in done.stderr

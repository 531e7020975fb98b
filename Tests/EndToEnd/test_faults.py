"""Bad input and faults: what happened, where, and what to do; nothing acknowledged is lost, no escape gets through."""
import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import xml.etree.ElementTree as xml

import pytest

from machine import lead, longer
from sandbox import PROGRAM, busy_port, escapes, events, free_port, in_mount, until

EVIL = "x\x1b]0;owned\x07\x1b[31m\x9b2J\u202eevil\r\n\x08\x7f\u200b"
QUICK = ("check", "--after", "0.3", "--signal", "KILL")


def sentence(done, *words, status=2):
    """What was said: one message on standard error, and nothing on standard output."""
    assert done.returncode == status, done.stdout[-500:] + done.stderr
    assert done.stderr.startswith("drainboard: ")
    for word in words:
        assert word in done.stderr, done.stderr
    assert "Fatal error" not in done.stderr and "Error Domain" not in done.stderr
    assert escapes(done.stderr) == []


class TestBadArguments:
    @pytest.mark.parametrize("command", ["check", "demo", "serve"])
    def test_an_unknown_scenario_names_the_nearest(self, sandbox, command):
        done = sandbox.run(command, "--scenario", "polit")
        sentence(done, 'no scenario "polit"', "Did you mean polite", "drainboard scenarios")
        assert done.stdout == ""

    def test_an_unknown_signal_names_those_there_are(self, sandbox):
        sentence(sandbox.run("check", "--signal", "FOO"), 'no signal "FOO"', "TERM", "1 to 64")

    @pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "-inf", "1e300"])
    @pytest.mark.parametrize("option", ["--timeout", "--grace", "--rate"])
    def test_a_number_that_cannot_be_says_which_can(self, sandbox, option, value):
        done = sandbox.run("check", option, value)
        sentence(done, f"{option} must be more than 0", "not ")

    @pytest.mark.parametrize("value", ["abc", "", "1,5"])
    def test_what_is_no_number_is_quoted(self, sandbox, value):
        sentence(sandbox.run("check", "--timeout", value), "--timeout", f"'{value}'")

    @pytest.mark.parametrize("value", ["-1", "nan"])
    def test_a_start_that_cannot_be_says_which_can(self, sandbox, value):
        sentence(sandbox.run("check", "--after", value), "--after must be from 0")

    @pytest.mark.parametrize("value", ["0", "-1", "65536", "99999999999"])
    def test_a_port_that_does_not_exist_says_which_do(self, sandbox, value):
        sentence(sandbox.run("demo", "--plain", "--port", value), f"--port {value} does not exist", "from 1 to 65535")

    @pytest.mark.parametrize("value", ["0x0", "0x10", "10x0", "x", "1001x1", "-5x5", "80", "80x24x1", "٣x٣"])
    def test_a_size_that_cannot_be_says_which_can(self, sandbox, value):
        sentence(sandbox.run("replay", f"--frame={value}", "/dev/null"), "no size", "1x1 to 1000x1000")

    @pytest.mark.parametrize("value", ["soon", "nan", "inf"])
    @pytest.mark.parametrize("command", [["replay"], ["export", "--to", "svg"], ["compare", "/dev/null"]], ids=lambda it: it[0])
    def test_a_moment_that_cannot_be_says_which_can(self, sandbox, value, command):
        sentence(sandbox.run(*command, "--at", value, "/dev/null"), "is no moment", "since the signal")

    @pytest.mark.parametrize("arguments", [["check", "--format", "xml"], ["demo", "--theme", "pink"],
                                           ["demo", "--color", "blue"], ["frobnicate"], ["check", "--nothing"],
                                           ["judge"], ["check", "--then", "TERM"]])
    def test_wrong_usage_is_2_and_shows_the_usage(self, sandbox, arguments):
        sentence(sandbox.run(*arguments), "Usage:")

    def test_what_is_quoted_cannot_write_to_the_terminal(self, sandbox):
        evil = EVIL.replace("\n", "")
        for arguments in (["check", "--scenario", evil], ["check", "--signal", evil], ["judge", evil], [evil],
                          ["replay", evil], ["check", "--record", f"/none/{evil}"]):
            done = sandbox.run(*arguments)
            assert done.returncode == 2
            assert escapes(done.stderr) == escapes(done.stdout) == [], arguments


class TestTheMachine:
    @pytest.mark.parametrize("arguments", [["check"], ["demo", "--plain"]])
    def test_a_busy_port_is_named(self, sandbox, arguments):
        with busy_port() as taken:
            port = str(taken.getsockname()[1])
            sentence(sandbox.run(*arguments, "--port", port), f"Port {port} is already in use", "--port", "ss -ltnp")
        assert list(sandbox.state.rglob("*.jsonl")) == []

    @pytest.mark.parametrize("arguments", [["check"], ["demo", "--plain"]])
    def test_a_recording_that_cannot_be_written_is_named(self, sandbox, arguments):
        for file in ("/nonexistent/run.jsonl", str(sandbox.folder)):
            sentence(sandbox.run(*arguments, "--record", file), f"Cannot write the recording {file}", "--record")

    def test_a_temporary_folder_that_is_missing_is_named(self, sandbox):
        done = sandbox.run("check", env={"TMPDIR": "/nonexistent"})
        sentence(done, "Cannot make the working directory /nonexistent/", "Set TMPDIR")
        assert list(sandbox.state.rglob("*.jsonl")) == [], "a run that never began leaves no recording"

    def test_a_server_that_dies_at_start_says_its_last_words(self, sandbox):
        mount = sandbox.folder / "mount"
        mount.mkdir()
        child = sandbox.spawn(in_mount("size=8k", str(mount), PROGRAM, "check"), env={"TMPDIR": str(mount)},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = child.communicate(timeout=longer(30))
        done = subprocess.CompletedProcess([], child.returncode, out, err)
        sentence(done, "ended before it answered once: exited 2", "It printed last:", "the ledger", str(mount))
        assert out == ""


class TestTheStateFolder:
    def run(self, sandbox, home):
        done = sandbox.run(*QUICK, env={"XDG_STATE_HOME": str(home)})
        assert done.returncode == 1, "the run goes on without it"
        assert done.stdout.startswith("FORCE-KILLED")
        return done

    def test_is_made_when_it_is_missing(self, sandbox):
        self.run(sandbox, sandbox.folder / "a/b/c")
        assert len(list((sandbox.folder / "a/b/c/drainboard").glob("*.jsonl"))) == 1

    def test_that_is_a_file_is_a_sentence_and_the_run_goes_on(self, sandbox):
        home = sandbox.folder / "file"
        home.write_text("mine")
        done = self.run(sandbox, home)
        assert f"not kept in {home}/drainboard: Not a directory" in done.stderr and "XDG_STATE_HOME" in done.stderr
        assert "recorded in" not in done.stdout
        assert home.read_text() == "mine"

    def test_that_is_read_only_is_a_sentence_and_the_run_goes_on(self, sandbox):
        home = sandbox.folder / "mount"
        home.mkdir()
        child = sandbox.spawn(in_mount("ro", str(home), PROGRAM, *QUICK),
                              env={"XDG_STATE_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = child.communicate(timeout=longer(30))
        assert child.returncode == 1 and out.startswith("FORCE-KILLED"), err
        assert "not kept in" in err and "Read-only file system" in err

    def test_keeps_the_newest_50_runs_and_nothing_that_is_not_ours(self, sandbox):
        folder = sandbox.state / "drainboard"
        folder.mkdir()
        for number in range(60):
            (folder / f"2020-01-01T00-00-{number:02}.000Z-polite-1.jsonl").write_text("{}\n")
        (folder / "notes.jsonl").write_text("mine")
        assert sandbox.run(*QUICK).returncode == 1
        names = sorted(path.name for path in folder.iterdir())
        assert "notes.jsonl" in names and len(names) == 51
        assert "2020-01-01T00-00-10.000Z-polite-1.jsonl" not in names
        assert not names[-2].startswith("2020")


class TestAFullDisk:
    """A small tmpfs in a mount namespace of the test's own."""

    @pytest.fixture
    def mount(self, sandbox):
        folder = sandbox.folder / "mount"
        folder.mkdir()
        return folder

    def run(self, sandbox, mount, size, *arguments, env=None):
        child = sandbox.spawn(in_mount(f"size={size}", str(mount), PROGRAM, "check", "--format", "json", *lead(()), *arguments), env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = child.communicate(timeout=longer(60))
        assert out, err
        return json.loads(out), child.returncode, err

    def test_under_the_recording_ends_the_recording_and_not_the_run(self, sandbox, mount):
        verdict, status, err = self.run(sandbox, mount, "64k", "--record", str(mount / "run.jsonl"))
        assert (verdict["verdict"], status) == ("GRACEFUL", 0)
        assert f"The recording {mount}/run.jsonl ends here: No space left on device. Free some space" in err
        faults = [one["text"] for one in events(sandbox.recording()) if one["ev"] == "fault.reported"]
        assert any("ends here" in text for text in faults)

    def test_under_the_ledger_and_the_log_loses_nothing_acknowledged(self, sandbox, mount):
        verdict, status, err = self.run(sandbox, mount, "256k", env={"TMPDIR": str(mount)})
        assert (verdict["graceful"], status) == (False, 1)
        assert "ledger.sqlite failed (database or disk is full)" in err and "make room on that disk" in err
        rules = {rule["name"]: rule for rule in verdict["rules"]}
        assert rules["noPaymentLost"]["held"] is True, rules["noPaymentLost"]
        assert verdict["ledger"]["lost"] == 0
        assert "Error Domain" not in json.dumps(verdict)

    def test_under_a_server_alone_refuses_payments_and_keeps_the_acknowledged(self, sandbox, mount):
        """Looks into the server's mount through /proc while a shell keeps it."""
        port = free_port()
        child = sandbox.spawn(in_mount("size=256k", str(mount), PROGRAM, "serve", "--no-trace", "--port", str(port),
                                       "--database", str(mount / "ledger.sqlite"),
                                       script='shift; "$@"; echo "status $?"; read -r line'),
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        pay = Payments(port)
        until(pay.is_up, "the server to answer")
        until(lambda: pay.once() == 503, "the disk to be full")
        server = next(pid for pid, _ in sandbox.processes(" serve ") if os.path.samefile(f"/proc/{pid}/exe", PROGRAM))
        os.kill(server, signal.SIGTERM)
        line = child.stdout.readline()
        assert line.startswith("status ")
        inside = f"/proc/{child.pid}/root{mount}"
        for name in os.listdir(inside):
            (sandbox.folder / name).write_bytes(open(f"{inside}/{name}", "rb").read())
        out, err = child.communicate("\n", timeout=longer(10))
        assert "disk is full" in err and "make room" in err
        with contextlib.closing(sqlite3.connect(sandbox.folder / "ledger.sqlite")) as ledger:
            kept = {row[0] for row in ledger.execute("SELECT order_id FROM payments")}
        assert pay.acknowledged and pay.acknowledged <= kept


class Payments:
    def __init__(self, port):
        self.port, self.next, self.acknowledged = port, 0, set()

    def is_up(self):
        try:
            return self.once() in (200, 201)
        except OSError:
            return False

    def once(self):

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=longer(10))
        self.next += 1
        connection.request("POST", "/payments", json.dumps({"order": self.next, "amount": 5, "note": "x" * 200}))
        status = connection.getresponse().status
        connection.close()
        if status in (200, 201):
            self.acknowledged.add(self.next)
        return status


@pytest.fixture(scope="module")
def trace(lasting):
    """The lines of a real recording."""
    return lasting.check("--after", "0.5").record.read_text().splitlines(keepends=True)


class TestAFileThatIsNoGoodTrace:
    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"]])
    @pytest.mark.parametrize("kind, words", [
        ("missing", ["Cannot open", "No such file"]), ("folder", ["is a folder", "Name a trace"]),
        ("empty", ["holds no event", "Is it a trace"]), ("binary", ["no text in UTF-8"]),
        ("json", ["holds no event"]), ("header", ["holds no event"]),
    ])
    def test_is_2_and_a_sentence(self, sandbox, trace, command, kind, words):
        file = sandbox.folder / kind
        if kind == "folder":
            file.mkdir()
        elif kind != "missing":
            file.write_bytes({"empty": b"", "binary": bytes(range(256)) * 40, "json": b'{"a": [1, 2]}\n',
                              "header": trace[0].encode()}[kind])
        sentence(sandbox.run(*command, str(file)), str(file), *words)

    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"]])
    def test_with_a_torn_end_is_read_up_to_it(self, sandbox, trace, command):
        file = sandbox.folder / "torn.jsonl"
        file.write_text("".join(trace[:-1]) + trace[-1][: len(trace[-1]) // 2])
        done = sandbox.run(*command, str(file))
        assert f"{file}, line {len(trace)}: torn" in done.stderr
        assert "GRACEFUL" in done.stdout

    @pytest.mark.parametrize("command", [["judge"], ["replay", "--frame", "80x24"]])
    def test_with_broken_lines_names_them_and_reads_the_rest(self, sandbox, trace, command):
        file = sandbox.folder / "broken.jsonl"
        file.write_bytes("".join(trace[:10]).encode() + b"\xff\xfe nonsense\n{\n" + "".join(trace[10:]).encode())
        done = sandbox.run(*command, str(file))
        assert "line 11:" in done.stderr and "line 12:" in done.stderr
        assert "GRACEFUL" in done.stdout

    def test_but_some_log_says_nothing_of_a_shutdown(self, sandbox):
        file = sandbox.folder / "some.log"
        file.write_text("GET / 200\nGET / 503\n")
        done = sandbox.run("judge", str(file))
        assert done.returncode == 3 and done.stdout.startswith("INCONCLUSIVE")

    def test_of_a_newer_version_says_so(self, sandbox, trace):
        file = sandbox.folder / "newer.jsonl"
        file.write_text(trace[0].replace('"drainboard":1', '"drainboard":99') + "".join(trace[1:]))
        done = sandbox.run("judge", str(file))
        assert "newer Drainboard" in done.stderr and "99" in done.stderr

    def test_without_any_recording_replay_says_how_to_make_one(self, sandbox):
        sentence(sandbox.run("replay"), "no recorded run", "drainboard demo")


class TestEvilText:
    @pytest.fixture
    def evil(self, sandbox, trace):
        """A recording in which every text is hostile."""
        lines = []
        for number, line in enumerate(trace):
            event = json.loads(line)
            for key, value in event.items():
                if isinstance(value, str) and key in ("title", "command", "path", "detail", "cause", "text", "file", "method"):
                    event[key] = EVIL + value
                elif key == "name" and event.get("ev", "").startswith("resource."):
                    event[key] = value + EVIL
            lines.append(json.dumps(event, ensure_ascii=number % 2 == 0, separators=(",", ":")))
        extra = {"seq": 100000, "t": 0.4, "src": "supervisor", "ev": "output.printed", "stream": "err", "text": EVIL * 3}
        lines.insert(20, json.dumps(extra, ensure_ascii=False, separators=(",", ":")))
        file = sandbox.folder / "evil.jsonl"
        file.write_text("\n".join(lines) + "\n")
        return file

    @pytest.mark.parametrize("command", [
        ["judge"], ["judge", "--ascii"], ["judge", "--format", "json"], ["judge", "--format", "junit"],
        ["replay", "--frame", "120x40"], ["replay", "--frame", "120x40", "--at", "1"],
        ["replay", "--frame", "40x10", "--at", "1.2"], ["replay", "--ascii", "--frame", "200x60", "--at", "0.6"],
    ])
    def test_in_a_recording_is_shown_harmless(self, sandbox, evil, command):
        done = sandbox.run(*command, str(evil))
        assert done.returncode in (0, 1, 3), done.stderr
        assert escapes(done.stdout) == escapes(done.stderr) == []
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", done.stdout)
        assert "evil" in done.stdout or "80" in command

    def test_in_a_recording_keeps_the_formats_whole(self, sandbox, evil):
        assert "evil" in json.loads(sandbox.run("judge", "--format", "json", str(evil)).stdout)["title"]
        assert xml.fromstring(sandbox.run("judge", "--format", "junit", str(evil)).stdout).find("testsuite") is not None

    def test_in_a_path_is_shown_harmless_in_a_run(self, sandbox):
        evil = sandbox.folder / ("t\x1b]0;x\x07\x9b31m\u202e")
        evil.mkdir()
        for arguments in (QUICK, ("check", "--after", "0.3", "--signal", "KILL", "--format", "json"), ("demo", "--plain")):
            child = sandbox.start(*arguments, env={"TMPDIR": str(evil), "XDG_STATE_HOME": str(evil)}, stdin=subprocess.PIPE)
            if arguments[0] == "demo":
                seen = []
                until(lambda: seen.append(child.stdout.readline()) or "in rotation" in seen[-1], "the server to serve")
                out, err = child.communicate("K\ny\n", timeout=longer(30))
                out = "".join(seen) + out
            else:
                out, err = child.communicate(timeout=longer(30))
            assert "t" in out and escapes(out) == escapes(err) == []

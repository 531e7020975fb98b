"""The recordings of a machine: listed, opened by name, kept, deleted, limited, and never more than they are."""
import json
import os
import re
import shlex
import signal
import subprocess

import pytest

from sandbox import PROGRAM, ROOT, escapes, in_mount, until

VERDICTS = ROOT / "Sources/ShutdownBoard/ShutdownBoard.docc/VerdictFormat.md"


def check(sandbox, *arguments, **how):
    return sandbox.run("check", "--scenario", "no-handler", "--after", "0.3", *arguments, **how)


def listed(sandbox):
    return json.loads(sandbox.run("runs", "--format", "json").stdout)["runs"]


@pytest.fixture(scope="module")
def two(lasting):
    """A folder with two runs, the newest first."""
    check(lasting)
    check(lasting, "--signal", "INT")
    return listed(lasting)


def documented(heading):
    part = VERDICTS.read_text().split(f"{heading}\n", 1)[1].split("\n## ")[0]
    rows = [row.split(" | ")[0] for row in part.splitlines() if row.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


class TestTheList:
    def test_is_empty_before_the_first_run(self, sandbox):
        done = sandbox.run("runs")
        assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("No run is recorded yet.")
        assert listed(sandbox) == []

    def test_has_the_newest_first_with_what_ran_and_what_came_of_it(self, lasting, two):
        assert [(run["title"], run["signal"], run["verdict"], run["extent"]) for run in two] == [
            ("no-handler", "SIGINT", "UNHANDLED", "whole"), ("no-handler", "SIGTERM", "UNHANDLED", "whole")]
        done = lasting.run("runs")
        rows = done.stdout.splitlines()
        assert rows[1].startswith(two[0]["name"]) and "UNHANDLED" in rows[1] and escapes(done.stdout) == []
        assert max(map(len, rows)) <= 80

    def test_has_exactly_the_documented_fields(self, two):
        fields = documented("## The list of runs") - {"whole", "writing", "cut", "empty"}
        assert set(two[0]) == fields

    def test_says_how_a_run_was_made_so_that_it_can_be_made_again(self, lasting, two):
        run = two[0]
        assert run["options"] == ["--scenario", "no-handler", "--after", "0.3", "--signal", "INT"]
        assert shlex.split(run["invocation"]) == ["drainboard", "check", *run["options"]]
        shown = lasting.run("runs", "show", run["name"])
        assert f"command     {run['invocation']}" in shown.stdout and "drainboard replay" in shown.stdout
        assert json.loads(lasting.run("runs", "show", run["name"], "--format", "json").stdout) == run
        for private in (os.uname().nodename, str(lasting.home)):
            assert not re.search(rf"\b{re.escape(private)}\b", json.dumps(run) + shown.stdout)

    def test_opens_each_run_by_its_name(self, lasting, two):
        name = two[0]["name"]
        assert lasting.run("judge", name).stdout.startswith("UNHANDLED")
        assert "UNHANDLED" in lasting.run("replay", name, "--frame", "100x30").stdout
        assert "UNHANDLED" in lasting.run("export", name, "--to", "markdown", "-o", "-").stdout
        done = lasting.run("compare", name, two[1]["name"])
        sides = done.stdout.splitlines()
        assert sides[0].startswith("left ") and os.path.basename(two[0]["file"]) in sides[0]
        assert any(line.startswith("right ") and os.path.basename(two[1]["file"]) in line for line in sides)

    def test_prefers_a_file_that_exists(self, lasting, two):
        name = two[0]["name"]
        (lasting.folder / name).write_text("")
        try:
            assert "holds no event" in lasting.run("judge", name).stderr
        finally:
            (lasting.folder / name).unlink()

    def test_says_which_runs_a_beginning_fits(self, lasting, two):
        done = lasting.run("judge", two[0]["name"][:5])
        assert done.returncode == 2 and "fits 2 runs" in done.stderr and two[1]["name"] in done.stderr
        done = lasting.run("judge", "no-such-run")
        assert done.returncode == 2 and "no run is called so" in done.stderr

    @pytest.mark.parametrize("to, words", [
        ("svg", r"<desc[^>]*>.*drainboard check --scenario no-handler.*</desc>"),
        ("html", r"<td>drainboard check --scenario no-handler"),
        ("markdown", r"\n```text\ndrainboard check --scenario no-handler"),
        ("asciicast", r'"command":"drainboard check --scenario no-handler')])
    def test_an_export_names_the_command_line(self, lasting, two, to, words):
        done = lasting.run("export", two[0]["name"], "--to", to, "-o", "-")
        assert re.search(words, done.stdout), done.stdout[:2000]

    def test_a_drawing_names_the_command_line(self, lasting, two):
        done = lasting.run("export", two[0]["name"], "--to", "svg", "--timeline", "-o", "-")
        assert re.search(r"<desc[^>]*>.*drainboard check --scenario no-handler.*</desc>", done.stdout)

    def test_a_report_names_the_command_line(self, lasting, two):
        text = lasting.run("judge", two[0]["name"]).stdout
        assert f"  command   {two[0]['invocation']}" in text and "  made by   drainboard " in text
        junit = lasting.run("judge", two[0]["name"], "--format", "junit").stdout
        assert f'<property name="command" value="{two[0]["invocation"]}"/>' in junit

    def test_an_older_recording_says_nothing_of_it(self, sandbox):
        old = str(ROOT / "demo/recordings/killed.jsonl")
        assert "what was done" not in sandbox.run("judge", old).stdout
        verdict = json.loads(sandbox.run("judge", old, "--format", "json").stdout)
        assert verdict["invocation"] is verdict["options"] is verdict["version"] is verdict["host"] is None


class TestWhatAPersonSays:
    def test_keeps_names_and_deletes(self, sandbox):
        check(sandbox)
        name = listed(sandbox)[0]["name"]
        assert sandbox.run("runs", "name", name, "before-the-fix").returncode == 0
        assert [(run["name"], run["named"]) for run in listed(sandbox)] == [("before-the-fix", True)]
        assert sandbox.run("judge", "before").stdout.startswith("UNHANDLED")
        refused = sandbox.run("runs", "delete", "before-the-fix")
        assert refused.returncode == 2 and "--force" in refused.stderr
        assert sandbox.run("runs", "delete", "before-the-fix", "--force").returncode == 0
        assert os.listdir(sandbox.state / "drainboard") == []

    def test_refuses_a_name_that_is_no_word_or_taken(self, sandbox):
        check(sandbox)
        check(sandbox)
        newest, oldest = (run["name"] for run in listed(sandbox))
        for bad in ("../x", "a b", "\x1b[2J", ""):
            done = sandbox.run("runs", "name", newest, bad)
            assert done.returncode == 2 and escapes(done.stderr) == []
        assert sandbox.run("runs", "name", newest, "good").returncode == 0
        assert "already" in sandbox.run("runs", "name", oldest, "good").stderr

    def test_keep_can_be_taken_back(self, sandbox):
        check(sandbox)
        name = listed(sandbox)[0]["name"]
        sandbox.run("runs", "keep", name)
        assert listed(sandbox)[0]["kept"] is True
        sandbox.run("runs", "keep", "--undo", name)
        assert listed(sandbox)[0]["kept"] is False


class TestARecordingThatIsNotWhole:
    def test_is_not_deleted_while_it_is_written(self, sandbox):
        child = sandbox.start("check", "--after", "60")
        until(lambda: "rotation.entered" in sandbox.recording().read_text(), "the server to be in rotation")
        run, = listed(sandbox)
        assert (run["extent"], run["verdict"]) == ("writing", None)
        refused = sandbox.run("runs", "delete", "--force", run["name"])
        assert refused.returncode == 2 and "being written" in refused.stderr
        child.kill()
        child.wait()
        until(lambda: listed(sandbox)[0]["extent"] == "cut", "the lock to go")
        replayed = sandbox.run("replay", "--frame", "80x24")
        assert replayed.returncode == 0 and "breaks off before the end of its run" in replayed.stderr
        assert sandbox.run("runs", "delete", run["name"]).returncode == 0

    def test_is_not_named_where_nothing_fits_on_the_disk(self, sandbox):
        place = sandbox.folder / "full"
        place.mkdir()
        script = 'where=$1; shift; mkdir "$where/drainboard"; if cat /dev/zero >"$where/rest" 2>/dev/null; then exit 99; fi; exec "$@"'
        command = in_mount("size=64k", str(place), PROGRAM, "check", "--scenario", "no-handler", "--after", "0.3",
                           "--format", "json", script=script)
        done = sandbox.spawn(command, env={"XDG_STATE_HOME": str(place)}, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, cwd=sandbox.folder)
        out, err = done.communicate(timeout=60)
        assert "recording" not in json.loads(out) and done.returncode == 1, err
        assert "This run is not kept in" in err and "No space left on device" in err

    @pytest.mark.parametrize("env, words", [
        ({"XDG_STATE_HOME": "", "HOME": ""}, "neither XDG_STATE_HOME nor HOME"),
        ({"XDG_STATE_HOME": "/proc"}, "This run is not kept in /proc/drainboard")])
    def test_that_cannot_be_made_is_a_sentence_and_the_run_goes_on(self, sandbox, env, words):
        done = check(sandbox, env=env)
        assert done.returncode == 1 and words in done.stderr and "recorded in" not in done.stdout

    def test_that_cannot_be_made_is_a_sentence_of_the_demo_too(self, sandbox):
        done = sandbox.run("demo", "--plain", env={"XDG_STATE_HOME": "/proc"})
        assert "This run is not kept in /proc/drainboard" in done.stderr and "recorded in" not in done.stdout

    def test_that_has_reached_its_limit_says_so_in_itself(self, sandbox):
        done = check(sandbox, env={"DRAINBOARD_RUN_SIZE": "5k"})
        assert "it has reached 5,000 bytes" in done.stderr and "recorded in" not in done.stdout
        last = json.loads(sandbox.recording().read_text().splitlines()[-1])
        assert last["ev"] == "fault.reported" and "5,000 bytes" in last["text"]
        assert listed(sandbox)[0]["extent"] == "cut"

    def test_an_empty_one_is_not_replayed(self, sandbox):
        check(sandbox)
        empty = sandbox.state / "drainboard/2999-01-01T00-00-00.000Z-polite-7.jsonl"
        empty.write_text("")
        assert [run["extent"] for run in listed(sandbox)] == ["empty", "whole"]
        done = sandbox.run("replay", "--frame", "100x30")
        assert "UNHANDLED" in done.stdout and done.stderr == ""


class TestTheLimits:
    def test_let_the_newest_run_and_what_was_named_stay(self, sandbox):
        small = {"DRAINBOARD_RUNS_SIZE": "1k"}
        check(sandbox, env=small)
        sandbox.run("runs", "name", listed(sandbox)[0]["name"], "first")
        check(sandbox, env=small)
        second = listed(sandbox)[0]["file"]
        check(sandbox, env=small)
        third, *others = listed(sandbox)
        assert [run["name"] for run in others] == ["first"] and third["file"] != second

    def test_that_are_none_are_told(self, sandbox):
        done = check(sandbox, env={"DRAINBOARD_RUNS_SIZE": "much"})
        assert "DRAINBOARD_RUNS_SIZE=much is no size" in done.stderr and done.returncode == 1

    def test_do_not_count_what_is_marked(self, sandbox):
        check(sandbox)
        file = sandbox.recording()
        marks = file.with_name(file.name + ".marks")
        marks.write_text('{"t":0.1,"event":3}\n')
        check(sandbox, env={"DRAINBOARD_RUNS_SIZE": "1k"})
        assert [run["marks"] for run in listed(sandbox)] == [0, 1]
        sandbox.run("runs", "delete", "--force", listed(sandbox)[1]["name"])
        assert not marks.exists()


class TestManyRuns:
    def test_keep_those_that_were_not_as_expected(self, sandbox):
        done = check(sandbox, "--signal", "TERM", "--repeat", "2", "--format", "json")
        runs = json.loads(done.stdout)["runs"]
        assert sorted(run["recording"] for run in runs) == sorted(run["file"] for run in listed(sandbox))
        text = check(sandbox, "--signal", "TERM,INT").stdout
        assert "  command   drainboard check --scenario no-handler --after 0.3 --signal TERM,INT\n" in text
        names = re.findall(r"SIG(?:TERM|INT): UNHANDLED +drainboard replay (\S+)", text)
        assert len(names) == 2
        for name in names:
            assert sandbox.run("judge", name).stdout.startswith("UNHANDLED")

    def test_keep_none_that_was_as_expected(self, sandbox):
        done = check(sandbox, "--repeat", "2")  # the catalogue says what no-handler gets
        assert "Not as expected" not in done.stdout and listed(sandbox) == []
        assert list((sandbox.state / "drainboard/several").iterdir()) == []

    def test_of_a_grid_are_kept_by_cell(self, sandbox):
        done = sandbox.run("grid", "--scenario", "no-handler", "--signals", "TERM", patience=110)
        assert re.search(r"TERM, in flight: died +drainboard replay \S+", done.stdout)
        assert len(listed(sandbox)) == 4
        assert "  command   drainboard grid --scenario no-handler --signals TERM\n" in done.stdout

    @pytest.mark.parametrize("arguments", [
        ["grid", "--record", "x"], ["sweep", "--record", "x"], ["check", "--prove", "--record", "x"],
        ["check", "--longest", "9"], ["grid", "--longest", "7.5"]])
    def test_take_no_option_that_would_do_nothing(self, sandbox, arguments):
        done = sandbox.run(*arguments)
        assert done.returncode == 2 and arguments[-2] in done.stderr and not (sandbox.folder / "x").exists()


class TestTheProgramItself:
    def test_fails_where_its_help_cannot_be_written(self, sandbox):
        for arguments in (["--help"], ["--version"], ["help", "check"], ["runs", "--help"]):
            with open("/dev/full", "w") as full:
                done = sandbox.run(*arguments, stdout=full)
            assert done.returncode == 2 and "No space left on device" in done.stderr, arguments

    def test_says_that_it_needs_proc_where_there_is_none(self, sandbox):
        nothing = sandbox.folder / "nothing"
        nothing.mkdir()
        script = 'mount --bind "$0" /proc && exec "$@"'
        command = ["unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-ec", script, str(nothing), PROGRAM]
        for arguments, status, words in ((["--version"], 0, r"\d+\.\d+"), (["--help"], 0, "USAGE"),
                                         (["check"], 2, "There is no /proc here"), (["chekc", "-x"], 2, "Unknown option")):
            child = sandbox.spawn([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            out, err = child.communicate(timeout=60)
            assert child.returncode == status and re.search(words, out + err), out + err

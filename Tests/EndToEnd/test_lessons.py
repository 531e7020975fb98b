"""The lessons from the command line: told, proved, swept, laid out as a grid, and put beside each other."""
import json
import re
import shlex
import subprocess

import pytest

from sandbox import PROGRAM, ROOT, escapes, until
from screen import Screen

RECORDINGS = ROOT / "demo/recordings"
LISTED = json.loads(subprocess.run([PROGRAM, "scenarios", "--format", "json"], capture_output=True, check=True).stdout)
NAMES = [one["name"] for one in LISTED]


class TestALessonThatIsTold:
    @pytest.mark.parametrize("one", LISTED, ids=NAMES)
    def test_says_all_there_is_to_it(self, sandbox, one):
        done = sandbox.run("lesson", one["name"], "--plain")
        assert (done.returncode, done.stderr, escapes(done.stdout)) == (0, "", [])
        text = done.stdout
        assert text.startswith(f"Lesson {one['name']}, on {one['subject']}.\n")
        titles = ["What to press.", "What to watch.", "What happens.", "Why it happens.", "How to mend it.", "The verdict."]
        assert [line for line in text.splitlines() if line in titles] == titles
        for part in ("watch", "why", "mend"):
            assert re.sub(r'[`"]', "", one[part]) in text, part
        verdict = text.rstrip().splitlines()[-1]
        assert one["verdict"].lower().replace("-", " ") in verdict.lower()
        assert ("Mended: " in verdict) == (one["name"] != "polite")

    @pytest.mark.parametrize("name", NAMES)
    def test_can_be_read_aloud(self, sandbox, name):
        text = sandbox.run("lesson", name, "--plain").stdout
        assert text.isascii(), [letter for letter in text if not letter.isascii()]
        assert not set(text) & set("`\"|*#<>[]{}")
        for line in filter(None, text.splitlines()):
            assert line.endswith("."), line
            for sentence in re.split(r"[.:] ", line):
                assert len(sentence.split()) <= 40, sentence

    def test_names_the_phases_in_their_order(self, sandbox):
        text = sandbox.run("lesson", "wrong-order", "--plain").stdout
        phases = re.findall(r"^(Serving|Draining|Releasing \w+|Gone):", text, re.MULTILINE)
        broken = ["Serving", "Draining", "Releasing workers", "Releasing ledger", "Gone"]
        assert phases == broken * 2

    def test_is_plain_wherever_standard_output_is_no_terminal(self, sandbox):
        assert sandbox.run("lesson", "lb-lag").stdout == sandbox.run("lesson", "lb-lag", "--plain").stdout

    def test_opens_the_dashboard_on_a_terminal(self, sandbox):
        screen = Screen(sandbox, shlex.join([PROGRAM, "lesson", "lb-lag"]))
        until(lambda: "lb-lag" in screen.rows()[0] and "SERVING" in screen.rows()[0], "the lesson", more=screen.text)
        screen.press("q")
        assert screen.ended() == 0


@pytest.mark.parametrize("command", [
    ["lesson"], ["demo", "--scenario"], ["check", "--scenario"], ["check", "--prove", "--scenario"], ["sweep", "--scenario"],
    ["grid", "--scenario"],
], ids=" ".join)
def test_an_unknown_name_is_answered_with_the_nearest(sandbox, command):
    done = sandbox.run(*command, "charged-twise")
    assert done.returncode == 2 and done.stdout == ""
    assert re.search(r'no scenario "charged-twise"\. Did you mean charged-twice, ', done.stderr), done.stderr


def test_a_name_with_escape_sequences_reaches_no_terminal(sandbox):
    done = sandbox.run("lesson", "\x1b[31mpolite\x07")
    assert done.returncode == 2 and escapes(done.stderr) == []


def test_the_scenarios_are_listed_by_subject(sandbox):
    subjects = {}
    for line in sandbox.run("scenarios").stdout.splitlines():
        if line.startswith("  "):
            subjects[subject].append(line.split()[0])
        else:
            subject = line
            assert subject not in subjects, "a subject stands in two places"
            subjects[subject] = []
    assert [name for names in subjects.values() for name in names] == NAMES
    for one in LISTED:
        assert one["name"] in subjects[one["subject"]]
    assert len(subjects) == 7 and len(NAMES) >= 24


class TestTheProof:
    @pytest.mark.alone
    @pytest.mark.minutes(20)
    def test_agrees_for_every_server_broken_and_mended_alone_and_in_a_deploy(self, sandbox):
        command = next(line for line in (ROOT / "README.md").read_text().splitlines() if " check --prove" in line)
        done = sandbox.run(*shlex.split(command, comments=True)[1:], patience=1140)
        assert done.returncode == 0, done.stdout + done.stderr
        # A server that loses the order of its release says so, in a sentence.
        for line in done.stderr.splitlines():
            assert re.fullmatch(r"drainboard: the service group gave up the order of the release: [a-z ]+", line), line
        rows = [re.split("  +", line) for line in done.stdout.splitlines() if line.startswith("✓")]
        servers = [("polite", "as is")] + [(name, how) for name in NAMES if name != "polite" for how in ("broken", "mended")]
        assert sorted(tuple(row[1:4]) for row in rows) == sorted(
            (*server, where) for server in servers for where in ("alone", "deploy"))
        assert done.stdout.rstrip().endswith(f"{len(rows)} of {len(rows)} as they must be.")
        praised = {(row[1], row[3]) for row in rows if row[2] == "broken" and row[4] == "GRACEFUL"}
        # Behind a balancer the clients' pools may close the idle connections before the server has to wait for them.
        assert praised <= {("keepalive-linger", "deploy")}

    def test_says_what_is_not_as_it_must_be(self, sandbox):
        """With nobody in flight no verdict can be seen, and the proof must not pass."""
        done = sandbox.run("check", "--prove", "--scenario", "exit-liar", "--rate", "0.001")
        assert done.returncode == 1
        assert "✗  exit-liar" in done.stdout and "instead of DROPPED" in done.stdout
        assert re.search(r"\n[0-3] of 4 as they must be\.\n", done.stdout)


class TestASweep:
    @pytest.mark.parametrize("steps", ["1", "0", "-3"])
    def test_needs_two_steps(self, sandbox, steps):
        done = sandbox.run("sweep", "--steps", steps)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"--steps must be from 2 to 1,000, not {steps}." in done.stderr

    def test_needs_its_ends_in_order(self, sandbox):
        done = sandbox.run("sweep", "--from", "1s", "--to", "0s")
        assert (done.returncode, done.stdout) == (2, "") and "--from must be before --to." in done.stderr

    def test_tells_what_each_instant_costs(self, sandbox):
        done = sandbox.run(
            "sweep", "--scenario", "charged-twice", "--from=-50ms", "--to", "1.6s", "--steps", "4", patience=110)
        assert done.returncode == 0, done.stderr
        head, rows, words = (part.splitlines() for part in done.stdout.split("\n\n")[:3])
        (head,), (titles, *rows), (legend, window) = head, rows, words
        assert head.startswith("charged-twice: SIGKILL against the life of order ")
        assert titles.split()[0] == "signal"
        assert [row.split()[0] for row in rows] == ["-50", "+500", "+1050", "+1600"]
        assert re.match(r"-50 ms +-\d+ ms ", rows[0]) and "answered" not in rows[0], "killed before it came"
        assert re.search("┃.*✗", rows[1]), "killed in its life"
        life = r"\+1600 ms +\+\d+ ms +─+═*✓ *┃ +answered +charged once "
        assert re.match(life, rows[3]), "killed when it was over"
        for row in rows:
            assert re.search(r"DUPLICATED|FORCE-KILLED", row), row
        assert legend.startswith("─ at work, ") and re.match(r"Its request is lost with (a|the) signal ", window), window


class TestAGrid:
    def test_has_a_row_for_each_signal_and_a_column_for_each_state(self, sandbox):
        done = sandbox.run("grid", "--signals", "TERM,HUP", patience=110)
        assert done.returncode == 0, done.stderr
        head, *rows = done.stdout.split("\n\n")[0].splitlines()
        columns = re.split(r"  +", head.strip())
        assert columns == ["starting", "idle", "in flight", "draining", "workers", "ledger", "log", "twice"]
        cells = {row.split()[0]: dict(zip(columns, re.split(r"  +", row.strip())[1:])) for row in rows}
        assert list(cells) == ["TERM", "HUP"] and all(len(row) == len(columns) for row in cells.values())
        assert cells["TERM"]["in flight"] == "graceful" and cells["TERM"]["idle"] == "exit 0"
        # Nobody handles it, so it is fatal at any time.
        assert {cells["HUP"][state] for state in ("starting", "idle", "in flight", "twice")} == {"died"}
        later = ("draining", "workers", "ledger", "log")
        assert [cells["HUP"][state] for state in later] == ["killed"] * 4

    def test_says_which_states_a_server_never_reaches(self, sandbox):
        done = sandbox.run("grid", "--scenario", "no-handler", "--signals", "TERM", patience=110)
        assert done.returncode == 0, done.stderr
        cells = re.split(r"  +", done.stdout.splitlines()[1].strip())[1:]
        assert cells == ["died"] * 3 + ["not reached"] * 4 + ["died"]

    def test_of_a_signal_that_does_not_exist_is_refused(self, sandbox):
        done = sandbox.run("grid", "--signals", "TERM,NOPE")
        assert (done.returncode, done.stdout) == (2, "") and 'no signal "NOPE"' in done.stderr


class TestAComparison:
    def test_says_in_what_two_runs_differ(self, sandbox):
        done = sandbox.run("compare", str(RECORDINGS / "polite.jsonl"), str(RECORDINGS / "killed.jsonl"))
        assert (done.returncode, done.stderr) == (0, "")
        different = [line for line in done.stdout.splitlines() if line.startswith("*")]
        assert any("GRACEFUL" in line and "FORCE-KILLED" in line for line in different), done.stdout

    def test_of_a_run_with_itself_differs_in_nothing(self, sandbox):
        file = str(RECORDINGS / "polite.jsonl")
        done = sandbox.run("compare", file, file)
        assert done.returncode == 0 and not re.search(r"^\*", done.stdout, re.MULTILINE)

    def test_draws_both_side_by_side(self, sandbox):
        done = sandbox.run(
            "compare", str(RECORDINGS / "polite.jsonl"), str(RECORDINGS / "killed.jsonl"), "--frame", "161x30")
        assert done.returncode == 0 and len(done.stdout.splitlines()) == 30
        left, right = zip(*((line[:80], line[81:]) for line in done.stdout.splitlines()))
        assert any("GRACEFUL" in line for line in left) and any("FORCE-KILLED" in line for line in right)

    def test_of_two_runs_with_nothing_in_common_is_refused(self, sandbox):
        whole = (RECORDINGS / "polite.jsonl").read_text().splitlines(keepends=True)
        sent = next(index for index, line in enumerate(whole) if '"ev":"signal.sent"' in line)
        beginning = sandbox.folder / "beginning.jsonl"
        beginning.write_text("".join(whole[:sent]))
        done = sandbox.run("compare", str(RECORDINGS / "killed.jsonl"), str(beginning))
        assert (done.returncode, done.stdout) == (2, "")
        assert "nothing in common" in done.stderr and "beginning.jsonl shows no signal and no exit" in done.stderr

    def test_of_a_file_that_does_not_exist_is_refused(self, sandbox):
        done = sandbox.run("compare", str(RECORDINGS / "polite.jsonl"), "nowhere.jsonl")
        assert (done.returncode, done.stdout) == (2, "") and "nowhere.jsonl" in done.stderr

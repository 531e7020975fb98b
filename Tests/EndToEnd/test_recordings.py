"""The recordings in the repository: each lesson has one, and its end is drawn and judged as it must be."""
import json
import os
import pathlib
import re
import subprocess

import pytest

from sandbox import PROGRAM, ROOT, escapes, events

RECORDINGS = ROOT / "demo/recordings"
FRAMES = pathlib.Path(__file__).parent / "fixtures/recordings"
LISTED = json.loads(subprocess.run([PROGRAM, "scenarios", "--format", "json"], capture_output=True, check=True).stdout)
VERDICTS = {one["name"]: one["verdict"] for one in LISTED} | {"killed": "FORCE-KILLED"}


def test_there_is_one_of_each_scenario_and_no_other():
    assert {file.stem for file in RECORDINGS.glob("*.jsonl")} == set(VERDICTS)
    assert {file.stem for file in FRAMES.glob("*.txt")} == set(VERDICTS)


def test_they_are_small_together():
    assert sum(file.stat().st_size for file in RECORDINGS.glob("*.jsonl")) < 4_000_000


@pytest.mark.parametrize("name", VERDICTS)
def test_the_last_frame_is_the_golden_one(sandbox, name):
    done = sandbox.run("replay", str(RECORDINGS / f"{name}.jsonl"), "--frame", "100x30")
    assert done.returncode == 0 and escapes(done.stdout + done.stderr) == []
    assert done.stderr == ""
    golden = FRAMES / f"{name}.txt"
    if os.environ.get("DRAINBOARD_WRITE_GOLDEN") == "1":
        golden.write_text(done.stdout)
    assert done.stdout == golden.read_text()


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdict_is_the_one_that_the_lesson_promises(sandbox, name):
    done = sandbox.run("judge", "--format", "json", str(RECORDINGS / f"{name}.jsonl"))
    assert json.loads(done.stdout)["verdict"] == VERDICTS[name]
    assert done.returncode == (0 if VERDICTS[name].startswith("GRACEFUL") else 1)


def test_only_the_demo_server_is_left_without_advice(sandbox):
    """Its lessons say themselves how they are mended; any other server is told, whatever its command line is."""
    lines = (RECORDINGS / "killed.jsonl").read_text().splitlines()
    header = json.loads(lines[0])
    other = {key: header[key] for key in ("drainboard", "started", "clock", "pid", "port", "grace")}
    other |= {"title": "node", "command": "node /srv/drainboard/server.js"}
    for head, is_advised in (header, False), (other, True):
        trace = "\n".join([json.dumps(head)] + lines[1:]) + "\n"
        (sandbox.folder / "other.jsonl").write_text(trace)
        done = sandbox.run("judge", "--format", "json", str(sandbox.folder / "other.jsonl"))
        rules = json.loads(done.stdout)["rules"]
        assert any(rule.get("advice") for rule in rules) is is_advised, rules


@pytest.mark.parametrize("name", VERDICTS)
def test_it_is_of_a_real_run(name):
    """Server and clients both speak in it, unless it died before, and it goes on beyond the exit."""
    seen = events(RECORDINGS / f"{name}.jsonl")
    speakers = {"supervisor"} if name == "startup-signal" else {"supervisor", "client", "server"}
    assert speakers <= {event["src"] for event in seen}
    names = [event["ev"] for event in seen]
    assert names[0] == "run.began" and names[-1] == "run.ended" and "process.exited" in names


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_names_no_folder_of_the_machine_that_made_it(path):
    """The run's own temporary folder and the system's programs are all the paths that a recording needs."""
    strange = re.findall(r"(?<![\w./{}-])/(?:tmp/(?!drainboard-)|work|root|home|opt|srv|mnt)[\w./-]*", path.read_text())
    assert strange == []
    assert '"host"' not in path.read_text().splitlines()[0]

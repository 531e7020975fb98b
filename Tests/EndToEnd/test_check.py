"""One run without a screen: every signal, its verdict, its exit status, and the formats that say so."""
import concurrent.futures
import json
import re
import signal
import subprocess
import xml.etree.ElementTree as xml

import pytest

from sandbox import ROOT, until

FATAL = ["HUP", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "USR1", "SEGV", "USR2", "ALRM", "STKFLT", "XCPU", "XFSZ",
         "VTALRM", "PROF", "IO", "PWR", "SYS"]
# A server that uses sockets ignores SIGPIPE; the rest do nothing to anybody, or only freeze.
UNHEARD = ["PIPE", "WINCH", "CHLD", "URG", "CONT", "STOP", "TSTP"]
VERDICTS = ROOT / "Sources/ShutdownBoard/ShutdownBoard.docc/VerdictFormat.md"
# What no run of a healthy server can show.
MAY_BE_UNKNOWN = {"jobsSettled": "no job ran", "deployLostNothing": "there was no deploy"}


@pytest.fixture(scope="module")
def runs(lasting):
    """Runs of the demo server by name, a few at a time."""
    wanted = {
        "polite TERM": ["--scenario", "polite", "--signal", "TERM"],
        "polite INT": ["--scenario", "polite", "--signal", "INT"],
        "polite KILL": ["--scenario", "polite", "--signal", "KILL"],
        "no-handler TERM": ["--scenario", "no-handler", "--signal", "TERM"],
        "no-handler INT": ["--scenario", "no-handler", "--signal", "INT"],
        "TERM, then TERM": ["--then", "TERM:1.2"],
        "TERM, then KILL": ["--then", "KILL:1.2"],
        "TERM, too little time": ["--workload", "demo", "--grace", "1.5"],
        "a lead": ["--scenario", "lb-lag", "--lead", "1.5"],
        "charged once": ["--scenario", "charged-twice", "--mended"],
        "nothing in flight": ["--rate", "0.001", "--after", "0"],
    }
    wanted |= {name: ["--signal", name, "--after", "0.3"] for name in FATAL}
    wanted |= {name: ["--signal", name, "--after", "0.3", "--grace", "0.7"] for name in UNHEARD}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return dict(zip(wanted, pool.map(lambda arguments: lasting.check(*arguments), wanted.values())))


class TestAPoliteServer:
    @pytest.mark.parametrize("name", ["TERM", "INT"])
    def test_is_graceful_with_work_in_flight(self, runs, name):
        run = runs[f"polite {name}"]
        assert (run["verdict"], run["graceful"], run.status) == ("GRACEFUL", True, 0)
        assert run["exit"] == {"code": 0, "words": "exited 0"}
        assert run["signal"] == f"SIG{name}"
        assert run["requests"]["inFlightAtSignal"] >= 10
        assert run["requests"]["answered"] == run["requests"]["inFlightAtSignal"]

    @pytest.mark.parametrize("name", ["TERM", "INT"])
    def test_holds_every_rule(self, runs, name):
        rules = runs[f"polite {name}"].rules
        assert {rule: found["evidence"] for rule, found in rules.items() if found["held"] is False} == {}
        unknown = {rule: found["evidence"] for rule, found in rules.items() if found["held"] is None}
        assert unknown.items() <= MAY_BE_UNKNOWN.items()

    def test_takes_one_path_for_TERM_and_INT(self, runs):
        term, interrupt = (course(runs[f"polite {name}"].events) for name in ("TERM", "INT"))
        assert term[0]["signal"] == signal.SIGTERM and interrupt[0]["signal"] == signal.SIGINT
        term[0].pop("signal"), interrupt[0].pop("signal")
        assert len(term) > 25
        assert term == interrupt

    def test_loses_no_payment(self, runs):
        for name in ("TERM", "INT"):
            ledger = runs[f"polite {name}"]["ledger"]
            assert ledger["charged"] >= ledger["acknowledged"] > 0
            assert (ledger["lost"], ledger["twice"], ledger["ambiguous"]) == (0, 0, 0)

    def test_is_graceful_three_times_in_a_row(self, sandbox):
        for seed in ("2", "3", "4"):
            run = sandbox.check("--seed", seed)
            assert (run["verdict"], run.status) == ("GRACEFUL", 0), run.rules


def course(events):
    """The server's own events from the signal on: what they say, without times, counts, ids and the signal's name.

    Requests, jobs and transactions belong to the traffic; WebSockets are told in any order.
    """
    work = re.compile(r"(request|job|transaction|payment|websocket)\.|log\.written|trace\.")
    own = [event for event in events if event["src"] == "server" and not work.match(event["ev"])]
    begin = next(index for index, event in enumerate(own) if event["ev"] == "signal.received")
    found = []
    for event in own[begin:]:
        words = {"ev": event["ev"]}
        for key, value in event.items():
            if isinstance(value, str):
                text = re.sub(r"\b\d[\d.,]*", "#", value).replace("jobs", "job").replace("lines", "line")
                words[key] = text.replace("SIGTERM", "SIG").replace("SIGINT", "SIG")
            elif key in ("index", "ordinal", "code", "signal", "forced", "clean"):
                words[key] = value
        found.append(words)
    return found


class TestEachSignal:
    def test_KILL_lets_no_cleanup_happen(self, runs):
        run = runs["polite KILL"]
        assert (run["verdict"], run["graceful"], run.status) == ("FORCE-KILLED", False, 1)
        assert run["exit"] == {"signal": "SIGKILL", "words": "killed by signal 9 (SIGKILL)"}
        assert run["requests"]["inFlightAtSignal"] >= 10
        sent = next(event["t"] for event in run.events if event["ev"] == "signal.sent")
        cleanup = re.compile(r"(shutdown|drain|lead|resource|readiness|listener|ledger)\.|log\.flushed|websocket\.told")
        after = [event["ev"] for event in run.events if event["src"] == "server" and event["t"] > sent]
        assert [name for name in after if cleanup.match(name)] == []

    @pytest.mark.parametrize("name", ["TERM", "INT"])
    def test_ends_a_server_without_signal_code_on_the_spot(self, runs, name):
        run = runs[f"no-handler {name}"]
        assert (run["verdict"], run.status) == ("UNHANDLED", 1)
        assert run["exit"]["signal"] == f"SIG{name}"
        assert run.rules["inFlightAnswered"]["held"] is False

    @pytest.mark.parametrize("name", FATAL)
    def test_that_the_server_does_not_handle_ends_it(self, runs, name):
        run = runs[name]
        assert (run["verdict"], run.status) == ("UNHANDLED", 1), run["headline"]
        assert run["exit"]["signal"] == f"SIG{name}"

    @pytest.mark.parametrize("name", UNHEARD)
    def test_to_which_the_server_is_deaf_is_IGNORED_until_the_grace_period_ends(self, runs, name):
        run = runs[name]
        assert (run["verdict"], run["signal"], run.status) == ("IGNORED", f"SIG{name}", 1), run["headline"]
        assert run["exit"]["signal"] == "SIGKILL"
        assert [event["ev"] for event in run.events if event["ev"] == "grace.expired"] == ["grace.expired"]


class TestALesson:
    def test_gets_the_lead_that_somebody_names(self, runs):
        run = runs["a lead"]
        assert run["verdict"] == "GRACEFUL" and run.rules["noneRefused"]["held"] is True, run["headline"]
        assert [event["lead"] for event in run.events if event["ev"] == "shutdown.began"] == [1.5]

    def test_that_is_mended_repeats_the_answer_to_a_payment(self, runs):
        run = runs["charged once"]
        second = [event for event in run.events if event["src"] == "server" and event.get("instance") == 2]
        assert [event["seq"] for event in second] == list(range(1, len(second) + 1))
        replayed = [event for event in second if event["ev"] == "payment.replayed"]
        assert len(replayed) == run["ledger"]["replayed"] > 0
        assert run["ledger"]["bad"] == [] and run["ledger"]["matrix"]["paid"][2] == 0


class TestForce:
    def test_a_second_TERM_forces_the_rest_in_order(self, runs):
        run = runs["TERM, then TERM"]
        names = [event["ev"] for event in run.events if event["src"] == "server"]
        assert names.index("shutdown.forced") < names.index("shutdown.ended")
        assert run.rules["releasedInOrder"]["held"] is True
        assert run.rules["notForced"]["held"] is False
        assert run["exit"]["code"] == 1 and run.status == 1

    def test_a_second_TERM_by_a_person_forces(self, sandbox):
        child = sandbox.start("demo", "--plain", stdin=subprocess.PIPE)
        lines = Lines(child)
        lines.until("in rotation")
        child.stdin.write("t\n")
        child.stdin.flush()
        lines.until("drain begins")
        child.stdin.write("t\n")
        child.stdin.flush()
        lines.until("forced: second signal, SIGTERM")
        lines.until("exited 1")
        assert child.wait(20) == 0

    def test_KILL_after_TERM_is_FORCE_KILLED(self, runs):
        run = runs["TERM, then KILL"]
        assert (run["verdict"], run["signal"], run["exit"]["signal"]) == ("FORCE-KILLED", "SIGTERM", "SIGKILL")
        assert run.status == 1

    def test_the_grace_period_ends_in_KILL(self, runs):
        run = runs["TERM, too little time"]
        assert (run["verdict"], run["exit"]["signal"], run.status) == ("FORCE-KILLED", "SIGKILL", 1)
        assert run.rules["leftByItself"]["held"] is False

    def test_nothing_in_flight_shows_nothing(self, runs):
        run = runs["nothing in flight"]
        if run["requests"]["inFlightAtSignal"] == 0:
            assert run["verdict"] in ("INCONCLUSIVE", "GRACEFUL")


class Lines:
    """The lines that a process prints, read until one has some words."""

    def __init__(self, child):
        self.child, self.seen = child, []

    def until(self, words):
        for line in self.child.stdout:
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"“{words}” was never printed:\n{''.join(self.seen[-30:])}{self.child.stderr.read()}")


class TestTheFormats:
    def test_text_says_the_word_and_every_rule(self, runs, sandbox):
        run = runs["polite KILL"]
        done = sandbox.run("judge", str(run.record))
        assert done.returncode == 1
        assert done.stdout.startswith("FORCE-KILLED   killed by signal 9 (SIGKILL)")
        for rule in run["rules"]:
            assert rule["sentence"] in done.stdout

    def test_text_in_ASCII_is_ASCII(self, runs, sandbox):
        done = sandbox.run("judge", "--ascii", str(runs["polite KILL"].record))
        assert done.stdout.isascii(), [one for one in done.stdout if not one.isascii()]

    @pytest.mark.parametrize("name", ["polite TERM", "polite KILL", "TERM, then TERM"])
    def test_junit_counts_what_it_lists(self, runs, sandbox, name):
        run = runs[name]
        done = sandbox.run("judge", "--format", "junit", str(run.record))
        assert done.returncode == run.status
        suite = xml.fromstring(done.stdout).find("testsuite")
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases) == len(run["rules"]) + 1
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
        assert (len(suite.findall("testcase/failure")) == 0) == run["graceful"]

    @pytest.mark.parametrize("name", ["polite TERM", "polite KILL", "no-handler TERM", "PIPE", "nothing in flight"])
    def test_judge_repeats_what_check_said(self, runs, sandbox, name):
        run = runs[name]
        done = sandbox.run("judge", "--format", "json", str(run.record))
        assert json.loads(done.stdout) == run.verdict
        assert done.returncode == run.status

    def test_junit_of_a_check_parses_and_its_exit_status_is_the_verdicts(self, sandbox):
        done = sandbox.run("check", "--scenario", "no-handler", "--after", "0.3", "--format", "junit")
        assert done.returncode == 1
        assert xml.fromstring(done.stdout).find("testsuite").get("name") == "no-handler"


def table(heading):
    """The rows of the table under a heading of VerdictFormat.md, as (names in the first cell, the other cells)."""
    part = VERDICTS.read_text().split(f"{heading}\n", 1)[1].split("\n## ")[0]
    rows = [row.strip("|").split(" | ") for row in part.splitlines() if row.startswith("| `")]
    return [(re.findall(r"`([^`]+)`", row[0]), row[1:]) for row in rows]


class TestTheDocumentedJSON:
    def test_has_exactly_the_documented_fields(self, runs):
        documented = {name for names, _ in table("# The verdict as JSON, version 1") for name in names}
        assert documented == set(runs["polite TERM"].verdict)

    def test_has_the_signal_as_null_where_the_server_crashed_before_it(self, sandbox):
        server = sandbox.folder / "server.py"
        server.write_text("""
import http.server, os, signal, threading
class Handler(http.server.BaseHTTPRequestHandler):
    crash = threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGSEGV))
    def do_GET(self):
        if not self.crash.is_alive(): self.crash.start()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
""")
        run = sandbox.check("--after", "30", "--url", "http://127.0.0.1:{port}/", "--", "python3", str(server), patience=60)
        assert (run["verdict"], run["exit"]["signal"], run["signal"]) == ("CRASHED", "SIGSEGV", None)

    def test_has_the_exit_as_null_where_the_recording_ends_before_it(self, sandbox, runs):
        file = sandbox.folder / "early.jsonl"
        file.write_text(runs["polite TERM"].record.read_text().split('"ev":"signal.sent"')[0].rpartition("\n")[0])
        assert json.loads(sandbox.run("judge", "--format", "json", str(file)).stdout)["exit"] is None

    def test_has_exactly_the_documented_parts_of_its_fields(self, runs):
        rows = {names[0]: set(re.findall(r"`([^`]+)`", cells[0])) for names, cells in table("# The verdict as JSON, version 1")}
        run = runs["polite TERM"]
        assert rows["requests"] == set(run["requests"])
        assert set(run["requestsAfterSignal"]) == set(run["requests"]) - {"inFlightAtSignal"}
        assert rows["ledger"] == set(run["ledger"]) | {"failure"}
        assert {key for rule in run["rules"] for key in rule} == rows["rules"]
        assert {key for found in run["evidence"] for key in found} == rows["evidence"]
        assert rows["exit"] >= set(run["exit"]) | set(runs["polite KILL"]["exit"])

    def test_has_exactly_the_documented_numbers(self, runs):
        documented = {name for names, _ in table("## Numbers") for name in names}
        assert documented == set(runs["polite TERM"]["numbers"])

    def test_knows_exactly_the_documented_words(self):
        source = (ROOT / "Sources/ShutdownBoard/Verdict/Verdict.swift").read_text()
        assert {name for names, _ in table("## Words") for name in names} == set(re.findall(r'case \w+ = "([A-Z-]+)"', source))

    def test_exits_as_documented_for_each_word(self, runs):
        status = {names[0]: int(cells[1].strip(" |")) for names, cells in table("## Words")}
        for name, run in runs.items():
            assert run.status == status[run["verdict"]], name


class TestTheScenarios:
    def test_are_listed_with_the_verdict_that_they_get(self, sandbox, runs):
        listed = json.loads(sandbox.run("scenarios", "--format", "json").stdout)
        assert len(listed) >= 27
        verdicts = {one["name"]: one["verdict"] for one in listed}
        for name in ("polite", "no-handler"):
            assert runs[f"{name} TERM"]["verdict"] == verdicts[name]

    def test_are_told_in_short_lines_and_whole_sentences(self, sandbox):
        for one in json.loads(sandbox.run("scenarios", "--format", "json").stdout):
            assert 20 < len(one["summary"]) <= 70, one["name"]
            for part in ("watch", "why", "mend"):
                assert one[part].endswith("."), (one["name"], part)
            assert one["press"], one["name"]

    def test_are_listed_as_text_by_subject(self, sandbox):
        done = sandbox.run("scenarios")
        assert done.returncode == 0
        listed = json.loads(sandbox.run("scenarios", "--format", "json").stdout)
        lines = done.stdout.splitlines()
        assert [line.split()[0] for line in lines if line.startswith("  ")] == [one["name"] for one in listed]
        assert [line for line in lines if line[0] != " "] == list(dict.fromkeys(one["subject"] for one in listed))


def test_interrupting_a_check_ends_its_server_and_dies_of_the_signal(sandbox):
    child = sandbox.start("check", "--after", "60")
    sandbox.server()
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == -signal.SIGINT
    until(lambda: not sandbox.processes(), "the server to end", 5, sandbox.processes)

"""Verdicts over real servers, held against what plain/probe.py sees with sockets and waitpid alone.

Every case waits most of its time, so several run at once. Real servers run three times, in a fresh process each time, and
every run must give the one word that stands here, and the probe the outcome that goes with it.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time
import typing
from signal import Signals

import pytest

from machine import longer, slowness
from sandbox import PROGRAM, ROOT

# Several run at once already.
pytestmark = pytest.mark.alone
RUN = str(ROOT / "demo/servers/run")
PROBE = ROOT / "Tests/EndToEnd/plain/probe.py"
SLOW = "/slow?ms=1200"
# So many checks, and so many probes, go on at once: two processors bear that, and a busy machine bears half of it.
CAMPAIGNS, JOBS, PROBES = (2, 3, 6) if slowness() < 2 else (1, 3, 3)


class Case(typing.NamedTuple):
    """One server: each signal with its word and, after a slash, the probe's outcome where that has another name."""
    server: str
    words: str
    grace: float = 3.5
    mix: str = ""
    in_flight: int = 4
    after: float = 0.5
    times: int = 1

    @property
    def patience(self):
        """The grace for this machine. Servers that ignore a signal take all of it, so it is doubled at most."""
        return round(self.grace * min(slowness(), 2), 1)

    @property
    def expected(self):
        """{signal: (the word, the probe's outcome)}"""
        pairs = {signal: word.split("/") for signal, word in (each.split("=") for each in self.words.split())}
        return {signal: (word[0], word[1] if word[1:] else OUTCOMES[word[0]]) for signal, word in pairs.items()}


# The probe does not look for a wait in which nothing happens, and has a name of its own for answers of 500.
OUTCOMES = {"GRACEFUL": "graceful", "GRACEFUL-BUT-SLOW": "graceful", "DROPPED": "dropped", "UNHANDLED": "unhandled",
            "IGNORED": "ignored", "RELOADED": "reloaded", "FORCE-KILLED": "killed", "ORPHANS": "orphans",
            "BAD-EXIT": "badExit"}

# Real servers, and what people do to them: each with these four signals and its own graceful one.
REAL = [
    Case("go usual", "TERM=GRACEFUL INT=GRACEFUL QUIT=DROPPED HUP=UNHANDLED"),
    Case("odd/no-handler.go", "TERM=UNHANDLED INT=UNHANDLED QUIT=DROPPED HUP=UNHANDLED"),
    Case("node usual", "TERM=DROPPED INT=UNHANDLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/node-no-handler.js", "TERM=UNHANDLED INT=UNHANDLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/node-close.js", "TERM=GRACEFUL-BUT-SLOW INT=GRACEFUL-BUT-SLOW QUIT=UNHANDLED HUP=UNHANDLED", grace=8.5),
    Case("python usual", "TERM=UNHANDLED INT=DROPPED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/no-handler.py", "TERM=UNHANDLED INT=UNHANDLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("ruby usual", "TERM=GRACEFUL INT=GRACEFUL QUIT=GRACEFUL HUP=GRACEFUL"),
    Case("puma", "TERM=GRACEFUL INT=GRACEFUL QUIT=UNHANDLED HUP=GRACEFUL"),
    Case("java usual", "TERM=DROPPED INT=DROPPED QUIT=IGNORED HUP=DROPPED"),
    Case("rust usual", "TERM=UNHANDLED INT=UNHANDLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("c usual", "TERM=DROPPED INT=DROPPED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("nginx", "TERM=DROPPED INT=DROPPED QUIT=GRACEFUL HUP=RELOADED", grace=6),
    Case("apache", "TERM=DROPPED INT=DROPPED QUIT=ORPHANS HUP=RELOADED WINCH=GRACEFUL", grace=6),
    Case("haproxy", "TERM=UNHANDLED INT=UNHANDLED QUIT=IGNORED HUP=IGNORED USR1=GRACEFUL"),
    # Six workers take one request each; what waits behind them is reset, so the probe has to send as many as the check.
    Case("gunicorn", "TERM=DROPPED INT=DROPPED QUIT=DROPPED HUP=RELOADED", grace=6, in_flight=20),
    Case("uvicorn", "TERM=GRACEFUL INT=GRACEFUL QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/wrapper.sh", "TERM=ORPHANS INT=IGNORED QUIT=ORPHANS HUP=ORPHANS"),
    Case("odd/ignores-term.py", "TERM=IGNORED INT=UNHANDLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/hangs-in-cleanup.py", "TERM=FORCE-KILLED INT=FORCE-KILLED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/exits-zero-and-drops.py", "TERM=DROPPED INT=DROPPED QUIT=UNHANDLED HUP=UNHANDLED"),
    Case("odd/keeps-accepting.py", "TERM=IGNORED INT=IGNORED QUIT=UNHANDLED HUP=UNHANDLED"),
]
OTHERS = [
    *(Case(f"{language} mended", "TERM=GRACEFUL") for language in ("go", "node", "python", "ruby", "c", "rust", "java")),
    # It waits two seconds for idle connections; with as many threads as requests, nothing waits to be accepted.
    Case("gunicorn mended", "TERM=GRACEFUL-BUT-SLOW", grace=6),
    # With a worker for each request nothing is lost.
    Case("gunicorn", "TERM=GRACEFUL", grace=6, mix="none,slow=4"),
    Case("odd/answers-500.py", "TERM=DROPPED/refusedWork"),
    Case("odd/short-body.py", "TERM=DROPPED"),
    Case("odd/exits-143.py", "TERM=GRACEFUL"),
    Case("odd/dies-again.py", "TERM=GRACEFUL"),
    Case("odd/child-outlives.py", "TERM=ORPHANS HUP=ORPHANS"),
    Case("odd/setsid.py", "TERM=ORPHANS"),
    Case("odd/reloads-on-hup.py", "TERM=GRACEFUL HUP=RELOADED"),
    Case("odd/prints-binary.py", "TERM=GRACEFUL"),
    Case("odd/fills-output.py", "TERM=GRACEFUL"),
    Case("odd/closes-output.py", "TERM=GRACEFUL"),
    Case("odd/changes-group.py", "TERM=GRACEFUL"),
    # A connection is idle once its first answer came, which takes 1.2 s.
    Case("odd/idle-holds.py", "TERM=GRACEFUL-BUT-SLOW", grace=7, after=2),
    Case("odd/no-deadline.py", "TERM=GRACEFUL"),
]
# After these words nothing has ended within the grace, so that each run takes all of it.
PATIENT = ("IGNORED", "FORCE-KILLED", "RELOADED")


def repeated(case):
    """A case three times, but only once for the signals that take the whole grace."""
    words = case.words.split()
    patient = [word for word in words if word.split("=")[1] in PATIENT]
    short = [word for word in words if word not in patient]
    return [case._replace(words=" ".join(some), times=times) for some, times in ((short, 3), (patient, 1)) if some]


CASES = [part for case in REAL for part in repeated(case)] + OTHERS
RUNS = [(case, signal) for case in CASES for signal in case.expected]
# What has to be compiled or installed first.
BUILT = ("go", "c ", "rust", "java", "ruby", "nginx", "haproxy", "apache", "puma", "gunicorn", "uvicorn", "odd/no-handler.go")


def environment(folder):
    """Compiled servers are kept in the user's own cache; nothing else is."""
    return {**os.environ, "XDG_STATE_HOME": str(folder), "LEAD": "0.3"}


def checked(case, folder):
    """(exit status, {signal: [verdict]}) of all checks of one server."""
    command = [PROGRAM, "check", "--url", "http://127.0.0.1:{port}" + SLOW, "--after", str(case.after),
               "--signal", ",".join(case.expected), "--repeat", str(case.times), "--jobs", str(JOBS),
               "--grace", str(case.patience), "--start", str(longer(30)), "--format", "json", *(["--mix", case.mix] if case.mix else []),
               "--", "env", f"LEDGER={folder}/payments-{{port}}", RUN, *case.server.split()]
    done = subprocess.run(command, env=environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=longer(300))
    assert done.stdout, f"{case.server}: no verdict: {done.stderr}"
    found = json.loads(done.stdout)
    verdicts = found.get("runs", [found])
    return done.returncode, {signal: [each for each in verdicts if each["signal"] == f"SIG{signal}"]
                             for signal in case.expected}


def probed(case, signal, folder):
    command = [sys.executable, PROBE, "--path", SLOW, "--signal", signal, "--grace", str(case.patience), "--start", str(longer(30)),
               "--in-flight", str(case.in_flight), "--", RUN, *case.server.split()]
    done = subprocess.run(command, env=environment(folder) | {"LEDGER": f"{folder}/payments-{time.monotonic_ns()}"},
                          stdout=subprocess.PIPE, text=True, timeout=longer(120), check=True)
    return json.loads(done.stdout)


def prepared(server, folder):
    """Compiles and installs; a tool that is missing fails here."""
    log = pathlib.Path(folder, "output")
    done = subprocess.run([sys.executable, PROBE, "--signal", "KILL", "--in-flight", "0", "--idle", "0", "--settle", "0",
                           "--start", str(longer(100)), "--output", log, "--", RUN, *server.split()],
                          env=environment(folder), stdout=subprocess.PIPE, text=True, timeout=longer(110))
    why = json.loads(done.stdout).get("why") if done.returncode == 0 else f"status {done.returncode}"
    assert why == "everything was answered before the signal", f"{server} cannot be run: {why}\n{log.read_text()[-2000:]}"


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What both saw: ({case: future of checked}, {(case, signal): [future of probed]})."""
    folder = tmp_path_factory.mktemp("state")
    with (concurrent.futures.ThreadPoolExecutor(1) as builds, concurrent.futures.ThreadPoolExecutor(CAMPAIGNS) as checks,
          concurrent.futures.ThreadPoolExecutor(PROBES) as probes):
        ready = {server: builds.submit(prepared, server, folder) for server in dict.fromkeys(case.server for case in CASES)
                 if server.startswith(BUILT)}

        def once_ready(look, case, *arguments):
            if case.server in ready:
                ready[case.server].result()
            return look(case, *arguments, folder)

        # What needs no compiler goes first, and everything else while it is compiled.
        order = sorted(RUNS, key=lambda run: run[0].server in ready)
        yield ({case: checks.submit(once_ready, checked, case) for case in dict.fromkeys(case for case, _ in order)},
               {(case, signal): [probes.submit(once_ready, probed, case, signal) for _ in range(case.times)]
                for case, signal in order})
        for pool in (builds, checks, probes):  # where the tests were broken off
            pool.shutdown(wait=False, cancel_futures=True)


def name(value):
    return value if isinstance(value, str) else f"{value.server} {value.mix}".strip().replace(" ", "-")


@pytest.mark.minutes(8)
@pytest.mark.parametrize("case,signal", RUNS, ids=name)
def test_the_verdict_is_what_plain_sockets_see(seen, case, signal):
    checks, probes = seen
    word, outcome = case.expected[signal]
    status, verdicts = checks[case].result()
    plain = [each.result() for each in probes[case, signal]]
    told = (f"{case.server} {signal}: {[(each['verdict'], each['headline']) for each in verdicts[signal]]}, the probe: "
            + "\n".join(json.dumps(each) for each in plain))
    assert [each["verdict"] for each in verdicts[signal]] == [word] * case.times, told
    assert [each["outcome"] for each in plain] == [outcome] * case.times, told
    assert status == (0 if all(each["graceful"] for rows in verdicts.values() for each in rows) else 1)
    for verdict, seen_by_probe in zip(verdicts[signal], plain):
        agree(verdict, seen_by_probe, told)


def agree(verdict, plain, told):
    """The facts of one check and of one probe."""
    rules = {rule["name"]: rule for rule in verdict["rules"]}
    if plain["exit"]:
        exit = {key: value for key, value in verdict["exit"].items() if key != "words"}
        number = plain["exit"].get("signal")
        assert exit == ({"signal": Signals(number).name} if number else plain["exit"]), told
        assert rules["portFree"]["held"] is (not plain["portOpen"]), told
        assert (rules["nothingLeft"]["held"] is False) == bool(plain["survivors"]), told
    if not verdict["graceful"] and verdict["verdict"] != "RELOADED":
        assert any(rule.get("advice") for rule in verdict["rules"]), told

"""The dashboard over any server, started as a child, in tmux: real servers, signals by key, their last words."""
import os
import re
import shlex
import signal
import socket
import subprocess

import pytest

from sandbox import PROGRAM, ROOT, events, free_port, until
from screen import Screen

RUN = str(ROOT / "demo/servers/run")
# What was compiled and installed for the servers before.
CACHE = {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache"))}
SLOW = "http://127.0.0.1:{port}/slow"


def watch(sandbox, *arguments, size=(120, 36)):
    """The dashboard over a server, once that serves."""
    line = f"stty -a > {sandbox.folder}/before; {shlex.join([PROGRAM, 'watch', *arguments])}; " \
        f"status=$?; stty -a > {sandbox.folder}/after; exit $status"
    screen = Screen(sandbox, f"sh -c {shlex.quote(line)}", size, env=CACHE)
    until(lambda: "SERVING" in screen.rows()[0], "SERVING in the first row", 60, screen.text)
    return screen


def leave(screen, *words):
    """Quits; the terminal must be as it was, and nothing may be left."""
    screen.press("q")
    assert screen.ended() == 0
    history = screen.history()
    for word in words:
        assert word in history, history
    folder = screen.sandbox.folder
    assert (folder / "before").read_text() == (folder / "after").read_text(), "the terminal is another one now"
    assert screen.tmux("display-message", "-p", "#{alternate_on}#{cursor_flag}#{mouse_any_flag}").strip() == "010"
    screen.close()
    screen.sandbox.nothing_is_left()


def printed(sandbox):
    """What the server printed, as the recording has it."""
    return [event["text"] for event in events(sandbox.recording()) if event["ev"] == "output.printed"]


def choose(screen, name):
    """Sends a signal by the menu."""
    screen.press("s")
    screen.shows("▶ 15 SIGTERM")
    for number in range(14, signal.Signals[name].value - 1, -1):
        screen.press("Up")
        screen.shows(f"▶ +{number} SIG")
    screen.press("Enter")


class TestNginx:
    @pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=lambda size: "x".join(map(str, size)))
    def test_leaves_politely_at_QUIT_from_the_signal_menu(self, sandbox, size):
        screen = watch(sandbox, "--url", SLOW, "--", RUN, "nginx", size=size)
        screen.shows("nginx: m")
        screen.shows("[1-9][0-9]* in flight")
        screen.shows("GET /slow +.*✓ 200|✓ 200")
        choose(screen, "SIGQUIT")
        screen.shows("DRAINING")
        screen.shows("listener closed ━|━ ?listener")
        screen.shows("GRACEFUL(.|\n)+exited 0, .* after SIGQUIT")
        assert "exit" in "\n".join(printed(sandbox)[-3:])
        leave(screen, "GRACEFUL")


class TestNode:
    def test_mended_answers_all_and_has_the_last_word(self, sandbox):
        screen = watch(sandbox, "--url", SLOW, "--", RUN, "node", "mended")
        screen.shows("✓ 200")
        screen.press("t")
        screen.shows("GRACEFUL +exited 0, .* after SIGTERM")
        screen.shows("its last lines:")
        screen.shows("ledger closed; nothing was cut")
        assert printed(sandbox)[-1] == "ledger closed; nothing was cut"
        leave(screen, "GRACEFUL")


class TestGo:
    def test_as_usual_says_its_steps_in_lines_that_become_phases(self, sandbox):
        screen = watch(sandbox, "--", RUN, "go", "usual")
        screen.shows("listens on port")
        screen.press("t")
        screen.shows("INCONCLUSIVE +exited 0")
        screen.shows("Server exited gracefully")
        assert printed(sandbox)[-1].endswith("Server exited gracefully")
        screen.hides("still looking")
        frame = sandbox.run("replay", str(sandbox.recording()), "--frame", "120x36").stdout
        assert [row.rstrip() for row in frame.splitlines()] == [row.rstrip() for row in screen.rows()]
        screen.press("v")
        screen.shows(r"shutdown ended, clean \(inferred\)")
        screen.shows("━ DB connections")
        leave(screen, "INCONCLUSIVE")

    def test_runs_again_with_r(self, sandbox):
        screen = watch(sandbox, "--", RUN, "go", "usual")
        screen.shows("listens on port")
        screen.press("t")
        screen.shows("INCONCLUSIVE")
        screen.press("r")
        screen.shows("nobody is connected")
        leave(screen, "ended with the dashboard, while serving")


class TestAServerOnAPortOfItsOwn:
    def test_is_found_and_so_are_the_connections_of_others(self, sandbox):
        port = free_port()
        script = "const s = require('http').createServer(() => {}); s.keepAliveTimeout = 0;" \
            f"setTimeout(() => s.listen({port}, '127.0.0.1', () => console.log('up')), 1500);" \
            "process.on('SIGTERM', () => s.close(() => process.exit(0)))"
        screen = watch(sandbox, "--", "node", "-e", script)
        screen.shows(f"kernel +listens on port {port}")
        screen.shows(f"127.0.0.1:{port}")
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            own = client.getsockname()[1]
            screen.shows("connections 1 ")
            screen.shows(rf"│ {own} .*█.*no bytes under way")
            screen.press("t")
            screen.shows("waiting for 1 connection to close, oldest from port")
            screen.shows(rf"holding it up(.|\n)*conn(ection)? {own} no bytes under way")
        screen.shows("INCONCLUSIVE +exited 0")
        leave(screen, "INCONCLUSIVE")


class TestTheLastWords:
    def test_of_a_server_that_prints_much_at_its_end_are_kept(self, sandbox):
        script = "import signal,sys,time\n" \
            "def end(*_):\n    [print('word', n, flush=False) for n in range(2000)]\n    print('the very last'); sys.exit(0)\n" \
            "signal.signal(15, end)\nprint('up', flush=True)\nwhile True: time.sleep(1)"
        screen = watch(sandbox, "--", "python3", "-c", script)
        screen.press("t")
        screen.shows("the very last")
        assert printed(sandbox)[-1] == "the very last"
        leave(screen)

    def test_of_one_that_dies_at_start_are_shown(self, sandbox):
        line = shlex.join([PROGRAM, "watch", "--url", SLOW, "--", "sh", "-c", "echo no such file >&2; exit 3"])
        screen = Screen(sandbox, line)
        assert screen.ended() == 2
        assert "no such file" in screen.history()
        screen.close()


class TestTheKeys:
    def test_offer_no_gate_and_no_lessons(self, sandbox):
        screen = watch(sandbox, "--", "python3", "-c", "import time; time.sleep(100)")
        screen.press("g")
        screen.press("c")
        screen.press("d")
        screen.press("K")
        screen.shows("Enter cancel")
        assert not re.search("hold|lessons|deploy", screen.footer())
        screen.press("y")
        screen.shows("GONE")
        leave(screen)


class TestPlain:
    def test_tells_it_line_by_line(self, sandbox):
        child = sandbox.start("watch", "--plain", "--", RUN, "go", "usual", stdin=subprocess.PIPE, env=CACHE)
        lines = []
        for line in child.stdout:
            lines.append(line)
            if "listens on port" in line:
                child.stdin.write("t\n")
                child.stdin.flush()
        text = "".join(lines)
        assert child.wait(20) == 0
        assert "Server exited gracefully" in text
        assert "INCONCLUSIVE" in text
        # The record says what the screen said: phases that were read into printed lines too.
        record = str(sandbox.recording())
        assert sum("(inferred)" in line for line in lines) > 5
        told = sandbox.run("replay", "--plain", record).stdout
        offer, *shown = text.splitlines()
        assert offer.startswith("Type a line: t term")
        assert told.splitlines()[:len(shown) - 1] == shown[:-1]
        verdict = sandbox.run("judge", record).stdout
        assert verdict.splitlines()[0] in text, verdict


class TestSIGPIPE:
    """Nobody but the server is asked anything here, so no library has ignored it on the way."""

    def test_never_ends_the_dashboard_and_is_not_handed_on(self, sandbox):
        child = sandbox.start("watch", "--plain", "--", "sh", "-c", "exec sleep 100", stdin=subprocess.PIPE)
        for line in child.stdout:
            if started := re.search(r"started as process (\d+)", line):
                break
        assert ignores(child.pid, signal.SIGPIPE)
        until(lambda: "sleep" in open(f"/proc/{started[1]}/cmdline").read().split("\0")[0], "the server")
        assert not ignores(int(started[1]), signal.SIGPIPE)
        child.stdin.close()
        child.send_signal(signal.SIGTERM)
        child.wait(20)


def ignores(pid, number):
    """Whether a process ignores a signal, as proc_pid_status(5) tells it."""
    mask = re.search(r"SigIgn:\s*([0-9a-f]+)", open(f"/proc/{pid}/status").read())[1]
    return bool(int(mask, 16) >> (number - 1) & 1)


class TestAWrongCommandLine:
    @pytest.mark.parametrize("arguments, words", [
        ([], "What is to be watched?"), (["-", "--", "true"], "Standard input or a command"),
        (["file"], "What is to be watched?"), (["--ready", "/ready", "--", "true"], "needs --url"),
        (["--grace", "0", "--", "true"], "--grace"), (["-", "--port", "80"], "not with a dash"),
    ], ids=["nothing", "both", "file", "no url", "grace", "port"])
    def test_is_a_sentence_and_2(self, sandbox, arguments, words):
        done = sandbox.run("watch", *arguments)
        assert done.returncode == 2
        assert words in done.stderr, done.stderr


class TestATracedServer:
    """The demo server stands for any that was built with LifecycleTrace: it is told by its environment where to write."""

    def test_tells_a_check_its_steps_and_gets_the_same_verdict_as_without(self, sandbox):
        url = "http://127.0.0.1:{port}/report?ms=300"
        serve = [PROGRAM, "serve", "--port", "{port}", "--lead", "0.2", "--database", f"{sandbox.folder}/ledger"]
        traced = sandbox.check("--url", url, "--", *serve)
        assert traced["verdict"] == "GRACEFUL", traced.verdict
        assert traced.rules["releasedInOrder"]["held"] is True
        assert traced.rules["traceComplete"]["held"] is True
        assert any(event["ev"] == "resource.released" and event["src"] == "server" for event in traced.events)
        silent = sandbox.check("--url", url, "--", *serve, "--no-trace")
        assert silent["verdict"] == "GRACEFUL", silent.verdict
        assert "releasedInOrder" not in silent.rules

    def test_is_watched_with_its_release(self, sandbox):
        screen = watch(sandbox, "--url", "http://127.0.0.1:{port}/report?ms=300", "--", PROGRAM, "serve", "--port",
                       "{port}", "--lead", "0.2", "--database", f"{sandbox.folder}/ledger")
        screen.shows("7 · rotation +readiness")
        screen.press("t")
        screen.shows("GRACEFUL")
        screen.shows("released +7 of 7")
        leave(screen, "GRACEFUL")

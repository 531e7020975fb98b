"""A check of a server that is not the demo's: what cannot be judged, how several runs read, and what each option does."""
import json
import os
import socket
import struct
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as xml

import pytest

from machine import longer
from sandbox import ROOT, busy_port, free_port, until
from test_faults import sentence

SERVERS = ROOT / "demo/servers"
# Says goodbye to its WebSockets, and closes their connections without reading the answers: the kernel resets them.
IMPATIENT = r"""
import base64, hashlib, signal, socket, sys, threading, time
sockets = []
def goodbye(*_):
    for each in sockets: each.sendall(b"\x88\x02\x03\xf4")
    time.sleep(0.3)
    for each in sockets: each.close()
    sys.exit(0)
signal.signal(signal.SIGTERM, goodbye)
def serve(client):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = client.recv(1)
        if not piece: return
        head += piece
    key = [line[19:].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key: ")]
    if not key:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        return client.close()
    accept = base64.b64encode(hashlib.sha1(key[0] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    sockets.append(client)
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

QUICK = ("--after", "0.5", "--grace", str(longer(4)))
SLOW_URL = "http://127.0.0.1:{port}/slow?ms=700"


def check(sandbox, *arguments, command, url="http://127.0.0.1:{port}/", **how):
    start = () if "--start" in arguments else ("--start", str(longer(30)))
    return sandbox.run("check", "--url", url, *start, *arguments, "--", *command, env={"HOME": os.path.expanduser("~")}, **how)


def odd(name):
    return ["python3", "-u", str(SERVERS / "odd" / name)]


class TestWhatCannotBeJudged:
    """A sentence, exit status 2, soon, and nothing left (the sandbox looks)."""

    def test_a_command_that_does_not_exist(self, sandbox):
        sentence(check(sandbox, command=["no-such-server"]), 'Cannot find the command "no-such-server"')

    def test_a_command_that_exits_at_once(self, sandbox):
        done = check(sandbox, command=["sh", str(SERVERS / "odd/exits-at-once.sh")])
        sentence(done, "ended before it answered once: exited 3", "cannot read config.toml")

    def test_a_command_that_never_listens(self, sandbox):
        sentence(check(sandbox, "--start", "1.5", command=odd("never-listens.py")), "did not answer", "within 1.5 s")

    def test_a_command_that_listens_elsewhere(self, sandbox):
        sentence(check(sandbox, "--start", "2", command=odd("listens-elsewhere.py")), "it listens on port", "instead", "PORT")

    def test_a_command_that_goes_to_the_background(self, sandbox):
        sentence(check(sandbox, command=odd("daemonises.py")), "in the background", "foreground")

    def test_a_command_that_needs_a_terminal(self, sandbox):
        done = check(sandbox, command=["sh", str(SERVERS / "odd/needs-terminal.sh")])
        sentence(done, "exited 4", "this program needs a terminal")

    def test_a_file_that_is_no_program(self, sandbox):
        sentence(check(sandbox, command=["/etc/passwd"]), 'Cannot start "/etc/passwd"', "may not be executed")
        sentence(check(sandbox, command=["/tmp"]), 'Cannot start "/tmp"', "a folder")

    @pytest.mark.parametrize("accepts", ["server.accept()", "None"])
    def test_a_command_that_never_answers(self, sandbox, accepts):
        server = sandbox.folder / "server.py"
        server.write_text(f"""
import os, socket, time
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=100)
taken = []
while True:
    taken.append({accepts} or time.sleep(0.1))
""")
        done = check(sandbox, "--start", "1.5", command=["python3", str(server)])
        sentence(done, "takes connections on port", "answered none of them within 1.5 s", "--start")

    def test_a_command_that_left_the_group_that_gets_the_signal(self, sandbox):
        done = check(sandbox, *QUICK, "--to", "group", command=odd("changes-group.py"))
        sentence(done, "SIGTERM did not reach the server", "process group", "main process")

    def test_somebody_else_who_was_faster(self, sandbox):
        port, ran = free_port(), sandbox.folder / "ran"
        script = sandbox.folder / "server.py"
        script.write_text(f"""
import pathlib, sys, time
pathlib.Path({str(ran)!r}).touch()
time.sleep(3)
sys.exit("the port is taken")
""")
        command = ["check", "--url", f"http://127.0.0.1:{port}/", "--after", "20", "--", "python3", str(script)]
        running = sandbox.start(*command)
        until(ran.exists, "the command to run")
        stranger = sandbox.spawn(["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        out, err = running.communicate(timeout=longer(30))
        assert stranger.poll() is None
        sentence(subprocess.CompletedProcess(command, running.returncode, out, err),
                 f"Port {port} is not this server's", f"(process {stranger.pid})")

    def test_somebody_elses_server(self, sandbox):
        with busy_port() as taken:
            port = taken.getsockname()[1]
            done = check(sandbox, url=f"http://localhost:{port}/", command=odd("no-handler.py"))
            sentence(done, f"Port {port} is already in use by another process")

    def test_somebody_elses_server_on_the_other_address_family(self, sandbox):
        with socket.socket(socket.AF_INET6) as taken:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            taken.bind(("::1", 0))
            taken.listen(1)
            port = taken.getsockname()[1]
            done = check(sandbox, url=f"http://localhost:{port}/", command=odd("no-handler.py"))
            sentence(done, f"Port {port} is already in use by another process")

    @pytest.mark.parametrize("status,word", [(404, "there is nothing"), (301, "a redirect"), (500, "before any signal"),
                                             (401, "--header"), (405, "--method")])
    def test_a_url_that_answers_something_else(self, sandbox, status, word):
        server = sandbox.folder / "server.py"
        server.write_text(f"""
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status} if self.path == "/page" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
""")
        done = check(sandbox, url="http://127.0.0.1:{port}/page", command=["python3", str(server)])
        sentence(done, f"/page answers {status}", word)

    @pytest.mark.parametrize("arguments,words", [
        (("--url", "http://127.0.0.1:1/"), ("no command", "-- node server.js")),
        (("--", "true"), ("Where does the server answer", "--url")),
        (("--ready", "/readyz", "--", "true"), ("--ready needs --url",)),
        (("--url", "http://127.0.0.1:1/", "--scenario", "polite", "--", "true"), ("--scenario", "--url")),
        (("--url", "http://127.0.0.1:1/", "--grace", "0", "--", "true"), ("--grace must be more than 0",)),
        (("--url", "http://127.0.0.1:1/", "--grace", "-3", "--", "true"), ("--grace must be more than 0",)),
        (("--url", "http://127.0.0.1:1/", "--grace", "long", "--", "true"), ("--grace", "'long'")),
        (("--url", "http://127.0.0.1:1/", "--after", "soon", "--", "true"), ("--after", '"soon" is no span of time')),
        (("--url", "http://127.0.0.1:1/", "--start", "0", "--", "true"), ("--start must be more than 0",)),
        (("--url", "http://127.0.0.1:1/", "--upload", "0", "--", "true"), ("--upload must be from 1",)),
        (("--url", "http://127.0.0.1:1/", "--mix", "slow=x", "--", "true"), ("slow=NUMBER",)),
        (("--url", "http://127.0.0.1:1/", "--header", "x", "--", "true"), ("no header",)),
        (("--url", "http://127.0.0.1:1/", "--signal", "TERM,FOO", "--", "true"), ('no signal "FOO"',)),
        (("--url", "http://127.0.0.1:1/", "--repeat", "0", "--", "true"), ("--repeat must be from 1",)),
        (("--url", "https://127.0.0.1:1/", "--", "true"), ("TLS",)),
        (("--url", "http://example.com/", "--", "true"), ("not this machine",)),
    ])
    def test_nonsense_on_the_command_line(self, sandbox, arguments, words):
        sentence(sandbox.run("check", *arguments), *words)


@pytest.mark.alone  # on a busy machine it is not too fast
def test_a_server_that_is_too_fast_shows_nothing(sandbox):
    done = check(sandbox, *QUICK, "--mix", "none,slow=4", command=odd("no-deadline.py"))
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stdout.startswith("INCONCLUSIVE") and "too fast" in done.stdout


def test_a_server_that_takes_long_for_every_page_is_judged_all_the_same(sandbox):
    server = sandbox.folder / "server.py"
    server.write_text("""
import http.server, os, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(1.5)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
""")
    done = check(sandbox, *QUICK, command=["python3", str(server)])
    assert done.returncode == 1 and done.stdout.startswith("UNHANDLED"), done.stdout + done.stderr
    assert "to mend" in done.stdout and "catch the signal" in done.stdout


@pytest.mark.alone
def test_what_a_check_adds_to_a_drain_is_short(sandbox):
    """One of 1.5 s gets its verdict within 4 s: at most 1.5 s before the signal, in which a connection can become idle, and a
    moment after the exit. The machine may be busy, so the best of three counts."""
    added = []
    for turn in range(3):
        record = sandbox.folder / f"{turn}.jsonl"
        done = check(sandbox, "--record", str(record), url="http://127.0.0.1:{port}/slow?ms=1500", command=odd("no-deadline.py"))
        assert done.returncode == 0 and done.stdout.startswith("GRACEFUL"), done.stdout + done.stderr
        events = [json.loads(line) for line in record.read_text().splitlines()[1:]]
        at = {event["ev"]: event["t"] for event in reversed(events)}
        assert at["signal.sent"] - at["process.serving"] >= 0.5
        added.append((at["signal.sent"] - at["process.serving"], at["run.ended"] - at["process.exited"]))
        if added[-1][0] <= 1.7 and added[-1][1] <= 0.3:
            return
    assert False, added


def test_a_fast_page_gives_every_kind_of_work_the_time_to_succeed_before_the_signal(sandbox):
    done = check(sandbox, "--grace", "4", url="http://127.0.0.1:{port}/slow?ms=200", command=odd("no-deadline.py"))
    assert done.returncode == 0 and "not counted" not in done.stdout, done.stdout + done.stderr


def test_a_successor_on_the_same_port_is_a_reload_and_no_orphan(sandbox):
    done = check(sandbox, *QUICK, "--signal", "HUP", "--format", "json", url=SLOW_URL, command=odd("hands-over.py"))
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["verdict"] == "RELOADED", done.stdout
    assert not any(rule.get("advice") for rule in found["rules"])


# A page that is answered twice before the signal.
TWICE = ("--after", "1", "--grace", "4")
SHORT_URL = "http://127.0.0.1:{port}/slow?ms=400"


@pytest.mark.parametrize("arguments,fault", [
    (["404"], "with status 404, which was 200 before the signal"),
    (["200"], "with a body of 0 bytes, which had 18 before the signal; --expect TEXT makes it certain"),
    ([], "with status 500"),
])
def test_an_answer_that_is_none_like_those_before_the_signal_is_bad(sandbox, arguments, fault):
    done = check(sandbox, *TWICE, url=SHORT_URL, command=odd("answers-500.py") + arguments)
    assert done.returncode == 1 and done.stdout.startswith("DROPPED"), done.stdout + done.stderr
    assert fault in done.stdout and "bad answer" in done.stdout and "5xx" not in done.stdout


def test_bodies_that_were_never_alike_are_not_compared_and_a_text_can_be_expected(sandbox):
    server = sandbox.folder / "server.py"
    server.write_text(f"""
import sys, random
sys.path.insert(0, {str(SERVERS / "odd")!r})
from base import Handler, Server, Stops
class Varied(Handler):
    def answer(self, status, text):
        super().answer(status, text + "." * (0 if server.closing else random.randint(0, 400)))
came = Stops()
server = Server(handler=Varied).start()
came.get()
server.drain()
""")
    # Pipelined requests after the last one that it answers are not for it.
    how = TWICE + ("--mix", "none,slow=4")
    done = check(sandbox, *how, url=SHORT_URL, command=["python3", str(server)])
    assert done.returncode == 0 and "not compared, before the signal they had" in done.stdout, done.stdout + done.stderr
    done = check(sandbox, *how, "--expect", "done after", url=SHORT_URL, command=["python3", str(server)])
    assert done.returncode == 0 and "not compared" not in done.stdout, done.stdout + done.stderr


def test_the_child_reads_the_end_of_its_input_at_once(sandbox):
    done = check(sandbox, *QUICK, url=SLOW_URL,
                 command=["sh", "-c", f"cat; exec python3 -u {SERVERS / 'odd/no-deadline.py'}"])
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_signal_gets_a_fresh_process_and_the_graceful_ones_are_named(sandbox):
    done = check(sandbox, *QUICK, "--signal", "TERM,HUP", "--format", "json", url=SLOW_URL, command=odd("no-deadline.py"))
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["gracefulSignals"] == ["SIGTERM"]
    assert [row["signal"] for row in found["signals"]] == ["SIGTERM", "SIGHUP"]
    assert [list(row["verdicts"]) for row in found["signals"]] == [["GRACEFUL"], ["UNHANDLED"]]
    assert found["signals"][0]["lost"] == 0 < found["signals"][1]["lost"]
    assert len({run["headline"] for run in found["runs"]}) == 2


def test_all_signals_make_a_table_that_names_the_graceful_one(sandbox):
    done = check(sandbox, "--after", "0.5", "--grace", "2", "--signal", "all", url=SLOW_URL, command=odd("no-deadline.py"), patience=90)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("SIG")}
    assert "GRACEFUL" in rows["SIGTERM"] and "GRACEFUL" in rows["SIGINT"] and "UNHANDLED" in rows["SIGHUP"]
    assert "IGNORED" in rows["SIGWINCH"]
    assert "\nGraceful: SIGTERM, SIGINT.\n" in done.stdout


def test_a_repeated_check_tells_the_spread(sandbox):
    done = check(sandbox, *QUICK, "--repeat", "3", "--format", "json", url=SLOW_URL, command=odd("no-deadline.py"))
    found = json.loads(done.stdout)
    assert done.returncode == 0 and found["signals"][0]["verdicts"] == {"GRACEFUL": 3}
    spread = found["signals"][0]["signalToExitMs"]
    assert 0 < spread["min"] <= spread["median"] <= spread["max"] and len(found["runs"]) == 3


def test_the_worst_run_decides_the_exit_status(sandbox):
    flag = sandbox.folder / "ran"
    one, other = SERVERS / "odd/no-deadline.py", SERVERS / "odd/no-handler.py"
    command = ["sh", "-c", f"if mkdir {flag}; then exec python3 -u {one}; else exec python3 -u {other}; fi"]
    done = check(sandbox, *QUICK, "--repeat", "2", "--jobs", "1", url=SLOW_URL, command=command)
    assert done.returncode == 1 and "1× GRACEFUL" in done.stdout and "1× UNHANDLED" in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--repeat", "2"), ("--signal", "TERM,HUP")])
def test_junit_is_valid_by_the_schema(sandbox, arguments):
    import xmlschema
    done = check(sandbox, *QUICK, *arguments, "--format", "junit", url=SLOW_URL, command=odd("no-handler.py"))
    assert done.returncode == 1 and "To mend: " in done.stdout
    xmlschema.XMLSchema(str(ROOT / "Tests/EndToEnd/fixtures/junit.xsd")).validate(done.stdout)
    assert all(suite.findall("testcase/failure") for suite in xml.fromstring(done.stdout).findall("testsuite"))


def test_a_command_that_prints_escape_sequences_cannot_write_on_the_terminal(sandbox):
    done = check(sandbox, "--start", "2", command=["sh", "-c", "printf 'x\\033]0;owned\\007\\n'; exit 5"])
    sentence(done, "exited 5")


def served(name):
    """A server of demo/servers, of which the payments go nowhere; its lead is long enough for a balancer to notice."""
    return ["env", "LEDGER=/dev/null", "LEAD=1.5", str(SERVERS / "run"), *name.split()]


def judged(sandbox, *arguments, command, **how):
    """The verdict, its evidence by label, and its rules by name."""
    done = check(sandbox, *QUICK, "--format", "json", *arguments, command=command, **{"url": SLOW_URL, **how})
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    return (found["verdict"], {each["label"]: each["text"] for each in found["evidence"]},
            {rule["name"]: rule for rule in found["rules"]})


@pytest.mark.parametrize("version", ["usual", "mended"])
@pytest.mark.parametrize("language", ["go", "node", "python", "ruby", "c", "rust", "java"])
def test_a_client_that_leaves_ends_no_demo_server(sandbox, language, version):
    port = free_port()
    server = sandbox.spawn([str(SERVERS / "run"), language, version], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={"PORT": str(port), "HOME": os.path.expanduser("~"), "LEDGER": str(sandbox.folder / "ledger")})
    until(lambda: server.poll() is not None or answers(port, "/"), "the server to listen")
    assert server.poll() is None
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /slow?ms=100 HTTP/1.1\r\nHost: one\r\n\r\n")
            client.shutdown(socket.SHUT_WR)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset
    assert answers(port, "/slow?ms=500") and server.poll() is None


def answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=longer(10)) as answer:
            return answer.status == 200
    except OSError:
        return False


class TestWhatClientsBring:
    def test_a_half_sent_request_holds_who_waits_for_it_and_that_is_said(self, sandbox):
        word, evidence, _ = judged(sandbox, "--grace", "2", "--mix", "half=2", command=odd("no-deadline.py"))
        assert word == "FORCE-KILLED"
        assert evidence["half-sent requests"].startswith("2 open until the exit: it stayed 1.")
        assert evidence["half-sent requests"].endswith(" s beyond the last answer")

    def test_a_half_sent_request_costs_nothing_where_it_is_cut(self, sandbox):
        server = sandbox.folder / "server.py"
        server.write_text(f"""
import sys
sys.path.insert(0, {str(SERVERS / "odd")!r})
from base import Handler, Server, Stops
class Hasty(Handler):
    timeout = 1  # for the rest of a request
came = Stops()
server = Server(handler=Hasty).start()
came.get()
server.drain()
""")
        word, evidence, _ = judged(sandbox, "--mix", "none,slow=4,half=2", url="http://127.0.0.1:{port}/slow?ms=1500",
                                   command=["python3", str(server)])
        assert word == "GRACEFUL", evidence
        assert "closed" in evidence["half-sent requests"] and evidence["half-sent requests"].endswith("they cost no time")

    def test_idle_connections_that_are_waited_for_are_named(self, sandbox):
        word, evidence, _ = judged(sandbox, "--after", "1.5", "--grace", "7", command=odd("idle-holds.py"))
        assert word == "GRACEFUL-BUT-SLOW"
        assert "connection" in evidence["idle wait"] and evidence["idle connections"].startswith("2 closed")

    def test_those_in_the_accept_queue_are_told_from_those_that_were_taken(self, sandbox):
        # The main thread alone takes connections; it leaves with one answered, and the others still in the queue.
        server = sandbox.folder / "server.py"
        server.write_text("""
import http.server, os, signal, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0 if self.path == "/" else 0.3)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_): pass
stopping = []
signal.signal(signal.SIGTERM, lambda *_: stopping.append(1))
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
server.socket.listen(100)
while not stopping: server.handle_request()
server.server_close()
time.sleep(0.3)
""")
        word, evidence, _ = judged(sandbox, "--mix", "none,slow=6", command=["python3", str(server)])
        assert word == "DROPPED" and "never took them" in evidence["accept queue"], evidence

    @pytest.mark.parametrize("name", ["nginx", "puma"])
    def test_a_pipelined_request_is_answered_or_not_taken(self, sandbox, name):
        signal = "QUIT" if name == "nginx" else "TERM"
        word, evidence, rules = judged(sandbox, "--grace", "6", "--signal", signal, "--mix", "none,slow=2,pipelined=2",
                                       command=served(name))
        assert word == "GRACEFUL" and rules["inFlightAnswered"]["held"] is True, evidence

    def test_websockets_are_told_goodbye_or_cut(self, sandbox):
        word, evidence, rules = judged(sandbox, "--websocket", "/ws", "--mix", "websocket=3", command=served("uvicorn"))
        assert (word, evidence["websockets"]) == ("GRACEFUL", "3 of 3 told goodbye")
        assert rules["webSocketsTold"]["evidence"].endswith("code 1012")
        word, evidence, rules = judged(sandbox, "--websocket", "ws://127.0.0.1:{port}/ws", "--mix", "websocket=3",
                                       command=served("odd/websocket-cut.js"))
        assert (word, evidence["websockets"]) == ("DROPPED", "0 of 3 told goodbye, 3 cut")
        assert rules["inFlightAnswered"]["held"] is True and "1001" in rules["webSocketsTold"]["advice"]

    def test_a_websocket_that_was_told_goodbye_and_then_reset_was_told(self, sandbox):
        server = sandbox.folder / "impatient.py"
        server.write_text(IMPATIENT)
        word, evidence, rules = judged(sandbox, "--websocket", "/ws", "--mix", "none,websocket=2", url="http://127.0.0.1:{port}/",
                                       command=["python3", str(server), "{port}"])
        assert evidence["websockets"] == "2 of 2 told goodbye" and rules["webSocketsTold"]["held"] is True

    def test_the_group_gets_the_signal_that_a_wrapper_does_not_pass_on(self, sandbox):
        server = sandbox.folder / "wrapper.sh"
        server.write_text(f"trap '' TERM\npython3 -u {SERVERS / 'odd/no-deadline.py'}\n")
        assert judged(sandbox, "--grace", "2", command=["sh", str(server)])[0] == "IGNORED"
        assert judged(sandbox, "--to", "group", command=["sh", str(server)])[0] == "GRACEFUL"

    def test_readiness_that_fails_first_and_readiness_that_never_does(self, sandbox):
        word, _, rules = judged(sandbox, "--ready", "/readyz", command=served("go mended"))
        assert word == "GRACEFUL" and rules["readinessFirst"]["held"] and rules["noneRefused"]["held"]
        word, _, rules = judged(sandbox, "--ready", "/", command=served("go usual"))
        assert word == "REFUSED-WORK" and rules["readinessFirst"]["held"] is False

    def test_the_request_is_shaped_and_its_answer_held_to_what_is_expected(self, sandbox):
        server = sandbox.folder / "server.py"
        server.write_text("""
import http.server, os, time
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = self.headers["X-Key"] == "k 1" and body.startswith(b"a=1") and len(body) in (3, 5000)
        time.sleep(0.3)
        self.answer(201 if right else 400, b"kept" if right else b"wrong")
    def do_GET(self): self.answer(200, b"here")
    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
""")
        request = ("--after", str(longer(3)), "--method", "PUT", "--header", "X-Key: k 1", "--body", "a=1", "--upload", "5000")
        shape = {"command": ["python3", str(server)], "url": "http://127.0.0.1:{port}/x"}
        for expectation in ("201", "kept"):
            word, evidence, _ = judged(sandbox, *request, "--expect", expectation, **shape)
            assert word == "UNHANDLED" and "upload" not in evidence.get("not counted", ""), evidence
        sentence(check(sandbox, *QUICK, *request[:-4], **shape), "answers 400")
        sentence(check(sandbox, *QUICK, *request, "--expect", "lost", **shape), "not what --expect says", '"lost"')


def test_grace_find_finds_the_lead_too_and_prints_the_snippets(sandbox):
    done = check(sandbox, "--after", "0.5", "--grace", "find", "--behind-balancer", "500ms", url=SLOW_URL,
                 command=odd("no-deadline.py"), patience=110)
    assert done.returncode == 0 and "smallest lead behind the balancer: 0." in done.stdout, done.stdout + done.stderr
    assert 0.5 <= float(done.stdout.split("without loss: ")[1].split(" s")[0]) <= 2.5
    for text in ("terminationGracePeriodSeconds: ", "preStop:", "TimeoutStopSec=", "KillSignal=SIGTERM", "stop_grace_period: "):
        assert text in done.stdout

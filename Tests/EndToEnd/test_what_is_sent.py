"""What a check sends before and in a run, and what it makes of a server that is not ready yet or never will be."""
import json
import time

import pytest

from machine import longer
from test_any_server import QUICK, SERVERS, check, odd
from test_faults import sentence

# Notes each request; what it answers is decided by the code in the middle.
NOTING = """
import http.server, os, pathlib, sys, time
began, notes = time.monotonic(), pathlib.Path(sys.argv[1])
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def serve(self):
        with notes.open("a") as file: file.write(f"{self.command} {self.path} {self.headers.get('User-Agent')}\\n")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = 200
        CODE
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    do_GET = do_POST = do_PUT = serve
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def noting(sandbox, code):
    script, notes = sandbox.folder / "server.py", sandbox.folder / "notes"
    script.write_text(NOTING.replace("CODE", code))
    return ["python3", str(script), str(notes)], lambda: notes.read_text().splitlines()


def test_only_the_request_that_was_asked_for_is_sent_and_it_names_its_sender(sandbox):
    command, notes = noting(sandbox, "time.sleep(0.3)")
    done = check(sandbox, "--after", "2", url="http://127.0.0.1:{port}/orders?id=1", command=command)
    assert done.returncode == 1 and "UNHANDLED" in done.stdout, (done.stdout, done.stderr)
    version = sandbox.run("--version").stdout.strip()
    assert set(notes()) == {f"GET /orders?id=1 drainboard/{version}"}


def test_an_upload_is_sent_where_it_was_asked_for(sandbox):
    for arguments in (("--upload", "5000"), ("--mix", "upload=1"), ("--method", "POST")):
        command, notes = noting(sandbox, "time.sleep(0.3)")
        check(sandbox, "--after", "2", *arguments, url="http://127.0.0.1:{port}/orders", command=command)
        assert {line.split()[0] for line in notes()} >= {"POST"}, arguments
        assert {line.split()[1] for line in notes()} == {"/orders"}
        (sandbox.folder / "notes").unlink()


def test_a_readiness_check_that_is_not_there_ends_the_check_soon(sandbox):
    command, _ = noting(sandbox, "if self.path == '/nope': status = 404")
    began = time.monotonic()
    done = check(sandbox, "--ready", "/nope", command=command)
    assert time.monotonic() - began < longer(6)
    sentence(done, "readiness check did not pass", "GET /nope answered 404 Not Found, ", " times", "--ready")


def test_a_server_that_is_never_ready_is_told_with_its_last_answer(sandbox):
    command, _ = noting(sandbox, "if self.path == '/readyz': status = 503")
    done = check(sandbox, "--ready", "/readyz", "--start", "3", command=command)
    sentence(done, "did not pass within 3", "GET /readyz answered 503 Service Unavailable, ", " times")


def test_a_server_that_warms_up_is_asked_again(sandbox):
    command, _ = noting(sandbox, "time.sleep(0.3); status = 502 if time.monotonic() - began < 1.5 else 200")
    done = check(sandbox, *QUICK, command=command)
    assert done.returncode == 1 and "UNHANDLED" in done.stdout, (done.stdout, done.stderr)


def test_a_server_that_warms_up_for_too_long_is_told_with_its_last_answer(sandbox):
    command, _ = noting(sandbox, "status = 502")
    done = check(sandbox, "--start", "2", command=command)
    sentence(done, "was not ready within 2 s: GET / answered 502 Bad Gateway, ", " times", "--start")


def test_no_answer_is_broken_off_before_the_signal(sandbox):
    """The server is slow: it is asked a second time before its first answer comes, and must get rid of that one too."""
    done = check(sandbox, *QUICK, url="http://127.0.0.1:{port}/slow?ms=1200", command=odd("no-deadline.py"))
    assert "GRACEFUL" in done.stdout and "drained" in done.stdout
    assert "BrokenPipe" not in done.stdout and "it says itself" not in done.stdout, done.stdout


def test_what_a_later_signal_would_have_shown_is_said_where_it_is_so(sandbox):
    words, slow = "A later signal (--after 3) would have shown more: ", "http://127.0.0.1:{port}/slow?ms=1200"
    early = check(sandbox, *QUICK, url=slow, command=odd("no-deadline.py"))
    assert early.stdout.count(f"{words}idle connections, bodies.") == 1, early.stdout
    dropped = check(sandbox, *QUICK, "--mix", "pipelined=2", url=slow, command=odd("exits-zero-and-drops.py"))
    assert dropped.stdout.count(f"{words}pipelined, idle connections, bodies.") == 1, dropped.stdout
    late = check(sandbox, "--after", "4", "--grace", str(longer(6)), url="http://127.0.0.1:{port}/slow?ms=300",
                 command=odd("no-deadline.py"))
    assert words not in late.stdout, late.stdout


# An interpreter gives up its handlers first, and takes its time to exit on a busy machine.
GIVES_UP_ITS_HANDLERS = """
import signal, sys, time
sys.path.insert(0, sys.argv[1])
from base import Server, Stops
came = Stops()
server = Server().start()
came.get()
server.drain()
signal.signal(signal.SIGTERM, signal.SIG_DFL)
time.sleep(0.5)
"""


@pytest.mark.parametrize("gives_up", [False, True], ids=["at-once", "gives-up-its-handlers"])
def test_a_server_that_drains_behind_its_wrapper_is_not_left_behind(sandbox, gives_up):
    """The shell dies of the group's SIGTERM at once, the server behind it drains for more than a second."""
    script = sandbox.folder / "server.py"
    script.write_text(GIVES_UP_ITS_HANDLERS)
    odd = SERVERS / "odd"
    server = f"{script} {odd}" if gives_up else odd / "no-deadline.py"
    done = check(sandbox, "--after", "0.5", "--grace", str(longer(8)), "--to", "group", "--format", "json",
                 "--mix", "none,slow=4", url="http://127.0.0.1:{port}/slow?ms=2000",
                 command=["sh", "-c", f"python3 -u {server}; true"])
    found = json.loads(done.stdout)
    rules = {rule["name"]: rule for rule in found["rules"]}
    assert rules["nothingLeft"]["held"] is True, found["evidence"]
    assert rules["inFlightAnswered"]["held"] is True, found["evidence"]


def test_what_drainboard_ended_is_not_charged_to_the_server(sandbox):
    run = sandbox.check("--scenario", "deaf-wrapper", "--seed", "1")
    rules = {rule["name"]: rule for rule in run.verdict["rules"]}
    assert run.verdict["verdict"] == "ORPHANS"
    for name in ("webSocketsTold", "databaseClosed", "logComplete", "releasedInOrder"):
        assert name not in rules or rules[name]["held"] is not False, rules[name]
    evidence = json.dumps(run.verdict["evidence"])
    assert "1006" not in evidence and "3 still open when the run ended" in evidence, evidence
    assert "lines never reached the file" not in evidence and "was not closed" not in evidence, evidence

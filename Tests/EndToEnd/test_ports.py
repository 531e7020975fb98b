"""Whose port it is: no verdict over a server that somebody else started, however two of them race for one port."""
import json
import subprocess

import pytest

from machine import longer
from sandbox import free_port, until
from test_faults import sentence

# Waits for its port as long as it takes, answers after a while, and leaves at SIGTERM.
PATIENT = """
import http.server, pathlib, signal, sys, threading, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
port, ready = int(sys.argv[1]), pathlib.Path(sys.argv[2])
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
ready.touch()
while True:
    try: server = Server(("127.0.0.1", port), Handler); break
    except OSError: time.sleep(0.02)
server.serve_forever()
server.server_close()
time.sleep(float(sys.argv[3]))
"""


def patient(sandbox, port, name, linger=0):
    script = sandbox.folder / "patient.py"
    script.write_text(PATIENT)
    return ["python3", str(script), str(port), str(sandbox.folder / name), str(linger)]


def begin(sandbox, port, name, linger=0):
    return sandbox.start("check", "--url", f"http://127.0.0.1:{port}/", "--start", str(longer(30)), "--grace",
                         str(longer(10)), "--record", str(sandbox.folder / f"{name}.jsonl"), "--",
                         *patient(sandbox, port, name, linger))


def served(sandbox, name):
    """When the server of a check answered first and when it was asked to leave, on the clock of the machine."""
    header, *events = map(json.loads, (sandbox.folder / f"{name}.jsonl").read_text().splitlines())
    at = {event["ev"]: header["clock"] + event["t"] for event in events}
    return at["process.serving"], at["signal.sent"]


def end(running):
    out, err = running.communicate(timeout=longer(60))
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


@pytest.mark.minutes(6)
def test_two_checks_on_one_port_make_one_verdict(sandbox):
    for turn in range(8):
        port = free_port()
        names = [f"ready-{turn}-{which}" for which in "ab"]
        done = sorted((end(each) for each in [begin(sandbox, port, name) for name in names]), key=lambda each: each.returncode)
        assert done[0].returncode != 2, done
        if done[1].returncode != 2:  # on a busy machine the second server may only come when the first has left
            first, second = sorted(served(sandbox, name) for name in names)
            assert first[1] < second[0], done
            continue
        sentence(done[1], f"Port {port} is", "process")
        assert "patient.py" in done[1].stderr or "already in use" in done[1].stderr, done[1].stderr


@pytest.mark.minutes(4)
def test_a_strangers_server_on_the_port_is_not_judged(sandbox):
    for turn in range(3):
        port = free_port()
        # The command runs, so the port was free; its server comes too late.
        late = ["sh", "-c", f'touch {sandbox.folder}/ran-{turn}; sleep 1; exec "$@"', "-", *patient(sandbox, port, "late")]
        running = sandbox.start("check", "--url", f"http://127.0.0.1:{port}/", "--start", str(longer(30)), "--", *late)
        until((sandbox.folder / f"ran-{turn}").exists, "the command to run")
        stranger = sandbox.spawn(["python3", "-m", "http.server", str(port), "--bind", "127.0.0.1"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sentence(end(running), f"Port {port} is not this server's", f"(process {stranger.pid})", f"kill {stranger.pid}",
                 "http.server", "--port")
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()


def test_a_stranger_who_takes_the_port_from_a_leaving_server_is_not_judged(sandbox):
    port = free_port()
    running = begin(sandbox, port, "first", linger=longer(2))
    until((sandbox.folder / "first").exists, "the server to run")
    until(lambda: str(port) in subprocess.run(["ss", "-ltnH"], capture_output=True, text=True).stdout, "the server to listen")
    stranger = sandbox.spawn(patient(sandbox, port, "second"))
    sentence(end(running), f"Port {port} is not this server's", f"(process {stranger.pid})")
    stranger.kill()
    stranger.wait()


@pytest.mark.minutes(4)
def test_ten_checks_on_one_port_never_charge_each_others_customers(sandbox):
    port = free_port()
    running = [sandbox.start("check", "--port", str(port), "--seed", "1", "--start", str(longer(30))) for _ in range(10)]
    done = [end(each) for each in running]
    judged = [each for each in done if each.returncode != 2]
    assert len(judged) <= 1, judged
    assert not any("DUPLICATED" in each.stdout for each in judged), judged
    for each in done:
        if each.returncode == 2:
            sentence(each, f"Port {port} is")


def test_a_listener_of_a_grandchild_in_a_session_of_its_own_is_the_servers(sandbox):
    port = free_port()
    command = ["sh", "-c", 'setsid "$@" & trap "kill $!" TERM; wait; wait', "-", *patient(sandbox, port, "ready")]
    done = sandbox.run("check", "--url", f"http://127.0.0.1:{port}/", "--start", str(longer(30)), "--", *command)
    assert done.returncode != 2 and "answered" in done.stdout, (done.stdout, done.stderr)


def test_a_listener_that_was_inherited_is_the_servers(sandbox):
    """As under systemd-socket-activate(1): a parent listens, and the program that it becomes takes the connections."""
    port = free_port()
    script = sandbox.folder / "activated.py"
    script.write_text("""
import os, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.execvp("env", ["env", "-i", "PATH=" + os.environ["PATH"], "python3", "-c", '''
import signal, socket, sys, time
listener = socket.socket(fileno=3)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
while True:
    client, _ = listener.accept()
    client.recv(65536)
    time.sleep(0.05)
    client.sendall(b"HTTP/1.1 200 OK\\\\r\\\\nContent-Length: 2\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\nok")
    client.close()
'''])
""")
    done = sandbox.run("check", "--url", f"http://127.0.0.1:{port}/", "--mix", "slow=4,new=5", "--start", str(longer(30)),
                       "--", "python3", str(script), str(port))
    assert done.returncode != 2, (done.stdout, done.stderr)

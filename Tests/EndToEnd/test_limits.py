"""What drainboard itself may not have enough of is never charged to a server."""
import resource

import pytest

from machine import longer
from test_any_server import SERVERS, check
from test_faults import sentence


def limited(soft, hard=None):
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard or soft))}


@pytest.mark.parametrize("limit", [64, 48, 32, 20, 12, 10])
def test_too_few_open_files_are_said_before_anything_is_started(sandbox, limit):
    done = sandbox.run("check", "--seed", "1", **limited(limit))
    sentence(done, "This run needs about", f"drainboard may have {limit}", "Raise the limit", "--mix")


@pytest.mark.parametrize("arguments", [("--url", "http://127.0.0.1:{port}/", "--mix", "none,slow=1,idle=500"), ("--deploy",)])
def test_what_a_plan_needs_is_computed_from_it(sandbox, arguments):
    command = ("--", "python3", "-m", "http.server", "{port}") if "--url" in arguments else ()
    sentence(sandbox.run("check", *arguments, *command, **limited(150)), "This run needs about", "may have 150")


def test_a_small_plan_runs_with_few_open_files(sandbox):
    command = ["python3", str(SERVERS / "odd" / "no-handler.py")]
    done = check(sandbox, "--after", "0.5", "--mix", "none,slow=2", command=command, **limited(64))
    assert done.returncode == 1 and "UNHANDLED" in done.stdout, (done.stdout, done.stderr)


def test_a_soft_limit_is_raised_for_drainboard_and_left_to_the_server(sandbox):
    command = ["sh", "-c", f'ulimit -Sn >&2; exec python3 {SERVERS / "odd" / "no-handler.py"}']
    done = check(sandbox, "--after", "0.5", command=command, **limited(100, 4096))
    assert done.returncode == 1 and "\n  100\n" in done.stdout, (done.stdout, done.stderr)


def test_a_shortage_in_the_middle_of_a_run_ends_it_without_a_verdict(sandbox):
    """A server that takes connections and answers none collects newcomers, more than the plan could know of."""
    server = sandbox.folder / "server.py"
    server.write_text("""
import os, socket, threading, time
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=512)
def serve(client, number):
    client.recv(65536)
    if number < 3: client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
    time.sleep(60)
number = 0
while True:
    threading.Thread(target=serve, args=(listener.accept()[0], number), daemon=True).start()
    number += 1
""")
    done = check(sandbox, "--after", str(longer(20)), "--mix", "none,slow=1,new=100", command=["python3", str(server)],
                 **limited(200, 200))
    sentence(done, "could not make a client: too many open files", "no verdict")

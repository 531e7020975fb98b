"""What demo/servers/run installs and compiles is whole or not there, and made once, whoever asks for it and however often."""
import os
import signal
import subprocess

import pytest

from machine import longer
from sandbox import ROOT, until

# Each makes a half first, then waits at the gate if there is one, and then makes the whole.
COMPILER = """#!/bin/sh
while [ "$1" != -o ]; do shift; done
: >"$2"
chmod +x "$2"
echo made >>"$MADE"
[ ! -e "$GATE" ] || read -r _ <"$GATE"
printf '#!/bin/sh\\necho served\\n' >"$2"
"""
PYTHON = """#!/bin/sh
case "$*" in
--version) echo Python 3 ;;
"-m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python" ;;
"-m pip install "*)
    echo made >>"$MADE"
    printf '#!/bin/sh\\n' >"${0%/*}/uvicorn"
    chmod +x "${0%/*}/uvicorn"
    [ ! -e "$GATE" ] || read -r _ <"$GATE"
    echo 'echo served' >>"${0%/*}/uvicorn" ;;
esac
"""


@pytest.fixture(params=[("cc", COMPILER, "c usual"), ("python3", PYTHON, "uvicorn")], ids=lambda each: each[0])
def tool(sandbox, request):
    """Starts a server of which the tool is an imitation that waits at a gate."""
    name, script, server = request.param
    tools, made, gate = (sandbox.folder / each for each in ("tools", "made", "gate"))
    tools.mkdir()
    (tools / name).write_text(script)
    (tools / name).chmod(0o755)
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(sandbox.folder / "cache"), "MADE": str(made),
           "GATE": str(gate)}

    class Tool:
        closed = gate

        def start(self):
            return sandbox.spawn([str(ROOT / "demo/servers/run"), *server.split()], env=env, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, start_new_session=True)

        def times(self):
            return made.read_text().count("made") if made.exists() else 0
    return Tool()


def served(child):
    out, err = child.communicate(timeout=longer(60))
    assert (out, child.returncode) == ("served\n", 0), err


def test_is_made_anew_after_it_was_broken_off(tool):
    os.mkfifo(tool.closed)
    broken_off = tool.start()
    until(tool.times, "the half to be made")
    os.killpg(broken_off.pid, signal.SIGKILL)
    broken_off.wait()
    tool.closed.unlink()
    served(tool.start())
    served(tool.start())
    assert tool.times() == 2


def test_is_made_once_for_two_who_ask_at_once(sandbox, tool):
    os.mkfifo(tool.closed)
    both = [tool.start(), tool.start()]
    until(tool.times, "the half to be made")
    until(lambda: sandbox.processes("flock 9"), "the second one to wait for the lock")
    with open(tool.closed, "w") as gate:
        tool.closed.unlink()
        gate.write("\n")
    for child in both:
        served(child)
    assert tool.times() == 1

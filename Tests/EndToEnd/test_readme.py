"""The README is true: its commands run, and its picture is what the program prints."""
import os
import re
import shlex
import shutil
import signal
import subprocess

import pytest

from machine import longer
from sandbox import PROGRAM, ROOT, until
from screen import Screen

README = (ROOT / "README.md").read_text()
# A picture: its command in a comment, then a block with what that prints.
PICTURES = re.findall(r"<!-- picture: (.+?) -->\n```\w*\n(.*?)```", README, re.DOTALL)


def command_lines():
    """The lines of README's indented blocks that start something, without their comments."""
    lines = [line[4:].split(" #")[0].strip() for line in README.splitlines() if line.startswith("    ")]
    return [line for line in dict.fromkeys(lines) if line.startswith(("demo/run", "drainboard"))]


def arguments(line):
    return shlex.split(line)[1:]


def is_interactive(line):
    words = arguments(line)
    if words and words[0] == "lesson":
        return "--plain" not in words
    return not words or words[0] in ("demo", "watch") or words[0].startswith("--")


def takes_minutes(line):
    return arguments(line)[0] in ("sweep", "grid")


def is_proof(line):
    """The whole proof takes more than a minute: test_lessons.py runs it, and demands that it agrees."""
    return "--prove" in line


def test_there_are_commands_and_a_picture():
    assert len(command_lines()) >= 5 and len(PICTURES) >= 1


@pytest.mark.parametrize("line", [line for line in command_lines() if is_interactive(line)])
def test_an_interactive_command_reaches_its_first_frame(sandbox, line):
    (sandbox.folder / "demo").symlink_to(ROOT / "demo")
    screen = Screen(sandbox, shlex.join([PROGRAM, *arguments(line)]))
    until(lambda: "SERVING" in screen.rows()[0], "SERVING in the first row", more=screen.text)
    screen.press("q")
    assert screen.ended() == 0


@pytest.mark.parametrize("line", [
    pytest.param(line, marks=pytest.mark.minutes(10) if takes_minutes(line) else ())
    for line in command_lines()
    if not is_interactive(line) and not is_proof(line) and arguments(line)[0] != "serve"])
def test_a_command_without_a_screen_does_what_it_says(sandbox, line):
    (sandbox.folder / "demo").symlink_to(ROOT / "demo")
    done = sandbox.run(*arguments(line), patience=570 if takes_minutes(line) else 90)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout and done.stderr == ""
    left = {one.name for one in sandbox.folder.iterdir()} - {"demo", "state", "tmp", "home"}
    assert left == set(), "nothing is left in the folder in which it was typed"


@pytest.mark.parametrize("line", [line for line in command_lines() if arguments(line)[:1] == ["serve"]])
def test_a_server_alone_serves(sandbox, line):
    words = arguments(line)
    port = words.index("--port") + 1 if "--port" in words else None
    if port:
        words[port] = "0"  # the port that the README names may be busy here
    child = sandbox.start(*words, "--database", str(sandbox.folder / "l.sqlite"), stderr=subprocess.DEVNULL)
    until(lambda: "readiness.raised" in child.stdout.readline(), "readiness")
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=longer(30))
    assert child.returncode == 0


@pytest.mark.parametrize("command, picture", PICTURES, ids=lambda value: value.splitlines()[0][:40] if value else "empty")
def test_a_picture_is_what_the_program_prints(sandbox, command, picture):
    (sandbox.folder / "demo").symlink_to(ROOT / "demo")
    done = sandbox.run(*shlex.split(command))
    assert done.returncode == 0, done.stderr
    assert trimmed(done.stdout) == trimmed(picture), f"README.md differs; put this there:\n{done.stdout}"


def trimmed(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]


def subcommands(sandbox):
    names = re.findall(r"^  ([a-z]+) ", sandbox.run("--help").stdout.split("SUBCOMMANDS:")[1], re.MULTILINE)
    assert {"demo", "check", "lesson", "scenarios"} <= set(names)
    return names


def test_every_subcommand_is_in_the_help_and_every_option_has_a_line(sandbox):
    for name in ("", *subcommands(sandbox)):
        done = sandbox.run(*([name] if name else []), "--help")
        assert done.returncode == 0 and done.stderr == ""
        for line in done.stdout.splitlines():
            option = re.match(r"  (-[-\w, ]+(?:<[^>]+>)?)(.*)", line)
            if option and not option[2].strip():
                following = done.stdout.splitlines()[done.stdout.splitlines().index(line) + 1]
                assert following.startswith(" " * 20), f"{name}: {line} says nothing"


SWIFT = """#!/bin/sh
# Writes down how it was asked, says a line as the real one does, and puts a program where the real one would.
echo "$@" >>"$ASKED"
echo "[1/2] Compiling"
mkdir -p "$3/.build/release"
printf '#!/bin/sh\\necho "ran with $*"\\n' >"$3/.build/release/drainboard"
chmod +x "$3/.build/release/drainboard"
"""


class TestDemoRun:
    """With an imitation of the compiler: .ci/run makes the real build."""

    @pytest.fixture
    def copy(self, sandbox):
        """A checkout of what demo/run needs, and how to run it."""
        for name in ("demo/run", ".ci/need"):
            place = sandbox.folder / "checkout" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)
        tools, asked = sandbox.folder / "tools", sandbox.folder / "asked"
        tools.mkdir()
        (tools / "swift").write_text(SWIFT)
        (tools / "swift").chmod(0o755)

        def run(*arguments, path=f"{tools}:{os.environ['PATH']}"):
            child = sandbox.start(*arguments, program=str(sandbox.folder / "checkout/demo/run"),
                                  env={"PATH": path, "ASKED": str(asked)})
            out, err = child.communicate(timeout=longer(30))
            return subprocess.CompletedProcess(arguments, child.returncode, out, err)
        run.asked = asked
        return run

    def test_builds_a_release_and_becomes_the_program(self, copy):
        done = copy("check", "--url", "a b")
        assert (done.returncode, done.stdout) == (0, "ran with check --url a b\n"), done.stderr
        asked = copy.asked.read_text().splitlines()
        assert len(asked) == 1 and asked[0].startswith("build --package-path ")
        assert " -c release " in asked[0] and " --product drainboard" in asked[0]

    def test_says_how_long_the_first_build_takes_and_only_then(self, copy):
        first, second = copy("--version"), copy("--version")
        assert re.search(r"^Building .* about \d+ minutes?", first.stderr, re.MULTILINE), first.stderr
        assert "[1/2] Compiling" in first.stderr and "[1/2] Compiling" in second.stderr
        assert "minute" not in second.stderr

    def test_without_swift_says_where_it_is(self, copy, sandbox):
        tools = sandbox.folder / "few"
        tools.mkdir()
        for name in ("sh", "dirname"):
            (tools / name).symlink_to(shutil.which(name))
        done = copy(path=str(tools))
        assert (done.returncode, done.stdout) == (2, "") and "https://www.swift.org/install" in done.stderr

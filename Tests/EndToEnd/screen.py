"""The dashboard in tmux, on a server of the test's own: real keys in, the real screen out."""
import re
import shlex
import subprocess

import pyte

from machine import lead
from sandbox import PROGRAM, until

FRAME_END = b"\x1b[?2026l"


class Pictures:
    """What a program painted since somebody last acted, frame by frame, however short each was to be seen."""

    def __init__(self, file, size):
        self.file, self.rest, self.known = file, b"", [""]
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)

    def read(self):
        *frames, self.rest = (self.rest + self.file.read()).split(FRAME_END)
        for frame in frames:
            self.stream.feed(frame)
            self.known.append("\n".join(row.rstrip() for row in self.screen.display))

    def forget(self):
        """Keeps the newest one only."""
        self.read()
        del self.known[:-1]

    def find(self, pattern):
        """The first one that matches; those before it are forgotten."""
        self.read()
        for index, picture in enumerate(self.known):
            if re.search(pattern, picture):
                del self.known[:index]
                return picture
        return None


class Screen:
    """One window of a tmux that nobody else uses."""

    def __init__(self, sandbox, command, size=(120, 36), env=None, unset=()):
        self.sandbox = sandbox
        self.size = size
        sandbox.terminals.append(self)
        self.done = sandbox.folder / f"done-{len(sandbox.terminals)}"
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in (env or {}).items())
        gone = " ".join(f"-u {name}" for name in unset)
        line = f"env {gone} {words} {command}; echo $? > {self.done}; exec sleep 1000"
        self.socket = sandbox.folder / f"tmux-{len(sandbox.terminals)}"
        columns, rows = size
        output = sandbox.folder / f"output-{len(sandbox.terminals)}"
        output.touch()
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "one", "-x", str(columns), "-y", str(rows), "sh", "-c", line,
                  ";", "pipe-pane", "-t", "one", f"exec cat >{output}")
        self.pictures = Pictures(open(output, "rb"), size)

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-S", str(self.socket), *arguments], env=self.sandbox.env, text=True,
                              capture_output=True, cwd=self.sandbox.folder)
        assert done.returncode == 0, f"tmux {arguments}: {done.stderr}"
        return done.stdout

    # What a person does

    def press(self, *keys):
        """Presses keys by tmux's names: t, C-c, Escape, Up."""
        self.pictures.forget()
        self.tmux("send-keys", "-t", "one", *keys)

    def type(self, text):
        self.pictures.forget()
        self.tmux("send-keys", "-t", "one", "-l", text)

    def resize(self, columns, rows):
        self.size = (columns, rows)
        self.pictures.forget()
        self.pictures.screen.resize(rows, columns)
        self.tmux("resize-window", "-t", "one", "-x", str(columns), "-y", str(rows))

    # What a person sees

    def text(self, styled=False):
        return self.tmux("capture-pane", "-p", "-t", "one", *(["-e"] if styled else []))

    def history(self):
        return self.tmux("capture-pane", "-p", "-S", "-", "-t", "one")

    def rows(self):
        return self.text().split("\n")[: self.size[1]]

    def shows(self, pattern, patience=30):
        """Waits until some row matches, or has matched since the last key, and returns that picture."""
        def found():
            if picture := self.pictures.find(pattern):
                return picture
            text = self.text()  # also what no program painted, such as the summary after its end
            return re.search(pattern, text) and text

        return until(found, f"“{pattern}” on the screen", patience, self.text)

    def hides(self, pattern, patience=30):
        """Waits until no row matches any more."""
        def gone():
            self.pictures.forget()
            return not any(re.search(pattern, picture) for picture in (self.text(), *self.pictures.known))

        until(gone, f"“{pattern}” to leave the screen", patience, self.text)

    def back(self):
        """Closes what lies over the dashboard."""
        self.press("Escape")
        self.hides("Esc close")
        return self

    def footer(self):
        return [row for row in self.rows() if row.strip()][-1]

    def ended(self, patience=30):
        """Waits until the program has ended, and returns its exit status as the shell says it."""
        until(lambda: self.done.exists() and self.done.read_text().strip(), "the program to end", patience, self.text)
        return int(self.done.read_text())

    def close(self):
        self.pictures.file.close()
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], env=self.sandbox.env, capture_output=True)


def dashboard(sandbox, *arguments, size=(120, 36), env=None, unset=()):
    """The dashboard, once it says that its server is serving."""
    screen = Screen(sandbox, shlex.join([PROGRAM, "demo", *lead(arguments), *arguments]), size, env, unset)
    until(lambda: "SERVING" in screen.rows()[0], "SERVING in the first row", more=screen.text)
    return screen

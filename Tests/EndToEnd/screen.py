"""The dashboard in tmux, on a server of the test's own: real keys in, the real screen out."""
import re
import shlex
import subprocess

from sandbox import PROGRAM, until



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
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "one", "-x", str(columns), "-y", str(rows), "sh", "-c", line)

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-S", str(self.socket), *arguments], env=self.sandbox.env, text=True,
                              capture_output=True, cwd=self.sandbox.folder)
        assert done.returncode == 0, f"tmux {arguments}: {done.stderr}"
        return done.stdout

    # What a person does

    def press(self, *keys):
        """Presses keys by tmux's names: t, C-c, Escape, Up."""
        self.tmux("send-keys", "-t", "one", *keys)

    def type(self, text):
        self.tmux("send-keys", "-t", "one", "-l", text)

    def resize(self, columns, rows):
        self.size = (columns, rows)
        self.tmux("resize-window", "-t", "one", "-x", str(columns), "-y", str(rows))

    # What a person sees

    def text(self, styled=False):
        return self.tmux("capture-pane", "-p", "-t", "one", *(["-e"] if styled else []))

    def history(self):
        return self.tmux("capture-pane", "-p", "-S", "-", "-t", "one")

    def rows(self):
        return self.text().split("\n")[: self.size[1]]

    def shows(self, pattern, patience=30):
        """Waits until some row matches, and returns the screen."""
        seen = []

        def found():
            seen[:] = [self.text()]
            return re.search(pattern, seen[0])

        until(found, f"“{pattern}” on the screen", patience, lambda: seen[0])
        return seen[0]

    def hides(self, pattern, patience=30):
        until(lambda: not re.search(pattern, self.text()), f"“{pattern}” to leave the screen", patience, self.text)

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
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], env=self.sandbox.env, capture_output=True)


def dashboard(sandbox, *arguments, size=(120, 36), env=None, unset=()):
    """The dashboard, once it says that its server is serving."""
    screen = Screen(sandbox, shlex.join([PROGRAM, "demo", *arguments]), size, env, unset)
    until(lambda: "SERVING" in screen.rows()[0], "SERVING in the first row", more=screen.text)
    return screen

"""A program in a pseudo-terminal that is read all the time, every byte with the moment at which it came."""
import fcntl
import os
import pty
import signal
import struct
import termios
import threading
import time

import pyte

from common import Failed

PATIENCE = 20.0


class Terminal:
    """Starts the program at once; `reads` holds (CLOCK_MONOTONIC seconds, bytes)."""

    def __init__(self, argv, size, home):
        self.size = size
        self.reads = []
        self.total = 0
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home),
               "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        for name in ("LC_ALL", "LC_CTYPE", "NO_COLOR", "LINES", "COLUMNS"):
            env.pop(name, None)
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(master)
                os.login_tty(slave)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)
        os.close(slave)
        self.master = master
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while True:
            try:
                chunk = os.read(self.master, 1 << 16)
            except OSError:
                return
            if not chunk:
                return
            self.reads.append((time.monotonic(), chunk))
            self.total += len(chunk)

    def type(self, keys):
        os.write(self.master, keys)

    def wait(self, condition, what, patience=PATIENCE):
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end or not self.runs():
                raise Failed(f"waited {patience:.0f} s for {what}; the screen was:\n{self.text()}")
            time.sleep(0.01)

    def shows(self, text):
        self.wait(lambda: text in self.text(), f"“{text}”")

    def runs(self):
        """Whether the program has not ended yet."""
        if self.pid is not None and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = None
        return self.pid is not None

    def screens(self):
        """(moment, screen) after each read, as pyte draws it."""
        screen = pyte.Screen(*self.size)
        stream = pyte.ByteStream(screen)
        for moment, chunk in list(self.reads):
            stream.feed(chunk)
            yield moment, screen

    def text(self):
        screen = None
        for _, screen in self.screens():
            pass
        return "\n".join(row.rstrip() for row in screen.display) if screen else ""

    def close(self, keys=b"q"):
        """Asks the program to leave, ends it if it does not, and forgets the terminal."""
        try:
            self.type(keys)
            end = time.monotonic() + 6
            while self.runs() and time.monotonic() < end:
                time.sleep(0.01)
        except OSError:
            pass
        if self.runs():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.reader.join(2)
        os.close(self.master)

"""A program in a pseudo-terminal of its own: keys in, frames out, and what the terminal is like afterwards.

Everything waits for an event (the end of a frame, a text on the screen, the end of the process), bounded by PATIENCE on a machine that is not slow.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

sys.path.append(os.path.join(os.path.dirname(__file__), os.pardir))

from machine import longer  # noqa: E402

PATIENCE = 30.0
FRAME_BEGIN = b"\x1b[?2026h"
FRAME_END = b"\x1b[?2026l"
ENVIRONMENT = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"}
IGNORED = ("LC_ALL", "LC_CTYPE", "NO_COLOR", "LINES", "COLUMNS", "ESCDELAY")


class Timeout(AssertionError):
    pass


class Session:
    """One program, started when the terminal has its size; it leads a session of its own."""

    def __init__(self, argv, size=(80, 24), env=None, stdin=None, stdout=None):
        self.size = size
        self.output = b""
        self.status = None
        master, slave = pty.openpty()
        self.master, self.slave = master, slave
        self.resize_quietly(size)
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            self._run(argv, self._environment(env), stdin, stdout)
        os.set_blocking(master, False)

    def _environment(self, extra):
        merged = {k: v for k, v in os.environ.items() if k not in IGNORED}
        for key, value in {**ENVIRONMENT, **(extra or {})}.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = value
        return merged

    def _run(self, argv, env, stdin, stdout):
        try:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number, other in ((0, stdin), (1, stdout), (2, None)):
                os.dup2(self.slave if other is None else other, number)
            os.closerange(3, 256)
            os.execvpe(argv[0], argv, env)
        except OSError as error:
            os.write(2, f"{argv[0]}: {error}\n".encode())
        os._exit(127)

    # What a person does

    def type(self, keys):
        os.write(self.master, keys if isinstance(keys, bytes) else keys.encode())

    def resize_quietly(self, size):
        self.size = size
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def signal(self, number):
        os.kill(self.pid, number)

    def hang_up(self):
        """The terminal window is closed."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    # What a person sees

    def pump(self, seconds):
        """Reads what has come, waiting at most so long for it; False when nothing came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            chunk = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.output += chunk
        return bool(chunk)

    def until(self, condition, what, patience=PATIENCE):
        patience = longer(patience)
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise Timeout(f"waited {patience} s for {what}; modes on: {self.modes()}; the screen:\n{self.text()}\n…{self.output[-300:]!r}")
            self.pump(0.05)

    def frame(self, after=None):
        """Waits for the end of a frame that began after this position of the output."""
        start = len(self.output) if after is None else after
        self.until(lambda: FRAME_END in self.output[self.output.find(FRAME_BEGIN, start) :]
                   and self.output.find(FRAME_BEGIN, start) >= 0, "a frame")

    def shows(self, text, patience=PATIENCE):
        self.until(lambda: text in self.text(), f"“{text}”", patience)

    def ended(self, patience=PATIENCE):
        """Waits for the end of the process; its status is -N for signal N."""
        def gone():
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            return bool(pid)
        patience = longer(patience)
        end = time.monotonic() + patience
        while self.status is None and not gone():
            if time.monotonic() > end:
                raise Timeout(f"the process did not end within {patience} s; the screen:\n{self.text()}")
            self.pump(0.02) if self.master >= 0 and not self.deaf else time.sleep(0.02)
        return self.status

    deaf = False

    def text(self):
        """The screen as pyte draws it: rows without trailing blanks."""
        screen = pyte.Screen(*self.size)
        pyte.ByteStream(screen).feed(visible(self.output))
        return "\n".join(row.rstrip() for row in screen.display).rstrip()

    def main_screen(self):
        """Everything that came after the alternate screen was left."""
        return self.output[self.output.rfind(b"\x1b[?1049l") :].decode(errors="replace")

    def modes(self):
        """The DEC private modes that were set and not reset."""
        return modes_in(self.output)

    def group(self):
        """Processes of this session that still run, the watcher among them."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == self.pid and fields[0] != "Z":
                found.append(int(name))
        return found

    def close(self):
        for pid in self.group():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.status is None:
            try:
                os.waitpid(self.pid, 0)
            except ChildProcessError:
                pass
        for descriptor in (self.master, self.slave):
            if descriptor >= 0:
                os.close(descriptor)


def visible(output):
    """What is on the alternate screen, or on the main one once that is left: pyte knows only one screen."""
    entered, left = output.rfind(b"\x1b[?1049h"), output.rfind(b"\x1b[?1049l")
    if left > entered:
        return output[left:].partition(b"l")[2]
    return output[entered:] if entered >= 0 else output


def modes_in(output):
    on = set()
    for numbers, switch in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", output):
        for number in map(int, numbers.split(b";")):
            (on.add if switch == b"h" else on.discard)(number)
    if output.rfind(b"\x1b[?25l") > output.rfind(b"\x1b[?25h"):
        on.add("cursor hidden")
    return on - {25, 7, 12}

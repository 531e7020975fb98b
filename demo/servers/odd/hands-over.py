"""Starts its successor on the same listener at SIGHUP, drains and leaves: a reload by which nobody is refused."""
import os
import signal
import socket
import subprocess
import sys

from base import Server, Stops


class Heir(Server):
    timeout = 0.05  # whom the other one took first is not waited for

    def server_bind(self):
        if "LISTENER" not in os.environ:
            return super().server_bind()
        self.socket.close()
        self.socket = socket.socket(fileno=int(os.environ["LISTENER"]))
        self.server_address = self.socket.getsockname()

    def server_activate(self):
        super().server_activate()
        self.socket.setblocking(False)


came = Stops(signal.SIGHUP, signal.SIGTERM)
server = Heir().start()
if came.get() == signal.SIGHUP:
    listener = server.fileno()
    subprocess.Popen([sys.executable, *sys.argv], pass_fds=[listener], env={**os.environ, "LISTENER": str(listener)})
server.drain()

"""Writes 100 MB to its output, half before it listens and half once the signal has come. A pipe that nobody reads stops it."""
import sys

from base import Server, Stops

LINE = b"x" * 99 + b"\n"


def fill(megabytes):
    for _ in range(megabytes):
        sys.stdout.buffer.write(LINE * 10_000)
    sys.stdout.buffer.flush()


came = Stops()
fill(50)
server = Server().start()
came.get()
fill(50)
server.drain()

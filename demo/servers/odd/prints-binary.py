"""Prints binary: control characters, escape sequences, invalid UTF-8, zero bytes, a line without end; and is graceful."""
import os

from base import Server, Stops

NOISE = bytes(range(256)) + b"\x1b]0;title\x07\x1b[2J\x1b[31m\xff\xfe\x00\xc3" + b"\x9b31m\r" + b"y" * 20_000

came = Stops()
os.write(1, NOISE)
server = Server().start()
came.get()
os.write(2, NOISE)
server.drain()
os.write(1, b"the last line\n")

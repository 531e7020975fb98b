"""Closes its standard output and error as soon as it runs, and is graceful."""
import os

from base import Server, Stops

came = Stops()
null = os.open(os.devnull, os.O_RDWR)
for standard in (0, 1, 2):
    os.close(standard)  # not even /dev/null is put there: they are closed
server = Server().start()
came.get()
server.drain()
os._exit(0)

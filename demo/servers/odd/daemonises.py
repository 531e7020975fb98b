"""Forks into the background as daemons do: the command itself exits 0 at once, and the server is its grandchild."""
import os

from base import Server, Stops

if os.fork() != 0:
    os._exit(0)
os.setsid()
if os.fork() != 0:
    os._exit(0)
came = Stops()
server = Server().start()
came.get()
server.drain()

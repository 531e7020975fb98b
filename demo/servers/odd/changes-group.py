"""Moves itself into its parent's process group: the group that it was started in is empty from then on; it is graceful."""
import os

from base import Server, Stops

os.setpgid(0, os.getpgid(os.getppid()))
came = Stops()
server = Server().start()
came.get()
server.drain()

"""Drains perfectly, then restores the default action and raises the signal again, as puma, uvicorn and terminus do."""
import os
import signal

from base import Server, Stops

came = Stops()
server = Server().start()
number = came.get()
server.drain()
signal.signal(number, signal.SIG_DFL)
os.kill(os.getpid(), number)

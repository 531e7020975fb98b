"""Exits 0 at once and drops everything in flight: success by the exit status, and lost work."""
import os

from base import Server, Stops

came = Stops()
Server().start()
came.get()
print("shut down gracefully", flush=True)
os._exit(0)

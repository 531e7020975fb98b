"""Drains well, says so, and then waits in its cleanup for something that never comes."""
import threading

from base import Server, Stops

came = Stops()
server = Server().start()
came.get()
server.drain()
print("drained; closing the database", flush=True)
threading.Event().wait()

"""Drains without any deadline, and never gives up a client: a half-sent body holds it for ever."""
from base import Server, Stops

came = Stops()
server = Server().start()
came.get()
server.drain()
print("drained", flush=True)

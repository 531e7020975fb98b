"""Waits for idle keep-alive connections to time out by themselves: each holds the drain for up to five seconds."""
from base import Handler, Server, Stops


class Patient(Handler):
    timeout = 5


class Holding(Server):
    ends_idle = False


came = Stops()
server = Holding(handler=Patient).start()
came.get()
server.drain()

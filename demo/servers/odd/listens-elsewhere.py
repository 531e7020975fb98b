"""Listens, though not on PORT: on any free port, which it prints."""
from base import Server, Stops

came = Stops()
server = Server(("127.0.0.1", 0)).start()
print("listening on", server.server_address[1], flush=True)
came.get()
server.drain()

"""Says that it drains on SIGTERM or SIGINT, and keeps accepting and serving for ever."""
from base import Server, Stops

came = Stops()
Server().start()
while True:
    came.get()
    print("draining", flush=True)

"""Gives up what is in flight when the signal comes, politely: every such request is answered with 500."""
import time

from base import Handler, Server, Stops

came = Stops()
stopping = False


class Giving(Handler):
    def slow(self, ms):
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end and not stopping:
            time.sleep(0.01)
        given_up = time.monotonic() < end
        self.answer(500 if given_up else 200, "the database is closed\n" if given_up else f"done after {ms} ms\n")


server = Server(handler=Giving).start()
came.get()
stopping = True
server.drain()

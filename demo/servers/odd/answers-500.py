"""Gives up what is in flight when the signal comes, politely: every such request is answered with 500.

The first argument is another status; the answer is then empty.
"""
import sys
import time

from base import Handler, Server, Stops

came = Stops()
stopping = False
status = int(sys.argv[1]) if sys.argv[1:] else 500


class Giving(Handler):
    def slow(self, ms):
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end and not stopping:
            time.sleep(0.01)
        given_up = time.monotonic() < end
        if not given_up:
            self.answer(200, f"done after {ms} ms\n")
        else:
            self.answer(status, "the database is closed\n" if status == 500 else "")


server = Server(handler=Giving).start()
came.get()
stopping = True
server.drain()

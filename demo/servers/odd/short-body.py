"""Answers early with status 200 and, once the signal has come, cuts the promised body short."""
import time

from base import Handler, Server, Stops

came = Stops()
stopping = False


class Early(Handler):
    def slow(self, ms):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"." * 50)
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end:
            if stopping:
                self.close_connection = True
                return
            time.sleep(0.01)
        self.wfile.write(b"." * 50)
        self.server.note(self.connection, busy=False)


server = Server(handler=Early).start()
came.get()
stopping = True
server.drain()

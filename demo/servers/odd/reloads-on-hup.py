"""A master with one worker: SIGHUP starts a new worker and drains the old one; SIGTERM and SIGINT drain and end both."""
import os
import signal

from base import Server, Stops

listener = Server()
os.set_inheritable(listener.fileno(), True)


def worker():
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    came = Stops(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal it reaches the whole group; the master tells the worker
    listener.start()
    came.get()
    listener.drain()
    os._exit(0)


came = Stops(signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
current = worker()
while came.get() == signal.SIGHUP:
    old, current = current, worker()
    print(f"reloaded: worker {current} in place of {old}", flush=True)
    os.kill(old, signal.SIGTERM)
    os.waitpid(old, 0)
listener.server_close()
os.kill(current, signal.SIGTERM)
os.waitpid(current, 0)

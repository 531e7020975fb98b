"""Forks a child that inherits the listener, lives on after it, and holds the port without ever accepting."""
import os
import time

from base import Server, Stops

server = Server()
os.set_inheritable(server.fileno(), True)
if os.fork() == 0:
    time.sleep(600)
    os._exit(0)
came = Stops()
server.start()
came.get()
server.drain()
os._exit(0)

"""Leaves its process group and session: what it was started as only waits for the server, which no signal to it reaches."""

import os

from base import Server, Stops

if os.getpid() == os.getpgrp():  # a group's leader cannot start a session: the child goes on, the parent waits for it
    child = os.fork()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
os.setsid()
came = Stops()
server = Server().start()
came.get()
server.drain()

"""No signal code at all: Python's default action for SIGTERM kills it at once, and SIGINT ends it by an exception."""
from base import Server

Server().serve_forever()

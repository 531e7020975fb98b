"""Ignores SIGTERM, by the disposition itself. SIGINT ends it."""
import signal

from base import Server

signal.signal(signal.SIGTERM, signal.SIG_IGN)
Server().serve_forever()

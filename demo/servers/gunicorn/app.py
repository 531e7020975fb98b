"""A WSGI application for gunicorn: fast, slow and ready. The server owns the shutdown; SIGTERM is its graceful one."""
import time
from urllib.parse import parse_qs


def application(environ, start_response):
    text = "hello\n"
    if environ["PATH_INFO"] == "/slow":
        ms = int(parse_qs(environ["QUERY_STRING"]).get("ms", ["1000"])[0])
        time.sleep(ms / 1000)
        text = f"done after {ms} ms\n"
    elif environ["PATH_INFO"] == "/readyz":
        text = "ready\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text.encode()]

"""An ASGI application for uvicorn: fast, slow, ready and a WebSocket at /ws, which it closes with 1012. The server owns the shutdown; it ends by raising the signal again."""
import asyncio
from urllib.parse import parse_qs


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    text = "hello\n"
    if scope["path"] == "/slow":
        ms = int(parse_qs(scope["query_string"].decode()).get("ms", ["1000"])[0])
        await asyncio.sleep(ms / 1000)
        text = f"done after {ms} ms\n"
    elif scope["path"] == "/readyz":
        text = "ready\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})

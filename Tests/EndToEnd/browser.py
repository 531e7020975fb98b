"""A page in headless Chromium, driven over a pipe (Chrome DevTools Protocol, --remote-debugging-pipe): no port, no library."""
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import time

from machine import longer

PROGRAM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


class Browser:
    """One page. Descriptor 3 of the browser is what it reads, 4 what it writes, each message ended by a NUL."""

    def __init__(self, sandbox, address):
        self.log = open(sandbox.folder / "chromium.log", "wb")
        read, self.write = os.pipe()
        self.read, write = os.pipe()

        def place():
            # Out of the way first: either may be 3 or 4 already.
            there = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 20) for one in (read, write)]
            os.dup2(there[0], 3)
            os.dup2(there[1], 4)
            os.closerange(5, 20)

        profile = sandbox.folder / "chromium"
        profile.mkdir()
        self.process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            env=sandbox.env | {"TMPDIR": str(profile)}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, close_fds=False,
            start_new_session=True, preexec_fn=place)
        os.close(read)
        os.close(write)
        self.rest, self.number, self.session = b"", 0, None
        self.complaints = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.complaints.append(answer["params"])
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]

    def next(self):
        end = time.monotonic() + longer(60)
        while b"\0" not in self.rest:
            ready = select.select([self.read], [], [], max(0, end - time.monotonic()))[0]
            piece = os.read(self.read, 1 << 20) if ready else b""
            assert piece, "the browser is silent or gone"
            self.rest += piece
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def ask(self, expression):
        """The value of an expression, evaluated in the page from outside of its policy."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, expression, patience=30):
        patience = longer(patience)
        end = time.monotonic() + patience
        while not self.ask(expression):
            assert time.monotonic() < end, f"waited {patience} s for {expression}"
            time.sleep(0.02)

    def press(self, key):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key if len(key) == 1 else "")
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def close(self):
        # Its helpers are in its group.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.read)
        os.close(self.write)
        self.log.close()

"""What a dashboard costs when nothing happens, and in the steady demo, beside htop and btop at the same size."""
import functools
import shutil
import time

from common import Row
from processes import children, cpu_seconds, wake_ups, wake_ups_between
from terminal import Terminal

SIZE = (120, 40)


def cost(terminal, family, seconds):
    """Bytes, wake-ups and share of a core, each a second."""
    start, sent = time.monotonic(), terminal.total
    slept, used = [wake_ups(pid) for pid in family], sum(map(cpu_seconds, family))
    time.sleep(seconds)
    span = time.monotonic() - start
    woken = sum(wake_ups_between(before, wake_ups(pid)) for pid, before in zip(family, slept))
    core = 100 * (sum(map(cpu_seconds, family)) - used) / span
    return {"bytes": (terminal.total - sent) / span, "wakeUps": woken / span, "core": core}


@functools.cache
def peer(name, folder):
    terminal = Terminal([shutil.which(name)], SIZE, folder)
    try:
        time.sleep(4)
        return cost(terminal, [terminal.pid], 20)
    finally:
        terminal.close()


def rates(numbers):
    return f"{size(numbers['bytes'])}, {numbers['wakeUps']:.1f} wake-ups/s, {numbers['core']:.1f} % of a core"


def size(rate):
    return f"{rate / 1000:.1f} KB/s" if rate >= 100 else f"{rate:.0f} B/s"


def beside(setup):
    return "; ".join(f"{name}: {rates(peer(name, setup.folder))}" for name in ("htop", "btop"))


def idle(setup):
    terminal = Terminal([setup.drainboard, "demo", "--timeout", "2"], SIZE, setup.folder)
    try:
        terminal.shows("SERVING")
        terminal.type(b"t")
        terminal.shows("GRACEFUL")
        # Threads that a pool no longer needs end by themselves after some seconds.
        quiet(terminal, 8)
        numbers = cost(terminal, [terminal.pid, *children(terminal.pid)], 10)
    finally:
        terminal.close()
    numbers["peers"] = {name: peer(name, setup.folder) for name in ("htop", "btop")}
    return [Row("idle dashboard, the run is over", rates(numbers), "0 B/s, 0 wake-ups/s",
                numbers["bytes"] == 0 and numbers["wakeUps"] == 0, beside(setup), numbers)]


def quiet(terminal, seconds):
    """Waits until nothing was painted for so long."""
    def still():
        return time.monotonic() - terminal.reads[-1][0] > seconds
    terminal.wait(still, "the dashboard to rest")


def steady(setup):
    terminal = Terminal([setup.drainboard, "demo"], SIZE, setup.folder)
    try:
        terminal.shows("SERVING")
        time.sleep(8)
        numbers = cost(terminal, [terminal.pid], 20)
    finally:
        terminal.close()
    numbers["peers"] = {name: peer(name, setup.folder) for name in ("htop", "btop")}
    return [Row("steady demo at 120×40, the dashboard's process with all its clients", rates(numbers),
                "≤ 3 % of a core, ≤ 8 KB/s", numbers["core"] <= 3 and numbers["bytes"] <= 8_000, beside(setup), numbers)]

"""One frame at 200×60 with 10,000 requests in flight: its time, and its write(2) calls, beside ncurses alone."""
import re
import shutil
import subprocess

from common import Failed, Row, spread
from terminal import Terminal

SIZE = (200, 60)
REQUESTS = 10_000


def run(setup, argv, result):
    """Runs a painter in a terminal and returns the lines of its result."""
    terminal = Terminal([str(part) for part in argv], SIZE, setup.folder)
    try:
        for _ in range(6_000):
            if not terminal.runs():
                break
            terminal.reader.join(0.01)
    finally:
        terminal.close(b"")
    if not result.exists():
        raise Failed(f"{argv[0]} painted nothing: {terminal.text()[:300]}")
    return [[float(number) for number in line.split()] for line in result.read_text().splitlines()]


def writes(setup, argv, result, frames):
    """write(2) calls to the terminal for each frame."""
    calls = setup.path("strace")
    run(setup, [shutil.which("strace"), "-f", "-y", "-e", "trace=write,writev", "-o", calls, *argv], result)
    found = [line for line in calls.read_text().splitlines() if re.search(r"writev?\(\d+</dev/(pts/|tty)", line)]
    # Taking the terminal and giving it back need a few more.
    return len(found) / frames


def measure(setup):
    result, cells = setup.path("frames"), setup.path("cells")
    count = setup.runs(400)
    lines = run(setup, [setup.frame_cost, REQUESTS, count, result, cells], result)[5:]
    parts = {name: spread([line[index] / 1000 for line in lines]) for index, name in enumerate(["fold", "layout", "send"])}
    whole = spread([sum(line[:3]) / 1000 for line in lines])
    size = spread([line[3] for line in lines])
    ours = writes(setup, [setup.frame_cost, REQUESTS, 50, setup.path("x")], result, 50)
    painted = setup.path("painted")
    plain = [setup.plain_ncurses, cells, 50, painted]
    alone = spread([line[0] / 1000 for line in run(setup, plain, painted)[1:]])
    theirs = writes(setup, plain, painted, 50)
    detail = ", ".join(f"{name} {part['median']:.2f}" for name, part in parts.items())
    return [
        Row(f"one frame at 200×60, {REQUESTS:,} in flight: fold, lay out, paint",
            f"median {whole['median']:.2f} ms ({detail}), p99 {whole['p99']:.2f} ms, {size['median']:.0f} B", "median ≤ 2 ms",
            whole["median"] <= 2, f"ncurses alone paints it in {alone['median']:.2f} ms",
            {"whole": whole, "parts": parts, "bytes": size, "plain": alone}),
        Row("write(2) calls for that frame", f"{ours:.2f}", "1", round(ours) == 1,
            f"ncurses alone: {theirs:.0f}; ratio {ours / theirs:.3f}", {"drainboard": ours, "plain": theirs}),
    ]

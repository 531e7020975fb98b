"""A recording of a million events: opened, read, sought and held, beside lnav, jq and Python's json on the same file."""
import os
import shutil
import statistics
import subprocess
import sys
import time

from common import Failed, Row, spread
from terminal import Terminal

SEED = 1
RATE = 1_000
EVENTS = 1_000_000
MANY = 10_000_000
READ = "import sys, {0}\nfor line in open(sys.argv[1], 'rb'): {0}.loads(line)"


def made(setup, events):
    """A recording of a busy server with so many events."""
    file = setup.path(f"{events}.jsonl")
    call([setup.replay_cost, "make", events, SEED, RATE, file])
    return file


def call(argv):
    """Runs a program to its end; its output, its wall time and its processor time in milliseconds."""
    start = time.monotonic()
    child = subprocess.Popen([str(part) for part in argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = child.stdout.read()
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = 1000 * (time.monotonic() - start)
    child.returncode = os.waitstatus_to_exitcode(status)
    for pipe in (child.stdout, child.stderr):
        pipe.close()
    if child.returncode != 0:
        raise Failed(f"{' '.join(map(str, argv))} ended with {child.returncode}: {errors[-300:].decode()}")
    return output.decode(), wall, 1000 * (usage.ru_utime + usage.ru_stime)


def quiet(argv):
    """As call, for a program whose output is thrown away, as by `> /dev/null`."""
    return call(["sh", "-c", 'exec "$@" > /dev/null', "sh", *argv])[1:]


def measured(setup, file, runs, seeks):
    """What the library says of so many readings of a file, by name; times in ms, memory in bytes."""
    found = {}
    for _ in range(runs):
        for line in call([setup.replay_cost, "measure", file, seeks])[0].splitlines():
            name, value = line.split()
            found.setdefault(name, []).append(float(value))
    return found


def first_frame(setup, file):
    """From exec until the screen shows the recording."""
    terminal = Terminal([setup.drainboard, "replay", str(file)], (120, 40), setup.folder)
    try:
        def shown():
            for moment, screen in terminal.screens():
                if any("PLAYING" in row for row in screen.display):
                    return moment
            return None

        terminal.wait(lambda: shown() is not None, "PLAYING")
        return 1000 * (shown() - terminal.started)
    finally:
        terminal.close()


def one_moment(setup, file, at):
    """The program reads the whole file, goes to a moment and prints a frame of it."""
    output, wall, processor = call([setup.drainboard, "replay", file, "--at", at, "--frame", "100x30"])
    if "busy" not in output:
        raise Failed(f"drainboard replay printed {output[:200]!r}")
    return wall, processor


def readers(file):
    """Other programs that read the whole file, each as a function that gives wall and processor time."""
    python = {"Python json": "json", "Python orjson": "orjson"}
    found = {
        "lnav (as text)": lambda: quiet([needed("lnav"), "-n", "-q", "-c", ":goto 50%", file]),
        "jq -c .ev": lambda: quiet([needed("jq"), "-c", ".ev", file]),
    }
    for name, module in python.items():
        if subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode == 0:
            found[name] = lambda module=module: quiet([sys.executable, "-c", READ.format(module), file])
    return found


def needed(program):
    path = shutil.which(program)
    if not path:
        raise Failed(f"{program} is not installed")
    return path


def seconds(pairs):
    wall, processor = (statistics.median(values) / 1000 for values in zip(*pairs))
    return f"{wall:.2f} s (processor {processor:.2f} s)"


def rounds(count, programs):
    """One after the other and again, so that a machine that is busy for a while slows all."""
    found = {name: [] for name in programs}
    for _ in range(count):
        for name, run in programs.items():
            found[name].append(run())
    return found


def million(setup):
    file = made(setup, EVENTS)
    size = f"{EVENTS:,} events ({os.path.getsize(file) / 1e6:.0f} MB)"
    frames = spread([first_frame(setup, file) for _ in range(setup.runs(15))])
    own = measured(setup, file, setup.runs(7), 400)
    ours = {"ours": lambda: one_moment(setup, file, 120)}
    runs = rounds(setup.runs(5), ours | readers(file))
    whole = runs.pop("ours")
    peers = "; ".join(f"{name} {seconds(pairs)}" for name, pairs in runs.items())
    inside, processor = statistics.median(own["seekable"]), statistics.median(own["seekable-cpu"])
    seek, seek_processor = spread(own["seek"]), spread(own["seek-cpu"])
    resident = max(own["resident-most"])
    numbers = {"frames": frames, "program": whole, "peers": runs, "library": {
        name: spread(values) for name, values in own.items()}}
    return [
        Row(f"{size}: drainboard replay → first frame",
            f"median {frames['median']:.0f} ms, p99 {frames['p99']:.0f} ms (n={frames['count']})", "≤ 50 ms",
            frames["median"] <= 50, numbers=numbers),
        Row(f"{size}: fully seekable",
            f"median {inside / 1000:.2f} s (processor {processor / 1000:.2f} s); replay --at 120 --frame: {seconds(whole)}",
            "≤ 0.5 s", inside <= 500, peers),
        Row(f"{size}: seek anywhere, with its frame",
            f"median {seek['median']:.1f} ms, p99 {seek['p99']:.1f} ms (processor {seek_processor['p99']:.1f} ms), "
            f"max {seek['max']:.1f} ms (n={seek['count']})",
            "≤ 16 ms", seek["p99"] <= 16),
        Row(f"{size}: resident", f"{resident / 1e6:.0f} MB", "≤ 300 MB", resident <= 300e6),
        names(setup),
    ]


def names(setup):
    """The table of names of ShutdownTrace beside a dictionary of strings: the reason why there is such a table."""
    lines = call([setup.replay_cost, "names", EVENTS])[0].split()
    times = dict(zip(lines[::2], map(float, lines[1::2])))
    return Row(f"{EVENTS:,} names of events looked up", f"{times['names-lexicon']:.0f} ms",
               "faster than a dictionary", times["names-lexicon"] < times["names-dictionary"],
               f"dictionary {times['names-dictionary']:.0f} ms")


def many(setup):
    file = made(setup, MANY)
    size = f"{MANY:,} events ({os.path.getsize(file) / 1e6:.0f} MB)"
    frames = spread([first_frame(setup, file) for _ in range(setup.runs(10))])
    own = measured(setup, file, setup.runs(2), 400)
    file.unlink()
    seek = spread(own["seek"])
    return [
        Row(f"{size}: drainboard replay → first frame",
            f"median {frames['median']:.0f} ms, p99 {frames['p99']:.0f} ms (n={frames['count']})", "as fast",
            frames["median"] <= 50,
            f"fully seekable in {min(own['seekable']) / 1000:.1f} s; seek p99 {seek['p99']:.1f} ms; "
            f"resident {max(own['resident-most']) / 1e6:.0f} MB",
            {"frames": frames, "library": {name: spread(values) for name, values in own.items()}}),
    ]


def measure(setup):
    return million(setup) + many(setup)

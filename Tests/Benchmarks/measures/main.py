"""Measures everything and prints one table. Exit status 1: a measurement could not be made; never for a slow machine."""
import argparse
import json
import os
import platform
import sys
import tempfile
import textwrap
import traceback
from pathlib import Path

import crowd
import drain
import frame
import keys
import quiet
import replay
import start
import throughput
from common import Failed, Setup

# One line a measure.
MEASURES = {
    "drain": drain.measure,
    "keys": keys.measure,
    "frame": frame.measure,
    "idle": quiet.idle,
    "steady": quiet.steady,
    "start": start.measure,
    "replay": replay.measure,
    "throughput": throughput.measure,
    "crowd": crowd.measure,
}
WIDTHS = {"what": 30, "reached": 38, "to reach": 18, "met": 3, "compare in the same run": 40}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, help="only this measure; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="also write all numbers to this file")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the runs to make, 1.0 for all")
    for name in ("drainboard", "go-server", "frame-cost", "plain-ncurses", "replay-cost"):
        parser.add_argument("--" + name, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(name, setup):
    """The rows of one measure, or a sentence."""
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    try:
        return MEASURES[name](setup), None
    except Failed as failure:
        return [], f"{name}: {failure}"
    except Exception:
        return [], f"{name}: {traceback.format_exc()}"


def line(cells):
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS.values())]
    for row in range(max(map(len, columns))):
        parts = [(column[row] if row < len(column) else "").ljust(width)
                 for column, width in zip(columns, WIDTHS.values())]
        print(" │ ".join(parts).rstrip())


def table(rows, load):
    line(WIDTHS)
    print("─┼─".join("─" * width for width in WIDTHS.values()))
    for row in rows:
        line([row.what, row.reached, row.to_reach, {True: "yes", False: "NO", None: "–"}[row.met], row.peer])
        print("─┼─".join("─" * width for width in WIDTHS.values()))
    print(f"{os.cpu_count()} cores, Linux {platform.release()}; load average before {load:.2f}, after {os.getloadavg()[0]:.2f}")


def main():
    options = arguments()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="drainboard-bench-") as folder:
        setup = Setup(options.drainboard, options.go_server, options.frame_cost, options.plain_ncurses,
                      options.replay_cost, Path(folder), options.share)
        results = [measure(name, setup) for name in options.only or MEASURES]
    rows = [row for found, _ in results for row in found]
    table(rows, load)
    failures = [failure for _, failure in results if failure]
    for failure in failures:
        print(f"could not be measured: {failure}", file=sys.stderr)
    if options.json:
        report = {"load": load, "rows": [vars(row) for row in rows], "failures": failures}
        Path(options.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return 1 if failures else 0


sys.exit(main())

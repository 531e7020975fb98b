#!/usr/bin/env python3
"""Runs probe.py over the demo servers, signal by signal, some times each, and prints what it saw as a Markdown table.

    table.py [--times 3] [--jobs 2] [--json FILE] [NAME…]

NAME as demo/servers/run takes it ("go mended", "odd/wrapper.sh"); none: all of them. A cell names each outcome once, with
how often it was seen where they disagree.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SERVERS = HERE.parents[2] / "demo/servers"
SIGNALS = ("TERM", "INT", "QUIT", "HUP")
OWN = {"haproxy": ("USR1",), "apache": ("WINCH",)}  # the graceful signal, where it is none of those
# Seconds; 3.5 where nothing is said. What waits for idle connections to time out needs more.
GRACE = {"odd/node-close.js": 8.5, "odd/idle-holds.py": 7, "gunicorn": 6, "nginx": 5, "apache": 6}
SILENT = ("odd/never-listens.py", "odd/listens-elsewhere.py")


def everything():
    languages = [f"{name} {version}" for name in "go node python ruby c rust java".split() for version in ("usual", "mended")]
    odd = sorted(f"odd/{file.name}" for file in SERVERS.glob("odd/*.*") if file.name != "base.py")
    return languages + ["nginx", "apache", "puma", "haproxy", "gunicorn", "uvicorn"] + odd


def probe(server, signal):
    command = [sys.executable, HERE / "probe.py", "--path", "/slow?ms=1000", "--signal", signal,
               "--grace", str(GRACE.get(server, 3.5)), "--start", "2" if server in SILENT else "60",
               "--", "env", "LEAD=0.3", SERVERS / "run", *server.split()]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return {"server": server, "signal": signal, **json.loads(done.stdout)}


def exit_of(found):
    return next((f"{kind} {number}" for kind, number in (found["exit"] or {}).items()), "killed by the probe")


def cell(results):
    seen = collections.Counter(f"{each['outcome']}, {exit_of(each)}" for each in results)
    return seen.popitem()[0] if len(seen) == 1 else "; ".join(f"{count}× {what}" for what, count in seen.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=argparse.FileType("w"), help="every result, one a line")
    parser.add_argument("servers", nargs="*")
    options = parser.parse_args()
    servers = options.servers or everything()
    for server in servers:  # compiles and installs, one after the other
        probe(server, "KILL")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {(server, signal): [pool.submit(probe, server, signal) for _ in range(options.times)]
                for server in servers for signal in SIGNALS + OWN.get(server, ())}
        results = {case: [each.result() for each in those] for case, those in runs.items()}
    print("| server | " + " | ".join(SIGNALS + ("own",)) + " |")
    print("| --- |" + " --- |" * (len(SIGNALS) + 1))
    for server in servers:
        cells = [cell(results[server, signal]) for signal in SIGNALS]
        cells += [f"{signal}: {cell(results[server, signal])}" for signal in OWN.get(server, ())] or [""]
        print(f"| {server} | " + " | ".join(cells) + " |")
    if options.json:
        for those in results.values():
            options.json.writelines(json.dumps(each) + "\n" for each in those)


if __name__ == "__main__":
    main()

"""How fast the server answers with its trace on, beside the same server without a trace, and Go's net/http."""
import os
import re
import statistics
import subprocess
from contextlib import ExitStack

from common import Failed, Row
from processes import drainboard, go, serving


def load(server):
    """Answers a second to 64 keep-alive connections."""
    done = subprocess.run(["wrk", "-t1", "-c64", "-d3s", f"http://127.0.0.1:{server.port}/"],
                          capture_output=True, text=True, timeout=60)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if not found or "Non-2xx" in done.stdout:
        raise Failed(f"wrk said: {done.stdout[-300:]}{done.stderr[-300:]}")
    return float(found[1])


def ratio(rounds, peer):
    """The median of the ratios of each round, so that a machine that is busy for a while slows both."""
    return statistics.median(ours / theirs for ours, theirs in zip(rounds["traced"], rounds[peer]))


def measure(setup):
    with ExitStack() as stack:
        servers = {
            "traced": stack.enter_context(serving(drainboard(setup, printed=os.devnull))),
            "silent": stack.enter_context(serving(drainboard(setup, "--no-trace"))),
            "go": stack.enter_context(serving(go(setup))),
        }
        rounds = {name: [] for name in servers}
        for _ in range(setup.runs(5)):
            for name, server in servers.items():
                rounds[name].append(load(server))
    rate = {name: statistics.median(values) for name, values in rounds.items()}
    against_off, against_go = ratio(rounds, "silent"), ratio(rounds, "go")
    numbers = {"rounds": rounds, "againstOff": against_off, "againstGo": against_go}
    reached = f"{rate['traced']:,.0f}/s"
    return [
        Row("throughput with the trace on, against off", f"{against_off:.2f} ({reached})", "≥ 0.9", against_off >= 0.9,
            f"off: {rate['silent']:,.0f}/s; ratio {against_off:.2f}", numbers),
        Row("throughput with the trace on, against Go net/http", f"{against_go:.2f} ({reached})", "≥ 1.0",
            against_go >= 1.0, f"Go: {rate['go']:,.0f}/s; ratio {against_go:.2f}", numbers),
    ]

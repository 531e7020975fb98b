"""How slow the machine is: every limit on waiting is stretched by it, in the tests and in what they hand to the program."""
import functools
import os
import subprocess
import sys
import time

MEASURED = "DRAINBOARD_TEST_SLOWNESS"
# Seconds that two of these processes took, side by side, where the limits were chosen: on two processors without other work.
WORK, SECONDS = "sum(range(10_000_000))", 0.35


@functools.cache
def measured():
    """1, or how many times as long the work took; whoever is started by the tests takes over what they measured."""
    if MEASURED not in os.environ:
        began = time.monotonic()
        for child in [subprocess.Popen([sys.executable, "-c", WORK]) for _ in range(2)]:
            child.wait()
        os.environ[MEASURED] = f"{max(1, (time.monotonic() - began) / SECONDS):.1f}"
    return float(os.environ[MEASURED])


def slowness():
    """How much slower than there: what was measured, or how many processes want each processor now."""
    return max(measured(), os.getloadavg()[0] / len(os.sched_getaffinity(0)))


def longer(seconds):
    """A limit on waiting, as this machine needs it."""
    return round(seconds * slowness(), 1)


def lead(arguments):
    """The option for the polite server's lead: enough for a balancer that gets its processor late."""
    is_polite = "--scenario" not in arguments or "polite" in arguments
    return ("--lead", str(min(longer(1), 3))) if is_polite and not {"--lead", "--url", "--workload"} & set(arguments) else ()

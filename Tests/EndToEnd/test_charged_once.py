"""Payments at the polite server across a deploy: none is charged twice, whatever comes second and whenever it comes.

    DRAINBOARD_DEPLOYS=200 Tests/run journeys test_charged_once.py -s    so many deploys, with a line for each
"""
import os
import random

import pytest

DEPLOYS = range(1, 1 + int(os.environ.get("DRAINBOARD_DEPLOYS", "6")))
pytestmark = pytest.mark.minutes(5 + len(DEPLOYS))


def signals(seed):
    """SIGTERM and a second signal at a random instant of the drain, or SIGKILL alone."""
    instant = round(random.Random(seed).uniform(0, 1.6), 3)
    match seed % 3:
        case 0: return ["--signal", "KILL", "--after", f"{0.5 + instant:.3f}"]
        case 1: return ["--then", f"TERM:{instant:.3f}"]
        case _: return ["--then", f"KILL:{instant:.3f}"]


@pytest.fixture(scope="module")
def runs(lasting):
    found = {}
    for seed in DEPLOYS:
        found[seed] = run = lasting.check("--deploy", "--seed", str(seed), *signals(seed))
        counts = ", ".join(f"{run['ledger'][name]:3} {name}" for name in ("charged", "twice", "lost", "ambiguous", "replayed"))
        print(f"seed {seed:3}  {' '.join(signals(seed)):30} {run['verdict']:13} {counts}", flush=True)
    return found


@pytest.mark.parametrize("seed", DEPLOYS)
def test_no_payment_is_charged_twice_in_a_deploy(runs, seed):
    run = runs[seed]
    assert run["verdict"] != "DUPLICATED"
    assert run["ledger"]["charged"] > 10
    assert (run["ledger"]["twice"], run["ledger"]["lost"]) == (0, 0)
    assert run.rules["noPaymentTwice"]["held"] is True


def test_keys_had_something_to_do(runs):
    """Had no client tried a charged payment again, the deploys would have shown nothing."""
    assert sum(run["ledger"]["replayed"] for run in runs.values()) > 0

"""What every measure shares: the rows of the table, the tools it runs, and a few numbers."""
import math
import statistics
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Row:
    """One line of the table. `met` is None where there is nothing to reach."""

    what: str
    reached: str
    to_reach: str = "–"
    met: bool | None = None
    peer: str = "–"
    numbers: dict = field(default_factory=dict)


@dataclass
class Setup:
    """Where the programs are, and how many runs each measure makes (1.0: as many as it wants)."""

    drainboard: str
    go_server: str
    frame_cost: str
    plain_ncurses: str
    replay_cost: str
    folder: Path
    share: float = 1.0

    def runs(self, wanted):
        return max(2, round(wanted * self.share))

    def path(self, name):
        """A new path in the folder of this run."""
        self._count = getattr(self, "_count", 0) + 1
        return self.folder / f"{self._count}-{name}"


class Failed(Exception):
    """A measurement could not be made; the sentence says why."""


def percentile(values, share):
    """The nearest-rank percentile: of 40 values, p99 is the greatest."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values):
    return {
        "count": len(values), "min": min(values), "median": statistics.median(values),
        "p99": percentile(values, 0.99), "max": max(values),
    }


def words(numbers, unit="ms", digits=1):
    return f"median {numbers['median']:.{digits}f} {unit}, p99 {numbers['p99']:.{digits}f} {unit} (n={numbers['count']})"

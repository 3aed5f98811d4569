"""Times, taken in turns so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies, between two of them by proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass
class Series:
    """All times of one thing."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return percentile(self.values, 0.95)

    def __str__(self) -> str:
        """Median, and the middle half of all values."""
        low, high = percentile(self.values, 0.25), percentile(self.values, 0.75)
        return f"{shown(self.median)} ({shown(low)}–{shown(high)})"


def shown(value: float) -> str:
    """Seconds, as one reads them."""
    if value < 0.000_995:
        return f"{value * 1_000_000:.0f} µs"
    if value < 0.995:
        return f"{value * 1_000:.{2 if value < 0.01 else 1 if value < 0.1 else 0}f} ms"
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} s"


def in_turns(works: Mapping[str, Work], *, rounds: int, rng: random.Random) -> dict[str, list[float]]:
    """Each work once in each round, in another order every time; the first round only warms up."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name in rng.sample(list(works), len(works)):
            taken = seconds(works[name])
            if number:
                times[name].append(taken)
    return times

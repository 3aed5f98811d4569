"""What every measurement shares: the databases, the dice, the report."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.base.base import BaseDatabaseWrapper

from helfer.demo.bench.load import ASKED_ON
from tests.bench.report import Report


@dataclass
class Run:
    """One run of the benchmark."""

    wrappers: dict[int, BaseDatabaseWrapper]
    databases: dict[int, str]
    seed: int
    report: Report
    say: Callable[[str], None]
    # How many places, rounds and so on, as a share of the usual.
    effort: float = 1.0
    on: date = ASKED_ON

    @property
    def largest(self) -> int:
        return max(self.wrappers)

    @property
    def smallest(self) -> int:
        return min(self.wrappers)

    def rng(self, name: str) -> random.Random:
        """Dice of its own for each measurement."""
        return random.Random(f"{self.seed} {name}")

    def times(self, usual: int, at_least: int = 1) -> int:
        """So many repetitions."""
        return max(at_least, round(usual * self.effort))

    @property
    def now(self) -> datetime:
        """Mid-morning of the asking day."""
        from datetime import UTC

        return datetime(self.on.year, self.on.month, self.on.day, 9, tzinfo=UTC)


def size_name(helpers: int) -> str:
    """10,000, 100,000, 1,000,000."""
    return f"{helpers:,}"

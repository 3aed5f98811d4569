"""What was measured, as a table for the screen and as docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection


@dataclass
class Row:
    """One line of the table; ``reached`` is None where there is nothing to reach, only to report."""

    measure: str
    ours: str
    against: str
    theirs: str
    ratio: str
    reach: str
    reached: bool | None

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return "reported"
        return "reached" if self.reached else "**not reached**"

    def cells(self) -> list[str]:
        return [self.measure, self.ours, self.against, self.theirs, self.ratio, self.reach, self.verdict]


@dataclass
class Section:
    """A heading with what has to be said about its rows."""

    title: str
    lines: list[str] = field(default_factory=list)


@dataclass
class Report:
    """Everything of one run."""

    seed: int
    started: datetime
    sizes: list[str]
    # Where the measurement at hand stands in the document, whenever it is taken.
    place: int = 0
    rows_by_place: dict[int, list[Row]] = field(default_factory=dict)
    sections_by_place: dict[int, list[Section]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """The rows of the measurement at hand, to be added to."""
        return self.rows_by_place.setdefault(self.place, [])

    def section(self, title: str) -> Section:
        found = Section(title)
        self.sections_by_place.setdefault(self.place, []).append(found)
        return found

    def _all_rows(self) -> list[Row]:
        return [row for _place, rows in sorted(self.rows_by_place.items()) for row in rows]

    def markdown(self) -> str:
        heads = ["Measure", "Ours", "Against", "Theirs", "Ratio", "Reach", ""]
        lines = [
            "# Benchmarks",
            "",
            "Written by `make bench`; a run overwrites it. Times are medians with the middle half in",
            "brackets. What is compared was measured in the same run, in turns. The people are made up",
            "(`manage.py bench_data`): drawn by population, about 2.7 offers each.",
            "",
            *(f"- {line}" for line in [*self._machine(), *self.sizes]),
            "",
            "| " + " | ".join(heads) + " |",
            "|" + "---|" * len(heads),
            *("| " + " | ".join(row.cells()) + " |" for row in self._all_rows()),
            "",
        ]
        for section in (each for _place, some in sorted(self.sections_by_place.items()) for each in some):
            lines += [f"## {section.title}", "", *section.lines, ""]
        return "\n".join(lines).rstrip() + "\n"

    def table(self) -> str:
        """For the screen."""
        return "\n".join(
            f"{row.verdict.strip('*'):>12}  {row.measure}: {row.ours} against {row.theirs} = {row.ratio}"
            f" ({row.reach})"
            for row in self._all_rows()
        )

    def _machine(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
            postgresql, postgis = cursor.fetchone()
            kept = {}
            for name in ("shared_buffers", "work_mem", "effective_cache_size", "jit", "fsync"):
                cursor.execute("SELECT current_setting(%s)", [name])
                kept[name] = cursor.fetchone()[0]
        return [
            f"{self.started:%Y-%m-%d %H:%M} UTC, seed {self.seed}",
            f"{_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB; "
            f"load before the run {os.getloadavg()[0]:.1f}",
            f"Python {platform.python_version()}, PostgreSQL {postgresql.split()[0]}, PostGIS {postgis} ("
            + ", ".join(f"{name} {value}" for name, value in kept.items())
            + ")",
        ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gib() -> float:
    return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)

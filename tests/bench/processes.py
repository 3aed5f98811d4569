"""Work in a process of its own, with what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.databases import ROOT, environment


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and the most memory that the process held."""

    seconds: float
    peak_gib: float
    output: str


def run_process(database: str, arguments: Sequence[str], output: Path) -> Taken:
    """Run Python with these arguments on that database; what it prints goes into a file."""
    started = time.perf_counter()
    with output.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=environment(database), cwd=ROOT, stdout=stream
        )
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise AssertionError(f"{' '.join(arguments)} ended with {process.returncode}")
    return Taken(seconds, used.ru_maxrss / 2**20, output.read_text())

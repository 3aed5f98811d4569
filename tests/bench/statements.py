"""Which statements the program sends, and how long each takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Statement:
    """One statement as it was sent."""

    sql: str
    parameters: Any
    seconds: float


@contextmanager
def noted() -> Iterator[list[Statement]]:
    """Every statement that the program sends meanwhile."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            found.append(Statement(sql, parameters, time.perf_counter() - started))

    with connection.execute_wrapper(note):
        yield found

"""Columns as COPY takes them: the value of each row, asked by its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from helfer.demo.bench.bulk import NOTHING, Each
from helfer.demo.bench.helpers import Days


def ids(first: int, count: int) -> Each:
    """Consecutive ids."""
    return Each(range(first, first + count))


def days(values: Days) -> Each:
    """Days as PostgreSQL reads them."""
    texts = np.datetime_as_string(values, unit="D")
    texts[np.isnat(values)] = NOTHING
    return Each(texts.tolist())


def moments(values: Days, clock: str = "09:00") -> Each:
    """A moment of each day."""
    return Each(text if text == NOTHING else f"{text} {clock}+00" for text in days(values))


def flags(values: npt.NDArray[np.bool_]) -> Each:
    """Yes and no."""
    return Each(np.where(values, "t", "f").tolist())


def plain(values: npt.NDArray[Any]) -> Each:
    """Numbers and words as they are."""
    return Each(values.tolist())


def numbers(prefix: str, first: int, count: int) -> Each:
    """``H-0000001`` and so on."""
    return Each(f"{prefix}{number:07d}" for number in range(first, first + count))


def where(known: npt.NDArray[np.bool_], values: Sequence[Any]) -> Each:
    """The values where known; nothing elsewhere."""
    return Each(value if yes else NOTHING for yes, value in zip(known.tolist(), values, strict=True))

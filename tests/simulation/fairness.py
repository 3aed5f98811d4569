"""How evenly something is shared out: Gini's number and Lorenz's curve."""

from __future__ import annotations

from collections.abc import Sequence


def gini(values: Sequence[float]) -> float:
    """0 where all have the same, nearly 1 where one has everything."""
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    weighted = sum(rank * value for rank, value in enumerate(sorted(values), start=1))
    return 2 * weighted / (count * total) - (count + 1) / count


def lorenz(values: Sequence[float], points: int = 50) -> list[tuple[float, float]]:
    """What share of the whole the least favoured share of people has, from (0, 0) to (1, 1)."""
    ordered, total = sorted(values), sum(values)
    curve = []
    for point in range(points + 1):
        share = point / points
        # Between two people the curve is straight.
        whole, rest = divmod(share * len(ordered), 1)
        below = sum(ordered[: int(whole)]) + (rest * ordered[int(whole)] if rest else 0)
        curve.append((share, below / total if total else share))
    return curve

"""docs/fairness.md and its picture, written from the numbers of a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from textwrap import fill

from .fairness import gini, lorenz
from .world import Size
from .year import ASKED_AT_MOST, Year

# What is left out of the score, in the table's order.
VARIANTS: dict[str, tuple[str, ...]] = {
    "with both": (),
    "without rotation": ("rotation",),
    "without workload": ("workload",),
    "without both": ("rotation", "workload"),
}
Years = Mapping[str, Sequence[Year]]

TEXT = """# One kind neighbour is not asked every time

`make simulate` lives through a year in a made-up city and writes this page; `tests/simulation/` is the whole
of it. It uses the real gates and the real ranking ([`ranking.py`](../helfer/matching/ranking.py)); only the
city is made up.

## The year

{helpers} helpers (homes in four dense quarters, radius 500 m to 5 km, 2 to 8 half-days a week, room for 1 to
5 people) and {requests} requests that arrive on {days} days: one in five is a single errand, the others need
somebody for half a year on average. The tandem asks the first of the list; one of four says no, then the next
is asked, {asked} at most. Who would say yes, and how long help is needed, is the same in every variant.
{seeds} seeds ({first} to {last}): the table shows the mean and, after ±, the standard deviation between them.
"Without" leaves that part out of the score; everything else, the gate on capacity too, stays.

| | {heads} |
|---|{dashes}|
{rows}

![Lorenz curves: share of all matches over the share of helpers, fewest first](pictures/fairness.svg)

The picture is seed {first}. The dotted line would be a city where everybody has the same number of matches.
It cannot be reached: helpers differ in how far they go, when they have time, and for how many people.

## What it says

{finding}

{cost}
"""


def table(years: Years) -> list[tuple[str, list[str]]]:
    """The rows of the table: a label, and a cell for each variant."""
    rows = {
        "Gini of matches per helper": [
            _each(years[v], lambda y: gini(y.matches_per_helper()), 3) for v in years
        ],
        "Gini of being asked": [
            _each(years[v], lambda y: gini([y.asked[n] for n in range(1, y.helpers + 1)]), 3) for v in years
        ],
        "helpers never asked": [_each(years[v], lambda y: 100 * y.never_asked, 1, " %") for v in years],
        "the most asked helper was asked": [
            _each(years[v], lambda y: y.most_asked, 1, " times") for v in years
        ],
        "requests served": [_each(years[v], lambda y: y.served, 0) for v in years],
        "distance of a match": [_each(years[v], lambda y: y.metres / y.served, 0, " m") for v in years],
    }
    return list(rows.items())


def page(years: Years, seeds: Sequence[int], size: Size) -> str:
    """The whole page."""
    both, neither = years["with both"], years["without both"]

    def change(of: object) -> tuple[float, float]:
        return mean(map(of, both)), mean(map(of, neither))  # type: ignore[call-overload]

    fair, unfair = change(lambda y: gini(y.matches_per_helper()))
    asked, unasked = change(lambda y: 100 * y.never_asked)
    often, oftener = change(lambda y: y.most_asked)
    near, nearer = change(lambda y: y.metres / y.served)
    served, unserved = change(lambda y: y.served)
    every = all(
        gini(one.matches_per_helper()) < gini(other.matches_per_helper())
        for one, other in zip(both, neither, strict=True)
    )
    return TEXT.format(
        helpers=size.helpers,
        requests=size.requests,
        days=365,
        asked=ASKED_AT_MOST,
        seeds=len(seeds),
        first=min(seeds),
        last=max(seeds),
        heads=" | ".join(years),
        dashes="|".join("---:" for _ in years),
        rows="\n".join(f"| {label} | {' | '.join(cells)} |" for label, cells in table(years)),
        finding=fill(
            f"With rotation and workload the Gini of matches per helper is {fair:.3f} instead of"
            f" {unfair:.3f}{', lower for every seed' if every else ''}. {asked:.1f}\N{NO-BREAK SPACE}% of the"
            f" helpers are never asked instead of {unasked:.1f}\N{NO-BREAK SPACE}%, and the most asked helper"
            f" is asked {often:.1f} times instead of {oftener:.1f}.",
            width=110,
        ),
        cost=fill(
            f"{'Nobody pays for it here' if near <= nearer and served >= unserved else 'What it costs'}:"
            f" the two of a match live {near:.0f} m apart on average ({nearer:.0f} m without both), and"
            f" {served:.0f} of {size.requests} requests are served ({unserved:.0f} without both)."
            f"{' Who is near is not used up when the next call comes.' if near < nearer else ''}",
            width=110,
        ),
    )


def picture(years: Years) -> str:
    """The Lorenz curves of the first seed, as SVG."""
    side, left, top = 360, 60, 20
    shown = {
        "with both": ("#0a5c36", "", "with rotation and workload"),
        "without both": ("#8a1c1c", "8 4", "without both"),
    }

    def at(x: float, y: float) -> str:
        return f"{left + side * x:.1f},{top + side * (1 - y):.1f}"

    curves = []
    for number, (variant, (colour, dashes, label)) in enumerate(shown.items()):
        values = years[variant][0].matches_per_helper()
        points = " ".join(at(x, y) for x, y in lorenz(values))
        pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
        curves.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{pattern}/>'
        )
        height = top + 30 + 24 * number
        curves.append(
            f'<path d="M{left + 16} {height - 5}h32" stroke="{colour}" stroke-width="2.5"{pattern}/>'
            f'<text x="{left + 58}" y="{height}">{label}: Gini {gini(values):.3f}</text>'
        )
    ticks = "".join(
        f'<text x="{left + side * share:.0f}" y="{top + side + 20}" text-anchor="middle">{share:.0%}</text>'
        f'<text x="{left - 8}" y="{top + side * (1 - share) + 5:.0f}" text-anchor="end">{share:.0%}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + side + 30} {top + side + 60}" '
        'role="img" font-family="sans-serif" font-size="14" fill="#1a1a1a">\n'
        "<title>Lorenz curves of matches per helper over a year</title>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#767676"/>\n'
        f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#767676" stroke-dasharray="2 4"/>\n'
        + "\n".join(curves)
        + f"\n{ticks}\n"
        f'<text x="{left + side / 2}" y="{top + side + 46}" text-anchor="middle">'
        "helpers, fewest matches first</text>\n"
        f'<text transform="translate(14 {top + side / 2}) rotate(-90)" text-anchor="middle">'
        "all matches</text>\n"
        "</svg>\n"
    )


def _each(years: Sequence[Year], value: object, digits: int, unit: str = "") -> str:
    values = [value(year) for year in years]  # type: ignore[operator]
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}{unit}"

"""The city-wide run beside one query and the bare solver, and beside choosing greedily."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.measuring import Series, shown
from tests.bench.processes import run_process
from tests.bench.report import Row
from tests.bench.run import Run, size_name

ROUNDS = 3
MOST_GIB = 4


def measure(run: Run) -> None:
    """Product and bare form by turns, each in a process of its own; then the greedy ones."""
    run.say("City-wide run …")
    ours, whole, reasons, theirs, with_sight, query, solver = (Series() for _ in range(7))
    found: dict[str, Any] = {}
    bare: dict[str, Any] = {}
    for _round in range(run.times(ROUNDS, 2)):
        found, bare = _process(run, "product"), _process(run, "bare")
        ours.values.append(found["seconds"] - found["reasons"])
        whole.values.append(found["seconds"])
        reasons.values.append(found["reasons"])
        theirs.values.append(bare["seconds"])
        with_sight.values.append(bare["seconds"] + bare["in_sight"])
        query.values.append(bare["query"])
        solver.values.append(bare["solver"])
    if any(found[name] != bare[name] for name in ("served", "urgent_served", "score")):
        raise AssertionError("two ways to the optimum end at different ones")
    greedy = _process(run, "greedy")
    bare_form = "one set-based query for the same edges + the bare solver"
    for name, times, against, their_times in (
        (
            f"city run, {found['requests']:,} requests × {size_name(run.largest)} helpers: pairs and optimum",
            ours,
            bare_form,
            theirs,
        ),
        (
            f"the same with the reasons of all {found['unserved']:,} who get nobody",
            whole,
            f"{bare_form} + one query that counts whom the reasons must look at",
            with_sight,
        ),
    ):
        ratio = times.median / their_times.median
        run.report.rows.append(
            Row(
                name,
                f"{times}, {found['peak_gib']:.2f} GiB",
                against,
                str(their_times),
                f"{ratio:.2f} ×",
                f"≤ 1.5 ×, at most {MOST_GIB} GiB",
                ratio <= 1.5 and found["peak_gib"] <= MOST_GIB,
            )
        )
    _workers(run)
    lines = []
    for name, words in (("score", "greedy by score"), ("arrival", "greedy by arrival")):
        other = greedy[name]
        more, points = found["served"] - other["served"], (found["score"] - other["score"]) / 1e6
        run.report.rows.append(
            Row(
                "quality of the city run",
                f"{found['served']:,} served",
                words,
                f"{other['served']:,} served",
                f"+ {more:,} served, {points:+,.1f} points",
                "never fewer served",
                more >= 0,
            )
        )
        lines.append(
            f"- {words}: {other['served']:,} served, {other['urgent_served']:,} urgent ones among them, "
            f"{other['score'] / 1e6:,.1f} points, {other['score'] / 1e6 / max(other['served'], 1):.4f} each"
        )
    backend = "unknown" if found["backend_gib"] is None else f"{found['backend_gib']:.2f} GiB"
    run.report.section("City-wide run").lines += [
        f"{bare['edges']:,} eligible pairs; {found['chunks']} parts. Bare: query {shown(query.median)}, "
        f"solver {shown(solver.median)} (three flows, on a graph built before). Both find the same numbers. "
        f"Memory: the program at most {found['peak_gib']:.2f} GiB, its database process {backend} "
        "(shared buffers included).",
        "",
        f"The reasons take {shown(reasons.median)}: for each of the {found['unserved']:,} requests without "
        "a suggestion the near misses within 20 km are counted by gate. Edges end at the helpers' own reach; "
        f"only to count the offers of the role within 20 km of them takes "
        f"{shown(with_sight.median - theirs.median)} (one statement with the index; reckoned from every "
        "twentieth request).",
        "",
        f"- optimum: {found['served']:,} of {found['requests']:,} served, {found['urgent_served']:,} urgent "
        f"ones among them, {found['score'] / 1e6:,.1f} points, "
        f"{found['score'] / 1e6 / max(found['served'], 1):.4f} each",
        *lines,
        "",
        "The requests' roles are all on the spot: one at a distance has no place to be drawn by.",
    ]


def _workers(run: Run) -> None:
    """Parts searched by one worker process, and by two beside each other."""
    one, two = Series(), Series()
    for _round in range(run.times(ROUNDS, 2)):
        found = _process(run, "workers")
        if found["pairs_of_1"] != found["pairs_of_2"]:
            raise AssertionError("two workers find other pairs than one")
        one.values.append(found["by_1"])
        two.values.append(found["by_2"])
    ratio = two.median / one.median
    run.report.rows.append(
        Row(
            "city run: the search of all parts by two worker processes",
            str(two),
            "by one",
            str(one),
            f"{ratio:.2f} ×",
            "≤ 0.6 ×",
            ratio <= 0.6,
        )
    )


def _process(run: Run, what: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        taken = run_process(
            run.databases[run.largest],
            ["-m", "tests.bench.city", what, run.on.isoformat()],
            Path(folder) / "found.json",
        )
    found: dict[str, Any] = json.loads(taken.output)
    return found

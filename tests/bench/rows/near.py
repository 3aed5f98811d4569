"""Near misses and what-ifs beside bare scans of the rows that they must read."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from helfer.matching.candidates import searches, survey
from helfer.matching.candidates.changes import COURSES, FARTHER, FARTHER_M, HALF_DAYS, MODELS
from helfer.matching.candidates.database import read
from helfer.matching.candidates.questions import ASKED_ONCE
from helfer.matching.gates import NEAR_MISS_WITHIN_M
from tests.bench import floors
from tests.bench.databases import prepared, using
from tests.bench.measuring import Series, Work, in_turns, shown
from tests.bench.places import Place, draw_places
from tests.bench.report import Row, Section
from tests.bench.run import Run, size_name

PLACES, ROUNDS, TRIED_PLACES = 60, 5, 15
SHOWN = 10
# The index gives the nearest first: of those it must read all up to the last one shown.
NEAREST_IDS = """
    SELECT helper_id FROM matching_offer WHERE role_id = %(role)s::bigint
     ORDER BY home <-> %(point)s::geography LIMIT %(limit)s::bigint
"""
NEARER = """
    SELECT count(*) FROM matching_offer
     WHERE role_id = %(role)s::bigint AND ST_DWithin(home, %(point)s::geography, %(metres)s)
"""


def measure(run: Run) -> None:
    """Each of the page's further questions."""
    run.say("Near misses and what-ifs …")
    with using(run.wrappers[run.largest]):
        places = draw_places(run.rng("near"), run.times(PLACES, 10))
        section = run.report.section("Near misses and what-ifs")
        section.lines += [
            f"{len(places)} open requests, drawn by population. Bare: the ids of the rows that have to be "
            "read, by the fastest of the forms named, prepared.",
            "",
            "Each of ours is told the request, as each bare scan is: it is read once for all that is asked "
            f"after the candidates. That takes {shown(_reading(run, places).median)}.",
            "",
        ]
        _nearest(run, places, section)
        _elsewhere(run, places, section)
        _what_ifs(run, places, section)


def _reading(run: Run, places: Sequence[Place]) -> Series:
    """What reading the request takes, once for a page."""
    times = Series()
    for place in places:
        work = partial(read, ASKED_ONCE, survey(place.request, on=run.on).values())
        times.values.extend(in_turns({"": work}, rounds=run.times(ROUNDS, 2), rng=run.rng("reading"))[""])
    return times


def _row(run: Run, name: str, ours: Series, theirs: Series, against: str) -> None:
    ratio = ours.median / theirs.median
    run.report.rows.append(
        Row(
            f"{name}, {size_name(run.largest)} helpers",
            str(ours),
            against,
            str(theirs),
            f"{ratio:.2f} ×, p95 {ours.p95 / theirs.p95:.2f} ×",
            "≤ 2 ×",
            ratio <= 2,
        )
    )


def _compare(
    run: Run, places: Sequence[Place], ours: Callable[[Place], Work], bare: Callable[[Place], Work]
) -> tuple[Series, Series]:
    found, scanned = Series(), Series()
    for place in places:
        works = {"ours": ours(place), "bare": bare(place)}
        times = in_turns(works, rounds=run.times(ROUNDS, 2), rng=run.rng(f"near {place.request.pk}"))
        found.values.extend(times["ours"])
        scanned.values.extend(times["bare"])
    return found, scanned


def _nearest(run: Run, places: Sequence[Place], section: Section) -> None:
    """The ten nearest, beside the index's own order up to the tenth."""
    limits = {}
    for place in places:
        values = {**survey(place.request, on=run.on).question, "limit": SHOWN}
        rows = read(searches.NEAREST, values)
        metres = max((row[1] for row in rows), default=0) if len(rows) == SHOWN else NEAR_MISS_WITHIN_M
        limits[place.request.pk] = prepared(NEARER, {**place.parameters, "metres": float(metres)})[0][0]

    def ours(place: Place) -> Work:
        question = survey(place.request, on=run.on).question
        return partial(read, searches.NEAREST, {**question, "limit": SHOWN})

    def bare(place: Place) -> Work:
        return partial(prepared, NEAREST_IDS, {**place.parameters, "limit": max(limits[place.request.pk], 1)})

    found, scanned = _compare(run, places, ours, bare)
    _row(run, "the ten nearest near misses", found, scanned, "bare scan up to the tenth: ids, nearest first")
    section.lines.append(
        f"- ten nearest near misses: {statistics.median(limits.values()):.0f} rows to read (median), "
        f"{max(limits.values()):,} at most"
    )


def _elsewhere(run: Run, places: Sequence[Place], section: Section) -> None:
    """The counts of other offices' near misses read everybody of the role within sight."""
    forms = floors.within(NEAR_MISS_WITHIN_M)
    name, times = floors.fastest(
        forms, places[: run.times(TRIED_PLACES, 5)], rng=run.rng("in sight"), rounds=2
    )

    def ours(place: Place) -> Work:
        return partial(read, searches.MISSED_ELSEWHERE, survey(place.request, on=run.on).question)

    def bare(place: Place) -> Work:
        return partial(floors.scan, forms[name], place)

    found, scanned = _compare(run, places, ours, bare)
    _row(
        run,
        "near misses of other offices, counted by gate",
        found,
        scanned,
        "bare scan of the role within 20 km, ids only",
    )
    section.lines.append(f"- counted by gate: {_forms(times)}")


def _what_ifs(run: Run, places: Sequence[Place], section: Section) -> None:
    """Each kind is one query; three read who is in reach, one also those a little farther."""
    in_reach, farther = floors.farther(0), floors.farther(max(FARTHER_M))
    tried = places[: run.times(TRIED_PLACES, 5)]
    near, near_times = floors.fastest(in_reach, tried, rng=run.rng("in reach"), rounds=2)
    wide, wide_times = floors.fastest(farther, tried, rng=run.rng("farther"), rounds=2)
    kinds = (
        ("farther", FARTHER, farther[wide], f"bare scan {max(FARTHER_M)} m farther than in reach, ids only"),
        ("trainings", COURSES[False], in_reach[near], "bare scan of who is in reach, ids only"),
        ("half-days", HALF_DAYS[False], in_reach[near], "bare scan of who is in reach, ids only"),
        ("financial models", MODELS[False], in_reach[near], "bare scan of who is in reach, ids only"),
    )
    for name, sql, bare_sql, against in kinds:

        def ours(place: Place, sql: str = sql) -> Work:
            return partial(read, sql, survey(place.request, on=run.on).question)

        def bare(place: Place, sql: str = bare_sql) -> Work:
            return partial(floors.scan, sql, place)

        found, scanned = _compare(run, places, ours, bare)
        _row(run, f"what-if: {name}", found, scanned, against)
    section.lines.append(f"- in reach: {_forms(near_times)}")
    section.lines.append(f"- {max(FARTHER_M)} m farther: {_forms(wide_times)}")


def _forms(times: Mapping[str, Series]) -> str:
    return "; ".join(f"{name} {shown(series.median)}" for name, series in times.items())

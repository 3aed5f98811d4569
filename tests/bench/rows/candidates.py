"""The shortlist beside the bare index scan, beside full scans, and from ten thousand helpers to a million."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from functools import partial

from django.db import connection

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching.candidates import searches, survey
from helfer.matching.candidates.database import read
from helfer.matching.candidates.questions import ONE_REQUEST, asked
from tests.bench import floors
from tests.bench.databases import prepared, using
from tests.bench.measuring import Series, Work, in_turns, percentile, seconds, shown
from tests.bench.places import Place, draw_places, place_of
from tests.bench.report import Row
from tests.bench.run import Run, size_name

PLACES, ROUNDS, TRIED_PLACES = 200, 7, 40
LIMIT = 20

FULL_SCAN = """
    SELECT helper.id, ST_Distance(person.home, %(point)s::geography) AS metres
      FROM helpers_helperprofile helper
      JOIN people_person person ON person.id = helper.person_id
     WHERE helper.state = 'active'
     ORDER BY metres LIMIT 20
"""
ALL_ROWS = """
    SELECT helper.id, ST_X(person.home::geometry), ST_Y(person.home::geometry), helper.radius_m
      FROM helpers_helperprofile helper
      JOIN people_person person ON person.id = helper.person_id
     WHERE helper.state = 'active'
"""


REQUEST_ALONE = f"WITH asked AS MATERIALIZED ({asked(ONE_REQUEST)}) SELECT request_id FROM asked"


def statement(run: Run, place: Place) -> Work:
    """The product's statement for the candidates, as the product sends it."""
    values = survey(place.request, on=run.on).values(limit=LIMIT)
    return lambda: read(searches.CANDIDATES_IN_REACH, values)


def whole_call(run: Run, place: Place) -> Work:
    """The product's whole call: 20 candidates with parts and reasons, as Python objects."""
    return lambda: survey(place.request, on=run.on).best(LIMIT)


def measure(run: Run) -> None:
    """All rows about one request's candidates."""
    with using(run.wrappers[run.largest]):
        places = draw_places(run.rng("candidates"), run.times(PLACES, 20))
        _against_the_floor(run, places)
        _against_full_scans(run, places)
    if run.smallest != run.largest:
        _growth(run)


def request_alone(run: Run, place: Place) -> Work:
    """The part of the product's statement that reads the request; a bare scan is told what it needs of it."""
    values = survey(place.request, on=run.on).values()
    return lambda: read(REQUEST_ALONE, values)


def _against_the_floor(run: Run, places: Sequence[Place]) -> None:
    run.say("Candidates against the bare scan …")
    forms, tried = floors.farther(0), places[: run.times(TRIED_PLACES, 10)]
    _name, times_of_forms = floors.fastest(forms, tried, rng=run.rng("floor"))
    by_speed = sorted(forms, key=lambda name: times_of_forms[name].median)
    own = next(forms[name] for name in by_speed if floors.LEAN not in forms[name])
    lean = next(forms[name] for name in by_speed if floors.LEAN in forms[name])
    ours, call, request, floor, made_for_it = (Series() for _ in range(5))
    net, ratios, found = Series(), [], []
    for place in places:
        found.append(len(floors.scan(own, place)))
        works: dict[str, Work] = {
            "floor": partial(floors.scan, own, place),
            "lean": partial(floors.scan, lean, place),
            "ours": statement(run, place),
            "call": whole_call(run, place),
            "request": request_alone(run, place),
        }
        times = in_turns(works, rounds=run.times(ROUNDS, 3), rng=run.rng(f"place {place.request.pk}"))
        for series, key in (
            (floor, "floor"), (made_for_it, "lean"), (ours, "ours"), (call, "call"), (request, "request"),
        ):  # fmt: skip
            series.values.extend(times[key])
        reading = statistics.median(times["request"])
        net.values.extend(max(value - reading, 0) for value in times["ours"])
        ratios.append(statistics.median(times["ours"]) / statistics.median(times["floor"]))
    size = size_name(run.largest)
    on_the_table, on_its_own = (
        "fastest bare index scan of the offers, ids only",
        "a table made for this scan alone",
    )
    for name, mine, against, theirs, is_asked in (
        (
            f"candidates (20, with parts and what their reasons say), {size} helpers: the statement",
            ours,
            on_the_table,
            floor,
            True,
        ),
        (
            "the same, the whole Python call with names and the reasons in words",
            call,
            on_the_table,
            floor,
            True,
        ),
        ("the same statement less its reading of the request", net, on_the_table, floor, False),
        ("the statement", ours, f"{on_its_own} (native boxes, index only)", made_for_it, False),
    ):
        of_medians, of_p95 = mine.median / theirs.median, mine.p95 / theirs.p95
        run.report.rows.append(
            Row(
                name,
                str(mine),
                against,
                str(theirs),
                f"{of_medians:.2f} ×, p95 {of_p95:.2f} ×",
                *(
                    ("≤ 1.5 × (median), ≤ 2 × (p95)", of_medians <= 1.5 and of_p95 <= 2)
                    if is_asked
                    else ("report", None)
                ),
            )
        )
    section = run.report.section("Candidates against the bare scan")
    section.lines += [
        f"{len(places)} open requests, drawn by population; {run.times(ROUNDS, 3)} rounds each after one to "
        f"warm up. Offers within reach: median {statistics.median(found):.0f}, "
        f"p95 {percentile(found, 0.95):.0f}, at most {max(found)}.",
        "",
        f"p95: statement {shown(ours.p95)}, whole call {shown(call.p95)}, bare scan {shown(floor.p95)}. "
        f"Statement ÷ scan place by place: median {statistics.median(ratios):.2f}, "
        f"p95 {percentile(ratios, 0.95):.2f}.",
        "",
        f"The statement also reads the request: what is wished, ties, earlier matches, the Land's rule. By "
        f"itself that takes {shown(request.median)}, the same where nobody lives near. The bare scan is told "
        "role and place.",
        "",
        "The forms of the bare scan that were tried:",
        "",
        *_forms(times_of_forms),
        "",
        *_by_reach(found, ratios),
    ]


def _by_reach(found: Sequence[int], ratios: Sequence[float]) -> list[str]:
    """How the ratio depends on how many there are to find."""
    lines = ["Statement ÷ scan by the number of offers within reach:", ""]
    for low, high in ((0, 10), (11, 50), (51, 200), (201, 10**9)):
        own = [ratio for number, ratio in zip(found, ratios, strict=True) if low <= number <= high]
        if own:
            until = f"to {high}" if high < 10**9 else "and more"
            lines.append(f"- {low} {until}: {statistics.median(own):.2f} (median of {len(own)} places)")
    return lines


def _forms(forms: dict[str, Series]) -> list[str]:
    return [
        f"- {name}: {series}, p95 {shown(series.p95)}"
        for name, series in sorted(forms.items(), key=lambda each: each[1].median)
    ]


def _against_full_scans(run: Run, places: Sequence[Place]) -> None:
    run.say("Candidates against full scans …")
    ours, call, scan, haversine = Series(), Series(), Series(), Series()
    for number, place in enumerate(places[: run.times(12, 3)]):
        lon, lat = place.request.help_seeker.person.home.coords  # type: ignore[union-attr]
        works = {"ours": statement(run, place), "call": whole_call(run, place)}
        times = in_turns(works, rounds=run.times(5, 2), rng=run.rng("scans"))
        ours.values.extend(times["ours"])
        call.values.extend(times["call"])
        scan.values.append(seconds(partial(prepared, FULL_SCAN, place.parameters)))
        if number < 3:
            haversine.values.append(seconds(partial(_haversine, place, lon, lat)))
    size = size_name(run.largest)
    for name, against in (
        ("full scan in SQL: every helper's distance, sort, limit", scan),
        ("Python haversine over all rows", haversine),
    ):
        factor, of_call = against.median / ours.median, against.median / call.median
        run.report.rows.append(
            Row(
                f"candidates, {size} helpers",
                f"{ours} (whole call {shown(call.median)})",
                name,
                str(against),
                f"{factor:,.0f} × faster (whole call {of_call:,.0f} ×)",
                "≥ 1,000 ×" if run.largest >= 1_000_000 else "≥ 1,000 × at 1,000,000",
                factor >= 1000 if run.largest >= 1_000_000 else None,
            )
        )


def _haversine(place: Place, lon: float, lat: float) -> list[tuple[float, int]]:
    """What is often written: fetch all, reckon each, sort."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_ROWS, place.parameters)
        rows = cursor.fetchall()
    here = math.radians(lat)
    found = []
    for helper_id, its_lon, its_lat, radius_m in rows:
        there = math.radians(its_lat)
        half = (
            math.sin((there - here) / 2) ** 2
            + math.cos(here) * math.cos(there) * math.sin(math.radians(its_lon - lon) / 2) ** 2
        )
        metres = 2 * 6_371_008.8 * math.asin(math.sqrt(half))
        if metres <= radius_m:
            found.append((metres, helper_id))
    return sorted(found)[:LIMIT]


# How many offers reach the place of each open request.
COUNTED = """
    SELECT request.id, count(*)
      FROM help_requests_helprequest request
      JOIN people_helpseeker seeker ON seeker.id = request.help_seeker_id
      JOIN people_person person ON person.id = seeker.person_id
      JOIN matching_offer offer ON offer.role_id = request.role_id AND offer.reach && person.home::geometry
           AND ST_Distance(offer.home, person.home) <= offer.radius_m
     WHERE request.id = ANY(%(ids)s)
     GROUP BY request.id
"""


def _growth(run: Run) -> None:
    """Places with the same number of offers within reach in the smallest and in the largest database."""
    run.say("Growth at the same number of offers within reach …")
    by_count: dict[int, dict[int, list[int]]] = {}
    for size in (run.smallest, run.largest):
        with using(run.wrappers[size]):
            ids = list(
                HelpRequest.objects.filter(state=RequestState.OPEN)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            ids = run.rng("growth").sample(ids, min(3000, len(ids)))
            with connection.cursor() as cursor:
                cursor.execute(COUNTED, {"ids": ids})
                for request_id, count in cursor.fetchall():
                    by_count.setdefault(count, {}).setdefault(size, []).append(request_id)
    pairs = [
        (count, pair)
        for count, sizes in sorted(by_count.items(), reverse=True)
        for pair in zip(sizes.get(run.smallest, []), sizes.get(run.largest, []), strict=False)
    ][: run.times(60, 10)]
    if not pairs:
        return
    times = {run.smallest: Series(), run.largest: Series()}
    calls = {run.smallest: Series(), run.largest: Series()}
    for number in range(run.times(5, 3) + 1):
        for _count, pair in pairs:
            for size, request_id in zip((run.smallest, run.largest), pair, strict=True):
                with using(run.wrappers[size]):
                    place = place_of(
                        HelpRequest.objects.select_related("help_seeker__person", "role").get(pk=request_id)
                    )
                    work, call = statement(run, place), whole_call(run, place)
                    work()
                    taken, taken_by_call = seconds(work), seconds(call)
                    if number:
                        times[size].values.append(taken)
                        calls[size].values.append(taken_by_call)
    ratio = times[run.largest].median / times[run.smallest].median
    call_ratio = calls[run.largest].median / calls[run.smallest].median
    counts = [count for count, _pair in pairs]
    run.report.rows.append(
        Row(
            f"growth {size_name(run.smallest)} → {size_name(run.largest)}, "
            f"same number of offers within reach ({min(counts)} to {max(counts)})",
            str(times[run.largest]),
            f"itself at {size_name(run.smallest)}",
            str(times[run.smallest]),
            f"{ratio:.2f} × (whole call {call_ratio:.2f} ×)",
            "≤ 1.2 ×",
            ratio <= 1.2,
        )
    )

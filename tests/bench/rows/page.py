"""The page of a request's candidates beside an empty page, both for somebody who is signed in."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from helfer.help_requests.models import HelpRequest
from helfer.people.models import Seat, Side
from tests.bench.databases import using
from tests.bench.measuring import Series, in_turns, shown
from tests.bench.places import draw_places
from tests.bench.report import Row
from tests.bench.rows.candidates import whole_call
from tests.bench.run import Run, size_name
from tests.bench.statements import Statement, noted
from tests.factories.people import sign_in

PLACES, ROUNDS = 12, 5


def measure(run: Run) -> None:
    """The page, the empty page, and what the page's time goes to."""
    run.say("The page …")
    with (
        using(run.wrappers[run.largest]),
        override_settings(ROOT_URLCONF="tests.bench.urls", ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False),
    ):
        places = draw_places(run.rng("page"), run.times(PLACES, 4))
        page, empty, call, in_sql = Series(), Series(), Series(), Series()
        queries, profile = [], cProfile.Profile()
        for place in places:
            client = _client_of(place.request)
            address = reverse("tandem:candidates", args=[place.request.pk])
            works = {
                "page": partial(_get, client, address),
                "empty": partial(_get, client, "/leer/"),
                "call": whole_call(run, place),
            }
            times = in_turns(works, rounds=run.times(ROUNDS, 2), rng=run.rng(address))
            page.values.extend(times["page"])
            empty.values.extend(times["empty"])
            call.values.extend(times["call"])
            with noted() as statements:
                _get(client, address)
            in_sql.values.append(sum(statement.seconds for statement in statements))
            queries.append(statements)
            profile.enable()
            _get(client, address)
            profile.disable()
        cache.clear()
    run.report.rows.append(
        Row(
            f"the same in the page (HTML, signed in), {size_name(run.largest)} helpers",
            str(page),
            "an empty signed-in view",
            str(empty),
            f"{page.median / empty.median:.1f} ×, + {shown(page.median - empty.median)}",
            "report",
            None,
        )
    )
    counts = sorted(len(statements) for statements in queries)
    run.report.section("The page").lines.extend(
        [
            "Django's test client in the same process, all middleware, session and templates; no web server, "
            "no network. The page shows 20 candidates, ten near misses, what would help, and the map.",
            "",
            f"Of its {shown(page.median)} the candidates' call takes {shown(call.median)}; all its "
            f"{counts[len(counts) // 2]} statements together take {shown(in_sql.median)}; the empty page "
            f"{shown(empty.median)}. The rest is Python: templates above all.",
            "",
            "The slowest statements (median over the pages):",
            "",
            *_slowest(queries),
            "",
            "Where a profile of the page says the time goes (cumulative, the profiler itself included):",
            "",
            *_profiled(profile),
        ]
    )


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address} answers {answer.status_code}")


def _client_of(request: HelpRequest) -> Client:
    """Somebody of the tandem whose office the request belongs to."""
    seat = Seat.objects.select_related("user").get(office=request.office_id, side=Side.MUNICIPAL)
    return sign_in(Client(), seat.user)


def _slowest(pages: Sequence[Sequence[Statement]]) -> list[str]:
    by_text: dict[str, Series] = {}
    for statements in pages:
        for statement in statements:
            text = " ".join(statement.sql.split())
            by_text.setdefault(f"{text[:110]} …" if len(text) > 110 else text, Series()).values.append(
                statement.seconds
            )
    slowest = sorted(by_text.items(), key=lambda each: -each[1].median)[:5]
    return [f"- {shown(series.median)}: `{text}`" for text, series in slowest]


def _profiled(profile: cProfile.Profile) -> list[str]:
    stats: Any = pstats.Stats(profile)
    whole = max(cumulative for *_, cumulative, _callers in stats.stats.values())
    named = {
        "template rendering": ("django/template/response.py", "rendered_content"),
        "the shortlist (candidates, near misses)": ("candidates/surveys.py", "shortlist"),
        "what would help": ("what_if", "what_ifs"),
        "the map": ("tandem/candidates.py", "_map"),
    }
    lines = []
    for name, (file, function) in named.items():
        cumulative = sum(
            taken
            for (path, _line, called), (_a, _b, _own, taken, _callers) in stats.stats.items()
            if file in path and called == function
        )
        if cumulative:
            lines.append(f"- {name}: {cumulative / whole:.0%}")
    return lines

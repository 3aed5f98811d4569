"""A request and those who come into question for it: read when asked for, by one statement for each list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.matching.candidates import searches
from helfer.matching.candidates.database import Row, read
from helfer.matching.candidates.facts_of_helpers import helpers_by_id
from helfer.matching.candidates.facts_of_request import Asked, ask, role_unclear
from helfer.matching.candidates.lists import (
    CANDIDATES_SHOWN,
    NEAR_MISSES_SHOWN,
    Candidate,
    NearMiss,
    Shortlist,
    Shown,
    name_shown,
)
from helfer.matching.candidates.questions import ASKED_ONCE, KEPT
from helfer.matching.facts import DEFAULT_LANGUAGE
from helfer.matching.gates import Gate, refusals
from helfer.matching.ranking import WEIGHTS
from helfer.matching.reasons import Points, Words, beside_the_way, no_way, way

# Who is nearest by the sphere may be second on the ellipsoid: nowhere do they differ by more than this share.
SPHERE_DIFFERS_BY = 0.006
_SPARE = 3
_CONTINUITY = tuple(WEIGHTS).index("continuity")


@dataclass(frozen=True)
class Found:
    """The best candidates, and what else one statement tells."""

    number: str
    candidates: tuple[Candidate, ...]
    eligible: int
    has_home: bool


@dataclass(frozen=True)
class Survey:
    """A request on a day; nothing is read before it is asked for."""

    request_id: int
    on: date
    at_a_distance: bool

    @cached_property
    def asked(self) -> Asked:
        """Everything that is known of the request, for sentences."""
        return ask(self.request_id, on=self.on)

    @cached_property
    def question(self) -> dict[str, str | None]:
        """What the gates ask of the helpers, read once for all statements but that of the candidates."""
        rows = read(ASKED_ONCE, self.values())
        if not rows:
            raise role_unclear()
        return dict(zip(KEPT, rows[0], strict=True))

    def values(self, **more: Any) -> dict[str, Any]:
        """What those statements are told that read the request themselves."""
        return {
            "request_id": self.request_id,
            "on": self.on,
            "at_a_distance": self.at_a_distance,
            "installation": settings.HELFER_MUNICIPALITY[0],
            **more,
        }

    def best(self, limit: int = CANDIDATES_SHOWN) -> Found:
        """The best ``limit`` candidates with parts and reasons, and how many are eligible."""
        statement = searches.CANDIDATES_ANYWHERE if self.at_a_distance else searches.CANDIDATES_IN_REACH
        rows = read(statement, self.values(limit=max(limit, 1)))
        if not rows:
            raise role_unclear()
        eligible = rows[0][0]
        told = _Told(*rows[0][1].split(searches.BETWEEN, len(_Told._fields) - 1))
        return Found(
            number=told.number or str(self.request_id),
            candidates=_candidates(told, rows[: min(limit, eligible)], at_a_distance=self.at_a_distance),
            eligible=eligible,
            has_home=told.has_home == "t",
        )

    def near_misses(self, limit: int = NEAR_MISSES_SHOWN, *, only_own: bool = False) -> tuple[NearMiss, ...]:
        """The nearest ``limit`` near misses; ``only_own`` leaves out those of other offices."""
        nearest = self._nearest(limit, only_own=only_own)
        if not nearest:
            return ()
        asked = self.asked
        missed = []
        for helper in helpers_by_id(asked, [helper_id for helper_id, _metres in nearest]):
            closed = refusals(asked.facts, helper)
            if len(closed) != 1:
                # Somebody changed something between the two looks.
                continue
            missed.append(NearMiss.of(asked.facts, helper, closed[0]))
        return tuple(sorted(missed, key=lambda miss: (miss.distance_m, miss.helper_id)))

    def _nearest(self, limit: int, *, only_own: bool) -> list[tuple[int, float]]:
        """Ids and distances of the nearest near misses.

        The index gives them in the sphere's order. More are read until nobody unread can be nearer.
        """
        statement = searches.NEAREST_OWN if only_own else searches.NEAREST
        reading = limit + _SPARE
        while limit > 0:
            rows = read(statement, {**self.question, "limit": reading})
            nearest = sorted((metres, helper_id) for helper_id, metres, _ in rows)[:limit]
            unread_from = max((round_m for *_, round_m in rows), default=0) * (1 - SPHERE_DIFFERS_BY)
            if len(rows) < reading or nearest[-1][0] < unread_from:
                return [(helper_id, metres) for metres, helper_id in nearest]
            reading *= 4
        return []

    def near_misses_elsewhere(self) -> dict[Gate, int]:
        """How many near misses other offices have, by gate."""
        return {Gate(gate): number for gate, number in read(searches.MISSED_ELSEWHERE, self.question)}

    def shortlist(
        self,
        *,
        limit: int = CANDIDATES_SHOWN,
        near_misses: int = NEAR_MISSES_SHOWN,
        only_own_near_misses: bool = False,
    ) -> Shortlist:
        """The best ``limit`` candidates and the nearest ``near_misses`` near misses.

        ``only_own_near_misses`` leaves those of other offices out: of them an office sees only a number.
        """
        best = self.best(limit)
        return Shortlist(
            request=best.number,
            on=self.on,
            candidates=best.candidates,
            near_misses=self.near_misses(near_misses, only_own=only_own_near_misses),
            eligible=best.eligible,
            has_home=best.has_home,
            count_elsewhere=self.near_misses_elsewhere,
        )


def survey(request: HelpRequest, *, on: date) -> Survey:
    """Who comes into question for the request on that day.

    Raises ``RuleViolation`` where the role is not clear yet, or where the request names its helper.
    """
    if request.named_helper_id is not None:
        raise RuleViolation(
            _("Diese Anfrage nennt ihre Helferin oder ihren Helfer. Hier wird niemand gesucht."),
            code="named_pair",
        )
    if request.role is None:
        raise role_unclear()
    return Survey(request_id=request.pk, on=on, at_a_distance=request.role.at_a_distance)


def shortlist(
    request: HelpRequest,
    *,
    on: date,
    limit: int = CANDIDATES_SHOWN,
    near_misses: int = NEAR_MISSES_SHOWN,
    only_own_near_misses: bool = False,
) -> Shortlist:
    """The request's best candidates on that day, and those who nearly are.

    Raises ``RuleViolation`` where the role is not clear yet, or where the request names its helper.
    """
    return survey(request, on=on).shortlist(
        limit=limit, near_misses=near_misses, only_own_near_misses=only_own_near_misses
    )


class _Told(NamedTuple):
    """What every row tells of the request, as text: reading it once is cheaper than sending it in columns."""

    has_home: str
    times: str
    # Empty where only German is asked for, of which nothing is said.
    languages: str
    models: str
    model_slugs: str
    # The last one: it alone is typed by people.
    number: str


def _candidates(told: _Told, rows: Sequence[Row], *, at_a_distance: bool) -> tuple[Candidate, ...]:
    # What is the same for all is made once, the rest by columns: writing must not take longer than finding.
    if not rows:
        return ()
    reader = get_language()
    slugs = dict(zip(told.models.split(","), told.model_slugs.split(","), strict=True))
    every_slug = frozenset(slugs.values())
    languages = tuple(told.languages.split(",")) if told.languages else (DEFAULT_LANGUAGE,)
    wished_times = int(told.times).bit_count()
    (
        _eligible, _request, ids, numbers, given_names, family_names, districts, own_office, exact, metres,
        spoken, common_times, models, people, most_people, days, pets_unclear, smokers_unclear, scores,
        *parts,
    ) = zip(*rows, strict=True)  # fmt: skip
    names = map(name_shown, given_names, family_names, own_office)
    ways = repeat(no_way(reader)) if at_a_distance else map(way, repeat(reader), metres, exact)
    words = [
        *map(
            _beside_the_way, repeat(reader), repeat(wished_times), repeat(languages), common_times, spoken,
            people, most_people, days, parts[_CONTINUITY], pets_unclear, smokers_unclear,
        )
    ]  # fmt: skip
    return tuple(
        map(
            Candidate,
            map(Shown, ids, numbers, names, districts, own_office),
            metres,
            scores,
            zip(*parts, strict=True),
            [(how_far, *why.reasons) for how_far, why in zip(ways, words, strict=False)],
            [why.clarify for why in words],
            [
                every_slug
                if own is None
                else frozenset(slugs[str(model)] for model in own if str(model) in slugs)
                for own in models
            ],
        )
    )


@lru_cache(maxsize=4096)
def _beside_the_way(
    reader: str | None,
    wished_times: int,
    languages: tuple[str, ...],
    common_times: int,
    spoken: str | None,
    people: int,
    max_people: int,
    days: int | None,
    continuity: float,
    pets_are_unclear: bool,
    smokers_are_unclear: bool,
) -> Words:
    """The words for what a row holds: many rows hold the same."""
    return beside_the_way(
        reader,
        Points(
            wished_times=wished_times,
            common_times=common_times.bit_count(),
            asked_languages=languages,
            spoken_languages=tuple(spoken.split(",")) if spoken else (),
            people=people,
            max_people=max_people,
            days=days,
            know_each_other=continuity > 0,
            pets_are_unclear=pets_are_unclear,
            smokers_are_unclear=smokers_are_unclear,
        ),
    )

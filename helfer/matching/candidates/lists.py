"""What the desk sees of a request: the candidates in order, with parts and reasons, and the near misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import nsmallest
from typing import Any

from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.matching import ranking
from helfer.matching.candidates.facts_of_helpers import helpers_for
from helfer.matching.candidates.facts_of_request import ask
from helfer.matching.facts import HelperFacts, RequestFacts, common_models
from helfer.matching.gates import Gate, Refusal, near_miss, refusals
from helfer.matching.reasons import reasons_for, to_clarify

CANDIDATES_SHOWN = 20
NEAR_MISSES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen of a helper here: of another office's only first name and district."""

    helper_id: int
    number: str
    name: str
    district: str
    own_office: bool

    @classmethod
    def of(cls, request: RequestFacts, helper: HelperFacts) -> Shown:
        """The helper as the request's own office may see them."""
        own_office = helper.office_id == request.office_id
        full_name = f"{helper.given_name} {helper.family_name}".strip()
        return cls(
            helper_id=helper.id,
            number=helper.number or str(helper.id),
            name=full_name if own_office else helper.given_name or _("ohne Vornamen"),
            district=helper.district,
            own_office=own_office,
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A helper for whom every gate is open, with score, its parts and the reasons in words."""

    shown: Shown
    distance_m: float | None
    score: float
    parts: Mapping[str, float]
    reasons: tuple[str, ...]
    # What must still be asked ("Haustiere: bitte klären"); part of the reasons too.
    clarify: tuple[str, ...]
    compensation_models: frozenset[str]

    @classmethod
    def of(cls, request: RequestFacts, helper: HelperFacts) -> Candidate:
        """The helper, scored and explained."""
        return cls(
            shown=Shown.of(request, helper),
            distance_m=helper.distance_m,
            score=ranking.score_of(request, helper),
            parts=ranking.parts_of(request, helper),
            reasons=reasons_for(request, helper),
            clarify=to_clarify(request, helper),
            compensation_models=common_models(request, helper),
        )

    @property
    def helper_id(self) -> int:
        """The helper profile's id."""
        return self.shown.helper_id

    def as_json(self) -> dict[str, Any]:
        """The candidate in the form of the shortlist's JSON."""
        return {
            "helper": self.shown.number,
            "distance_m": self.distance_m,
            "score": self.score,
            "parts": dict(self.parts),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A helper nearby for whom exactly one gate is closed, and by how much."""

    shown: Shown
    distance_m: float
    gate: Gate
    by: Mapping[str, Any]
    sentence: str

    @property
    def helper_id(self) -> int:
        """The helper profile's id."""
        return self.shown.helper_id

    def as_json(self) -> dict[str, Any]:
        """The near miss in the form of the shortlist's JSON."""
        return {
            "helper": self.shown.number,
            "gate": str(self.gate),
            "by": dict(self.by),
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best candidates of a request and those who nearly are."""

    request: str
    on: date
    candidates: tuple[Candidate, ...]
    near_misses: tuple[NearMiss, ...]
    # How many pass every gate, shown or not.
    eligible: int
    # Near misses of other offices, shown or not: a number for each gate, since no more of them may be seen.
    near_misses_elsewhere: Mapping[Gate, int]
    # False where distances could not be reckoned.
    has_home: bool = True

    def as_json(self) -> dict[str, Any]:
        """The shortlist as machines read it."""
        return {
            "request": self.request,
            "on": self.on.isoformat(),
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "near_misses": [miss.as_json() for miss in self.near_misses],
        }


@dataclass(frozen=True)
class Survey:
    """A request and every helper who comes into question for it, each with the gates that are closed."""

    request: RequestFacts
    helpers: tuple[tuple[HelperFacts, tuple[Refusal, ...]], ...]

    @cached_property
    def eligible(self) -> tuple[HelperFacts, ...]:
        """The helpers for whom every gate is open, in no order."""
        return tuple(helper for helper, closed in self.helpers if not closed)

    @cached_property
    def missed(self) -> tuple[tuple[HelperFacts, Refusal], ...]:
        """The near misses, in no order."""
        return tuple(
            (helper, refusal)
            for helper, closed in self.helpers
            if (refusal := near_miss(helper, closed)) is not None
        )

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
        request = self.request

        def order(helper: HelperFacts) -> tuple[float, float, int]:
            return ranking.best_first(ranking.score_of(request, helper), helper)

        best = nsmallest(limit, self.eligible, key=order)
        missed = [
            (helper, refusal)
            for helper, refusal in self.missed
            if helper.office_id == request.office_id or not only_own_near_misses
        ]
        nearest = nsmallest(near_misses, missed, key=lambda each: ranking.nearest_first(each[0]))
        return Shortlist(
            request=request.number or str(request.id),
            on=request.on,
            candidates=tuple(Candidate.of(request, helper) for helper in best),
            near_misses=tuple(_near_miss(request, helper, refusal) for helper, refusal in nearest),
            eligible=len(self.eligible),
            near_misses_elsewhere=Counter(
                refusal.gate for helper, refusal in self.missed if helper.office_id != request.office_id
            ),
            has_home=request.has_home,
        )


def survey(request: HelpRequest, *, on: date) -> Survey:
    """Every helper who comes into question for the request on that day.

    Raises ``RuleViolation`` where the role is not clear yet, or where the request names its helper.
    """
    if request.named_helper_id is not None:
        raise RuleViolation(
            _("Diese Anfrage nennt ihre Helferin oder ihren Helfer. Hier wird niemand gesucht."),
            code="named_pair",
        )
    asked = ask(request.pk, on=on)
    return Survey(
        request=asked.facts,
        helpers=tuple((helper, refusals(asked.facts, helper)) for helper in helpers_for(asked)),
    )


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


def _near_miss(request: RequestFacts, helper: HelperFacts, refusal: Refusal) -> NearMiss:
    if helper.distance_m is None:
        raise AssertionError("a near miss lives at a known distance")
    return NearMiss(
        shown=Shown.of(request, helper),
        distance_m=helper.distance_m,
        gate=refusal.gate,
        by=refusal.by,
        sentence=refusal.sentence,
    )

"""What the desk sees of a request: the candidates in order, with parts and reasons, and the near misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helfer.matching import ranking
from helfer.matching.facts import HelperFacts, RequestFacts, common_models
from helfer.matching.gates import Gate, Refusal
from helfer.matching.reasons import why

CANDIDATES_SHOWN = 20
NEAR_MISSES_SHOWN = 10


# This and Candidate are made for every row of a list: as dataclasses they take more than twice as long.
class Shown(NamedTuple):
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
        return cls(
            helper_id=helper.id,
            number=helper.number or str(helper.id),
            name=name_shown(helper.given_name, helper.family_name, own_office),
            district=helper.district,
            own_office=own_office,
        )


def name_shown(given_name: str, family_name: str, own_office: bool) -> str:
    """The name that may be read: in full only within one's own office."""
    if own_office:
        return f"{given_name} {family_name}".strip()
    return given_name or _("ohne Vornamen")


class Candidate(NamedTuple):
    """A helper for whom every gate is open, with score, its parts and the reasons in words."""

    shown: Shown
    distance_m: float | None
    score: float
    # The weighted parts of the score, in the order of WEIGHTS.
    in_parts: tuple[float, ...]
    reasons: tuple[str, ...]
    # What must still be asked ("Haustiere: bitte klären"); part of the reasons too.
    clarify: tuple[str, ...]
    compensation_models: frozenset[str]

    @classmethod
    def of(cls, request: RequestFacts, helper: HelperFacts) -> Candidate:
        """The helper, scored and explained."""
        words, parts = why(get_language(), request, helper), ranking.parts_of(request, helper)
        return cls(
            shown=Shown.of(request, helper),
            distance_m=helper.distance_m,
            score=ranking.score_of(request, helper),
            in_parts=tuple(parts[name] for name in ranking.WEIGHTS),
            reasons=words.reasons,
            clarify=words.clarify,
            compensation_models=common_models(request, helper),
        )

    @property
    def helper_id(self) -> int:
        """The helper profile's id."""
        return self.shown.helper_id

    @property
    def parts(self) -> Mapping[str, float]:
        """The weighted parts of the score by name."""
        return dict(zip(ranking.WEIGHTS, self.in_parts, strict=True))

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

    @classmethod
    def of(cls, request: RequestFacts, helper: HelperFacts, refusal: Refusal) -> NearMiss:
        """The helper, and the one gate that is closed."""
        if helper.distance_m is None:
            raise AssertionError("a near miss lives at a known distance")
        return cls(
            shown=Shown.of(request, helper),
            distance_m=helper.distance_m,
            gate=refusal.gate,
            by=refusal.by,
            sentence=refusal.sentence,
        )

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


@dataclass(frozen=True)
class Shortlist:
    """The best candidates of a request and those who nearly are."""

    request: str
    on: date
    candidates: tuple[Candidate, ...]
    near_misses: tuple[NearMiss, ...]
    # How many pass every gate, shown or not.
    eligible: int
    # False where distances could not be reckoned.
    has_home: bool
    count_elsewhere: Callable[[], Mapping[Gate, int]] = field(repr=False, compare=False)

    @cached_property
    def near_misses_elsewhere(self) -> Mapping[Gate, int]:
        """Near misses of other offices by gate, shown or not: no more of them may be seen than the number.

        Counted when it is asked for: everybody within sight has to be read.
        """
        return self.count_elsewhere()

    def as_json(self) -> dict[str, Any]:
        """The shortlist as machines read it."""
        return {
            "request": self.request,
            "on": self.on.isoformat(),
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "near_misses": [miss.as_json() for miss in self.near_misses],
        }

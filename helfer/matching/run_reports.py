"""A city-wide run as machines and terminals read it: people by the numbers of the offices' lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.assignment import SCORE_UNIT
from helfer.matching.city_wide import Outcome
from helfer.matching.models import CityRun
from helfer.people.models import User


@dataclass(frozen=True, slots=True)
class Pair:
    """Who is suggested for which request."""

    request: str
    helper: str
    score: float


@dataclass(frozen=True, slots=True)
class Left:
    """A request for which nobody could be suggested, and what stood in the way."""

    request: str
    gates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run found."""

    requests: int
    served: int
    total_score: float
    pairs: Sequence[Pair]
    unserved: Sequence[Left]

    def as_json(self) -> dict[str, Any]:
        """The run in the form of the command's JSON."""
        return {
            "requests": self.requests,
            "served": self.served,
            "total_score": self.total_score,
            "pairs": [
                {"request": pair.request, "helper": pair.helper, "score": pair.score} for pair in self.pairs
            ],
            "unserved": [{"request": left.request, "gates": dict(left.gates)} for left in self.unserved],
        }


def report_of_outcome(outcome: Outcome) -> RunReport:
    """What was just computed."""
    chosen = outcome.assignment
    request_numbers = _numbers_of_requests(outcome.request_ids)
    helper_numbers = _numbers_of_helpers(set(chosen.helper_ids.tolist()))
    pairs = zip(chosen.request_ids.tolist(), chosen.helper_ids.tolist(), chosen.scores.tolist(), strict=True)
    return RunReport(
        requests=len(outcome.request_ids),
        served=chosen.served,
        total_score=chosen.total_score / SCORE_UNIT,
        pairs=[
            Pair(request_numbers[request], helper_numbers[helper], score / SCORE_UNIT)
            for request, helper, score in pairs
        ],
        unserved=[Left(request_numbers[request], gates) for request, gates in outcome.unserved.items()],
    )


def report_of_run(run: CityRun, *, viewer: User | None = None) -> RunReport:
    """What was kept: figures of the whole run, pairs of the viewer's own offices.

    Whoever runs the installation (``viewer=None``) gets all the pairs.
    """
    suggestions, unserved = run.suggestions.order_by("request"), run.unserved.order_by("request")
    if viewer is not None:
        suggestions, unserved = suggestions.visible_to(viewer), unserved.visible_to(viewer)
    rows = list(suggestions.values_list("request", "request__number", "helper", "helper__number", "score"))
    left = list(unserved.values_list("request", "request__number", "gates"))
    return RunReport(
        requests=run.requests,
        served=run.served,
        total_score=float(run.total_score),
        pairs=[
            Pair(number or str(request), helper_number or str(helper), float(score))
            for request, number, helper, helper_number, score in rows
        ],
        unserved=[Left(number or str(request), gates) for request, number, gates in left],
    )


def _numbers_of_requests(ids: Collection[int]) -> dict[int, str]:
    numbers = HelpRequest.objects.filter(pk__in=list(ids)).values_list("pk", "number")
    return {pk: number or str(pk) for pk, number in numbers}


def _numbers_of_helpers(ids: Collection[int]) -> dict[int, str]:
    numbers = HelperProfile.objects.filter(pk__in=list(ids)).values_list("pk", "number")
    return {pk: number or str(pk) for pk, number in numbers}

"""Every list once more, the plain way: all helpers one by one, the pure gates and the pure ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from helfer.core.slots import SLOTS
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching import ranking
from helfer.matching.candidates.facts_of_helpers import helpers_by_id
from helfer.matching.candidates.facts_of_request import ask
from helfer.matching.facts import HelperFacts, Proof, RequestFacts, common_models
from helfer.matching.gates import Gate, Refusal, near_miss, refusals

# A change makes of the two facts two others.
Change = Callable[[RequestFacts, HelperFacts], tuple[RequestFacts, HelperFacts]]
# Kind and value of a what-if, and how many more.
Counts = dict[tuple[str, int | str], int]


@dataclass(frozen=True)
class PlainSurvey:
    """A request and helpers, each with the gates that are closed."""

    request: RequestFacts
    helpers: tuple[tuple[HelperFacts, tuple[Refusal, ...]], ...]

    @classmethod
    def of(cls, request: RequestFacts, helpers: list[HelperFacts]) -> PlainSurvey:
        return cls(request, tuple((helper, refusals(request, helper)) for helper in helpers))

    @cached_property
    def eligible(self) -> list[HelperFacts]:
        """Best first."""
        found = [helper for helper, closed in self.helpers if not closed]
        return sorted(found, key=lambda h: ranking.best_first(ranking.score_of(self.request, h), h))

    @cached_property
    def missed(self) -> list[tuple[HelperFacts, Refusal]]:
        """Nearest first."""
        missed = [(h, miss) for h, closed in self.helpers if (miss := near_miss(h, closed)) is not None]
        return sorted(missed, key=lambda each: ranking.nearest_first(each[0]))

    @property
    def missed_gates(self) -> Counter[Gate]:
        return Counter(refusal.gate for _, refusal in self.missed)

    @property
    def missed_elsewhere(self) -> Counter[Gate]:
        office = self.request.office_id
        return Counter(refusal.gate for helper, refusal in self.missed if helper.office_id != office)

    def score_of(self, helper: HelperFacts) -> float:
        return ranking.score_of(self.request, helper)

    def takes_relief(self, helper: HelperFacts) -> bool:
        only_relief = common_models(self.request, helper) == {"entlastungsbetrag"}
        return only_relief and self.request.seeker_id not in helper.serves_under_relief


def plain_survey(request: HelpRequest, *, on: date) -> PlainSurvey:
    """Read from the sources, never from what the search reads."""
    asked = ask(request.pk, on=on)
    ids = HelperProfile.objects.active().filter(roles=asked.role_id).values_list("pk", flat=True)
    return PlainSurvey.of(asked.facts, helpers_by_id(asked, list(ids)))


def what_ifs(survey: PlainSurvey) -> Counts:
    """One input changed at a time, and the touched gates asked again."""
    counted = (*_farther(survey), *_trainings(survey), *_times(survey), *_models(survey))
    return {(kind, value): additional for kind, value, additional in counted if additional}


Counted = Iterator[tuple[str, int | str, int]]


def _farther(survey: PlainSurvey) -> Counted:
    over = [
        closed[0].by["metres_over"]
        for helper, closed in survey.helpers
        if len(closed) == 1 and closed[0].gate is Gate.DISTANCE and helper.distance_m is not None
    ]
    for metres in (200, 400, 800):
        yield "distance", metres, sum(1 for metres_over in over if metres_over <= metres)


def _trainings(survey: PlainSurvey) -> Counted:
    request = survey.request
    rule = request.land_rule
    for slug in dict.fromkeys((*request.required_trainings, *(rule.qualifications if rule else ()))):
        proof = Proof(slug, date.min, None, 0, is_verified=True)
        touched = frozenset({Gate.TRAININGS, Gate.RELIEF_AMOUNT})
        yield "training", slug, _count(survey, touched, _certified(proof))


def _times(survey: PlainSurvey) -> Counted:
    request = survey.request
    for slot in SLOTS if request.times else ():
        if slot not in request.times:
            wider = replace(request, times=request.times | {slot})
            yield "time", slot, _count(survey, frozenset({Gate.TIMES}), _asking(wider))


def _models(survey: PlainSurvey) -> Counted:
    request = survey.request
    for model in sorted(request.allowed_models - request.possible_models):
        wider = replace(request, named_models=request.possible_models | {model})
        touched = frozenset({Gate.COMPENSATION, Gate.RELIEF_AMOUNT})
        yield "model", model, _count(survey, touched, _asking(wider))


def _certified(proof: Proof) -> Change:
    return lambda request, helper: (request, replace(helper, proofs=(*helper.proofs, proof)))


def _asking(wider: RequestFacts) -> Change:
    return lambda _, helper: (wider, helper)


def _count(survey: PlainSurvey, touched: frozenset[Gate], change: Change) -> int:
    """How many helpers, kept away by gates that the change touches and by no other, would pass with it."""
    return sum(
        1
        for helper, closed in survey.helpers
        if closed
        and all(refusal.gate in touched for refusal in closed)
        and not refusals(*change(survey.request, helper), gates=touched)
    )

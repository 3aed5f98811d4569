"""What would help a request with few candidates: one input changed at a time, counted on the same facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext, ngettext

from helfer.core.slots import SLOTS, slot_name
from helfer.matching.candidates import Survey
from helfer.matching.facts import HelperFacts, Proof, RequestFacts
from helfer.matching.gates import Gate, refusals

FARTHER_M = (200, 400, 800)

# A change makes of the two facts two others.
Change = Callable[[RequestFacts, HelperFacts], tuple[RequestFacts, HelperFacts]]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change, and how many more helpers would come into question by it alone."""

    kind: str  # "distance", "training", "time" or "model"
    value: int | str  # metres, or a slug, or a half-day
    additional: int
    # The change in words: "+400 m", "Kurs Erste Hilfe", "auch Dienstagnachmittag".
    change: str

    @property
    def sentence(self) -> str:
        """The change and its number."""
        return ngettext(
            "%(change)s: %(additional)d Person mehr",
            "%(change)s: %(additional)d Personen mehr",
            self.additional,
        ) % {"change": self.change, "additional": self.additional}


def what_ifs(survey: Survey) -> tuple[WhatIf, ...]:
    """Every single change that brings at least one more helper: distance, trainings, half-days, models."""
    return tuple(
        what_if
        for what_if in (*_farther(survey), *_trainings(survey), *_times(survey), *_models(survey))
        if what_if.additional
    )


def _farther(survey: Survey) -> Iterator[WhatIf]:
    """Both the helper's radius and the request's limit would be that much wider."""
    over = [
        closed[0].by["metres_over"]
        for helper, closed in survey.helpers
        if len(closed) == 1 and closed[0].gate is Gate.DISTANCE and helper.distance_m is not None
    ]
    for metres in FARTHER_M:
        yield WhatIf(
            "distance",
            metres,
            sum(1 for metres_over in over if metres_over <= metres),
            gettext("+%(metres)d m") % {"metres": metres},
        )


def _trainings(survey: Survey) -> Iterator[WhatIf]:
    request = survey.request
    rule = request.land_rule
    wanted = dict.fromkeys((*request.required_trainings, *(rule.qualifications if rule else ())))
    for slug in wanted:
        additional = _count(
            survey,
            frozenset({Gate.TRAININGS, Gate.RELIEF_AMOUNT}),
            _certified(Proof(slug, date.min, None, 0, is_verified=True)),
        )
        name = request.training_names.get(slug, slug)
        yield WhatIf("training", slug, additional, gettext("Kurs „%(training)s“") % {"training": name})


def _times(survey: Survey) -> Iterator[WhatIf]:
    request = survey.request
    if not request.times:
        return
    for slot in SLOTS:
        if slot in request.times:
            continue
        wider = replace(request, times=request.times | {slot})
        additional = _count(survey, frozenset({Gate.TIMES}), _asking(wider))
        yield WhatIf("time", slot, additional, gettext("auch %(time)s") % {"time": slot_name(slot)})


def _models(survey: Survey) -> Iterator[WhatIf]:
    request = survey.request
    for model in sorted(request.allowed_models - request.possible_models):
        wider = replace(request, named_models=request.possible_models | {model})
        additional = _count(
            survey,
            frozenset({Gate.COMPENSATION, Gate.RELIEF_AMOUNT}),
            _asking(wider),
        )
        name = request.model_names.get(model, model)
        yield WhatIf("model", model, additional, gettext("auch „%(model)s“") % {"model": name})


def _certified(proof: Proof) -> Change:
    return lambda request, helper: (request, replace(helper, proofs=(*helper.proofs, proof)))


def _asking(wider: RequestFacts) -> Change:
    return lambda _, helper: (wider, helper)


def _count(survey: Survey, touched: frozenset[Gate], change: Change) -> int:
    """How many helpers, kept away by gates that the change touches and by no other, would pass with it."""
    return sum(
        1
        for helper, closed in survey.helpers
        if closed
        and all(refusal.gate in touched for refusal in closed)
        and not refusals(*change(survey.request, helper), gates=touched)
    )

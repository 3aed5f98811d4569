"""What would help a request with few candidates: one thing changed at a time, and how many more it brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from helfer.core.slots import SLOTS, slot_name
from helfer.matching.candidates import Survey
from helfer.matching.candidates.changes import COURSES, FARTHER, FARTHER_M, HALF_DAYS, MODELS
from helfer.matching.candidates.database import read


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
    ((*counts,),) = read(FARTHER, survey.question)
    for metres, additional in zip(FARTHER_M, counts, strict=True):
        yield WhatIf("distance", metres, additional, gettext("+%(metres)d m") % {"metres": metres})


def _trainings(survey: Survey) -> Iterator[WhatIf]:
    """With one more proof, of a training that the role requires or that the Land accepts."""
    for slug, name, additional in read(COURSES[survey.at_a_distance], survey.question):
        yield WhatIf("training", slug, additional, gettext("Kurs „%(training)s“") % {"training": name})


def _times(survey: Survey) -> Iterator[WhatIf]:
    """With one more half-day wished."""
    for slot, additional in sorted(read(HALF_DAYS[survey.at_a_distance], survey.question)):
        time = SLOTS[slot]
        yield WhatIf("time", time, additional, gettext("auch %(time)s") % {"time": slot_name(time)})


def _models(survey: Survey) -> Iterator[WhatIf]:
    """With one more financial model, where its conditions hold."""
    for slug, name, additional in sorted(read(MODELS[survey.at_a_distance], survey.question)):
        yield WhatIf("model", slug, additional, gettext("auch „%(model)s“") % {"model": name})

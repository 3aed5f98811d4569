"""What runs now beside what would run if an office took every open suggestion of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.lifecycle import OPEN
from helfer.matching.models import CityRun, Match
from helfer.people.models import Office


@dataclass(frozen=True, slots=True)
class Standing:
    """How an office stands: what runs, who waits, and how much its helpers could still do."""

    running: int
    waiting: int
    # People served by the office's helpers, of all whom they would serve at most.
    serving: int
    places: int
    # Active helpers who serve nobody.
    idle: int


@dataclass(frozen=True, slots=True)
class Load:
    """One of the office's helpers: how many people now, how many with the suggestions, how many at most."""

    helper: HelperProfile
    now: int
    then: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two side by side, and whom of the office's helpers it would concern."""

    now: Standing
    then: Standing
    loads: Sequence[Load]
    # Suggestions of helpers of other offices, who would be lent.
    lent: int


def compare(run: CityRun, *, offices: Collection[Office]) -> Comparison:
    """What taking all suggestions that still wait would change for these offices."""
    suggested = set(
        run.suggestions.waiting()
        .filter(request__office__in=offices)
        .values_list("helper", "request__help_seeker", "request")
    )
    helpers = {
        helper.pk: helper
        for helper in HelperProfile.objects.active().filter(office__in=offices).select_related("person")
    }
    served = set(
        Match.objects.running().filter(helper__in=helpers).values_list("helper", "request__help_seeker")
    )
    added = {(helper, seeker) for helper, seeker, _request in suggested if helper in helpers}
    before, after = _people_by_helper(served), _people_by_helper(served | added)
    running = Match.objects.running().filter(office__in=offices).count()
    waiting = _waiting(offices)
    places = sum(helper.max_people for helper in helpers.values())
    return Comparison(
        now=Standing(running, waiting, sum(before.values()), places, len(helpers) - len(before)),
        then=Standing(
            running + len(suggested),
            waiting - len(suggested),
            sum(after.values()),
            places,
            len(helpers) - len(after),
        ),
        loads=[
            Load(helper, before[helper.pk], after[helper.pk], helper.max_people)
            for helper in sorted(
                (helpers[pk] for pk in {pk for pk, _seeker in added}),
                key=lambda each: (each.person.family_name, each.person.given_name, each.pk),
            )
        ],
        lent=sum(helper not in helpers for helper, _seeker, _request in suggested),
    )


def _people_by_helper(pairs: Collection[tuple[int, int]]) -> Counter[int]:
    return Counter(helper for helper, _seeker in pairs)


def _waiting(offices: Collection[Office]) -> int:
    """Open requests for which nobody is proposed."""
    spoken_for = Match.objects.filter(request=OuterRef("pk"), state__in=OPEN)
    return HelpRequest.objects.open().filter(office__in=offices).exclude(Exists(spoken_for)).count()

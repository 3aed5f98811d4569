"""The ways on foot that the tandem's pages show beside the distance."""

from __future__ import annotations

from collections.abc import Iterable

from helfer.helpers.models import HelperProfile
from helfer.matching.candidates import Candidate
from helfer.matching.candidates.facts_of_request import is_exact
from helfer.matching.models import Match
from helfer.people.models import Person
from helfer.places.distance import metres_between
from helfer.places.walking import Way, beeline_way, ways


def ways_to_candidates(
    seeker: Person, candidates: Iterable[Candidate], own_helpers: Iterable[HelperProfile]
) -> dict[int, Way]:
    """By helper. Of another office's helper nothing is shown that the distance does not say already."""
    shown = {
        candidate.helper_id: beeline_way(candidate.distance_m)
        for candidate in candidates
        if candidate.distance_m is not None
    }
    if seeker.home is None or not is_at_the_house(seeker):
        return shown
    homes = {
        helper.pk: helper.person.home
        for helper in own_helpers
        if helper.pk in shown and helper.person.home is not None and is_at_the_house(helper.person)
    }
    return shown | ways(seeker.home, homes)


def way_of_match(match: Match, *, openly: bool) -> Way | None:
    """The way between the two of a match; ``openly`` where the viewer may know where both live."""
    seeker, helper = match.request.help_seeker.person, match.helper.person
    if seeker.home is None or helper.home is None or match.role.at_a_distance:
        return None
    if openly and is_at_the_house(seeker) and is_at_the_house(helper):
        return ways(seeker.home, {match.helper_id: helper.home})[match.helper_id]
    return beeline_way(metres_between(seeker.home, helper.home))


def is_at_the_house(person: Person) -> bool:
    """Whether the home is known to the house, so that it can be said what lies on the way."""
    return is_exact(person.location_quality, to_confirm=person.location_to_confirm)

"""In which order candidates are shown: ranking v1, a weighted sum in [0, 1]. Pure."""

from __future__ import annotations

from math import inf

from helfer.matching.facts import HelperFacts, RequestFacts, reach_m

WEIGHTS: dict[str, float] = {
    "nearness": 0.35,
    "times": 0.25,
    "language": 0.10,
    "workload": 0.15,
    "rotation": 0.10,
    "continuity": 0.05,
}
# Floats that ought to tie come out different: rounded before ordering.
DECIMALS = 9
SHARED_LATER_LANGUAGE = 0.5
RESTED_AFTER_DAYS = 90


def nearness(request: RequestFacts, helper: HelperFacts) -> float:
    """1 next door, 0 at the limit of both; 1 for a role at a distance."""
    if request.at_a_distance:
        return 1.0
    if helper.distance_m is None:
        return 0.0
    return _clamped(1 - helper.distance_m / reach_m(request, helper))


def times(request: RequestFacts, helper: HelperFacts) -> float:
    """The share of the wished half-days that the helper has."""
    if not request.times:
        return 1.0
    return len(request.times & helper.times) / len(request.times)


def language(request: RequestFacts, helper: HelperFacts) -> float:
    """1 for the preferred language, half for another one."""
    return 1.0 if request.languages[0] in helper.languages else SHARED_LATER_LANGUAGE


def workload(request: RequestFacts, helper: HelperFacts) -> float:
    """The share of the helper's places that are free."""
    return _clamped(1 - len(helper.serves) / helper.max_people)


def rotation(request: RequestFacts, helper: HelperFacts) -> float:
    """How long ago the helper was last proposed, so that not always the same one is asked."""
    if helper.last_proposed_on is None:
        return 1.0
    return _clamped((request.on - helper.last_proposed_on).days / RESTED_AFTER_DAYS)


def continuity(request: RequestFacts, helper: HelperFacts) -> float:
    """1 where the two got on well before."""
    return 1.0 if helper.ended_well_before else 0.0


def parts_of(request: RequestFacts, helper: HelperFacts) -> dict[str, float]:
    """The weighted parts; they add up to the score."""
    return {
        "nearness": WEIGHTS["nearness"] * nearness(request, helper),
        "times": WEIGHTS["times"] * times(request, helper),
        "language": WEIGHTS["language"] * language(request, helper),
        "workload": WEIGHTS["workload"] * workload(request, helper),
        "rotation": WEIGHTS["rotation"] * rotation(request, helper),
        "continuity": WEIGHTS["continuity"] * continuity(request, helper),
    }


def score_of(request: RequestFacts, helper: HelperFacts) -> float:
    """How well the helper fits the request, from 0 to 1."""
    return sum(parts_of(request, helper).values())


def best_first(score: float, helper: HelperFacts) -> tuple[float, float, int]:
    """The sort key: the higher score, then the nearer, then the older profile."""
    return (-round(score, DECIMALS), distance_or_far(helper), helper.id)


def nearest_first(helper: HelperFacts) -> tuple[float, int]:
    """The sort key of near misses: the nearer, then the older profile."""
    return (distance_or_far(helper), helper.id)


def distance_or_far(helper: HelperFacts) -> float:
    """The distance; an unknown one is the farthest."""
    return inf if helper.distance_m is None else helper.distance_m


def _clamped(value: float) -> float:
    return min(1.0, max(0.0, value))

"""One year in the city: the tandem asks the first of the list, and the next one after a no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush

from helfer.matching.facts import HelperFacts, RequestFacts
from helfer.matching.gates import Gate, refusals
from helfer.matching.ranking import best_first, parts_of

from .world import Wish, World

# So many people are asked for one request before it waits for another day.
ASKED_AT_MOST = 5
_CHANGES_WITH_TIME = (Gate.CAPACITY,)


@dataclass
class Year:
    """What came of it."""

    helpers: int
    matches: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    served: int = 0
    unserved: int = 0
    metres: float = 0.0

    def matches_per_helper(self) -> list[int]:
        """For each helper of the city, those too whom nobody asked."""
        return [self.matches[number] for number in range(1, self.helpers + 1)]

    @property
    def never_asked(self) -> float:
        """The share of helpers whom nobody asked all year."""
        return 1 - len(self.asked) / self.helpers

    @property
    def most_asked(self) -> int:
        """How often the most asked helper was asked."""
        return max(self.asked.values(), default=0)


def score_without(request: RequestFacts, helper: HelperFacts, dropped: Collection[str]) -> float:
    """The real ranking's parts, added up without the dropped ones."""
    return sum(part for name, part in parts_of(request, helper).items() if name not in dropped)


def lived(world: World, *, without: Collection[str] = ()) -> Year:
    """The year with the real gates and the real ranking, or with parts of the score left out."""
    year = Year(helpers=len(world.helpers))
    serves: dict[int, set[int]] = {helper.id: set() for helper in world.helpers}
    last_asked: dict[int, date] = {}
    ends: list[tuple[int, int, int]] = []
    for wish in world.wishes:
        while ends and ends[0][0] <= wish.day:
            _, helper_id, seeker_id = heappop(ends)
            serves[helper_id].discard(seeker_id)
        for helper in _in_order(wish, serves, last_asked, without)[:ASKED_AT_MOST]:
            year.asked[helper.id] += 1
            last_asked[helper.id] = wish.facts.on
            if world.says_yes(wish, helper):
                serves[helper.id].add(wish.facts.seeker_id)
                heappush(ends, (wish.day + wish.days, helper.id, wish.facts.seeker_id))
                year.matches[helper.id] += 1
                year.served += 1
                year.metres += helper.distance_m or 0.0
                break
        else:
            year.unserved += 1
    return year


def _in_order(
    wish: Wish, serves: dict[int, set[int]], last_asked: dict[int, date], without: Collection[str]
) -> list[HelperFacts]:
    today = [
        replace(helper, serves=frozenset(serves[helper.id]), last_proposed_on=last_asked.get(helper.id))
        for helper in wish.reachable
    ]
    free = [helper for helper in today if not refusals(wish.facts, helper, gates=_CHANGES_WITH_TIME)]
    return sorted(free, key=lambda each: best_first(score_without(wish.facts, each, without), each))

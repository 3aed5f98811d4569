"""A made-up city for a year: helpers with homes, times and places, and the requests that arrive. Seeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import dist
from random import Random

from helfer.core.slots import SLOTS
from helfer.matching.facts import HelperFacts, RequestFacts
from helfer.matching.gates import refusals

FIRST_DAY = date(2026, 1, 1)
YEAR = 365
SIDE_M = 9_000
# Where people live close together: x, y and spread in metres, and the share of the city.
QUARTERS = (
    (4_500, 4_500, 900, 0.40),
    (2_000, 6_500, 700, 0.20),
    (7_000, 2_500, 700, 0.20),
    (6_500, 7_500, 1_000, 0.20),
)
ROLE = "begleitung"
UNPAID = frozenset({"ehrenamt"})


@dataclass(frozen=True)
class Size:
    """How large the city is."""

    helpers: int = 800
    requests: int = 2_000


@dataclass(frozen=True)
class Wish:
    """A request as it arrives, how long it is needed, and who comes into question while they are free."""

    facts: RequestFacts
    day: int
    days: int
    reachable: tuple[HelperFacts, ...]


@dataclass(frozen=True)
class World:
    """Everything that is the same in every variant of the year."""

    seed: int
    helpers: tuple[HelperFacts, ...]
    wishes: tuple[Wish, ...]

    def says_yes(self, wish: Wish, helper: HelperFacts) -> bool:
        """Three of four who are asked say yes; whoever would say yes does so in every variant."""
        return Random(f"{self.seed}:{wish.facts.id}:{helper.id}").random() < 0.75


def made(seed: int, size: Size | None = None) -> World:
    """The city of this seed."""
    size = size or Size()
    draw = Random(seed)
    homes = [_home(draw) for _ in range(size.helpers)]
    helpers = tuple(
        HelperFacts(
            id=number,
            person_id=number,
            radius_m=draw.choices([500, 1_000, 2_000, 3_000, 5_000], [10, 25, 35, 20, 10])[0],
            languages=("de", *draw.choices([(), ("tr",), ("ru",), ("ar",)], [80, 10, 6, 4])[0]),
            times=frozenset(draw.sample(SLOTS, draw.randint(2, 8))),
            accepted_models=UNPAID,
            max_people=draw.choices([1, 2, 3, 5], [45, 30, 17, 8])[0],
        )
        for number in range(1, size.helpers + 1)
    )
    days = sorted(draw.randrange(YEAR) for _ in range(size.requests))
    wishes = tuple(_wish(draw, number, day, helpers, homes) for number, day in enumerate(days, start=1))
    return World(seed, helpers, wishes)


def _home(draw: Random) -> tuple[float, float]:
    x, y, spread, _ = draw.choices(QUARTERS, [quarter[3] for quarter in QUARTERS])[0]
    return draw.gauss(x, spread) % SIDE_M, draw.gauss(y, spread) % SIDE_M


def _wish(
    draw: Random,
    number: int,
    day: int,
    helpers: tuple[HelperFacts, ...],
    homes: list[tuple[float, float]],
) -> Wish:
    home = _home(draw)
    on = FIRST_DAY + timedelta(days=day)
    facts = RequestFacts(
        id=number,
        seeker_id=number,
        seeker_person_id=1_000_000 + number,
        on=on,
        first_day=on,
        role=ROLE,
        allowed_models=UNPAID,
        named_languages=draw.choices([(), ("tr", "de"), ("ru", "de")], [88, 8, 4])[0],
        times=frozenset(draw.sample(SLOTS, draw.randint(1, 3))),
    )
    # One in five is a single errand; the others need somebody for half a year on average.
    days = 1 if draw.random() < 0.2 else 7 + int(draw.expovariate(1 / 180))
    reachable = []
    for helper, lives in zip(helpers, homes, strict=True):
        metres = dist(home, lives)
        if metres <= helper.radius_m:
            near = _at(helper, metres)
            if not refusals(facts, near):
                reachable.append(near)
    return Wish(facts, day, days, tuple(reachable))


def _at(helper: HelperFacts, metres: float) -> HelperFacts:
    return HelperFacts(
        id=helper.id,
        person_id=helper.person_id,
        radius_m=helper.radius_m,
        distance_m=metres,
        languages=helper.languages,
        times=helper.times,
        accepted_models=helper.accepted_models,
        max_people=helper.max_people,
    )

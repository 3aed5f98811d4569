"""The drill itself: who finds somebody again after an outage, and who is left alone. It changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from django.db import connection, transaction

from helfer.matching.assignment import SCORE_UNIT, assign
from helfer.matching.candidates.edges import Edges, edges, near_miss_gates
from helfer.matching.city_wide import TAKEN, with_places
from helfer.matching.drill.needs import Need, needs_without, waiting_needs
from helfer.matching.drill.outage import Outage
from helfer.matching.gates import Gate


class Fate(StrEnum):
    """How it goes on for a request that lost its helper."""

    # Somebody else could take over.
    SERVED = "served"
    # Somebody stands in already, or is back by then.
    COVERED = "covered"
    # Nobody could.
    LEFT = "left"
    # The pair came together by itself: nobody is searched.
    NAMED = "named"


ALONE = frozenset({Fate.LEFT, Fate.NAMED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill finds for one request."""

    need: Need
    fate: Fate
    stand_in_id: int | None = None
    score: float = 0.0
    # Of those left alone: near misses by gate, and as `taken` the candidates who are needed elsewhere.
    shortages: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_alone(self) -> bool:
        """Whether this person would be without help."""
        return self.fate in ALONE


@dataclass(frozen=True)
class Drill:
    """What an outage would mean; those most at risk come first."""

    outage: Outage
    # Everybody who drops out, of whatever office.
    helper_ids: frozenset[int]
    outcomes: tuple[Outcome, ...]
    # Lost requests that nobody needs any more by then.
    over: int
    # Open requests that were reckoned with, and how many of them found somebody; None: they were left out.
    waiting: int | None = None
    waiting_served: int = 0

    def with_fate(self, *fates: Fate) -> tuple[Outcome, ...]:
        """The outcomes that went this way."""
        return tuple(outcome for outcome in self.outcomes if outcome.fate in fates)

    @cached_property
    def alone(self) -> tuple[Outcome, ...]:
        """Who would be left without help."""
        return self.with_fate(*ALONE)

    def of_offices(self, office_ids: Collection[int]) -> tuple[Outcome, ...]:
        """The outcomes of these offices' requests."""
        return tuple(outcome for outcome in self.outcomes if outcome.need.office_id in office_ids)


def drill(outage: Outage, *, with_open_requests: bool = False) -> Drill:
    """Play an outage through: the best way to help everybody again, with those helpers who are left.

    The requests of all offices that lose somebody take part, since all need the same helpers; the open
    requests of the outage's own offices where wished.
    Raises ``RuleViolation`` where nobody was chosen to drop out.
    """
    with only_looking():
        helper_ids = frozenset(outage.helpers().values_list("pk", flat=True))
        needs = needs_without(helper_ids, on=outage.on)
        waiting = waiting_needs(outage.office_ids) if with_open_requests else ()
        searched = [need for need in needs.lost if not need.is_covered and not need.is_named_pair]
        asking = [need.request_id for need in (*searched, *waiting)]
        at_risk = [need.request_id for need in (*searched, *waiting) if need.is_at_risk]
        possible = edges(on=outage.on, request_ids=asking, excluding_helpers=helper_ids, most=len(asking))
        chosen = _best_stand_ins(possible, at_risk=at_risk)
        # Why nobody is found is looked up only for those whose drill it is: nobody else reads it.
        left = [
            need.request_id
            for need in searched
            if need.request_id not in chosen and outage.is_of(need.office_id)
        ]
        near_misses = (
            near_miss_gates(on=outage.on, request_ids=left, excluding_helpers=helper_ids) if left else {}
        )
    taken = _pairs_by_request(possible)
    outcomes = [
        _outcome(
            need,
            chosen.get(need.request_id),
            near_misses.get(need.request_id, {}),
            taken.get(need.request_id, 0),
        )
        for need in needs.lost
    ]
    return Drill(
        outage=outage,
        helper_ids=helper_ids,
        outcomes=tuple(sorted(outcomes, key=lambda outcome: outcome.need.most_at_risk_first)),
        over=needs.over,
        waiting=len(waiting) if with_open_requests else None,
        waiting_served=sum(need.request_id in chosen for need in waiting),
    )


def _outcome(
    need: Need, stand_in: tuple[int, float] | None, near_misses: Mapping[Gate, int], taken: int
) -> Outcome:
    if need.is_covered:
        return Outcome(need, Fate.COVERED)
    if need.is_named_pair:
        return Outcome(need, Fate.NAMED)
    if stand_in is not None:
        helper_id, score = stand_in
        return Outcome(need, Fate.SERVED, stand_in_id=helper_id, score=score)
    lacking: dict[str, int] = {str(gate): number for gate, number in near_misses.items()}
    if taken:
        lacking[TAKEN] = taken
    return Outcome(need, Fate.LEFT, shortages=lacking)


def _best_stand_ins(possible: Edges, *, at_risk: Collection[int]) -> dict[int, tuple[int, float]]:
    """Request → helper and score: as many served as can be, those at risk first, then the best fitting."""
    found = assign(with_places(possible, urgent=sorted(at_risk)))
    return {
        request_id: (helper_id, score / SCORE_UNIT)
        for request_id, helper_id, score in zip(
            found.request_ids.tolist(), found.helper_ids.tolist(), found.scores.tolist(), strict=True
        )
    }


def _pairs_by_request(possible: Edges) -> dict[int, int]:
    """Request → how many helpers pass every gate."""
    requests, counts = np.unique(possible.request_ids, return_counts=True)
    return dict(zip(requests.tolist(), counts.tolist(), strict=True))


@contextmanager
def only_looking() -> Iterator[None]:
    """Everything in here sees one and the same state of the database and cannot change it."""
    # Inside somebody else's transaction the isolation is theirs; reading only still holds, until we leave.
    isolation = "" if connection.in_atomic_block else "ISOLATION LEVEL REPEATABLE READ, "
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET TRANSACTION {isolation}READ ONLY")
        yield

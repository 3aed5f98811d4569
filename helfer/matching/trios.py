"""Which cards are shown together: always three, as near to each other and as alike as can be. Pure.

A trio shows only what all three of it show. Where fewer than three are left over in a quarter they join
those of their district, then those of the city; the last one or two of a role wait (ADR 13).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# Fewer are never shown, and no difference between two answers is smaller.
TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What one helper shows of one role; ``order`` is a number by chance that stays the same."""

    helper_id: int
    order: int
    district_id: int | None = None
    quarter_id: int | None = None
    half_days: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    model_ids: frozenset[int] = frozenset()
    training_ids: frozenset[int] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Trio:
    """Three cards as one; every field holds what all three say."""

    cards: tuple[Card, ...]
    district_id: int | None
    quarter_id: int | None

    @property
    def half_days(self) -> frozenset[str]:
        return frozenset.intersection(*(card.half_days for card in self.cards))

    @property
    def languages(self) -> frozenset[str]:
        return frozenset.intersection(*(card.languages for card in self.cards))

    @property
    def model_ids(self) -> frozenset[int]:
        return frozenset.intersection(*(card.model_ids for card in self.cards))

    @property
    def training_ids(self) -> frozenset[int]:
        return frozenset.intersection(*(card.training_ids for card in self.cards))

    @property
    def names(self) -> list[str]:
        """Sorted, so that their places say nothing."""
        return sorted(card.name for card in self.cards)


def trios_of(cards: Iterable[Card]) -> list[Trio]:
    """The trios of one role's cards; up to two cards stay out."""
    made: list[Trio] = []
    by_quarter: dict[tuple[int | None, int | None], list[Card]] = defaultdict(list)
    by_district: dict[int | None, list[Card]] = defaultdict(list)
    anywhere: list[Card] = []
    for card in cards:
        by_quarter[card.district_id, card.quarter_id].append(card)
    for (district, quarter), there in sorted(by_quarter.items(), key=lambda item: _ids(*item[0])):
        left = there if quarter is None else _take_threes(there, district, quarter, made)
        by_district[district].extend(left)
    for district, there in sorted(by_district.items(), key=lambda item: _ids(item[0])):
        anywhere.extend(there if district is None else _take_threes(there, district, None, made))
    _take_threes(anywhere, None, None, made)
    return made


def _take_threes(
    cards: list[Card], district: int | None, quarter: int | None, made: list[Trio]
) -> list[Card]:
    """Put threes of alike cards together; returns the one or two that are left."""
    alike = sorted(cards, key=_likeness)
    whole = len(alike) - len(alike) % TOGETHER
    made.extend(Trio(tuple(alike[at : at + TOGETHER]), district, quarter) for at in range(0, whole, TOGETHER))
    return alike[whole:]


def _likeness(card: Card) -> tuple[object, ...]:
    # Rare things first: who speaks Turkish finds another who does, before both have the same half-days.
    return (
        sorted(card.languages - {"de"}),
        sorted(card.half_days),
        sorted(card.model_ids),
        sorted(card.training_ids),
        card.order,
        card.helper_id,
    )


def _ids(*ids: int | None) -> tuple[int, ...]:
    return tuple(-1 if each is None else each for each in ids)

"""A drill of the whole city in figures: no person, and no count so small that somebody stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helfer.matching.drill.needs import Need
from helfer.matching.drill.rehearsal import Drill, Outcome
from helfer.matching.figures import SMALLEST_SHOWN, shown
from helfer.matching.shortages import SHORTAGES


@dataclass(frozen=True, slots=True)
class Loss:
    """How many lose their helper in one part of the city, and how many of them would be left alone."""

    affected: int
    alone: int

    @property
    def hides(self) -> bool:
        """Whether the number of those left alone would tell of single people."""
        return any(0 < count < SMALLEST_SHOWN for count in (self.affected, self.alone, self._others))

    @property
    def alone_at_least(self) -> int:
        """How many are left alone for certain, as far as it may be said."""
        if not self.hides:
            return self.alone
        others_are_few = self.affected >= SMALLEST_SHOWN and 0 < self._others < SMALLEST_SHOWN
        return self.affected - SMALLEST_SHOWN + 1 if others_are_few else 0

    @property
    def affected_shown(self) -> str:
        """The number of those who lose their helper, as it may be shown."""
        return shown(self.affected) if self.affected else "0"

    @property
    def alone_shown(self) -> str:
        """The number of those left alone, as it may be shown."""
        if self.hides:
            return _at_least(self.alone_at_least) if self.alone_at_least else shown(0)
        return str(self.alone)

    @property
    def _others(self) -> int:
        return self.affected - self.alone


# The key of those parts that are too small to stand by themselves.
REST = -1


def losses_by(part: Callable[[Need], int | None], outcomes: Iterable[Outcome]) -> Mapping[int | None, Loss]:
    """The losses of each part (quarter, district …), the ones with most people left alone first."""
    affected: Counter[int | None] = Counter()
    alone: Counter[int | None] = Counter()
    for outcome in outcomes:
        key = part(outcome.need)
        affected[key] += 1
        alone[key] += outcome.is_alone
    keys = sorted(affected, key=lambda key: (-alone[key], -affected[key], key or 0))
    return {key: Loss(affected[key], alone[key]) for key in keys}


def without_small_parts(losses: Mapping[int | None, Loss]) -> Mapping[int | None, Loss]:
    """The same with small parts put together under ``REST``, so that none can be worked out from the sum."""
    by_size = sorted(losses.items(), key=lambda each: each[1].affected)
    rest: list[Loss] = []
    for _key, loss in by_size:
        if loss.affected >= SMALLEST_SHOWN and (not rest or loss_of(rest).affected >= SMALLEST_SHOWN):
            break
        rest.append(loss)
    large = {key for key, _loss in by_size[len(rest) :]}
    kept: dict[int | None, Loss] = {key: loss for key, loss in losses.items() if key in large}
    return kept | {REST: loss_of(rest)} if rest else kept


def loss_of(losses: Iterable[Loss]) -> Loss:
    """The losses of several parts together."""
    losses = list(losses)
    return Loss(sum(loss.affected for loss in losses), sum(loss.alone for loss in losses))


def alone_of_all(losses: Iterable[Loss]) -> str:
    """How many are left alone in all these parts; where one of them hides its number, the sum does too."""
    losses = list(losses)
    if not any(loss.hides for loss in losses):
        return str(loss_of(losses).alone)
    at_least = sum(loss.alone_at_least for loss in losses)
    return _at_least(at_least) if at_least else _("einzelne")


def is_too_small(drill: Drill) -> bool:
    """Whether so few drop out that even the numbers would tell of single helpers."""
    return 0 < len(drill.helper_ids) < SMALLEST_SHOWN


def shortages_of(counts: Iterable[Mapping[str, int]]) -> Sequence[tuple[str, int]]:
    """What those left alone lack most often: for how many of them somebody was near and lacked just this.

    Each of them has counts of near misses by what they lack.
    """
    people: Counter[str] = Counter()
    for lacking in counts:
        people.update(dict.fromkeys(lacking, 1))
    return shortages_shown(dict(people.most_common()))


def shortages_shown(lacking: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """The same once it is counted, in words; without what is true of a few only."""
    return [(str(SHORTAGES[key]), number) for key, number in lacking.items() if number >= SMALLEST_SHOWN]


def _at_least(count: int) -> str:
    return _("mindestens %(count)s") % {"count": count}

"""The drill of the whole city as it is kept: what was asked, and numbers by district and role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from helfer.matching.drill.figures import Loss, is_too_small, losses_by
from helfer.matching.drill.outage import Outage
from helfer.matching.drill.rehearsal import Drill
from helfer.matching.models import CityDrill

Losses = Mapping[int | None, Loss]


@dataclass(frozen=True, slots=True)
class DrillFigures:
    """What is kept of a drill: counts alone, and nothing at all where too few drop out."""

    dropped: int
    too_small: bool
    by_district: Losses
    by_role: Losses
    # By a gate, or ``taken``: for how many of those left alone somebody near lacked just this.
    lacking: Mapping[str, int]
    waiting: int | None
    waiting_served: int

    def packed(self) -> dict[str, Any]:
        """As it lies in the database; lists, because their order is that of the page."""
        return {
            "dropped": self.dropped,
            "too_small": self.too_small,
            "by_district": _packed(self.by_district),
            "by_role": _packed(self.by_role),
            "lacking": list(self.lacking.items()),
            "waiting": self.waiting,
            "waiting_served": self.waiting_served,
        }

    @classmethod
    def unpacked(cls, kept: Mapping[str, Any]) -> Self:
        """What was packed."""
        return cls(
            dropped=kept["dropped"],
            too_small=kept["too_small"],
            by_district=_unpacked(kept["by_district"]),
            by_role=_unpacked(kept["by_role"]),
            lacking=dict(kept["lacking"]),
            waiting=kept["waiting"],
            waiting_served=kept["waiting_served"],
        )


def outage_of(asked: CityDrill) -> Outage:
    """Who drops out, as the drill was asked for."""
    return Outage(
        on=asked.on,
        role_id=asked.role_id,
        district_id=asked.district_id,
        quarter_id=asked.quarter_id,
        language=asked.language,
    )


def figures_of(found: Drill) -> DrillFigures:
    """The numbers of a drill."""
    too_small = is_too_small(found)
    outcomes = () if too_small else found.outcomes
    lacking: Counter[str] = Counter()
    for outcome in outcomes:
        lacking.update(dict.fromkeys(outcome.shortages, 1))
    return DrillFigures(
        dropped=0 if too_small else len(found.helper_ids),
        too_small=too_small,
        by_district=losses_by(lambda need: need.district_id, outcomes),
        by_role=losses_by(lambda need: need.role_id, outcomes),
        lacking=dict(lacking.most_common()),
        waiting=None if too_small else found.waiting,
        waiting_served=0 if too_small else found.waiting_served,
    )


def _packed(losses: Losses) -> list[tuple[int | None, int, int]]:
    return [(key, loss.affected, loss.alone) for key, loss in losses.items()]


def _unpacked(rows: list[tuple[int | None, int, int]]) -> Losses:
    return {key: Loss(affected, alone) for key, affected, alone in rows}

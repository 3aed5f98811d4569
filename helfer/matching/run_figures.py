"""A city-wide run in figures: how many found somebody, and where not; no person, no telling count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helfer.matching.city_wide import figures_by_district
from helfer.matching.drill.figures import Loss, alone_of_all, loss_of, shortages_of, without_small_parts
from helfer.matching.models import CityRun, Unserved


@dataclass(frozen=True)
class RunFigures:
    """What may be said of a run to somebody who must not know the people.

    In each ``Loss`` those affected are the requests that waited, those alone the unserved ones.
    """

    by_district: Mapping[int | None, Loss]
    shortages: Sequence[tuple[str, int]]

    @property
    def parts(self) -> Mapping[int | None, Loss]:
        """The districts, those too small to stand by themselves put together."""
        return without_small_parts(self.by_district)

    @property
    def requests_shown(self) -> str:
        """How many requests waited."""
        return loss_of(self.parts.values()).affected_shown

    @property
    def unserved_shown(self) -> str:
        """How many of them nobody was found for."""
        return alone_of_all(self.parts.values())


def figures_of(run: CityRun) -> RunFigures:
    """The figures of a run that is done, by where people live."""
    losses = {
        None if row.district is None else row.district.pk: Loss(row.served + row.unserved, row.unserved)
        for row in figures_by_district(run)
    }
    by_need = sorted(losses.items(), key=lambda each: (-each[1].alone, -each[1].affected, each[0] or 0))
    reasons = Unserved.objects.filter(run=run).values_list("gates", flat=True)
    return RunFigures(by_district=dict(by_need), shortages=shortages_of(reasons))


def loss_of_run(run: CityRun) -> Loss:
    """How many requests a run looked at, and how many it found nobody for, as far as it may be shown."""
    return Loss(run.requests, run.requests - run.served)

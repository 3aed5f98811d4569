"""How far it is on foot, where nobody has measured it: the beeline, lengthened. Pure.

The straight line is made longer by a third and a bit, as streets do. Where a barrier lies between two homes:

* If its drawing has gaps near the line, the way leads through one of them: the shortest way that passes the
  barriers in their order, each at one of its gaps, by straight lines in between.
* If it has none, nobody knows where one can cross. Then a plain surcharge by kind is added, about half the
  usual distance between two crossings in a city.

What it does not know: that the line to the gap itself may be blocked, that two tracks drawn as two lines need
a gap in each, that a river may be crossed twice by the straight line and never by the walker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import Geod

from helfer.places.models import BarrierKind

# A beeline is a fair guess of the way on foot when multiplied by this.
WAY_FACTOR = 1.35
SURCHARGES_M: dict[str, float] = {
    BarrierKind.RAIL: 300.0,
    BarrierKind.RIVER: 400.0,
    BarrierKind.CANAL: 400.0,
    BarrierKind.MOTORWAY: 400.0,
    BarrierKind.OTHER: 300.0,
}
_WGS84 = Geod(ellps="WGS84")
_KILOMETRE = 1000

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A barrier between two homes, with its gaps nearby (east, north in degrees)."""

    kind: str
    name: str = ""
    openings: tuple[Place, ...] = ()

    @property
    def title(self) -> str:
        """As people say it: by its name, else by its kind."""
        return self.name or str(BarrierKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Way:
    """A way on foot: how long, what lies between, and whether a routing engine has measured it."""

    metres: float
    between: tuple[str, ...] = ()
    is_measured: bool = False

    @property
    def length(self) -> str:
        """„etwa 560 m zu Fuß“; what is measured goes without „etwa“."""
        if self.is_measured:
            return _("%(way)s zu Fuß") % {"way": _rounded(self.metres)}
        return _("etwa %(way)s zu Fuß") % {"way": _rounded(self.metres)}

    @property
    def sentence(self) -> str:
        """The length, and the reason where it is longer than one would think."""
        if not self.between:
            return self.length
        return _("%(length)s, dazwischen liegt: %(barriers)s") % {
            "length": self.length,
            "barriers": ", ".join(self.between),
        }


def estimated_way(start: Place, end: Place, distance_m: float, crossed: Sequence[Crossed]) -> Way:
    """The way between two homes ``distance_m`` apart, past the barriers in their order from the start."""
    surcharge = sum(SURCHARGES_M[barrier.kind] for barrier in crossed if not barrier.openings)
    passed = [barrier for barrier in crossed if barrier.openings]
    straight = _shortest(start, [barrier.openings for barrier in passed], end) if passed else distance_m
    # Rounding in the last places must not make a way around shorter than the beeline.
    return Way(max(straight, distance_m) * WAY_FACTOR + surcharge, tuple(b.title for b in crossed))


def _shortest(start: Place, layers: Sequence[Sequence[Place]], end: Place) -> float:
    """The length of the shortest way from start to end by one place of each layer."""
    places, so_far = np.array([start]), np.zeros(1)
    for layer in [*layers, [end]]:
        following = np.array(layer)
        so_far = (so_far[:, None] + _metres(places, following)).min(axis=0)
        places = following
    return float(so_far[0])


def _metres(some: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    one, other = (grid.ravel() for grid in np.indices((len(some), len(others))))
    metres = _WGS84.inv(some[one, 0], some[one, 1], others[other, 0], others[other, 1])[2]
    return np.asarray(metres).reshape(len(some), len(others))


def _rounded(metres: float) -> str:
    tens = round(metres / 10) * 10
    if tens < _KILOMETRE:
        return _("%(metres)d m") % {"metres": max(10, tens)}
    return _("%(kilometres)s km") % {
        "kilometres": number_format(round(metres / _KILOMETRE, 1), decimal_pos=1)
    }

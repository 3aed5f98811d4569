"""A map drawn on the server: areas and numbered pins as SVG, with the same data for Leaflet.

Nothing is loaded from anywhere: without JavaScript the drawing stands alone, on paper it prints as lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.utils.functional import Promise

# The drawing's own units; a screen pixel is about one of them.
WIDTH = 720
MIN_HEIGHT, MAX_HEIGHT = 360, 760
MARGIN = 0.06
PIN_SIZE = 26
# A single pin needs something around it: about 400 m.
SMALLEST_SPAN_DEGREES = 0.008

Words = str | Promise


@dataclass(frozen=True)
class Area:
    """A district or quarter on the map; in WGS 84. ``tone``: ``loss``, ``held``, ``few`` or plain.

    Not ``named``, its name is said to those who ask, but not written into the drawing.
    """

    key: str
    label: Words
    geometry: GEOSGeometry
    href: str = ""
    note: Words = ""
    tone: str = ""
    named: bool = True


@dataclass(frozen=True)
class Pin:
    """A place on the map; ``kind`` is ``helper`` or ``seeker``, ``number`` what stands in the pin."""

    label: Words
    point: Point
    number: str = ""
    href: str = ""
    kind: str = "helper"
    note: Words = ""


@dataclass(frozen=True)
class DrawnArea:
    """An area in the drawing's units."""

    area: Area
    path: str
    text_x: str
    text_y: str


@dataclass(frozen=True)
class DrawnPin:
    """A pin in the drawing's units."""

    pin: Pin
    x: str
    y: str


@dataclass
class CityMap:
    """Areas and pins of one picture; with pins the picture shows their surroundings, else all areas."""

    areas: Sequence[Area] = ()
    pins: Sequence[Pin] = ()
    key: str = "karte"
    whole_city: bool = False
    width: int = field(default=WIDTH, init=False)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the picture."""
        boxes = [area.geometry.extent for area in self.areas]
        spots = [(pin.point.x, pin.point.y, pin.point.x, pin.point.y) for pin in self.pins]
        shown = spots if spots and not self.whole_city else boxes + spots
        if not shown:
            return (0.0, 0.0, 1.0, 1.0)
        west, south = min(box[0] for box in shown), min(box[1] for box in shown)
        east, north = max(box[2] for box in shown), max(box[3] for box in shown)
        add_x = max((east - west) * MARGIN, (SMALLEST_SPAN_DEGREES - (east - west)) / 2)
        add_y = max((north - south) * MARGIN, (SMALLEST_SPAN_DEGREES - (north - south)) / 2)
        return (west - add_x, south - add_y, east + add_x, north + add_y)

    @cached_property
    def _stretch(self) -> float:
        """How much narrower a degree of longitude is here."""
        _west, south, _east, north = self.bounds
        return math.cos(math.radians((south + north) / 2))

    @cached_property
    def _scale(self) -> float:
        west, south, east, north = self.bounds
        return min(self.width / ((east - west) * self._stretch), MAX_HEIGHT / (north - south))

    @cached_property
    def height(self) -> int:
        """The drawing's height."""
        _west, south, _east, north = self.bounds
        return max(MIN_HEIGHT, round((north - south) * self._scale))

    def _place(self, lon: float, lat: float) -> tuple[float, float]:
        west, south, east, north = self.bounds
        x = (lon - (west + east) / 2) * self._stretch * self._scale + self.width / 2
        y = ((south + north) / 2 - lat) * self._scale + self.height / 2
        return round(x, 1), round(y, 1)

    def _path(self, geometry: GEOSGeometry) -> str:
        parts = []
        for ring in _rings(geometry.simplify(0.7 / self._scale, preserve_topology=True)):
            points = [f"{x:g} {y:g}" for x, y in (self._place(lon, lat) for lon, lat, *_height in ring)]
            parts.append(f"M{'L'.join(points[:-1])}Z")
        return "".join(parts)

    @cached_property
    def drawn_areas(self) -> list[DrawnArea]:
        """The areas, ready to draw."""
        drawn = []
        for area in self.areas:
            inside = area.geometry.point_on_surface
            x, y = self._place(inside.x, inside.y)
            if any(
                abs(x - pin_x) < PIN_SIZE and abs(y - pin_y) < PIN_SIZE for pin_x, pin_y in self._pin_places
            ):
                # The name stands above the pin, not under it.
                y -= PIN_SIZE
            drawn.append(DrawnArea(area, self._path(area.geometry), f"{x:g}", f"{y:g}"))
        return drawn

    @cached_property
    def _pin_places(self) -> list[tuple[float, float]]:
        return [self._place(pin.point.x, pin.point.y) for pin in self.pins]

    @cached_property
    def drawn_pins(self) -> list[DrawnPin]:
        """The pins, ready to draw; the first ones on top."""
        drawn = []
        for pin in reversed(self.pins):
            x, y = self._place(pin.point.x, pin.point.y)
            drawn.append(DrawnPin(pin, f"{x:g}", f"{y:g}"))
        return drawn

    @property
    def for_leaflet(self) -> dict[str, Any]:
        """The same picture for the script that lets people zoom."""
        west, south, east, north = self.bounds
        return {
            "bounds": [[south, west], [north, east]],
            "tiles": settings.HELFER_TILE_URL,
            "areas": [
                {
                    "label": str(area.label),
                    "note": str(area.note),
                    "href": area.href,
                    "tone": area.tone,
                    "rings": [
                        [[round(lat, 5), round(lon, 5)] for lon, lat, *_height in ring]
                        for ring in _rings(area.geometry.simplify(0.7 / self._scale, preserve_topology=True))
                    ],
                }
                for area in self.areas
            ],
            "pins": [
                {
                    "label": str(pin.label),
                    "note": str(pin.note),
                    "href": pin.href,
                    "number": pin.number,
                    "kind": pin.kind,
                    "at": [round(pin.point.y, 6), round(pin.point.x, 6)],
                }
                for pin in self.pins
            ],
        }


def _rings(geometry: GEOSGeometry) -> Iterator[Iterable[tuple[float, ...]]]:
    if isinstance(geometry, Polygon):
        for ring in geometry:
            yield ring.coords
    elif isinstance(geometry, MultiPolygon):
        for polygon in geometry:
            yield from _rings(polygon)

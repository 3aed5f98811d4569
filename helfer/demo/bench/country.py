"""Where the made-up people live: towns drawn by population, cut into municipalities by a plain grid."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from helfer.places.laender import LAND_BY_DIGITS
from helfer.places.models import Postcode

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KM_PER_DEGREE = 111.2
# About 35 km × 37 km. Shifted by half of the homes' last digit: no home lies on a border.
CELL_LON, CELL_LAT, SHIFT = 0.5, 1 / 3, 0.000_000_5
DIGITS = 6
_DIGITS_BY_LAND = {land: digits for digits, land in LAND_BY_DIGITS.items()}
# Where no postcode is loaded.
TOWNS, PEOPLE_IN_THE_LARGEST, KM2_PER_PERSON = 60, 600_000, 1 / 2_000


@dataclass(frozen=True)
class Points:
    """Homes, each with the index of its area and of the municipality it lies in."""

    lon: Floats
    lat: Floats
    area: Ints
    cell: Ints

    def hexewkb(self) -> list[str]:
        """The points as PostGIS reads them."""
        rows = np.empty(len(self.lon), dtype=[("head", "S9"), ("lon", "<f8"), ("lat", "<f8")])
        rows["head"] = struct.pack("<bII", 1, 0x20000001, 4326)
        rows["lon"], rows["lat"] = self.lon, self.lat
        text = rows.tobytes().hex()
        return [text[start : start + 50] for start in range(0, len(text), 50)]


@dataclass(frozen=True)
class Country:
    """Areas with their people: postcodes, or towns that are made up."""

    lon: Floats
    lat: Floats
    km2: Floats
    people: Floats
    postcodes: list[str]
    towns: list[str]
    laender: list[str]

    @classmethod
    def of_postcodes(cls, seed: int) -> Country:
        """The loaded postcodes that people live in; without any, made-up towns."""
        fields = ("plz", "town", "land", "point", "area_km2", "population")
        rows: list[Any] = list(
            Postcode.objects.filter(population__gt=0, area_km2__gt=0).order_by("plz").values_list(*fields)
        )
        if not rows:
            return cls.made_up(seed)
        return cls(
            lon=np.array([row[3].x for row in rows]),
            lat=np.array([row[3].y for row in rows]),
            km2=np.array([row[4] for row in rows], dtype=np.float64),
            people=np.array([row[5] for row in rows], dtype=np.float64),
            postcodes=[row[0] for row in rows],
            towns=[row[1][:80] for row in rows],
            laender=[row[2] or "NW" for row in rows],
        )

    @classmethod
    def made_up(cls, seed: int) -> Country:
        """Towns of their own: one large, many small, over 250 km × 250 km."""
        rng = np.random.default_rng([seed, 0])
        people = PEOPLE_IN_THE_LARGEST / np.arange(1, TOWNS + 1)
        return cls(
            lon=rng.uniform(7.0, 10.5, TOWNS),
            lat=rng.uniform(50.0, 52.3, TOWNS),
            km2=people * KM2_PER_PERSON,
            people=people,
            postcodes=[""] * TOWNS,
            towns=[f"Musterstadt {number}" for number in range(1, TOWNS + 1)],
            laender=["NW"] * TOWNS,
        )

    def draw(self, rng: np.random.Generator, count: int) -> Points:
        """So many homes, drawn by population and scattered over a square of the area's size."""
        area = rng.choice(len(self.people), size=count, p=self.people / self.people.sum())
        side = np.sqrt(self.km2[area]) / KM_PER_DEGREE
        lat = np.round(self.lat[area] + rng.uniform(-0.5, 0.5, count) * side, DIGITS)
        wider = side / np.cos(np.radians(self.lat[area]))
        lon = np.round(self.lon[area] + rng.uniform(-0.5, 0.5, count) * wider, DIGITS)
        return Points(lon, lat, area, self.cells_of(lon, lat))

    def near(self, rng: np.random.Generator, points: Points, metres: Floats) -> Points:
        """A home for each point, nearer than so many metres and in the same municipality."""
        count = len(points.lon)
        angle = rng.uniform(0, 2 * np.pi, count)
        away = metres * np.sqrt(rng.uniform(0, 1, count)) / 1000 / KM_PER_DEGREE
        lat = np.round(points.lat + away * np.sin(angle), DIGITS)
        lon = np.round(points.lon + away * np.cos(angle) / np.cos(np.radians(points.lat)), DIGITS)
        # Across the border: next door then.
        across = self.cells_of(lon, lat) != points.cell
        lon[across], lat[across] = points.lon[across], points.lat[across]
        return Points(lon, lat, points.area, points.cell)

    @cached_property
    def _west_south(self) -> tuple[float, float]:
        margin = np.sqrt(self.km2.max()) / KM_PER_DEGREE
        west = np.floor((self.lon.min() - 2 * margin) / CELL_LON) * CELL_LON + SHIFT
        south = np.floor((self.lat.min() - margin) / CELL_LAT) * CELL_LAT + SHIFT
        return float(west), float(south)

    def cells_of(self, lon: Floats, lat: Floats) -> Ints:
        """Which square of the grid each point lies in."""
        west, south = self._west_south
        column = np.floor((lon - west) / CELL_LON).astype(np.int64)
        row = np.floor((lat - south) / CELL_LAT).astype(np.int64)
        return row * 1000 + column

    def box_of(self, cell: int) -> tuple[float, float, float, float]:
        """West, south, east and north of a square."""
        west, south = self._west_south
        row, column = divmod(cell, 1000)
        return (
            west + column * CELL_LON,
            south + row * CELL_LAT,
            west + (column + 1) * CELL_LON,
            south + (row + 1) * CELL_LAT,
        )

    def land_of(self, points: Points, cells: Ints) -> list[str]:
        """The Land of each square: that of its people, as far as they were drawn."""
        lands = np.array(self.laender)[points.area]
        found = []
        for cell in cells.tolist():
            names, counts = np.unique(lands[points.cell == cell], return_counts=True)
            found.append(str(names[counts.argmax()]) if len(names) else "NW")
        return found


def municipality_key(land: str, number: int) -> str:
    """A made-up official key in that Land."""
    return f"{_DIGITS_BY_LAND.get(land, '05')}{number:06d}"

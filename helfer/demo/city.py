"""A made-up city, so that no real place is spoken for: districts, quarters, postcodes, streets and houses.

The plan is drawn on a metric plane around a centre and only then laid on the globe. Quarters are unions of
small Voronoi cells and districts unions of quarters, so that borders look grown and never gap or overlap.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely import MultiPoint, MultiPolygon, Point, Polygon, STRtree, unary_union
from shapely.ops import voronoi_diagram

MUNICIPALITY_KEY = "05999000"
MUNICIPALITY_NAME = "Auenbrück"
CENTRE_LON, CENTRE_LAT = 8.915, 51.755
RADIUS_M = 6_800
CELLS = 1_800
STREETS_PER_QUARTER = 6
HOUSE_SPACING_M = 24

# District → its quarters; the first one is the inner city, the others lie around it clockwise from the north.
DISTRICTS: dict[str, tuple[str, ...]] = {
    "Altstadt": ("Marktviertel", "Brückenviertel", "Klosterviertel"),
    "Neustadt": ("Bahnhofsviertel", "Theaterviertel", "Gründerviertel"),
    "Nordhafen": ("Hafeninsel", "Speicherviertel", "Werftsiedlung", "Deichfeld"),
    "Heidefeld": ("Heidesiedlung", "Am Torfstich", "Kranichfeld"),
    "Ostermark": ("Ostermark-Dorf", "Kornfeld", "Ziegelei", "Sonnenhang"),
    "Lindental": ("Lindental-Mitte", "Obere Linden", "Mühlengrund"),
    "Rosenau": ("Rosenau-Dorf", "Gärtnersiedlung", "Am Weiher", "Rosenhöhe"),
    "Südring": ("Zechensiedlung", "Südpark", "Kanalviertel"),
    "Wiesengrund": ("Wiesengrund-Dorf", "Erlenbruch", "Storchenwiese"),
    "Steinberg": ("Steinbergsiedlung", "Schlosswald", "Bergfried", "Am Steinbruch"),
    "Weststadt": ("Westbahnhof", "Kasernenviertel", "Eschenpark"),
    "Birkenhain": ("Birkenhain-Dorf", "Waldsiedlung", "Kuckucksheide"),
}
# Six offices, each for two neighbouring districts.
OFFICES: tuple[tuple[str, tuple[str, str], str], ...] = (
    ("Mitte", ("Altstadt", "Neustadt"), "Arbeiterwohlfahrt"),
    ("Nord", ("Nordhafen", "Heidefeld"), "Diakonie"),
    ("Ost", ("Ostermark", "Lindental"), "Caritas"),
    ("Süd", ("Rosenau", "Südring"), "Paritätischer"),
    ("Südwest", ("Wiesengrund", "Steinberg"), "Rotes Kreuz"),
    ("West", ("Weststadt", "Birkenhain"), "Diakonie"),
)
_TREES = (
    "Ahorn Akazien Birken Buchen Eichen Eiben Erlen Eschen Espen Fichten Ginster Hasel Holunder "
    "Kastanien Kiefern Kirsch Lärchen Linden Mandel Nuss Pappel Platanen Quitten Robinien Schlehen "
    "Tannen Ulmen Wacholder Weiden Zedern "
).split()
_ANIMALS = (
    "Amsel Biber Dachs Dohlen Drossel Eisvogel Elster Enten Falken Finken Fuchs Habicht Hasen Hirsch "
    "Igel Kiebitz Kranich Lerchen Luchs Marder Meisen Milan Möwen Otter Reiher Schwalben Specht Star "
    "Storchen Zeisig "
).split()
_CRAFTS = (
    "Bäcker Böttcher Drechsler Färber Gerber Glaser Hufschmied Kessler Korbmacher Küfer Müller "
    "Sattler Schäfer Schneider Schreiner Seiler Töpfer Wagner Weber Zimmerer "
).split()
_ENDINGS = ("straße", "weg", "gasse", "ring", "allee", "stieg", "platz", "ufer")


@dataclass(frozen=True)
class House:
    """One address with its point (longitude, latitude)."""

    street: str
    number: int
    suffix: str
    postcode: str
    quarter: str
    lon: float
    lat: float


@dataclass(frozen=True)
class DemoCity:
    """The whole plan; geometries are in degrees (WGS 84)."""

    districts: dict[str, MultiPolygon]
    quarters: dict[str, tuple[str, MultiPolygon]]
    postcodes: dict[str, MultiPolygon]
    houses: list[House] = field(default_factory=list)

    def houses_in(self, *districts: str) -> list[House]:
        """The houses that lie in these districts."""
        inside = {name for name, (district, _area) in self.quarters.items() if district in districts}
        return [house for house in self.houses if house.quarter in inside]


def _to_degrees(x: float, y: float) -> tuple[float, float]:
    lat = CENTRE_LAT + y / 111_250
    return CENTRE_LON + x / (111_320 * math.cos(math.radians(CENTRE_LAT))), lat


def _in_degrees(area: Polygon | MultiPolygon) -> MultiPolygon:
    parts = area.geoms if isinstance(area, MultiPolygon) else [area]
    return MultiPolygon(
        [
            Polygon(
                [_to_degrees(*xy) for xy in part.exterior.coords],
                [[_to_degrees(*xy) for xy in hole.coords] for hole in part.interiors],
            )
            for part in parts
        ]
    )


def _outline(rng: random.Random) -> Polygon:
    """A city limit that swings in and out a little."""
    waves = [(k, rng.uniform(0.01, 0.09) / k**0.5, rng.uniform(0, math.tau)) for k in (2, 3, 5, 7)]
    points = []
    for step in range(240):
        angle = math.tau * step / 240
        radius = RADIUS_M * (1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves))
        points.append((radius * math.cos(angle) * 1.15, radius * math.sin(angle)))
    return Polygon(points)


def _quarter_centres(rng: random.Random) -> dict[str, tuple[float, float]]:
    """The two inner districts lie around the middle, the ten outer ones on a ring around them."""
    centres: dict[str, tuple[float, float]] = {}
    inner, outer = list(DISTRICTS)[:2], list(DISTRICTS)[2:]
    for side, district in ((-1, inner[0]), (1, inner[1])):
        for index, quarter in enumerate(DISTRICTS[district]):
            centres[quarter] = (side * 1_000 + rng.uniform(-200, 200), (index - 1) * 1_250)
    for index, district in enumerate(outer):
        angle = math.pi / 2 - math.tau * index / len(outer)
        quarters = DISTRICTS[district]
        for position, quarter in enumerate(quarters):
            shift = (position - (len(quarters) - 1) / 2) * 0.19
            distance = 3_500 if position % 2 == 0 else 5_400
            around = angle + shift + rng.uniform(-0.03, 0.03)
            centres[quarter] = (distance * math.cos(around) * 1.15, distance * math.sin(around))
    return centres


def _areas(rng: random.Random) -> dict[str, Polygon | MultiPolygon]:
    """Each quarter as a union of small cells, by the nearest centre."""
    outline = _outline(rng)
    reach = RADIUS_M * 1.4
    seeds = MultiPoint([(rng.uniform(-reach, reach), rng.uniform(-reach, reach)) for _ in range(CELLS)])
    centres = _quarter_centres(rng)
    names = list(centres)
    tree = STRtree([Point(centres[name]) for name in names])
    cells: dict[str, list[Polygon]] = {name: [] for name in names}
    for cell in voronoi_diagram(seeds, envelope=outline.buffer(2_000)).geoms:
        inside = cell.intersection(outline)
        if isinstance(inside, Polygon) and inside.area > 1:
            cells[names[int(tree.nearest(cell.centroid))]].append(inside)
    return {name: _together(parts) for name, parts in cells.items()}


def _together(areas: Sequence[Polygon | MultiPolygon]) -> Polygon | MultiPolygon:
    """One area out of several."""
    united = unary_union(areas)
    if not isinstance(united, Polygon | MultiPolygon):
        raise TypeError("areas unite to an area")
    return united


def _street_names(rng: random.Random) -> list[str]:
    """More names than are needed, each once, well mixed."""
    names = [f"{stem}{ending}" for stem in (*_TREES, *_ANIMALS) for ending in _ENDINGS]
    names += [f"{stem}{'gasse' if rng.random() < 0.5 else 'straße'}" for stem in _CRAFTS]
    rng.shuffle(names)
    return names


def _houses_of_street(
    rng: random.Random, area: Polygon | MultiPolygon, street: str, postcode: str, quarter: str
) -> list[House]:
    """Odd numbers on one side, even ones on the other, along a straight line through the quarter."""
    minx, miny, maxx, maxy = area.bounds
    for _attempt in range(60):
        start = Point(rng.uniform(minx, maxx), rng.uniform(miny, maxy))
        if area.contains(start):
            break
    angle = rng.uniform(0, math.tau)
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    houses = []
    for index in range(rng.randint(24, 60)):
        side = 1 if index % 2 else -1
        way = (index // 2) * HOUSE_SPACING_M
        x = start.x + along[0] * way + across[0] * side * 11
        y = start.y + along[1] * way + across[1] * side * 11
        if not area.contains(Point(x, y)):
            continue
        lon, lat = _to_degrees(x, y)
        houses.append(House(street, index + 1, "", postcode, quarter, round(lon, 7), round(lat, 7)))
        if rng.random() < 0.04:
            lon, lat = _to_degrees(x + along[0] * 9, y + along[1] * 9)
            houses.append(House(street, index + 1, "a", postcode, quarter, round(lon, 7), round(lat, 7)))
    return houses


def draw_city(seed: int = 2026) -> DemoCity:
    """The same city for the same seed."""
    rng = random.Random(seed)  # noqa: S311 — a drawing, nothing secret
    areas = _areas(rng)
    quarters = {
        quarter: (district, areas[quarter]) for district, names in DISTRICTS.items() for quarter in names
    }
    postcode_of = {district: f"99{index:02d}0" for index, district in enumerate(DISTRICTS, start=1)}
    names = iter(_street_names(rng))
    houses: list[House] = []
    for quarter, (district, area) in quarters.items():
        for _street in range(STREETS_PER_QUARTER):
            houses += _houses_of_street(rng, area, next(names), postcode_of[district], quarter)
    merged = {
        district: _together([areas[quarter] for quarter in names_of])
        for district, names_of in DISTRICTS.items()
    }
    return DemoCity(
        districts={name: _in_degrees(area) for name, area in merged.items()},
        quarters={name: (district, _in_degrees(area)) for name, (district, area) in quarters.items()},
        postcodes={postcode_of[name]: _in_degrees(area) for name, area in merged.items()},
        houses=houses,
    )

"""A shared coverage of areas: what is wrong with drawn polygons, and how they are mended. Pure, in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

# Overlaps up to this are what rounding leaves; they are passed over (and closed by a repair).
TOLERANCE_M2 = 1.0
# All corners of a mended coverage lie on this grid.
GRID_M = 0.01
# Outside notches between two areas up to this width are closed like gaps.
NOTCH_M = 10.0
# An overlap that is more than this part of an area is not halved: the area lies inside the other one.
INSIDE_SHARE = 0.5
# Slivers narrower than this (no survey is as exact) go to the neighbour with the longer border undivided.
DIVIDED_FROM_M = 0.5
SMOOTHED_M = 0.5
FARTHEST_SITES_M, MOST_SITES = 5.0, 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A gap or an overlap between areas (given by their position), its size and where it is."""

    owners: tuple[int, ...]
    area_m2: float
    at: Point


@dataclass(frozen=True, slots=True)
class Inspection:
    """All gaps, narrow notches from outside, and overlaps of drawn areas, each biggest first."""

    gaps: tuple[Fault, ...]
    notches: tuple[Fault, ...]
    overlaps: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to mend."""
        return not (self.gaps or self.notches or self.overlaps)

    @property
    def is_overlapping(self) -> bool:
        """Whether any two areas overlap by more than rounding leaves."""
        return any(fault.area_m2 > TOLERANCE_M2 for fault in self.overlaps)


def polygons_of(shape: BaseGeometry) -> MultiPolygon:
    """Only the polygons of ``shape``."""
    parts = shapely.get_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    while any(part.geom_type in ("GeometryCollection", "MultiPolygon") for part in parts):
        parts = shapely.get_parts(parts)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])


def inspect(areas: Sequence[MultiPolygon]) -> Inspection:
    """What is wrong between valid areas."""
    tree = STRtree(areas)
    overlaps = []
    for one, other in tree.query(areas, predicate="intersects").T.tolist():
        if one < other:
            common = polygons_of(areas[one].intersection(areas[other]))
            if common.area > 0:
                overlaps.append(Fault((one, other), common.area, common.representative_point()))
    between = [
        tuple(Fault(_touching(hole, areas, tree), hole.area, hole.representative_point()) for hole in holes)
        for holes in (_holes(areas), _notches(areas, tree))
    ]
    gaps, notches, overlaps_ = (
        tuple(sorted(faults, key=lambda fault: -fault.area_m2)) for faults in (*between, overlaps)
    )
    return Inspection(gaps, notches, overlaps_)


def _holes(areas: Sequence[MultiPolygon]) -> list[Polygon]:
    whole = shapely.get_parts(shapely.union_all(areas))
    return [Polygon(ring) for part in whole for ring in part.interiors]


def _notches(areas: Sequence[MultiPolygon], tree: STRtree) -> list[Polygon]:
    """The narrow wedges that reach in from outside between two areas."""
    whole = shapely.union_all(areas)
    half = NOTCH_M / 2
    grown = whole.buffer(half, join_style="mitre", mitre_limit=20)
    closed = grown.buffer(-half, join_style="mitre", mitre_limit=20)
    filled = polygons_of(shapely.MultiPolygon([Polygon(part.exterior) for part in shapely.get_parts(whole)]))
    # A mitred border may cross itself; on the grid the difference of such shapes exists all the same.
    missing = polygons_of(polygons_of(closed).difference(shapely.union_all(filled), grid_size=GRID_M))
    return [
        part for part in missing.geoms if part.area > TOLERANCE_M2 and len(_touching(part, areas, tree)) > 1
    ]


def _touching(shape: Polygon, areas: Sequence[MultiPolygon], tree: STRtree) -> tuple[int, ...]:
    near = tree.query(shape, predicate="dwithin", distance=GRID_M).tolist()
    edge = shape.boundary.buffer(GRID_M)
    return tuple(
        sorted(i for i in near if areas[i].boundary.intersection(edge).length > 3 * GRID_M)
    ) or tuple(sorted(near))


def mend(areas: Sequence[MultiPolygon]) -> list[MultiPolygon]:
    """The same areas as one coverage: every gap and overlap is split between its neighbours at the middle.

    An area that ends empty lay wholly under others.
    """
    tree = STRtree(areas)
    lines: list[BaseGeometry] = [area.boundary for area in areas]
    lines += [notch.boundary for notch in _notches(areas, tree)]
    network = shapely.union_all(lines, grid_size=GRID_M)
    faces = _Faces(network, areas, tree)
    divisions = [faces.division(index) for index in faces.disputed]
    network = shapely.union_all(
        [network, *(line for line in divisions if line is not None)], grid_size=GRID_M
    )
    parts: list[list[Polygon]] = [[] for _area in areas]
    nobodys = []
    for face in _polygonized(network):
        owner = faces.owner_at(face.representative_point())
        if owner is None:
            nobodys.append(face)
        else:
            parts[owner].append(face)
    _fill_crumbs(parts, nobodys)
    merged = [shapely.coverage_union_all(of_one) if of_one else MultiPolygon() for of_one in parts]
    # The middle lines zigzag by less than this; shared borders stay shared.
    return [
        polygons_of(area) for area in shapely.coverage_simplify(merged, SMOOTHED_M, simplify_boundary=False)
    ]


def _fill_crumbs(parts: list[list[Polygon]], nobodys: list[Polygon]) -> None:
    """Give what the dividing lines cut off on the grid, a centimetre wide, to the neighbour all around it."""
    holes = shapely.union_all(_holes([MultiPolygon(of_one) for of_one in parts])) if nobodys else None
    for crumb in nobodys:
        if shapely.covers(holes, crumb.representative_point()):
            borders = [crumb.boundary.intersection(shapely.union_all(of_one)).length for of_one in parts]
            parts[borders.index(max(borders))].append(crumb)


def _polygonized(network: BaseGeometry) -> list[Polygon]:
    return [face for face in shapely.get_parts(shapely.polygonize([network])) if isinstance(face, Polygon)]


class _Faces:
    """The faces between all drawn lines: each lies in one area, in several (overlap) or in none (gap)."""

    def __init__(self, network: BaseGeometry, areas: Sequence[MultiPolygon], tree: STRtree) -> None:
        self.areas = areas
        self.faces = _polygonized(network)
        self.tree = STRtree(self.faces)
        self.claims: list[tuple[int, ...]] = [()] * len(self.faces)
        points = [face.representative_point() for face in self.faces]
        for face, area in tree.query(points, predicate="within").T.tolist():
            self.claims[face] = (*self.claims[face], area)
        self.disputed = [index for index, claims in enumerate(self.claims) if len(claims) != 1]
        # Disputed face → its one owner, or the points of its border with the owner that is nearest there.
        self.owner_of: dict[int, int] = {}
        self.sites: dict[int, tuple[STRtree, list[int]]] = {}

    def division(self, index: int) -> BaseGeometry | None:
        """Settle who gets a disputed face; the line that divides it, where it is divided."""
        face, claims = self.faces[index], self.claims[index]
        inside = [i for i in claims if face.area > INSIDE_SHARE * self.areas[i].area]
        if inside:
            self.owner_of[index] = min(inside, key=lambda i: self.areas[i].area)
            return None
        borders = self._borders(index)
        if not borders:
            self.owner_of[index] = self._fallback(index)
            return None
        coordinates, owners = _sites(face, borders)
        if len(set(owners)) < 2 or _width(face) < DIVIDED_FROM_M:
            self.owner_of[index] = max(borders, key=lambda i: borders[i].length)
            return None
        self.sites[index] = (STRtree([Point(xy) for xy in coordinates]), owners)
        return _middle_line(face, coordinates, owners)

    def _borders(self, index: int) -> dict[int, BaseGeometry]:
        """Which undisputed owners the face borders on, and along which line."""
        face, claims = self.faces[index], self.claims[index]
        found: dict[int, list[BaseGeometry]] = {}
        for other in sorted(self.tree.query(face, predicate="intersects").tolist()):
            if len(self.claims[other]) != 1:
                continue
            owner = self.claims[other][0]
            if claims and owner not in claims:
                continue
            line = face.boundary.intersection(self.faces[other].boundary)
            if line.length > 0:
                found.setdefault(owner, []).append(line)
        return {owner: shapely.union_all(found[owner]) for owner in sorted(found)}

    def _fallback(self, index: int) -> int:
        """Amid other disputed faces: the smallest claimant, for a gap the nearest area."""
        claims = self.claims[index]
        if claims:
            return min(claims, key=lambda i: self.areas[i].area)
        return min(range(len(self.areas)), key=lambda i: self.areas[i].distance(self.faces[index]))

    def owner_at(self, point: Point) -> int | None:
        """Who has the place ``point``; None outside of everything."""
        found = self.tree.query(point, predicate="intersects").tolist()
        if not found:
            return None
        index = int(found[0])
        if len(self.claims[index]) == 1:
            return self.claims[index][0]
        if index in self.owner_of:
            return self.owner_of[index]
        sites, owners = self.sites[index]
        nearest = sites.nearest(point)
        return owners[int(nearest)]


def _width(face: Polygon) -> float:
    return float(2 * face.area / face.length)


def _sites(face: Polygon, borders: dict[int, BaseGeometry]) -> tuple[np.ndarray, list[int]]:
    """Points along the face's border, close enough to find its middle, each with its owner."""
    step = min(FARTHEST_SITES_M, max(_width(face) / 2, face.length / MOST_SITES))
    seen: dict[tuple[float, float], int | None] = {}
    for owner, line in borders.items():
        for x, y in shapely.get_coordinates(shapely.segmentize(line, step)).round(6).tolist():
            # A corner that two owners share says nothing about who is nearer.
            seen[x, y] = owner if seen.get((x, y), owner) == owner else None
    kept = [(xy, owner) for xy, owner in seen.items() if owner is not None]
    return np.array([xy for xy, _owner in kept]).reshape(-1, 2), [owner for _xy, owner in kept]


def _middle_line(face: Polygon, coordinates: np.ndarray, owners: list[int]) -> BaseGeometry:
    """Where inside the face the nearest owner changes."""
    cells = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(coordinates), extend_to=face.envelope, ordered=True)
    )
    by_owner: dict[int, list[BaseGeometry]] = {}
    for cell, owner in zip(cells, owners, strict=True):
        by_owner.setdefault(owner, []).append(cell)
    reach = face.buffer(2 * GRID_M)
    borders = [shapely.union_all(of_one).boundary.intersection(reach) for of_one in by_owner.values()]
    lines = [part for part in shapely.get_parts(shapely.union_all(borders)) if isinstance(part, LineString)]
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    return shapely.simplify(merged, min(1.0, _width(face) / 4))

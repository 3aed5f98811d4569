"""Reading polygon files with GDAL: any format, any coordinate system, always degrees on WGS 84 afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import shapely
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.geos import MultiPolygon as StoredArea
from django.utils.encoding import DjangoUnicodeDecodeError
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import MultiPoint, MultiPolygon, Point, Polygon

from helfer.places.files import FileRefused
from helfer.places.layers import (
    open_layer,
    refuse_missing_fields,
    refuse_no_degrees,
    refuse_outside_germany,
    shape_of,
    system_of,
    text_of,
    unreadable_texts,
)

# Corners nearer than this are meant to be one.
SAME_CORNER_M, SAME_CORNER_DEGREES = 0.001, 1e-8


@dataclass(frozen=True, slots=True)
class Drawn:
    """One feature of the file: number, wanted fields as text, and area in degrees, perhaps invalid."""

    number: int
    values: dict[str, str]
    area: MultiPolygon


def read_polygons(
    path: Path, *, fields: Sequence[str], optional: Sequence[str] = (), crs: str = "", layer_name: str = ""
) -> list[Drawn]:
    """All polygons of a file with ``fields`` (refused if missing) and ``optional`` ones where it has them."""
    layer = open_layer(path, layer_name)
    if len(layer) == 0:
        raise FileRefused(_("Die Datei enthält keine Flächen."))
    refuse_missing_fields(layer, fields)
    there = list(layer.fields)
    wanted = [*fields, *(field for field in optional if field in there)]
    drawn, faults = [], []
    try:
        for number, feature in enumerate(layer, 1):
            area = _area(feature)
            if isinstance(area, str):
                faults.append(_("Objekt %(number)s: %(why)s") % {"number": number, "why": area})
                continue
            drawn.append(Drawn(number, {field: text_of(feature, field) for field in wanted}, area))
    except DjangoUnicodeDecodeError:
        raise unreadable_texts() from None
    if faults:
        raise FileRefused(_("Erwartet werden Flächen (Polygone):"), details=faults)
    system = system_of(layer, crs)
    return _in_degrees(_with_shared_corners(drawn, system), system)


def stored_area(area: MultiPolygon) -> StoredArea:
    """The area as the database keeps it."""
    return cast(StoredArea, GEOSGeometry(memoryview(shapely.to_wkb(area)), srid=4326))


def transformed(area: MultiPolygon, transformer: Transformer) -> MultiPolygon:
    """The area in another coordinate system."""

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(area, moved)


def _area(feature: Feature) -> MultiPolygon | str:
    shape = shape_of(feature)
    if shape is None:
        return _("hat keine lesbare Fläche")
    if isinstance(shape, Polygon):
        return MultiPolygon([shape])
    if isinstance(shape, MultiPolygon):
        return shape
    return _("ist keine Fläche, sondern %(kind)s") % {"kind": shape.geom_type}


def _with_shared_corners(drawn: list[Drawn], crs: CRS) -> list[Drawn]:
    """Give every area the corners that its neighbours have on its border.

    A long border beside two short ones is straight in one coordinate system only: without the corner,
    another system shows a sliver there that nobody has drawn.
    """
    reach = SAME_CORNER_DEGREES if crs.is_geographic else SAME_CORNER_M
    areas = [each.area for each in drawn]
    tree = shapely.STRtree(areas)
    shared = []
    for index, each in enumerate(drawn):
        own = {tuple(corner) for corner in shapely.get_coordinates(each.area).tolist()}
        neighbours = [areas[other] for other in sorted(tree.query(each.area).tolist()) if other != index]
        corners = {tuple(corner) for corner in shapely.get_coordinates(neighbours).tolist()} - own
        area, border = each.area, each.area.boundary
        shapely.prepare(border)
        points = np.array([Point(corner) for corner in sorted(corners)], dtype=object)
        missing = points[shapely.dwithin(border, points, reach)]
        if len(missing):
            snapped = shapely.snap(area, MultiPoint(list(missing)), reach)
            snapped = MultiPolygon([snapped]) if isinstance(snapped, Polygon) else snapped
            if isinstance(snapped, MultiPolygon) and (snapped.is_valid or not area.is_valid):
                area = snapped
        shared.append(Drawn(each.number, each.values, area))
    return shared


def _in_degrees(drawn: list[Drawn], crs: CRS) -> list[Drawn]:
    for d in drawn:
        refuse_no_degrees(d.area, crs)
    to_degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    if not crs.equals(CRS.from_epsg(4326)):
        drawn = [Drawn(d.number, d.values, transformed(d.area, to_degrees)) for d in drawn]
    for d in drawn:
        refuse_outside_germany(d.number, shapely.get_coordinates(d.area), crs)
    return drawn

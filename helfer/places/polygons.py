"""Reading polygon files with GDAL: any format, any coordinate system, always degrees on WGS 84 afterwards."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import shapely
from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.gis.geos import MultiPolygon as StoredArea
from django.utils.encoding import DjangoUnicodeDecodeError
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import MultiPoint, MultiPolygon, Point, Polygon

from helfer.places.files import FileRefused, check_readable

# Germany with some sea: west, south, east, north.
GERMANY = (5.5, 47.0, 15.6, 55.3)
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
    layer = _layer(path, layer_name)
    if len(layer) == 0:
        raise FileRefused(_("Die Datei enthält keine Flächen."))
    there = list(layer.fields)
    for field in fields:
        if field not in there:
            raise FileRefused(
                _("Die Datei hat kein Feld „%(field)s“. Sie hat diese Felder: %(fields)s.")
                % {"field": field, "fields": ", ".join(there) or _("keine")}
            )
    wanted = [*fields, *(field for field in optional if field in there)]
    drawn, faults = [], []
    try:
        for number, feature in enumerate(layer, 1):
            area = _area(feature)
            if isinstance(area, str):
                faults.append(_("Objekt %(number)s: %(why)s") % {"number": number, "why": area})
                continue
            drawn.append(Drawn(number, {field: _text(feature, field) for field in wanted}, area))
    except DjangoUnicodeDecodeError:
        raise FileRefused(
            _(
                "Die Texte der Datei sind in einer unbekannten Kodierung gespeichert; "
                "bitte als UTF-8 speichern."
            )
        ) from None
    if faults:
        raise FileRefused(_("Erwartet werden Flächen (Polygone):"), details=faults)
    system = _crs(layer, crs)
    return _in_degrees(_with_shared_corners(drawn, system), system)


def stored_area(area: MultiPolygon) -> StoredArea:
    """The area as the database keeps it."""
    return cast(StoredArea, GEOSGeometry(memoryview(shapely.to_wkb(area)), srid=4326))


def transformed(area: MultiPolygon, transformer: Transformer) -> MultiPolygon:
    """The area in another coordinate system."""

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(area, moved)


def _layer(path: Path, layer_name: str) -> Layer:
    check_readable(path)
    name = str(path.resolve())
    if path.suffix.lower() == ".gz":
        name = f"/vsigzip/{name}"
    elif zipfile.is_zipfile(path):
        name = f"/vsizip/{name}"
    try:
        source = DataSource(name)
        layers: dict[str, Layer] = {source[i].name: source[i] for i in range(len(source))}
    except (GDALException, DjangoUnicodeDecodeError):
        raise FileRefused(
            _(
                "„%(path)s“ ist keine lesbare Flächendatei. "
                "Erwartet wird GeoJSON, GeoPackage oder Shapefile (mit .shx und .dbf daneben)."
            )
            % {"path": path}
        ) from None
    if layer_name:
        layers = {name: layer for name, layer in layers.items() if name == layer_name} or layers
    if len(layers) != 1:
        raise FileRefused(
            _("Die Datei hat %(count)s Ebenen; bitte mit --layer eine nennen: %(names)s.")
            % {"count": len(layers), "names": ", ".join(layers) or _("keine")}
        )
    return next(iter(layers.values()))


def _area(feature: Feature) -> MultiPolygon | str:
    try:
        geometry = feature.geom
        if geometry is None or geometry.empty:
            return _("hat keine lesbare Fläche")
        shape = shapely.from_wkb(bytes(geometry.wkb))
    except (GDALException, shapely.errors.ShapelyError, TypeError, AttributeError):
        return _("hat keine lesbare Fläche")
    shape = shapely.force_2d(shape)
    if isinstance(shape, Polygon):
        return MultiPolygon([shape])
    if isinstance(shape, MultiPolygon):
        return shape
    return _("ist keine Fläche, sondern %(kind)s") % {"kind": shape.geom_type}


def _text(feature: Feature, field: str) -> str:
    value = feature.get(field)
    return "" if value is None else " ".join(str(value).split())


def _crs(layer: Layer, stated: str) -> CRS:
    try:
        if stated:
            return CRS.from_user_input(stated)
        if layer.srs is not None:
            return CRS.from_wkt(layer.srs.wkt)
    except (CRSError, GDALException):
        raise FileRefused(
            _("Das Koordinatensystem „%(crs)s“ ist nicht bekannt; erwartet wird zum Beispiel EPSG:25832.")
            % {"crs": (stated or _("der Datei"))[:80]}
        ) from None
    raise FileRefused(
        _(
            "Die Datei sagt nicht, in welchem Koordinatensystem sie ist. "
            "Bitte angeben, zum Beispiel --crs EPSG:25832."
        )
    )


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
    sample = shapely.get_coordinates(drawn[0].area)[0]
    if crs.is_geographic and any(
        abs(bound) > limit
        for d in drawn
        for bound, limit in zip(d.area.bounds, (180, 90, 180, 90), strict=True)
    ):
        raise FileRefused(
            _(
                "Die Datei ist als Grad gekennzeichnet (%(crs)s), aber %(x).1f / %(y).1f sind keine Grad. "
                "Bitte das richtige Koordinatensystem angeben, zum Beispiel --crs EPSG:25832."
            )
            % {"crs": crs.name, "x": sample[0], "y": sample[1]}
        )
    to_degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    if not crs.equals(CRS.from_epsg(4326)):
        drawn = [Drawn(d.number, d.values, transformed(d.area, to_degrees)) for d in drawn]
    west, south, east, north = GERMANY
    for d in drawn:
        points = shapely.get_coordinates(d.area)
        # Written so that "not a number" fails too.
        inside = (
            (points[:, 0] >= west)
            & (points[:, 0] <= east)
            & (points[:, 1] >= south)
            & (points[:, 1] <= north)
        )
        if not inside.all():
            x, y = points[~inside][0]
            raise FileRefused(
                _(
                    "Objekt %(number)s liegt nicht in Deutschland "
                    "(%(x).4f° Ost, %(y).4f° Nord, gelesen als %(crs)s). "
                    "Stimmt das Koordinatensystem? Sonst mit --crs angeben, zum Beispiel --crs EPSG:25832."
                )
                % {"number": d.number, "x": x, "y": y, "crs": crs.name}
            )
    return drawn

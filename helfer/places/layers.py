"""What every file with shapes has in common: its layer, its fields, its coordinate system, read with GDAL."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from django.contrib.gis.gdal import DataSource, GDALException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.utils.encoding import DjangoUnicodeDecodeError
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from helfer.places.files import FileRefused, check_readable

# Germany with some sea: west, south, east, north.
GERMANY = (5.5, 47.0, 15.6, 55.3)


def open_layer(path: Path, layer_name: str) -> Layer:
    """The file's only layer, or the one that is named; plain, zipped, or packed with gzip."""
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
                "„%(path)s“ ist keine lesbare Kartendatei. "
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


def refuse_missing_fields(layer: Layer, fields: Sequence[str]) -> None:
    """Refuse a layer that lacks one of the fields, and say which ones it has."""
    there = list(layer.fields)
    for field in fields:
        if field not in there:
            raise FileRefused(
                _("Die Datei hat kein Feld „%(field)s“. Sie hat diese Felder: %(fields)s.")
                % {"field": field, "fields": ", ".join(there) or _("keine")}
            )


def text_of(feature: Feature, field: str) -> str:
    """The field's value as one line of text."""
    value = feature.get(field)
    return "" if value is None else " ".join(str(value).split())


def unreadable_texts() -> FileRefused:
    """The refusal of a file whose texts are in an unknown encoding."""
    return FileRefused(
        _("Die Texte der Datei sind in einer unbekannten Kodierung gespeichert; bitte als UTF-8 speichern.")
    )


def system_of(layer: Layer, stated: str) -> CRS:
    """The coordinate system that is stated, else the layer's own."""
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


def shape_of(feature: Feature) -> BaseGeometry | None:
    """What the feature draws, without heights; None where that is nothing or cannot be read."""
    try:
        geometry = feature.geom
        shape = None if geometry is None else shapely.force_2d(shapely.from_wkb(bytes(geometry.wkb)))
    except (GDALException, shapely.errors.ShapelyError, TypeError, AttributeError):
        return None
    return None if shape is None or shape.is_empty else shape


def refuse_no_degrees(shape: BaseGeometry, crs: CRS) -> None:
    """Refuse a shape that is said to be in degrees and cannot be."""
    if crs.is_geographic and any(
        abs(bound) > limit for bound, limit in zip(shape.bounds, (180, 90, 180, 90), strict=True)
    ):
        x, y = shapely.get_coordinates(shape)[0]
        raise FileRefused(
            _(
                "Die Datei ist als Grad gekennzeichnet (%(crs)s), aber %(x).1f / %(y).1f sind keine Grad. "
                "Bitte das richtige Koordinatensystem angeben, zum Beispiel --crs EPSG:25832."
            )
            % {"crs": crs.name, "x": x, "y": y}
        )


def refuse_outside_germany(number: int, points: NDArray[np.float64], crs: CRS) -> None:
    """Refuse corners, in degrees now, that lie elsewhere: the coordinate system is not what it seems."""
    west, south, east, north = GERMANY
    # Written so that "not a number" fails too.
    inside = (
        (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
    )
    if not inside.all():
        x, y = points[~inside][0]
        raise FileRefused(
            _(
                "Objekt %(number)s liegt nicht in Deutschland "
                "(%(x).4f° Ost, %(y).4f° Nord, gelesen als %(crs)s). "
                "Stimmt das Koordinatensystem? Sonst mit --crs angeben, zum Beispiel --crs EPSG:25832."
            )
            % {"number": number, "x": x, "y": y, "crs": crs.name}
        )

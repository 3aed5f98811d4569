"""Reading line files with GDAL, one feature after the other, as short stretches in degrees on WGS 84."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from django.utils.encoding import DjangoUnicodeDecodeError
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import LineString, MultiLineString

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

# So many corners at most to a stretch.
LONGEST_STRETCH = 64
LONGEST_NAME = 120

Corners = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line of the file: the feature's number and name, and its corners in degrees."""

    number: int
    name: str
    corners: Corners

    def stretches(self) -> Iterator[Corners]:
        """The line cut into short pieces that share their ends."""
        step = LONGEST_STRETCH - 1
        for start in range(0, len(self.corners) - 1, step):
            yield self.corners[start : start + step + 1]


class LineFile:
    """A file of lines whose layer, fields and coordinate system have been found good."""

    def __init__(self, path: Path, *, name_field: str = "", crs: str = "", layer_name: str = "") -> None:
        self.layer: Layer = open_layer(path, layer_name)
        if len(self.layer) == 0:
            raise FileRefused(_("Die Datei enthält keine Linien."))
        self.name_field = name_field
        if name_field:
            refuse_missing_fields(self.layer, [name_field])
        self.system = system_of(self.layer, crs)

    def __len__(self) -> int:
        return len(self.layer)

    def lines(self) -> Iterator[DrawnLine]:
        """The lines one at a time; raises ``FileRefused`` at the first feature that is none."""
        in_degrees = self.system.equals(CRS.from_epsg(4326))
        to_degrees = Transformer.from_crs(self.system, 4326, always_xy=True)
        try:
            for number, feature in enumerate(self.layer, 1):
                name = text_of(feature, self.name_field)[:LONGEST_NAME] if self.name_field else ""
                for line in _lines(number, feature):
                    refuse_no_degrees(line, self.system)
                    corners = shapely.get_coordinates(line)
                    if not in_degrees:
                        corners = np.column_stack(to_degrees.transform(corners[:, 0], corners[:, 1]))
                    # Checked before anything is reckoned with them: "not a number" is no place either.
                    refuse_outside_germany(number, corners, self.system)
                    corners = _without_repetition(corners)
                    if len(corners) > 1:
                        yield DrawnLine(number, name, corners)
        except DjangoUnicodeDecodeError:
            raise unreadable_texts() from None


def _lines(number: int, feature: Feature) -> list[LineString]:
    shape = shape_of(feature)
    if shape is None:
        raise FileRefused(_("Objekt %(number)s hat keine lesbare Linie.") % {"number": number})
    if isinstance(shape, MultiLineString):
        return list(shape.geoms)
    if isinstance(shape, LineString):
        return [shape]
    raise FileRefused(
        _("Objekt %(number)s ist keine Linie, sondern %(kind)s. Erwartet werden Linien.")
        % {"number": number, "kind": shape.geom_type}
    )


def _without_repetition(corners: Corners) -> Corners:
    # Seven decimals are a centimetre: enough, and the same file gives the same corners on every machine.
    corners = corners.round(7)
    fresh = np.ones(len(corners), dtype=bool)
    fresh[1:] = (corners[1:] != corners[:-1]).any(axis=1)
    return corners[fresh]

"""Made-up districts in files, and the command that loads them."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pyproj import Transformer

from tests.factories.places import CORNER, SIDE
from tests.places.map_files import Corners, geojson

Draw = Callable[..., Path]


def box(column: float, row: float, width: float = 1, height: float = 1) -> Corners:
    """The ring of a rectangle on the made-up country's grid, in degrees."""
    west, south = CORNER[0] + column * SIDE, CORNER[1] + row * SIDE
    east, north = west + width * SIDE, south + height * SIDE
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


TWO = {"Nord": box(0, 1), "Süd": box(0, 0)}


def draw_areas(
    folder: Path,
    areas: dict[str, Any],
    *,
    epsg: int = 4326,
    says: int | None = None,
    **more: Any,
) -> Path:
    """Writes rings by name as GeoJSON, in another coordinate system where wanted."""
    move = Transformer.from_crs(4326, epsg, always_xy=True)

    def geometry(ring: Any) -> Any:
        if ring is None or isinstance(ring, dict):
            return ring
        return {"type": "Polygon", "coordinates": [[move.transform(x, y) for x, y in ring]]}

    features = [
        ({"name": title.split("#")[0], **more.get(title, {})}, geometry(ring))
        for title, ring in areas.items()
    ]
    return geojson(folder / "areas.geojson", features, says=epsg if says is None else says)


def load(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command(
        "load_districts", path, **{"name_field": "name", "stdout": out, "stderr": StringIO()} | options
    )
    return out.getvalue()


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        load(path, **options)
    return str(refused.value)

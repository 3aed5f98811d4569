"""Map files by hand: GeoJSON, Shapefile, GeoPackage."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS, Transformer

Corners = list[tuple[float, float]]


def geojson(path: Path, features: Iterable[tuple[dict[str, Any], Any]], *, says: int = 4326) -> Path:
    """Writes properties with their geometries; ``says`` is the coordinate system that the file names."""
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": geometry}
            for properties, geometry in features
        ],
    }
    if says != 4326:
        collection["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{says}"}}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def shapefile(
    folder: Path, areas: dict[str, Corners], *, epsg: int, prj: bool = True, encoding: str = "utf-8"
) -> Path:
    """A Shapefile by hand: .shp, .shx, .dbf and, where wanted, .prj."""
    move = Transformer.from_crs(4326, epsg, always_xy=True)
    shapes, offsets, position = b"", b"", 50
    for number, ring in enumerate(areas.values(), 1):
        # Shapefiles draw outer rings clockwise.
        points = [move.transform(x, y) for x, y in reversed(ring)]
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        content = struct.pack("<i4d2ii", 5, min(xs), min(ys), max(xs), max(ys), 1, len(points), 0)
        content += b"".join(struct.pack("<2d", *point) for point in points)
        shapes += struct.pack(">2i", number, len(content) // 2) + content
        offsets += struct.pack(">2i", position, len(content) // 2)
        position += 4 + len(content) // 2

    def header(length: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + length // 2) + struct.pack(
            "<2i8d", 1000, 5, *[0.0] * 8
        )

    path = folder / "areas.shp"
    path.write_bytes(header(len(shapes)) + shapes)
    path.with_suffix(".shx").write_bytes(header(len(offsets)) + offsets)
    column = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([40, 0]) + bytes(14)
    records = b"".join(b" " + name.encode(encoding).ljust(40) for name in areas)
    table = struct.pack("<B3BIHH20x", 3, 26, 1, 1, len(areas), 65, 41) + column + b"\r" + records + b"\x1a"
    path.with_suffix(".dbf").write_bytes(table)
    path.with_suffix(".cpg").write_text("UTF-8" if encoding == "utf-8" else "ISO-8859-1")
    if prj:
        path.with_suffix(".prj").write_text(CRS.from_epsg(epsg).to_wkt("WKT1_ESRI"))
    return path


def geopackage(path: Path, layers: dict[str, dict[str, Corners]], *, epsg: int) -> Path:
    """A GeoPackage by hand."""
    move = Transformer.from_crs(4326, epsg, always_xy=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            PRAGMA application_id = 0x47504B47;
            PRAGMA user_version = 10200;
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
                organization_coordsys_id INTEGER, definition TEXT, description TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT,
                description TEXT, last_change DATETIME DEFAULT '2026-01-01T00:00:00.000Z', min_x DOUBLE,
                min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
                srs_id INTEGER, z TINYINT, m TINYINT);
            """
        )
        system = (f"EPSG:{epsg}", epsg, "EPSG", epsg, CRS.from_epsg(epsg).to_wkt("WKT1_GDAL"), "")
        database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", system)
        for layer, areas in layers.items():
            database.execute(f"CREATE TABLE {layer} (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT)")
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
                " VALUES (?, 'features', ?, ?)",
                (layer, layer, epsg),
            )
            columns = (layer, "geom", "POLYGON", epsg, 0, 0)
            database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", columns)
            for name, ring in areas.items():
                area = shapely.Polygon([move.transform(x, y) for x, y in ring])
                blob = b"GP\x00\x01" + struct.pack("<i", epsg) + shapely.to_wkb(area)
                insert = f"INSERT INTO {layer} (geom, name) VALUES (?, ?)"
                database.execute(insert, (blob, name))
        database.commit()
    return path

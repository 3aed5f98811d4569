"""Districts and quarters: any polygon file, any coordinate system; refused with a list or mended."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.core.management import CommandError, call_command
from pyproj import CRS, Transformer

from helfer.places.models import District, Municipality, Quarter
from tests.factories.people import OfficeFactory
from tests.factories.places import (
    CORNER,
    SIDE,
    DistrictFactory,
    MunicipalityFactory,
    QuarterFactory,
    point_in,
)

pytestmark = pytest.mark.django_db

Corners = list[tuple[float, float]]
Draw = Callable[..., Path]


def box(column: float, row: float, width: float = 1, height: float = 1) -> Corners:
    """The ring of a rectangle on the made-up country's grid, in degrees."""
    west, south = CORNER[0] + column * SIDE, CORNER[1] + row * SIDE
    east, north = west + width * SIDE, south + height * SIDE
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


TWO = {"Nord": box(0, 1), "Süd": box(0, 0)}


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Writes rings by name as GeoJSON, in another coordinate system where wanted."""

    def drawn(
        areas: dict[str, Any],
        *,
        epsg: int = 4326,
        says: int | None = None,
        name: str = "areas.geojson",
        **more: Any,
    ) -> Path:
        move = Transformer.from_crs(4326, epsg, always_xy=True)
        collection: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": title.split("#")[0], **more.get(title, {})},
                    "geometry": ring
                    if ring is None or isinstance(ring, dict)
                    else {"type": "Polygon", "coordinates": [[move.transform(x, y) for x, y in ring]]},
                }
                for title, ring in areas.items()
            ],
        }
        if (said := epsg if says is None else says) != 4326:
            crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{said}"}}
            collection["crs"] = crs
        path = tmp_path / name
        path.write_text(json.dumps(collection), encoding="utf-8")
        return path

    return drawn


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


class TestDistricts:
    def test_are_loaded_with_names_slugs_and_areas(self, draw: Draw) -> None:
        assert "2 neu, 0 geändert, 0 unverändert, 0 entfernt." in load(draw(TWO))
        north, south = District.objects.order_by("pk")
        assert [north.name, south.name, north.slug, south.slug] == ["Nord", "Süd", "nord", "sued"]
        assert north.municipality == Municipality.objects.default()
        assert District.objects.containing(point_in(0.5, 1.5)) == north
        # On the common border the lower id wins.
        assert District.objects.containing(point_in(0.5, 1)) == north

    def test_load_twice_without_a_change(self, draw: Draw) -> None:
        path = draw(TWO)
        load(path)
        assert "0 neu, 0 geändert, 2 unverändert, 0 entfernt." in load(path)

    def test_keep_their_ids_when_their_borders_change(self, draw: Draw) -> None:
        load(draw(TWO))
        ids = dict(District.objects.values_list("name", "pk"))
        text = load(draw({"Süd": box(0, 0, 2), "Nord": box(0, 1), "Ost": box(1, 1)}))
        assert "1 neu, 1 geändert, 1 unverändert, 0 entfernt." in text
        assert {name: pk for name, pk in District.objects.values_list("name", "pk") if name in ids} == ids

    def test_that_the_file_no_longer_has_go_unless_somebody_needs_them(self, draw: Draw) -> None:
        load(draw(TWO | {"Ost": box(1, 1)}))
        assert "0 neu, 0 geändert, 2 unverändert, 1 entfernt." in load(draw(TWO))
        office = OfficeFactory()
        office.districts.set([District.objects.get(name="Nord")])
        only_south = draw({"Süd": box(0, 0)})
        text = refusal(only_south)
        assert "fehlen in der Datei, werden aber gebraucht" in text and text.endswith("Nord")
        assert District.objects.count() == 2
        assert "Entfernt: Nord." in load(only_south, replace=True)

    def test_of_one_name_are_one_district(self, draw: Draw) -> None:
        text = load(draw({"Nord": box(0, 1), "Süd#1": box(0, 0), "Süd#2": box(5, 5)}))
        assert "„Süd“ besteht aus 2 Objekten, die zusammengelegt wurden." in text
        assert District.objects.get(name="Süd").area.num_geom == 2

    def test_with_alike_names_get_slugs_of_their_own(self, draw: Draw) -> None:
        load(draw({"Süd": box(0, 0), "Sued": box(1, 0), "SÜD": box(2, 0), "!": box(3, 0)}))
        slugs = District.objects.order_by("pk").values_list("slug", flat=True)
        assert list(slugs) == ["sued", "sued-2", "sued-3", "bezirk"]

    def test_of_another_municipality_are_its_own(self, draw: Draw) -> None:
        DistrictFactory(name="Nord", at=(7, 7), municipality=MunicipalityFactory(own=True))
        path = draw(TWO)
        assert "Die Kommune 05113000 gibt es noch nicht" in refusal(path, municipality_key="05113000")
        load(path, municipality_key="05113000", municipality_name="Essen")
        assert Municipality.objects.get(name="Essen").districts.count() == 2
        assert District.objects.count() == 3
        assert "erwartet werden acht Ziffern" in refusal(path, municipality_key="Essen")

    def test_that_cover_another_municipality_are_noted(self, draw: Draw) -> None:
        DistrictFactory(at=(0, 0), municipality=MunicipalityFactory(name="Lünen"))
        assert "Achtung: Die Flächen überdecken sich mit Stadtbezirken von Lünen." in load(draw(TWO))


class TestQuarters:
    def test_need_districts_first(self, draw: Draw) -> None:
        text = refusal(draw(TWO), level="quarter")
        assert text.startswith(
            "Für Dortmund sind noch keine Stadtbezirke geladen. Bitte zuerst: load_districts"
        )

    def test_belong_to_the_district_that_contains_most_of_them(self, draw: Draw) -> None:
        load(draw(TWO))
        text = load(draw({"A": box(0, 1.2, 1, 0.8), "B": box(0, 0, 1, 1.2)}), level="quarter")
        assert dict(Quarter.objects.values_list("name", "district__name")) == {"A": "Nord", "B": "Süd"}
        assert "„B“ liegt nur zu 83 % in „Süd“ und wird ihm zugeordnet." in text

    def test_belong_to_the_district_that_the_file_names(self, draw: Draw) -> None:
        load(draw(TWO))
        areas = {"A": box(0, 0, 1, 0.5), "B": box(0, 0.5, 1, 0.5)}
        path = draw(areas, A={"bezirk": "NORD"}, B={"bezirk": ""})
        load(path, level="quarter", district_field="bezirk")
        assert dict(Quarter.objects.values_list("name", "district__name")) == {"A": "Nord", "B": "Süd"}
        path = draw(areas, A={"bezirk": "West"}, B={"bezirk": "Nord"})
        assert "„A“: Den Stadtbezirk „West“ gibt es nicht." in refusal(
            path, level="quarter", district_field="bezirk"
        )

    def test_outside_of_every_district_are_refused(self, draw: Draw) -> None:
        load(draw(TWO))
        path = draw({"A": box(0, 0), "B": box(7, 7)})
        assert "„B“ liegt in keinem Stadtbezirk." in refusal(path, level="quarter")
        assert not Quarter.objects.exists()

    def test_of_one_name_in_two_districts_stay_two(self, draw: Draw) -> None:
        load(draw(TWO))
        path = draw({"Mitte#1": box(0, 0), "Mitte#2": box(0, 1)})
        load(path, level="quarter")
        assert Quarter.objects.filter(name="Mitte").count() == 2
        assert "2 unverändert" in load(path, level="quarter")

    def test_keep_their_ids_also_when_they_move_to_another_district(self, draw: Draw) -> None:
        load(draw(TWO))
        load(draw({"A": box(0, 0), "B": box(0, 1)}), level="quarter")
        ids = dict(Quarter.objects.values_list("name", "pk"))
        text = load(draw({"A": box(0, 1), "B": box(0, 0)}), level="quarter")
        assert "0 neu, 2 geändert" in text
        assert dict(Quarter.objects.values_list("name", "pk")) == ids
        assert Quarter.objects.get(name="A").district.name == "Nord"

    def test_go_with_their_district(self, draw: Draw) -> None:
        QuarterFactory(district__name="Alt", district__at=(5, 5))
        assert "Mit ihren Stadtbezirken entfallen 1 Quartiere." in load(draw(TWO))


class TestCoordinateSystems:
    @pytest.mark.parametrize("epsg", [25832, 25833, 31466, 3857, 4258])
    def test_are_all_read(self, draw: Draw, epsg: int) -> None:
        load(draw(TWO, epsg=epsg))
        found = District.objects.containing(point_in(0.5, 1.5))
        assert found is not None and found.name == "Nord"
        # The datum of the old Gauß-Krüger system differs by metres without its grid.
        assert shapely.from_wkt(found.area.wkt).bounds == pytest.approx((7.40, 51.51, 7.41, 51.52), abs=1e-4)

    @pytest.mark.parametrize(
        ("says", "east", "north", "side"), [(4326, 7.4, 51.5, 0.01), (25832, 390e3, 57e5, 1000)]
    )
    def test_do_not_bend_a_long_border_beside_two_short_ones(
        self, draw: Draw, says: int, east: float, north: float, side: float
    ) -> None:
        def ring(column: float, row: float, width: float) -> Corners:
            corners = [(column, row), (column + width, row), (column + width, row + 1), (column, row + 1)]
            return [(east + x * side, north + y * side) for x, y in (*corners, corners[0])]

        load(draw({"Süd": ring(0, 0, 4), "Nordwest": ring(0, 1, 1), "Nordost": ring(1, 1, 3)}, says=says))
        areas = [
            shapely.from_wkb(bytes(area.wkb)) for area in District.objects.values_list("area", flat=True)
        ]
        assert shapely.coverage_is_valid(areas)

    def test_metres_marked_as_degrees_are_refused(self, draw: Draw) -> None:
        text = refusal(draw(TWO, epsg=25832, says=4326))
        assert "sind keine Grad. Bitte das richtige Koordinatensystem angeben" in text
        load(draw(TWO, epsg=25832, says=4326), crs="EPSG:25832")
        assert District.objects.containing(point_in(0.5, 1.5)) is not None

    def test_degrees_marked_as_metres_are_refused(self, draw: Draw) -> None:
        assert "liegt nicht in Deutschland" in refusal(draw(TWO, says=25832))

    def test_swapped_degrees_are_refused(self, draw: Draw) -> None:
        swapped = {name: [(y, x) for x, y in ring] for name, ring in TWO.items()}
        assert "liegt nicht in Deutschland (51.5" in refusal(draw(swapped))

    @pytest.mark.parametrize("crs", ["Unsinn", "EPSG:0", "25832 oder so"])
    def test_that_do_not_exist_are_refused(self, draw: Draw, crs: str) -> None:
        assert f"Das Koordinatensystem „{crs}“ ist nicht bekannt" in refusal(draw(TWO), crs=crs)


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


class TestShapefiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
    def test_are_read_with_their_own_system_and_encoding(self, tmp_path: Path, encoding: str) -> None:
        load(shapefile(tmp_path, TWO, epsg=25832, encoding=encoding), name_field="NAME")
        assert set(District.objects.values_list("name", flat=True)) == {"Nord", "Süd"}
        assert District.objects.containing(point_in(0.5, 0.5)) == District.objects.get(name="Süd")

    def test_without_a_system_ask_for_it(self, tmp_path: Path) -> None:
        path = shapefile(tmp_path, TWO, epsg=25832, prj=False)
        assert "Die Datei sagt nicht, in welchem Koordinatensystem sie ist." in refusal(
            path, name_field="NAME"
        )
        load(path, name_field="NAME", crs="EPSG:25832")
        assert District.objects.count() == 2

    def test_without_their_table_name_the_fields_there_are(self, tmp_path: Path) -> None:
        path = shapefile(tmp_path, TWO, epsg=25832)
        path.with_suffix(".dbf").unlink()
        assert "Die Datei hat kein Feld „NAME“." in refusal(path, name_field="NAME")


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


class TestGeoPackages:
    def test_are_read(self, tmp_path: Path) -> None:
        load(geopackage(tmp_path / "areas.gpkg", {"bezirke": TWO}, epsg=25832))
        assert District.objects.containing(point_in(0.5, 0.5)) == District.objects.get(name="Süd")

    def test_of_several_layers_ask_for_one(self, tmp_path: Path) -> None:
        path = geopackage(tmp_path / "areas.gpkg", {"bezirke": TWO, "viertel": {"A": box(0, 0)}}, epsg=25832)
        for layer in ("", "nix"):
            text = refusal(path, layer=layer)
            assert text == "Die Datei hat 2 Ebenen; bitte mit --layer eine nennen: bezirke, viertel."
        load(path, layer="viertel")
        assert District.objects.get().name == "A"


BOW_TIE = [box(0, 0)[0], box(0, 0)[2], box(0, 0)[1], box(0, 0)[3], box(0, 0)[0]]


class TestRefusals:
    def test_of_overlaps_list_every_pair_with_its_area(self, draw: Draw) -> None:
        areas = {"A": box(0, 0), "B": box(0.9, 0), "C": box(1.8, 0)}
        lines = refusal(draw(areas)).splitlines()
        assert lines[0].startswith("Die Datei wurde nicht geladen: 0 ungültige Flächen, 2 Überlappungen.")
        assert lines[1].startswith("2 Überlappungen, zusammen 154.")
        assert {line.split(":")[0] for line in lines[2:]} == {"A / B", "B / C"}
        assert all(line.endswith(" m²") for line in lines[2:])
        assert not District.objects.exists()

    def test_of_invalid_areas_say_why_and_where(self, draw: Draw) -> None:
        text = refusal(draw({"A": BOW_TIE, "B": box(1, 0)}))
        assert (
            "Objekt 1 „A“ ist ungültig: die Grenze schneidet sich selbst (bei 51.50500° Nord, 7.40500° Ost)"
            in text
        )

    def test_leave_what_was_loaded(self, draw: Draw) -> None:
        load(draw(TWO))
        refusal(draw({"Nord": box(0, 0), "Neu": box(0.5, 0)}))
        assert set(District.objects.values_list("name", flat=True)) == {"Nord", "Süd"}

    @pytest.mark.parametrize(
        ("areas", "says"),
        [
            ({"": box(0, 0)}, "Objekt 1: Das Feld „name“ ist leer."),
            ({"x" * 121: box(0, 0)}, "Objekt 1: Der Name ist länger als 120 Zeichen."),
            ({"A": None}, "Objekt 1: hat keine lesbare Fläche"),
            (
                {"A": {"type": "Point", "coordinates": [7.4, 51.5]}},
                "Objekt 1: ist keine Fläche, sondern Point",
            ),
            ({"A": {"type": "Polygon", "coordinates": []}}, "Objekt 1: hat keine lesbare Fläche"),
            ({"A": [(7.4, 51.5), (7.5, 51.5), (7.4, 51.5), (7.4, 51.5)]}, "„A“ hat keine Fläche."),
            ({}, "keine Flächen"),
        ],
    )
    def test_of_what_is_no_named_area_name_the_object(self, draw: Draw, areas: Any, says: str) -> None:
        assert says in refusal(draw(areas))

    def test_of_a_missing_field_name_the_fields_there_are(self, draw: Draw) -> None:
        text = refusal(draw(TWO, Nord={"nr": 1, "bezirk": "x"}), name_field="titel")
        assert text == "Die Datei hat kein Feld „titel“. Sie hat diese Felder: name, nr, bezirk."
        assert "kein Feld „amt“" in refusal(draw(TWO), district_field="amt")

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "ist leer"),
            (b"{", "ist keine lesbare Kartendatei"),
            (b"plz;ort\n44135;Dortmund\n", "ist keine lesbare Kartendatei"),
            (b"\x00\x01\x02\x03" * 50, "ist keine lesbare Kartendatei"),
            (b"PK\x03\x04nonsense", "ist keine lesbare Kartendatei"),
        ],
    )
    def test_of_other_files_say_what_is_expected(self, tmp_path: Path, content: bytes, says: str) -> None:
        path = tmp_path / "areas.geojson"
        path.write_bytes(content)
        assert says in refusal(path)
        assert "gibt es nicht" in refusal(tmp_path / "nix.geojson")
        assert "ist ein Ordner" in refusal(tmp_path)


class TestRepair:
    def test_heals_splits_and_reports_each_with_its_area(self, draw: Draw) -> None:
        areas = {
            "Nord": box(0, 1.02, 2, 1),
            "West": box(0, 0, 1.03, 1),
            "Ost": box(1, 0, 1, 1),
            "Süd": box(0, -1, 2, 1),
            "Mitte": box(0, 1, 0.1, 0.02),
            "Rand": box(1.9, 1, 0.1, 0.02),
        }
        path = draw(areas)
        text = load(path, repair=True)
        assert "1 Überlappungen geteilt, zusammen 23." in text and "  West / Ost: 23." in text
        assert "1 Lücken geteilt, zusammen 27." in text and "  Nord / West / Ost / Mitte / Rand: 27." in text
        stored = [
            shapely.from_wkb(bytes(area.wkb)) for area in District.objects.values_list("area", flat=True)
        ]
        assert shapely.coverage_is_valid(stored)
        for column in range(1, 20):
            for row in range(-9, 20):
                assert (
                    District.objects.covering(point_in(column / 10 + 0.0013, row / 10 + 0.0017)).count() == 1
                )
        assert "0 neu, 0 geändert, 6 unverändert" in load(path, repair=True)

    def test_heals_an_invalid_area(self, draw: Draw) -> None:
        text = load(draw({"A": BOW_TIE, "B": box(1, 0)}), repair=True)
        assert "Objekt 1 „A“ ist ungültig: die Grenze schneidet sich selbst" in text
        area = District.objects.get(name="A").area
        assert isinstance(area, MultiPolygon) and area.valid

    def test_of_a_clean_file_changes_nothing(self, draw: Draw) -> None:
        load(draw(TWO))
        text = load(draw(TWO), repair=True)
        assert "Es gab nichts zu reparieren." in text and "2 unverändert" in text

    def test_cannot_split_equal_areas(self, draw: Draw) -> None:
        assert "liegen ganz unter anderen, da lässt sich nichts teilen: B." in refusal(
            draw({"A": box(0, 0), "B": box(0, 0)}), repair=True
        )

    def test_is_offered_where_there_are_only_gaps(self, draw: Draw) -> None:
        areas = {
            "N": box(0, 1.02, 2),
            "W": box(0, 0),
            "O": box(1, 0),
            "X": box(0, 1, 0.1, 0.02),
            "Y": box(1.9, 1, 0.1, 0.02),
        }
        assert "1 Lücken zwischen den Flächen" in load(draw(areas))

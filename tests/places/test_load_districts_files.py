"""Districts from any polygon file in any coordinate system."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import shapely

from helfer.places.models import District
from tests.factories.places import point_in
from tests.places.districts import TWO, Draw, box, draw_areas, load, refusal
from tests.places.map_files import Corners, geopackage, shapefile

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    return partial(draw_areas, tmp_path)


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

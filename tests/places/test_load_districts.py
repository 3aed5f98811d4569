"""Districts and quarters: loaded, kept, refused with a list, or mended."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon

from helfer.places.models import District, Municipality, Quarter
from tests.factories.people import OfficeFactory
from tests.factories.places import DistrictFactory, MunicipalityFactory, QuarterFactory, point_in
from tests.places.districts import TWO, Draw, box, draw_areas, load, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    return partial(draw_areas, tmp_path)


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

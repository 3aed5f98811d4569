"""Postcodes from a table or from polygons."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helfer.places.models import Postcode
from tests.factories.places import square
from tests.places.map_files import geojson

pytestmark = pytest.mark.django_db


def load(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_postcodes", path, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        load(path, **options)
    return str(refused.value)


@pytest.fixture
def table(tmp_path: Path) -> Any:
    def written(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "plz.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


@pytest.mark.parametrize(
    "text",
    [
        "plz,ort,lat,lon\n44135,Dortmund,51.51,7.46\n01067,Dresden,51.06,13.71\n",
        "plz;ort;lat;lon\r\n44135;Dortmund;51,51;7,46\r\n1067;Dresden;51,06;13,71\r\n",
        "Ort;LON;PLZ;Lat\nDortmund;7.46;44135;51.51\n\n Dresden ;13.71; 01067 ;51.06\n",
        'plz,ort,lat,lon\n"44135","Dortmund","51.51","7.46"\n01067,"Dresden",51.06,13.71',
    ],
)
def test_a_table_is_read_in_every_usual_form(table: Any, text: str) -> None:
    assert "2 neu, 0 geändert, 0 unverändert." in load(table(text))
    dresden = Postcode.objects.get(plz="01067")
    assert (dresden.town, dresden.point.x, dresden.point.y) == ("Dresden", 13.71, 51.06)
    assert (dresden.area, dresden.area_km2, dresden.population) == (None, None, None)


def test_what_else_the_table_says_is_kept(table: Any) -> None:
    text = load(
        table(
            "plz;ort;bundesland;lat;lon;inside_lat;qkm;einwohner_2011\n"
            "44135;Dortmund;Nordrhein-Westfalen;51.51;7.46;1;1,469361;11921\n"
            '17039;"Trollenhagen, Wulkenzin";;53.6;13.2;1;;\n'
        )
    )
    assert "Unbekannte Spalten übergangen: inside_lat." in text
    dortmund = Postcode.objects.get(plz="44135")
    assert (dortmund.land, dortmund.area_km2, dortmund.population) == ("NW", 1.469361, 11921)
    assert Postcode.objects.get(plz="17039").land == ""


def test_the_same_table_twice_changes_nothing_and_a_new_one_only_what_it_says(table: Any) -> None:
    text = "plz;ort;lat;lon;einwohner\n44135;Dortmund;51.51;7.46;11921\n44137;Dortmund;51.5;7.45;5\n"
    load(table(text))
    assert "0 neu, 0 geändert, 2 unverändert." in load(table(text))
    assert "0 neu, 1 geändert, 0 unverändert." in load(table("plz;ort;lat;lon\n44135;Mitte;51.51;7.46\n"))
    changed = Postcode.objects.get(plz="44135")
    assert (changed.town, changed.population) == ("Mitte", 11921)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_umlauts_survive_every_usual_encoding(table: Any, encoding: str) -> None:
    load(table("plz;ort;lat;lon\n50667;Köln;50.94;6.96\n", encoding))
    assert Postcode.objects.get().town == "Köln"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("44137;Dortmund;51.5", "Zeile 3 hat 3 Spalten, erwartet werden 4."),
        ("4413;Dortmund x;abc;7.4", "Zeile 3: „abc“ ist keine Zahl für lat"),
        ("ABC;Dortmund;51.5;7.4", "Zeile 3: „ABC“ ist keine Postleitzahl; erwartet werden fünf Ziffern."),
        ("441355;Dortmund;51.5;7.4", "ist keine Postleitzahl"),
        ("00999;Dortmund;51.5;7.4", "ist keine Postleitzahl"),
        ("44137;Dortmund;7.4;51.5", "lat und lon sind vertauscht"),
        ("44137;Dortmund;5707000;392000", "sind Meter; erwartet werden Grad (WGS 84)"),
        ("44137;Dortmund;0;0", "liegt nicht in Deutschland"),
        ("44137;Dortmund;nan;7.4", "„nan“ ist keine Zahl"),
        ("44135;Dortmund;51.5;7.4", "Zeile 3: Die Postleitzahl 44135 steht schon in Zeile 2."),
        ("44137;" + "x" * 201 + ";51.5;7.4", "Der Ort ist länger als 200 Zeichen."),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(table: Any, line: str, says: str) -> None:
    assert says in refusal(table(f"plz;ort;lat;lon\n44135;Dortmund;51.51;7.46\n{line}\n"))
    assert not Postcode.objects.exists()


@pytest.mark.parametrize(
    ("columns", "values", "says"),
    [
        ("bundesland", "Tirol", "„Tirol“ ist kein Bundesland."),
        ("qkm", "groß", "„groß“ ist keine Zahl für qkm"),
        ("qkm", "-3", "„-3“ ist keine Fläche in km²."),
        ("einwohner", "viele", "„viele“ ist keine Zahl von Menschen."),
        ("einwohner", "-5", "„-5“ ist keine Zahl von Menschen."),
    ],
)
def test_a_bad_extra_is_named(table: Any, columns: str, values: str, says: str) -> None:
    assert says in refusal(table(f"plz;ort;lat;lon;{columns}\n44135;Dortmund;51.51;7.46;{values}\n"))


def test_all_bad_rows_are_named_at_once(table: Any) -> None:
    text = refusal(table("plz;ort;lat;lon\nx;A;51;7\n44135;B;51;7\ny;C;51;7\n"))
    assert "2 Zeilen sind fehlerhaft" in text and "Zeile 2" in text and "Zeile 4" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ist leer"),
        ("\n", "Es fehlen die Spalten plz, ort, lat, lon."),
        ("plz;ort\n44135;Dortmund\n", "Es fehlen die Spalten lat, lon. Die erste Zeile hat: plz, ort."),
        ("plz;ort;lat;lon\n", "enthält keine Postleitzahl"),
        ('plz;ort;lat;lon\n44135;"Dort"mund;51.5;7.4\n', "Anführungszeichen passen nicht zusammen"),
        ('plz;ort;lat;lon\n44135;"Dortmund;51.5;7.4\n', "Anführungszeichen passen nicht zusammen"),
    ],
)
def test_a_table_of_another_kind_is_refused(table: Any, text: str, says: str) -> None:
    assert says in refusal(table(text))


def polygons(tmp_path: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    return geojson(
        tmp_path / "plz.geojson", [(properties, json.loads(area.geojson)) for properties, area in features]
    )


def test_polygons_give_areas_and_keep_points_that_lie_inside(table: Any, tmp_path: Path) -> None:
    load(table("plz;ort;lat;lon\n44135;Alt;51.501;7.401\n44137;Dortmund;53;10\n"))
    path = polygons(
        tmp_path,
        ({"plz": "44135", "ort": "Dortmund", "qkm": 1.5, "einwohner": 7}, square(0, 0)),
        ({"plz": "44137"}, square(1, 0)),
        ({"plz": "44139"}, square(2, 0)),
        ({"plz": "44139"}, square(4, 0)),
    )
    assert "1 neu, 2 geändert, 0 unverändert." in load(path, plz_field="plz")
    assert "0 neu, 0 geändert, 3 unverändert." in load(path, plz_field="plz")
    first, second, third = Postcode.objects.order_by("plz")
    assert (first.town, first.area_km2, first.population, first.point.x) == ("Dortmund", 1.5, 7, 7.401)
    assert second.town == "Dortmund" and second.area.covers(second.point)
    assert third.area.num_geom == 2 and third.area.covers(third.point)


def test_polygons_with_a_bad_value_or_without_the_field_are_refused(tmp_path: Path) -> None:
    path = polygons(tmp_path, ({"plz": "44135"}, square(0, 0)), ({"plz": "x"}, square(1, 0)))
    assert "Objekt 2: „x“ ist keine Postleitzahl" in refusal(path, plz_field="plz")
    assert "Die Datei hat kein Feld „nix“. Sie hat diese Felder: plz." in refusal(path, plz_field="nix")
    assert not Postcode.objects.exists()

"""The official house coordinates: loaded whole or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from helfer.places.models import Address, Municipality
from helfer.places.search import find_address
from tests.factories.places import AddressFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

HEADER = (
    "nba;oid;qua;landschl;land;regbezschl;regbez;kreisschl;kreis;gmdschl;gmd;ottschl;ott;strschl;str;hnr;adz;"
    "zone;ost;nord;datum"
)


def row(street: str = "Musterstr.", number: str = "1", suffix: str = "", **changed: str) -> str:
    """A line of the file as the Land writes it."""
    values = {
        "nba": "N",
        "oid": "DENWTEST",
        "qua": "A",
        "landschl": "05",
        "land": "Nordrhein-Westfalen",
        "regbezschl": "1",
        "regbez": "Düsseldorf",
        "kreisschl": "13",
        "kreis": "Essen",
        "gmdschl": "000",
        "gmd": "Essen",
        "ottschl": "0000",
        "ott": "",
        "strschl": "00001",
        "str": street,
        "hnr": number,
        "adz": suffix,
        "zone": "32",
        "ost": "359252.047",
        "nord": "5701464.014",
        "datum": "2022-08-22",
    } | changed
    return ";".join(values.values())


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(rows: Iterable[str], encoding: str = "utf-8", name: str = "gebref.txt") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{each}\r\n" for each in rows).encode(encoding))
        return path

    return written


def load(path: Path, key: str = "05113000", **options: Any) -> str:
    out = StringIO()
    call_command("load_addresses", path, municipality_key=key, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refusal(path: Path, key: str = "05113000", **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        load(path, key, **options)
    return str(refused.value)


def test_a_house_is_loaded_to_its_point_in_degrees(write: Write) -> None:
    text = load(write([row("Aachener Str.", "1"), row("Aachener Str.", "012", "B")]))
    assert "Essen: 2 Adressen; neu 2, entfernt 0." in text
    first, second = Address.objects.order_by("pk")
    assert (first.street, first.street_norm, first.house_number, first.suffix) == (
        "Aachener Str.",
        "aachenerstrasse",
        "1",
        "",
    )
    assert (second.house_number, second.suffix, second.town) == ("12", "b", "Essen")
    # What pyproj makes of EPSG:25832 359252.047 / 5701464.014.
    assert (first.point.x, first.point.y) == pytest.approx((6.974564923, 51.446849521), abs=1e-8)
    assert Municipality.objects.get(key="05113000").name == "Essen"


def test_the_same_file_twice_changes_nothing(write: Write) -> None:
    path = write([row(number=str(n)) for n in range(1, 30)])
    load(path)
    before = set(Address.objects.values_list("pk", flat=True))
    assert "Es hat sich nichts geändert." in load(path)
    assert set(Address.objects.values_list("pk", flat=True)) == before


def test_a_new_file_adds_moves_and_removes(write: Write) -> None:
    load(write([row(number="1"), row(number="2"), row(number="3")]))
    text = load(write([row(number="1"), row(number="2", ost="359300.0"), row(number="4")]))
    assert "neu 2, entfernt 2" in text
    assert sorted(Address.objects.values_list("house_number", flat=True)) == ["1", "2", "4"]


def test_rows_of_other_municipalities_are_passed_over(write: Write) -> None:
    AddressFactory(municipality=MunicipalityFactory(own=True))
    text = load(write([row(), row(kreisschl="12", kreis="Duisburg", gmd="Duisburg")]))
    assert "Zeilen anderer Kommunen übergangen: 1." in text
    assert Address.objects.count() == 2


def test_a_double_row_is_one_house(write: Write) -> None:
    load(write([row(), row()]))
    assert Address.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"ost": "359252,047", "nord": "5701464,014"},
        {"ost": "32359252.047"},
        {"ost": "32359252,047", "nord": "5701464,014", "zone": ""},
        {"landschl": "5", "gmdschl": "0"},
    ],
)
def test_older_spellings_of_the_numbers_are_understood(write: Write, changed: dict[str, str]) -> None:
    load(write([row()]))
    assert "Es hat sich nichts geändert." in load(write([row(**changed)]))


def test_zone_33_is_understood(write: Write) -> None:
    load(write([row(zone="33", ost="389000.0", nord="5820000.0")]))
    point = Address.objects.get().point
    assert (point.x, point.y) == pytest.approx((13.36, 52.52), abs=0.02)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_umlauts_survive_every_usual_encoding(write: Write, encoding: str) -> None:
    load(write([row("Überruhrstraße"), row("Größerweg")], encoding))
    assert set(Address.objects.values_list("street", flat=True)) == {"Überruhrstraße", "Größerweg"}
    assert find_address(street="Ueberruhrstr.", house_number="1", town="Essen").found is not None


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gebref.txt.gz"
    path.write_bytes(gzip.compress(f"{row()}\r\n".encode()))
    load(path)
    assert Address.objects.count() == 1


def test_a_header_tells_where_the_columns_are(write: Write) -> None:
    load(write([HEADER.upper(), row()]))
    names = "str;hnr;adz;landschl;regbezschl;kreisschl;gmdschl;gmd;ost;nord"
    line = "Musterstr.;1;;05;1;13;000;Essen;359252.047;5701464.014"
    assert "Es hat sich nichts geändert." in load(write([names, line]))


def test_the_last_column_may_be_missing(write: Write) -> None:
    load(write([row().rsplit(";", 1)[0]]))
    assert Address.objects.count() == 1


def test_rows_without_street_or_number_are_left_out_and_told(write: Write) -> None:
    text = load(write([row(), row(""), row(number=""), row(number="0")]))
    assert "ausgelassen: 3 (Zeile 2, 3, 4)" in text
    assert Address.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("N;DENW;A;05", "Zeile 3 hat 4 Spalten, erwartet werden 21, getrennt durch „;“: nba;oid;qua;"),
        (row(ost="abc"), "Zeile 3: Der Ostwert „abc“ ist keine Zahl"),
        (row(nord=""), "Zeile 3: Der Nordwert „“ ist keine Zahl"),
        (row(ost="nan"), "Zeile 3: Der Ostwert „nan“ ist keine Zahl"),
        (row(ost="1e5"), "Zeile 3: Der Ostwert „1e5“ ist keine Zahl"),
        (row(ost="7.46", nord="51.51"), "das sind Grad"),
        (row(ost="5701464.014", nord="359252.047"), "vertauscht"),
        (row(ost="2571000.1", nord="5701464.0"), "Gauß-Krüger"),
        (row(ost="359252.047", nord="1.0"), "liegt nicht in Deutschland"),
        (row(zone="31"), "Die Zone „31“ ist nicht bekannt"),
        (row(kreisschl="XX"), "Zeile 3: „051XX000“ ist kein Gemeindeschlüssel"),
        (row("A" * 121), "Zeile 3: Der Straßenname ist länger als 120 Zeichen."),
        ("\0" + row(), "Zeile 3 enthält Nullbytes"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(write: Write, line: str, says: str) -> None:
    load(write([row(number="77")]))
    assert says in refusal(write([row(), row(number="2"), line]))
    assert Address.objects.get().house_number == "77"


def test_a_coordinate_refusal_says_what_was_expected(write: Write) -> None:
    text = refusal(write([row(ost="7.46", nord="51.51")]))
    assert text == (
        "Zeile 1: Ostwert 7.46, Nordwert 51.51: das sind Grad. Erwartet werden Meter in ETRS89/UTM "
        "(EPSG:25832), zum Beispiel 359252.047 und 5701464.014."
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "ist leer"),
        (b"\r\n\r\n", "keine Zeile mit einer Adresse"),
        (b"PK\x03\x04rest", "ZIP- oder Excel-Datei"),
        (row().encode("utf-16"), "UTF-16"),
        (f"{row()}\r\n".encode() + b"\xc3\xa4\r\n" + b"\x81\r\n", "hat 1 Spalten"),
        (row("Ä").encode() + b"\r\n" + row("Ä").encode("cp1252"), "Zeile 2 lässt sich nicht als UTF-8 lesen"),
        (row("Ä").encode("cp1252").replace(b"\xc4", b"\x81"), "nicht als Windows-1252 lesen"),
        (gzip.compress(f"{row()}\r\n".encode() * 2000)[:-30], "beschädigt oder unvollständig"),
        (b"plz,ort,lat,lon\n44135,Dortmund,51.5,7.4\n", "Zeile 1 hat 1 Spalten"),
        (b"x" * 1_000_001, "länger als eine Million Zeichen"),
        (HEADER.encode(), "keine Zeile mit einer Adresse"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "gebref.txt"
    path.write_bytes(content)
    assert says in refusal(path)
    assert not Address.objects.exists()
    assert not Municipality.objects.filter(key="05113000").exists()


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "gibt es nicht" in refusal(tmp_path / "nix.txt")
    assert "ist ein Ordner" in refusal(tmp_path)


def test_a_file_without_the_municipality_says_which_it_has(write: Write) -> None:
    text = refusal(write([row(), row(number="2")]), key="05913000")
    assert text.splitlines() == [
        "In der Datei steht keine Adresse der Kommune 05913000. Sie enthält:",
        "05113000 Essen (2)",
    ]


@pytest.mark.parametrize("key", ["5113000", "Essen", "", "051130000"])
def test_a_wrong_key_is_refused(write: Write, key: str) -> None:
    assert "erwartet werden acht Ziffern" in refusal(write([row()]), key=key)


def test_a_file_with_far_fewer_houses_needs_a_plain_word(write: Write) -> None:
    load(write([row(number=str(n)) for n in range(1, 11)]))
    short = write([row()], name="short.txt")
    assert "Die Datei hat nur 1 Häuser, geladen sind 10." in refusal(short)
    assert Address.objects.count() == 10
    assert "neu 0, entfernt 9" in load(short, replace=True)


def test_an_interrupted_load_leaves_nothing_and_completes_the_next_time(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write([row(number=str(n)) for n in range(1, 8)])
    monkeypatch.setattr("helfer.places.actions.addresses.BATCH", 3)

    def interrupted(rows: int) -> None:
        if rows == 6:
            raise KeyboardInterrupt

    from helfer.places.actions import load_addresses

    with pytest.raises(KeyboardInterrupt):
        load_addresses(path=path, municipality_key="05113000", progress=interrupted)
    assert not Address.objects.exists()
    seen: list[int] = []
    report = load_addresses(path=path, municipality_key="05113000", progress=seen.append)
    assert (report.added, report.houses, seen) == (7, 7, [3, 6, 7])


def test_progress_is_shown_on_stderr(write: Write) -> None:
    err = StringIO()
    call_command("load_addresses", write([row()]), municipality_key="05113000", stdout=StringIO(), stderr=err)
    assert err.getvalue() == "… 1 Zeilen gelesen\n"

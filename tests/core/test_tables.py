"""Lists are read as offices keep them; what is no list is refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helfer.core.tables import NumberText, Table, TableRefused, read_table, rejected_csv


def xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells_of(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_in_every_usual_form(encoding: str, delimiter: str, line_end: str) -> None:
    text = line_end.join(
        delimiter.join(row) for row in (["nummer", "nachname"], ["1", "Jäger"], ["2", "Groß"])
    )
    table = read_table(text.encode(encoding))
    assert table.places() == {"nummer": 0, "nachname": 1}
    assert cells_of(table) == [["1", "Jäger"], ["2", "Groß"]]
    assert [row.line for row in table.rows] == [2, 3]


def test_line_breaks_and_delimiters_inside_quotes_keep_the_line_numbers_right() -> None:
    data = b'a;b\r\n1;"zwei\r\nZeilen; und ""mehr"""\r\n\r\n3;vier\r\n'
    table = read_table(data)
    assert cells_of(table) == [["1", 'zwei\r\nZeilen; und "mehr"'], ["3", "vier"]]
    assert [row.line for row in table.rows] == [2, 5]


def test_empty_rows_are_no_rows() -> None:
    assert cells_of(read_table(b"\n;;\na;b;c\n;;\n1;2;3\n\n")) == [["1", "2", "3"]]


def test_a_header_alone_is_an_empty_list() -> None:
    assert read_table(b"nummer;nachname\n").rows == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "leer"),
        (b"\xef\xbb\xbf \r\n", "leer"),
        (b"a;b\n1;\0\n", "Zeile 2 enthält Nullbytes"),
        ("a;b\n1;2".encode("utf-16"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "alte oder verschlüsselte Excel-Datei"),
        (b"%PDF-1.7\n...", "keine Liste"),
        (b"\x89PNG\r\n\x1a\n", "keine Liste"),
        (b"PK\x03\x04kaputt", "beschädigt"),
        (b"a;b\n1;\x81\x8d\n", "weder als UTF-8 noch als Windows-1252"),
        (b"a;b\n1;\xfc\x05\n", "weder als UTF-8"),
        (b'a;b\n1;"offen\n2;3\n', "Ab Zeile 2"),
        (b"a;b\n1;" + b"x" * 1_000_000 + b"\n", "Ab Zeile 2"),
        (b"a;b;a\n1;2;3\n", "doppelt.*a"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(TableRefused, match=sentence):
        read_table(data)


def test_a_row_with_too_many_or_too_few_fields_is_a_fault_of_that_row() -> None:
    table = read_table(b"a;b\n1;2;3\n1\n1;2;;\n")
    assert "3 Felder" in table.rows[0].faults[0][1]
    assert "nur 1 Felder" in table.rows[1].faults[0][1]
    assert not table.rows[2].faults


def test_excel_cells_become_the_text_of_a_list() -> None:
    table = read_table(
        xlsx(
            ["Nummer ", "tag", "zahl", "komma", "ja", "text"],
            ["H-1", datetime(2026, 11, 23), 5, 51.5, True, "ä"],  # noqa: DTZ001
            [None] * 6,
            ["H-2", date(2026, 1, 2), 2214710002, 3.0, False, None],
        )
    )
    assert table.places()["nummer"] == 0
    assert cells_of(table) == [
        ["H-1", "2026-11-23", "5", "51.5", "ja", "ä"],
        ["H-2", "2026-01-02", "2214710002", "3", "nein"],
    ]
    assert [row.line for row in table.rows] == [2, 4]
    assert isinstance(table.rows[0].cells[2], NumberText)


def test_a_formula_counts_by_its_result_or_is_a_fault() -> None:
    """openpyxl writes formulas without results; Excel writes them with."""
    table = read_table(xlsx(["a", "b"], ["x", "=1+1"]))
    assert "B2" in table.rows[0].faults[0][1]
    data = io.BytesIO(xlsx(["a", "b"], ["x", "=1+1"]))
    with_result = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(with_result, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
                    b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
                )
            new.writestr(part, content)
    table = read_table(with_result.getvalue())
    assert cells_of(table) == [["x", "2"]]
    assert not table.rows[0].faults


def test_an_excel_error_is_a_fault_of_its_row() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["x", "#REF!"])
    book.active["B2"].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)
    assert "B2" in read_table(stream.getvalue()).rows[0].faults[0][1]


def bomb(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, content in parts.items():
            parcel.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b" " * 20_000_000}, "unglaubwürdig groß"),
        ({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "beschädigt"),
        ({"xl/workbook.xml": b"<kaputt"}, "beschädigt"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "LibreOffice"),
        ({"foto.jpg": b"x"}, "keine Excel-Datei"),
    ],
)
def test_archives_that_are_no_honest_list_are_refused(parts: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(TableRefused, match=sentence):
        read_table(bomb(parts))


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(TableRefused, match="leer"):
        read_table(xlsx())


def test_rejected_rows_make_a_list_of_their_own() -> None:
    table = read_table("nummer;fehler;nachname\n1;alt;Ć\n2;;B\n".encode())
    text = rejected_csv(table, {2: ["nachname: Falsch.", "Auch das."]})
    assert text == "nummer;nachname;fehler\r\n1;Ć;nachname: Falsch. Auch das.\r\n"


@given(st.binary())
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_table(data)
    except TableRefused as refusal:
        assert str(refusal)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_table(text.encode())
    except TableRefused as refusal:
        assert str(refusal)

"""Excel files: typed cells become the text that a list would hold; bombs are refused unopened."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from .table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, NumberText, Row, Table, TableRefused

LARGEST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2_000
# Beyond this many times its packed size no honest spreadsheet unpacks.
MOST_TIMES = 300
SMALL_PART = 10 * 1024 * 1024
MOST_EMPTY_ROWS = 10_000


def read_xlsx(data: bytes) -> Table:
    """Read the first filled sheet of an Excel file. Raises ``TableRefused``."""
    _refuse_bombs(data)
    rows, formulas = _sheet(data, as_formulas=True)
    if formulas:
        # The values that Excel last computed stand in the same file.
        values, _none = _sheet(data, as_formulas=False)
        rows = _with_values(rows, values, formulas)
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise TableRefused(_("Die Datei ist leer."))
    header, *rest = filled
    width = len(header.cells)
    for row in rest:
        beyond = [get_column_letter(place + 1) for place in range(width, len(row.cells)) if row.cells[place]]
        if beyond:
            row.faults.append(
                (
                    "",
                    _("In Spalte %(column)s steht etwas, aber in der ersten Zeile kein Name dafür.")
                    % {"column": beyond[0]},
                )
            )
    return Table([str(cell) for cell in header.cells], rest)


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            parts = parcel.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names:
                raise TableRefused(
                    _("Das ist eine LibreOffice-Datei. Bitte als .xlsx oder als CSV speichern.")
                )
            if "xl/workbook.xml" not in names:
                raise TableRefused(
                    _("Das ist keine Excel-Datei, sondern ein anderes Archiv. Erwartet wird .xlsx oder CSV.")
                )
            unpacked = sum(part.file_size for part in parts)
            swollen = any(
                part.file_size > SMALL_PART and part.file_size > MOST_TIMES * max(part.compress_size, 1)
                for part in parts
            )
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or swollen:
                raise TableRefused(
                    _("Diese Excel-Datei ist ausgepackt unglaubwürdig groß. Bitte als CSV speichern.")
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with parcel.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(2000):
                            raise TableRefused(_broken())
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise TableRefused(_broken()) from error


def _broken() -> str:
    return _("Die Excel-Datei ist beschädigt oder verschlüsselt. Bitte neu als .xlsx oder CSV speichern.")


def _sheet(data: bytes, *, as_formulas: bool) -> tuple[list[Row], list[tuple[int, int]]]:
    formulas: list[tuple[int, int]] = []
    try:
        with warnings.catch_warnings():
            # Styles, filters and pictures that openpyxl does not know are no matter of ours.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=not as_formulas, keep_links=False
            )
            try:
                for sheet in book.worksheets:
                    rows = list(_rows(sheet, formulas))
                    if any(any(row.cells) for row in rows):
                        return rows, formulas
            finally:
                book.close()
    except TableRefused:
        raise
    except Exception as error:  # openpyxl fails in as many ways as files can be broken
        raise TableRefused(_broken()) from error
    return [], []


def _rows(sheet: Any, formulas: list[tuple[int, int]]) -> Iterator[Row]:
    # What the sheet says of its own size may be a lie.
    sheet.reset_dimensions()
    empty = 0
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if line > MOST_ROWS:
            raise TableRefused(
                _("Die Liste hat mehr als %(count)s Zeilen. Bitte teilen Sie sie.") % {"count": MOST_ROWS}
            )
        row = Row(line, [])
        for place, cell in enumerate(cells):
            text = _text(cell, row)
            if cell.data_type == "f":
                formulas.append((line, place))
            if text and place >= MOST_COLUMNS:
                raise TableRefused(_("Die Liste hat mehr als %(count)s Spalten.") % {"count": MOST_COLUMNS})
            if place < MOST_COLUMNS:
                row.cells.append(text)
        empty = 0 if any(row.cells) else empty + 1
        if empty > MOST_EMPTY_ROWS:
            return
        if not empty:
            yield row


def _text(cell: Any, row: Row) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int):
        return NumberText(value)
    if isinstance(value, float):
        return NumberText(int(value)) if value.is_integer() and abs(value) < 1e15 else NumberText(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if cell.data_type == "e":
        row.faults.append(
            (
                "",
                _("In Zelle %(cell)s steht ein Fehler von Excel: %(value)s.")
                % {"cell": cell.coordinate, "value": value},
            )
        )
        return ""
    text = str(value)
    if len(text) > LONGEST_CELL:
        row.faults.append(("", _("Ein Feld hat mehr als %(count)s Zeichen.") % {"count": LONGEST_CELL}))
        return text[:LONGEST_CELL]
    return text


def _with_values(rows: list[Row], values: list[Row], formulas: list[tuple[int, int]]) -> list[Row]:
    value_of = {(row.line, place): text for row in values for place, text in enumerate(row.cells)}
    by_line = {row.line: row for row in rows}
    faults_of = {row.line: row.faults for row in values}
    for line, place in formulas:
        row = by_line[line]
        text = value_of.get((line, place), "")
        row.cells[place] = text
        if not text and not faults_of.get(line):
            row.faults.append(
                (
                    "",
                    _("In Zelle %(cell)s steht eine Formel ohne Ergebnis. Bitte den Wert selbst eintragen.")
                    % {"cell": f"{get_column_letter(place + 1)}{line}"},
                )
            )
    for line, faults in faults_of.items():
        if line in by_line:
            by_line[line].faults.extend(fault for fault in faults if fault not in by_line[line].faults)
    return rows

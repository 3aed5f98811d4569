"""CSV: UTF-8 with or without BOM, or Windows-1252; semicolons, commas or tabs; line breaks inside quotes."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from .table import LONGEST_CELL, MOST_ROWS, Row, Table, TableRefused

DELIMITERS = ";,\t"


def read_csv(data: bytes) -> Table:
    """Read a CSV file's content. Raises ``TableRefused``."""
    text = _decoded(data)
    # Old Macintosh line ends alone are line ends too.
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = cells
                continue
            rows.append(_row(line, cells, len(header)))
            if len(rows) > MOST_ROWS:
                raise TableRefused(
                    _("Die Liste hat mehr als %(count)s Zeilen. Bitte teilen Sie sie.") % {"count": MOST_ROWS}
                )
    except csv.Error as error:
        raise TableRefused(
            _(
                "Ab Zeile %(line)s lässt sich die Liste nicht lesen: Wahrscheinlich fehlt ein "
                "Anführungszeichen, oder ein Feld ist viel zu lang."
            )
            % {"line": begins}
        ) from error
    return Table(header or [], rows)


def _row(line: int, cells: list[str], expected: int) -> Row:
    row = Row(line, cells)
    there = len(cells)
    while there > expected and not cells[there - 1].strip():
        there -= 1
    if there > expected:
        row.faults.append(
            (
                "",
                _(
                    "Die Zeile hat %(there)s Felder, die erste Zeile %(expected)s. "
                    "Felder mit Trennzeichen darin gehören in Anführungszeichen."
                )
                % {"there": there, "expected": expected},
            )
        )
    elif there < expected:
        row.faults.append(
            (
                "",
                _(
                    "Die Zeile hat nur %(there)s Felder, die erste Zeile %(expected)s. "
                    "Auch leere Felder brauchen ihr Trennzeichen."
                )
                % {"there": there, "expected": expected},
            )
        )
    if any(len(cell) > LONGEST_CELL for cell in cells):
        row.faults.append(("", _("Ein Feld hat mehr als %(count)s Zeichen.") % {"count": LONGEST_CELL}))
        row.cells = [cell[:LONGEST_CELL] for cell in cells]
    return row


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        no_utf8_line = data[: error.start].count(b"\n") + 1
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    # Windows-1252 reads almost anything; control characters betray that it was something else.
    if not text or any(character < " " and character not in "\t\r\n" for character in text):
        raise TableRefused(
            _(
                "Zeile %(line)s lässt sich weder als UTF-8 noch als Windows-1252 lesen. "
                "Bitte speichern Sie die Liste als „CSV UTF-8“ oder .xlsx."
            )
            % {"line": no_utf8_line}
        )
    return text


def _delimiter(text: str) -> str:
    """The one that divides the first filled line most often, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)

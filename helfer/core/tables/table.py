"""A list in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation

MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
LONGEST_CELL = 20_000
# What a file of rejected rows carries beside the list's own columns.
FAULT_COLUMN = "fehler"


class TableRefused(RuleViolation):
    """A file cannot be read as a list: the sentence says why and what was expected."""

    default_code = "table"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class NumberText(str):
    """The text of a cell that a spreadsheet kept as a number: leading zeros are lost."""

    __slots__ = ()


@dataclass(slots=True)
class Row:
    """One row: where it begins in the file, its cells in their order, and what is wrong with its form."""

    line: int
    cells: list[str]
    # (column, sentence)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A list: its columns as written, where the known ones stand, and its rows."""

    header: list[str]
    rows: list[Row]

    def __post_init__(self) -> None:
        self.header = [" ".join(name.split()) for name in self.header]
        while self.header and not self.header[-1]:
            self.header.pop()
        if not self.header:
            raise TableRefused(
                _("Die erste Zeile ist leer. In der ersten Zeile stehen die Namen der Spalten.")
            )
        if len(self.header) > MOST_COLUMNS:
            raise TableRefused(_("Die Liste hat mehr als %(count)s Spalten.") % {"count": MOST_COLUMNS})
        names = [column_name(name) for name in self.header if name]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise TableRefused(
                _("Diese Spalten stehen doppelt in der ersten Zeile: %(names)s.")
                % {"names": ", ".join(twice)}
            )

    def places(self) -> dict[str, int]:
        """Where each named column stands."""
        return {column_name(name): place for place, name in enumerate(self.header) if name}


def column_name(name: str) -> str:
    """A column's name as it is compared: small letters, no blanks around it."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def rejected_csv(table: Table, faults: Mapping[int, Sequence[str]]) -> str:
    """The rows that were not taken, as a list of their own with a column that says why."""
    places = [place for place, name in enumerate(table.header) if column_name(name) != FAULT_COLUMN]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([*(table.header[place] for place in places), FAULT_COLUMN])
    for row in table.rows:
        if row.line in faults:
            cells = row.cells + [""] * (len(table.header) - len(row.cells))
            writer.writerow([*(cells[place] for place in places), " ".join(faults[row.line])])
    return stream.getvalue()

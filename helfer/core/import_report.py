"""What an import would do or has done: row by row, each fault with line, column and what would be right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helfer.core.cells import CellFault, clean
from helfer.core.tables import Row, Table, TableRefused
from helfer.core.tables.table import FAULT_COLUMN

T = TypeVar("T")
LONGEST_REMEMBERED, MOST_REMEMBERED = 100, 2_000
# (done, all)
Progress = Callable[[int, int], None]


class Outcome(Enum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row: its line in the file, the column (empty: all of it), what would be right."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.column:
            return _("Zeile %(line)s: %(message)s") % {"line": self.line, "message": self.message}
        return _("Zeile %(line)s, Spalte „%(column)s“: %(message)s") % {
            "line": self.line,
            "column": self.column,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row, as a preview shows it."""

    line: int
    number: str
    name: str
    outcome: Outcome
    note: str = ""


@dataclass(slots=True)
class ImportReport:
    """What an import would do or has done."""

    rows: list[RowOutcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # Remarks on the whole file, such as unknown columns.
    notes: list[str] = field(default_factory=list)
    is_written: bool = False

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def new(self) -> int:
        """Rows that are not there yet."""
        return self.count(Outcome.NEW)

    @property
    def changed(self) -> int:
        """Rows that say something else than at their last import."""
        return self.count(Outcome.CHANGED)

    @property
    def unchanged(self) -> int:
        """Rows that are skipped."""
        return self.count(Outcome.UNCHANGED)

    @property
    def faulty(self) -> int:
        """Rows that cannot be taken."""
        return self.count(Outcome.FAULTY)

    @property
    def can_be_written(self) -> bool:
        """Whether the whole file may be taken as it is."""
        return not self.faults

    def faults_by_line(self) -> dict[int, list[str]]:
        """The faults of each faulty row, as its column `fehler` says them."""
        found: dict[int, list[str]] = {}
        for fault in self.faults:
            text = f"{fault.column}: {fault.message}" if fault.column else fault.message
            found.setdefault(fault.line, []).append(text)
        return found

    def summary(self) -> str:
        """The numbers in one sentence."""
        return _("%(new)s neu, %(changed)s geändert, %(unchanged)s unverändert, %(faulty)s fehlerhaft.") % {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "faulty": self.faulty,
        }


class ColumnSet:
    """Which columns a list may have, and where they stand in this one."""

    def __init__(self, table: Table, known: Iterable[str], required: Iterable[str]) -> None:
        self.known = tuple(known)
        places = table.places()
        missing = [column for column in required if column not in places]
        if missing:
            raise TableRefused(self._missing(missing, list(places)))
        self.places = {column: places[column] for column in self.known if column in places}
        # What the cells of each column have said so far: a list says little that is new in a row.
        self.seen: dict[str, dict[str, Any]] = {column: {} for column in self.known}
        self.unknown = [name for name in places if name not in self.known and name != FAULT_COLUMN]
        self.absent = [column for column in self.known if column not in places]

    def _missing(self, missing: list[str], there: list[str]) -> str:
        hints = []
        for column in missing:
            near = get_close_matches(column, there, 1, 0.7)
            if near:
                hints.append(
                    _("Heißt „%(there)s“ vielleicht „%(column)s“?") % {"there": near[0], "column": column}
                )
        sentence = ngettext(
            "Diese Spalte fehlt: %(missing)s.", "Diese Spalten fehlen: %(missing)s.", len(missing)
        ) % {"missing": ", ".join(missing)}
        known = _("Bekannt sind: %(known)s.") % {"known": ", ".join(self.known)}
        return " ".join([sentence, *hints, known])

    def notes(self) -> list[str]:
        """What is to be said about the columns."""
        said = []
        for name in self.unknown:
            near = get_close_matches(name, self.absent, 1, 0.75)
            hint = " " + _("Ist „%(near)s“ gemeint?") % {"near": near[0]} if near else ""
            said.append(
                _("Die Spalte „%(name)s“ ist nicht bekannt und wird nicht übernommen.") % {"name": name}
                + hint
            )
        if self.absent:
            said.append(
                _("Diese Spalten fehlen und bleiben leer: %(names)s.") % {"names": ", ".join(self.absent)}
            )
        return said


class RowReader:
    """Reads one row's cells, gathering the faults instead of stopping at the first."""

    def __init__(self, row: Row, columns: ColumnSet) -> None:
        self.row = row
        self.columns = columns
        self.faults = [Fault(row.line, column, message) for column, message in row.faults]
        self.read_values: dict[str, Any] = {}

    def raw(self, column: str) -> str:
        """The cell's text, empty where the list has no such column."""
        place = self.columns.places.get(column)
        if place is None or place >= len(self.row.cells):
            return ""
        return clean(self.row.cells[place])

    def has(self, column: str) -> bool:
        """Whether the list has this column at all."""
        return column in self.columns.places

    def read(self, column: str, parse: Callable[[str], T], empty: T) -> T:
        """The cell's value, ``empty`` for an empty cell or one with a fault."""
        text = self.raw(column)
        if not text:
            return empty
        # A text that a spreadsheet kept as a number may mean something else.
        is_said_often = type(text) is str and len(text) <= LONGEST_REMEMBERED
        seen = self.columns.seen[column]
        if is_said_often and text in seen:
            value: T = seen[text]
        else:
            try:
                value = parse(text)
            except CellFault as fault:
                self.fault(column, str(fault))
                return empty
            if is_said_often and len(seen) < MOST_REMEMBERED:
                seen[text] = value
        # No two rows share a list.
        value = copy(value) if isinstance(value, list) else value
        self.read_values[column] = value
        return value

    def fault(self, column: str, message: str) -> None:
        """Note what is wrong in a column."""
        self.faults.append(Fault(self.row.line, column, message))

    def digest(self) -> str:
        """What the row says, in few letters: equal for equal rows, in whatever format they were kept."""
        return hashlib.sha256(_CANONICAL.encode(self.read_values).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "slug", None) or str(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_canonical)


def by_slug(entries: Iterable[Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Catalogue entries by their short name, and the short names' full names."""
    found = list(entries)
    return {entry.slug: entry for entry in found}, {entry.slug: entry.name for entry in found}

"""Making small lists for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from helfer.core.import_report import ImportReport
from helfer.core.tables import Table, read_table
from helfer.helpers.imports.rows import COLUMNS

HELPER = {
    "nummer": "H-1",
    "nachname": "Demir",
    "vorname": "Ayşe",
    "geburtsjahr": "1962",
    "geschlecht": "w",
    "telefon": "0221 4710-001",
    "mobil": "0171 39200 01",
    "email": "ayse@beispiel.example",
    "strasse": "Igelgasse",
    "hausnummer": "61 a",
    "plz": "44143",
    "ort": "Dortmund",
    "lat": "51.519559",
    "lon": "7.494704",
    "umkreis_m": "500",
    "sprachen": "de,tr",
    "aufgaben": "begleitung,demenz",
    "zeiten": "fr-ab,mo-vm",
    "verguetung": "ehrenamt,entlastungsbetrag",
    "max_personen": "2",
    "keine_haustiere": "ja",
    "keine_raucher": "nein",
    "schulungen": "einfuehrung@2021-04-07,fuehrerschein@2026-01-22",
    "seit": "2021-06-25",
}


def text_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The rows as a CSV file's text."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=";", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def helpers(*changes: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> Table:
    """A list of helpers: each is the one above with these changes."""
    return read_table(text_of([HELPER | dict(change) for change in changes], columns).encode())


def numbers_of(report: ImportReport) -> tuple[int, int, int, int]:
    """New, changed, unchanged, faulty."""
    return (report.new, report.changed, report.unchanged, report.faulty)

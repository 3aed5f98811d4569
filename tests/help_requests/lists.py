"""Making small lists for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from helfer.core.tables import Table, read_table
from helfer.help_requests.imports.rows import COLUMNS

REQUEST = {
    "nummer": "A-1",
    "nachname": "Schulte",
    "vorname": "Erwin",
    "geburtsjahr": "1938",
    "telefon": "0221 4710-007",
    "email": "",
    "strasse": "Ahornring",
    "hausnummer": "19",
    "plz": "44379",
    "ort": "Dortmund",
    "lat": "51,505744",
    "lon": "7,369751",
    "pflegegrad": "2",
    "aufgabe": "einkauf",
    "sprachen": "tr,de",
    "zeiten": "sa-vm,mi-vm",
    "haeufigkeit": "zweiwoechentlich",
    "dauer_min": "60",
    "ab": "2026-11-28",
    "verguetung": "ehrenamt,entlastungsbetrag",
    "nur_geschlecht": "w",
    "haustiere": "ja",
    "raucher": "nein",
    "max_entfernung_m": "4000",
    "dringend": "ja",
    "angehoerige_name": "Hannelore Iwanow",
    "angehoerige_telefon": "0221 4710-088",
    "bemerkung": 'ruft lieber vormittags an; "nicht nach 18 Uhr"',
    "eingang": "2026-10-21",
}


def text_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The rows as a CSV file's text."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=";", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def requests(*changes: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> Table:
    """A list of requests: each is the one above with these changes."""
    return read_table(text_of([REQUEST | dict(change) for change in changes], columns).encode())

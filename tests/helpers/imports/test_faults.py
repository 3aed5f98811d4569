"""Every fault of a list is said with line, column and what would be right."""

from __future__ import annotations

from typing import Any

import pytest

from helfer.helpers.models import HelperProfile
from tests.helpers.lists import numbers_of

pytestmark = pytest.mark.django_db


FAULTS = [
    ({"umkreis_m": "50"}, "umkreis_m", "von 100 bis 20000"),
    ({"umkreis_m": "-500"}, "umkreis_m", "von 100 bis 20000"),
    ({"max_personen": "0"}, "max_personen", "von 1 bis 50"),
    ({"nachname": " "}, "nachname", "fehlt der Nachname"),
    ({"nachname": "x" * 121}, "nachname", "121 Zeichen"),
    ({"nachname": "De\x07mir"}, "nachname", "Steuerzeichen"),
    ({"geburtsjahr": "62"}, "geburtsjahr", "von 1900 bis 2026"),
    ({"geschlecht": "x"}, "geschlecht", "w, m, d"),
    ({"telefon": "4,92E+11"}, "telefon", "verkürzt"),
    ({"mobil": "12345"}, "mobil", "Vorwahl"),
    ({"email": "ayse@"}, "email", "keine E-Mail-Adresse"),
    ({"plz": "4414"}, "plz", "fünf Ziffern"),
    ({"lat": "7.49"}, "lat", "Deutschland"),
    ({"lat": ""}, "lat", "gehören zusammen"),
    ({"lon": ""}, "lon", "gehören zusammen"),
    ({"sprachen": "deutsch"}, "sprachen", "„de“"),
    ({"aufgaben": "besuhc"}, "aufgaben", "„besuch“"),
    ({"zeiten": "mo-frueh"}, "zeiten", "mo-vm"),
    ({"verguetung": "ehrnamt"}, "verguetung", "„ehrenamt“"),
    ({"keine_haustiere": "manchmal"}, "keine_haustiere", "ja oder nein"),
    ({"schulungen": "erste-hilfe"}, "schulungen", "fehlt der Tag"),
    ({"schulungen": "erste-hilfe@30.02.2026"}, "schulungen", "gibt es nicht"),
    ({"schulungen": "erste-hilfe@2027-01-01"}, "schulungen", "Zukunft"),
    ({"seit": "2026-13-01"}, "seit", "gibt es nicht"),
    ({"nummer": "x" * 21}, "nummer", "21 Zeichen"),
]


@pytest.mark.parametrize(("change", "column", "sentence"), FAULTS)
def test_every_fault_is_said_with_line_column_and_what_would_be_right(
    run: Any, change: dict[str, str], column: str, sentence: str
) -> None:
    report = run({}, {"nummer": "H-2", "telefon": "", "mobil": "", "vorname": "Olga"} | change)
    faults = [fault for fault in report.faults if fault.column == column]
    assert faults, report.faults
    assert faults[0].line == 3
    assert sentence in faults[0].message
    assert not report.is_written
    assert not HelperProfile.objects.exists()


def test_all_faults_of_a_row_are_said_at_once(run: Any) -> None:
    report = run({"umkreis_m": "5", "sprachen": "xx", "seit": "gestern"})
    assert {fault.column for fault in report.faults} == {"umkreis_m", "sprachen", "seit"}
    assert report.faulty == 1
    assert "Zeile 2, Spalte „umkreis_m“" in str(report.faults[0])


def test_good_rows_can_be_taken_alone(run: Any) -> None:
    other = {"nummer": "H-2", "vorname": "Olga", "umkreis_m": "5"}
    report = run({}, other, skip_invalid=True)
    assert report.is_written
    assert numbers_of(report) == (1, 0, 0, 1)
    assert list(HelperProfile.objects.values_list("number", flat=True)) == ["H-1"]
    assert report.faults_by_line() == {3: [report.faults[0].column + ": " + report.faults[0].message]}

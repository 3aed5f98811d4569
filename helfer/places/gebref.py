"""The official house coordinates of NRW (`gebref.txt`): one line is one house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helfer.places.files import FileRefused
from helfer.places.normalise import split_house_number

COLUMNS = (
    "nba;oid;qua;landschl;land;regbezschl;regbez;kreisschl;kreis;gmdschl;gmd;"
    "ottschl;ott;strschl;str;hnr;adz;zone;ost;nord;datum"
)
NEEDED = ("landschl", "regbezschl", "kreisschl", "gmdschl", "str", "hnr", "adz", "ost", "nord")
_NUMBER = re.compile(r"^[0-9]{1,12}(?:[.,][0-9]{1,9})?$")


@dataclass(frozen=True, slots=True)
class House:
    """A house of the file; metres in UTM zone ``zone`` (ETRS89)."""

    street: str
    number: str
    suffix: str
    town: str
    zone: int
    east: float
    north: float


class Layout:
    """Where each column is: the official order, with the last column missing, or as a header names them."""

    def __init__(self, first: Sequence[str]) -> None:
        names = [name.strip().lower() for name in first]
        self.has_header = set(NEEDED) <= set(names)
        official = COLUMNS.split(";")
        if not self.has_header:
            names = official[: len(first)]
        if len(names) < len(official) - 1 and not self.has_header:
            raise too_few(1, len(first), len(official))
        self.width = len(names)
        self.at = {name: index for index, name in enumerate(names)}

    def key(self, row: Sequence[str], line: int) -> str:
        """The official municipality key that the row's four parts make."""
        at = self.at
        key = (
            row[at["landschl"]].strip().zfill(2)
            + row[at["regbezschl"]].strip().zfill(1)
            + row[at["kreisschl"]].strip().zfill(2)
            + row[at["gmdschl"]].strip().zfill(3)
        )
        if len(key) != 8 or not key.isdecimal():
            raise FileRefused(
                _(
                    "Zeile %(line)s: „%(key)s“ ist kein Gemeindeschlüssel. "
                    "Erwartet werden die Spalten %(columns)s."
                )
                % {"line": line, "key": key[:40], "columns": COLUMNS}
            )
        return key

    def value(self, row: Sequence[str], name: str) -> str:
        """One column of the row, empty where the file does not have it."""
        return row[self.at[name]].strip() if name in self.at else ""

    def house(self, row: Sequence[str], line: int) -> House | None:
        """The house of the row; None for a row without street or usable house number."""
        street = self.value(row, "str")
        if len(street) > 120:
            raise FileRefused(
                _("Zeile %(line)s: Der Straßenname ist länger als 120 Zeichen.") % {"line": line}
            )
        house = split_house_number(f"{self.value(row, 'hnr')} {self.value(row, 'adz')}")
        if not street or house is None:
            return None
        zone, east, north = _metres(
            self.value(row, "zone"), self.value(row, "ost"), self.value(row, "nord"), line
        )
        return House(street, house.number, house.suffix, self.value(row, "gmd")[:120], zone, east, north)


def too_few(line: int, found: int, expected: int) -> FileRefused:
    """The refusal of a row that has not the columns it needs."""
    return FileRefused(
        _(
            "Zeile %(line)s hat %(found)s Spalten, erwartet werden %(expected)s, "
            "getrennt durch „;“: %(columns)s"
        )
        % {"line": line, "found": found, "expected": expected, "columns": COLUMNS}
    )


def _metres(zone_text: str, east_text: str, north_text: str, line: int) -> tuple[int, float, float]:
    values = []
    for name, text in ((_("Ostwert"), east_text), (_("Nordwert"), north_text)):
        if not _NUMBER.match(text):
            raise FileRefused(
                _(
                    "Zeile %(line)s: Der %(name)s „%(text)s“ ist keine Zahl; "
                    "erwartet wird zum Beispiel 359252.047."
                )
                % {"line": line, "name": name, "text": text[:40]}
            )
        values.append(float(text.replace(",", ".")))
    east, north = values
    zone_text = zone_text or "32"
    # Older files write the zone before the east value: 32359252.047.
    if 31_000_000 <= east < 34_000_000:
        prefix = int(east // 1_000_000)
        zone_text, east = str(prefix), round(east - prefix * 1_000_000, 6)
    if zone_text not in ("32", "33"):
        raise FileRefused(
            _("Zeile %(line)s: Die Zone „%(zone)s“ ist nicht bekannt; erwartet wird 32 (EPSG:25832).")
            % {"line": line, "zone": zone_text[:10]}
        )
    if 100_000 <= east <= 950_000 and 5_200_000 <= north <= 6_120_000:
        return int(zone_text), east, north
    if abs(east) <= 180 and abs(north) <= 90:
        why = _("das sind Grad")
    elif 100_000 <= north <= 950_000 and 5_200_000 <= east <= 6_120_000:
        why = _("Ostwert und Nordwert sind vertauscht")
    elif 2_400_000 <= east <= 5_700_000:
        why = _("das sieht nach Gauß-Krüger aus")
    else:
        why = _("dieser Punkt liegt nicht in Deutschland")
    raise FileRefused(
        _(
            "Zeile %(line)s: Ostwert %(east)s, Nordwert %(north)s: %(why)s. "
            "Erwartet werden Meter in ETRS89/UTM (EPSG:25832), zum Beispiel 359252.047 und 5701464.014."
        )
        % {"line": line, "east": east_text, "north": north_text, "why": why}
    )

"""Loading the house addresses of a municipality."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helfer.places.files import FileRefused, text_lines
from helfer.places.gebref import House, Layout, too_few
from helfer.places.models import Address, Municipality
from helfer.places.normalise import street_key

BATCH = 50_000

_STAGE = """
    DROP TABLE IF EXISTS pg_temp.address_rows;
    CREATE TEMPORARY TABLE address_rows (
        street text, street_norm text, house_number text, suffix text, town text,
        zone integer, east double precision, north double precision
    ) ON COMMIT DROP
"""
_WANT = """
    DROP TABLE IF EXISTS pg_temp.address_wanted;
    CREATE TEMPORARY TABLE address_wanted ON COMMIT DROP AS
    SELECT DISTINCT street, street_norm, house_number, suffix, town,
           ST_Transform(ST_SetSRID(ST_MakePoint(east, north), 25800 + zone), 4326)::bytea AS point
    FROM address_rows;
    ANALYZE address_wanted
"""
_REMOVE = """
    DELETE FROM places_address a
    WHERE a.municipality_id = %(municipality)s AND NOT EXISTS (
        SELECT 1 FROM address_wanted w
        WHERE w.street = a.street AND w.street_norm = a.street_norm AND w.house_number = a.house_number
          AND w.suffix = a.suffix AND w.town = a.town AND w.point = a.point::geometry::bytea
    )
"""
_ADD = """
    INSERT INTO places_address
        (municipality_id, street, street_norm, house_number, suffix, postcode, town, point)
    SELECT %(municipality)s, w.street, w.street_norm, w.house_number, w.suffix, '', w.town,
           w.point::geometry::geography
    FROM address_wanted w
    WHERE NOT EXISTS (
        SELECT 1 FROM places_address a
        WHERE a.municipality_id = %(municipality)s
          AND w.street = a.street AND w.street_norm = a.street_norm AND w.house_number = a.house_number
          AND w.suffix = a.suffix AND w.town = a.town AND w.point = a.point::geometry::bytea
    )
    ORDER BY w.street_norm, length(w.house_number), w.house_number, w.suffix
"""


@dataclass(frozen=True, slots=True)
class AddressReport:
    """What a load of addresses did."""

    municipality: Municipality
    rows: int
    elsewhere: int
    without_number: tuple[int, ...]
    added: int
    removed: int
    houses: int


class _Reader:
    """Goes through the file once, keeps the houses of one municipality and counts the rest."""

    def __init__(self, path: Path, key: str, progress: Callable[[int], None]) -> None:
        self.path, self.key, self.progress = path, key, progress
        self.rows = 0
        self.keys: Counter[str] = Counter()
        self.names: dict[str, str] = {}
        self.without_number: list[int] = []

    def houses(self) -> Iterator[House]:
        layout: Layout | None = None
        for line, text in enumerate(text_lines(self.path), 1):
            text = text.rstrip("\r\n")
            if not text.strip():
                continue
            row = text.split(";")
            if layout is None:
                layout = Layout(row)
                if layout.has_header:
                    continue
            if len(row) < layout.width:
                raise too_few(line, len(row), layout.width)
            self.rows += 1
            if self.rows % BATCH == 0:
                self.progress(self.rows)
            key = layout.key(row, line)
            self.keys[key] += 1
            if key != self.key:
                if key not in self.names:
                    self.names[key] = layout.value(row, "gmd")
                continue
            self.names.setdefault(key, layout.value(row, "gmd"))
            house = layout.house(row, line)
            if house is None:
                self.without_number.append(line)
            else:
                yield house
        if self.rows == 0:
            raise FileRefused(_("Die Datei enthält keine Zeile mit einer Adresse."))
        if not self.keys[self.key]:
            raise FileRefused(
                _("In der Datei steht keine Adresse der Kommune %(key)s. Sie enthält:") % {"key": self.key},
                details=[
                    f"{key[:20]} {self.names[key][:80]} ({count})" for key, count in self.keys.most_common(10)
                ],
            )


@transaction.atomic
def load_addresses(
    *,
    path: Path,
    municipality_key: str,
    replace: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> AddressReport:
    """Make the municipality's house addresses those of the file, all or nothing.

    Rows of other municipalities are passed over. Raises ``FileRefused`` at the first row that cannot be
    read, and where the file has less than half of the houses that are there, unless ``replace``.
    """
    if not re.fullmatch(r"[0-9]{8}", municipality_key):
        raise FileRefused(
            _(
                "„%(key)s“ ist kein amtlicher Gemeindeschlüssel; "
                "erwartet werden acht Ziffern, zum Beispiel 05913000."
            )
            % {"key": municipality_key}
        )
    reader = _Reader(path, municipality_key, progress)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        keys: dict[str, str] = {}
        for batch in _batches(reader.houses()):
            with cursor.copy("COPY address_rows FROM STDIN") as copy:
                for house in batch:
                    if house.street not in keys:
                        keys[house.street] = street_key(house.street)
                    copy.write_row(
                        (
                            house.street,
                            keys[house.street],
                            house.number,
                            house.suffix,
                            house.town,
                            house.zone,
                            house.east,
                            house.north,
                        )
                    )
        progress(reader.rows)
        cursor.execute(_WANT)
        name = reader.names[municipality_key][:120] or municipality_key
        Municipality.objects.get_or_create(key=municipality_key, defaults={"name": name})
        # Two loads of one municipality wait for each other.
        municipality = Municipality.objects.select_for_update().get(key=municipality_key)
        there = Address.objects.filter(municipality=municipality)
        cursor.execute("SELECT count(*) FROM address_wanted")
        _check_size(cursor.fetchone()[0], there.count(), replace=replace)
        cursor.execute(_REMOVE, {"municipality": municipality.pk})
        removed = cursor.rowcount
        cursor.execute(_ADD, {"municipality": municipality.pk})
        added = cursor.rowcount
        cursor.execute("DROP TABLE address_rows; DROP TABLE address_wanted")
        if added:
            cursor.execute("ANALYZE places_address")
    return AddressReport(
        municipality=municipality,
        rows=reader.rows,
        elsewhere=reader.rows - reader.keys[municipality_key],
        without_number=tuple(reader.without_number),
        added=added,
        removed=removed,
        houses=there.count(),
    )


def _batches(houses: Iterator[House]) -> Iterator[list[House]]:
    while batch := list(itertools.islice(houses, BATCH)):
        yield batch


def _check_size(wanted: int, there: int, *, replace: bool) -> None:
    if wanted == 0:
        raise FileRefused(_("Keine Zeile dieser Kommune hat eine Straße und eine Hausnummer."))
    if wanted * 2 < there and not replace:
        raise FileRefused(
            _(
                "Die Datei hat nur %(wanted)s Häuser, geladen sind %(there)s. Ist sie unvollständig? "
                "Wenn sie trotzdem gelten soll: --replace."
            )
            % {"wanted": wanted, "there": there}
        )

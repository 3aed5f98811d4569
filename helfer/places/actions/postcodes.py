"""Loading postcodes from a table or from polygons."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.places.coverage import polygons_of
from helfer.places.files import FileRefused, text_lines
from helfer.places.laender import land_of_name
from helfer.places.layers import GERMANY
from helfer.places.models import Postcode
from helfer.places.polygons import read_polygons, stored_area

NEEDED = ("plz", "ort", "lat", "lon")
OPTIONAL = ("bundesland", "qkm", "einwohner", "einwohner_2011")
_DECIMAL = re.compile(r"^-?[0-9]{1,9}(?:[.,][0-9]{1,17})?$")
_COUNT = re.compile(r"^[0-9]{1,9}(?:[.,]0+)?$")


@dataclass(slots=True)
class PostcodeReport:
    """What a load of postcodes did; ``notes`` are sentences for the person who loads."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """One postcode of the file; None where the file says nothing, so that what is known stays."""

    plz: str
    town: str | None
    land: str | None
    point: Point | None
    area: MultiPolygon | None
    area_km2: float | None
    population: int | None


class _Refused(ValueError):
    """One value of a row cannot be read."""


@transaction.atomic
def load_postcodes(
    *,
    path: Path,
    plz_field: str = "",
    crs: str = "",
    layer_name: str = "",
    progress: Callable[[str], None] = lambda sentence: None,
) -> PostcodeReport:
    """Add and renew the postcodes of a CSV file, or of a polygon file where ``plz_field`` is given.

    All or nothing. Postcodes that the file does not have stay. Raises ``FileRefused`` with every faulty row.
    """
    report = PostcodeReport()
    if plz_field:
        rows = _from_polygons(path, plz_field, crs, layer_name, report)
    else:
        rows = _from_table(path, report)
    progress(_("%(count)s Postleitzahlen gelesen.") % {"count": len(rows)})
    _store(rows, report)
    return report


def _from_table(path: Path, report: PostcodeReport) -> list[_Row]:
    lines = text_lines(path)
    try:
        first = next(lines)
        delimiter = ";" if first.count(";") >= first.count(",") else ","
        reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter, strict=True)
        header = [name.strip().lower() for name in next(reader)]
    except (csv.Error, StopIteration):
        raise FileRefused(_("Die erste Zeile enthält keine Spaltennamen.")) from None
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise FileRefused(
            _(
                "Es fehlen die Spalten %(missing)s. Die erste Zeile hat: %(header)s. "
                "Erwartet werden plz, ort, lat, lon."
            )
            % {"missing": ", ".join(missing), "header": ", ".join(header)[:300]}
        )
    unknown = [name for name in header if name not in NEEDED + OPTIONAL]
    if unknown:
        report.notes.append(_("Unbekannte Spalten übergangen: %(names)s.") % {"names": ", ".join(unknown)})
    rows: list[_Row] = []
    seen: dict[str, int] = {}
    faults: list[str] = []
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(header):
                faults.append(
                    _("Zeile %(line)s hat %(found)s Spalten, erwartet werden %(expected)s.")
                    % {"line": line, "found": len(cells), "expected": len(header)}
                )
                continue
            try:
                row = _row(dict(zip(header, (cell.strip() for cell in cells), strict=False)))
            except _Refused as refused:
                faults.append(_("Zeile %(line)s: %(why)s") % {"line": line, "why": refused})
                continue
            if row.plz in seen:
                faults.append(
                    _("Zeile %(line)s: Die Postleitzahl %(plz)s steht schon in Zeile %(first)s.")
                    % {"line": line, "plz": row.plz, "first": seen[row.plz]}
                )
            seen.setdefault(row.plz, line)
            rows.append(row)
    except csv.Error:
        raise FileRefused(
            _(
                "Nach Zeile %(line)s lässt sich die Tabelle nicht lesen: "
                "Anführungszeichen passen nicht zusammen."
            )
            % {"line": reader.line_num}
        ) from None
    if faults:
        raise FileRefused(
            _("Die Datei wurde nicht geladen; %(count)s Zeilen sind fehlerhaft:") % {"count": len(faults)},
            details=faults,
        )
    if not rows:
        raise FileRefused(_("Die Datei enthält keine Postleitzahl."))
    return rows


def _row(cells: dict[str, str]) -> _Row:
    town = " ".join(cells["ort"].split())
    if len(town) > 200:
        raise _Refused(_("Der Ort ist länger als 200 Zeichen."))
    land = None
    if cells.get("bundesland"):
        land = land_of_name(cells["bundesland"])
        if not land:
            raise _Refused(_("„%(text)s“ ist kein Bundesland.") % {"text": cells["bundesland"][:60]})
    return _Row(
        plz=_plz(cells["plz"]),
        town=town,
        land=land,
        point=_point(cells["lat"], cells["lon"]),
        area=None,
        area_km2=_km2(cells.get("qkm", "")),
        population=_people(cells.get("einwohner") or cells.get("einwohner_2011") or ""),
    )


def _plz(text: str) -> str:
    # Spreadsheets eat the zero of 01067.
    if re.fullmatch(r"[1-9][0-9]{3}", text):
        text = "0" + text
    if not re.fullmatch(r"[0-9]{5}", text) or text < "01000":
        raise _Refused(
            _("„%(text)s“ ist keine Postleitzahl; erwartet werden fünf Ziffern.") % {"text": text[:40]}
        )
    return text


def _decimal(text: str, name: str) -> float:
    if not _DECIMAL.match(text):
        raise _Refused(
            _("„%(text)s“ ist keine Zahl für %(name)s; erwartet wird zum Beispiel 51.51849.")
            % {"text": text[:40], "name": name}
        )
    return float(text.replace(",", "."))


def _point(lat_text: str, lon_text: str) -> Point:
    lat, lon = _decimal(lat_text, "lat"), _decimal(lon_text, "lon")
    west, south, east, north = GERMANY
    if south <= lat <= north and west <= lon <= east:
        return Point(lon, lat, srid=4326)
    if south <= lon <= north and west <= lat <= east:
        raise _Refused(
            _("lat und lon sind vertauscht (%(lat)s / %(lon)s).") % {"lat": lat_text, "lon": lon_text}
        )
    if abs(lat) > 90 or abs(lon) > 180:
        raise _Refused(
            _(
                "%(lat)s / %(lon)s sind Meter; erwartet werden Grad (WGS 84), "
                "zum Beispiel 51.51849 und 7.4647."
            )
            % {"lat": lat_text, "lon": lon_text}
        )
    raise _Refused(_("%(lat)s / %(lon)s liegt nicht in Deutschland.") % {"lat": lat_text, "lon": lon_text})


def _km2(text: str) -> float | None:
    if not text:
        return None
    value = _decimal(text, "qkm")
    if value < 0:
        raise _Refused(_("„%(text)s“ ist keine Fläche in km².") % {"text": text[:40]})
    return value


def _people(text: str) -> int | None:
    if not text:
        return None
    if not _COUNT.match(text):
        raise _Refused(_("„%(text)s“ ist keine Zahl von Menschen.") % {"text": text[:40]})
    return int(re.split(r"[.,]", text)[0])


def _from_polygons(
    path: Path, plz_field: str, crs: str, layer_name: str, report: PostcodeReport
) -> list[_Row]:
    drawn = read_polygons(
        path, fields=[plz_field], optional=("ort", *OPTIONAL), crs=crs, layer_name=layer_name
    )
    faults = []
    values: dict[str, dict[str, str]] = {}
    areas: dict[str, list[shapely.MultiPolygon]] = {}
    for each in drawn:
        if not each.area.is_valid:
            report.notes.append(
                _("Objekt %(number)s war ungültig und wurde geheilt.") % {"number": each.number}
            )
        try:
            plz = _plz(each.values[plz_field])
            _land_km2_people(each.values)
        except _Refused as refused:
            faults.append(_("Objekt %(number)s: %(why)s") % {"number": each.number, "why": refused})
            continue
        values.setdefault(plz, each.values)
        areas.setdefault(plz, []).append(polygons_of(each.area))
    if faults:
        raise FileRefused(
            _("Die Datei wurde nicht geladen; %(count)s Flächen sind fehlerhaft:") % {"count": len(faults)},
            details=faults,
        )
    known = {row.plz: row for row in Postcode.objects.filter(plz__in=areas)}
    rows = []
    for plz, parts in areas.items():
        area = polygons_of(shapely.union_all(parts))
        if area.is_empty:
            raise FileRefused(_("Die Postleitzahl %(plz)s hat keine Fläche.") % {"plz": plz})
        inner = area.representative_point()
        there = known.get(plz)
        keeps_point = there is not None and area.covers(shapely.Point(there.point.x, there.point.y))
        land, km2, people = _land_km2_people(values[plz])
        rows.append(
            _Row(
                plz=plz,
                town=values[plz].get("ort", "")[:200] or None,
                land=land,
                point=None if keeps_point else Point(inner.x, inner.y, srid=4326),
                area=stored_area(area),
                area_km2=km2,
                population=people,
            )
        )
    return rows


def _land_km2_people(values: dict[str, str]) -> tuple[str | None, float | None, int | None]:
    return (
        land_of_name(values.get("bundesland", "")) or None,
        _km2(values.get("qkm", "")),
        _people(values.get("einwohner") or values.get("einwohner_2011") or ""),
    )


def _store(rows: Sequence[_Row], report: PostcodeReport) -> None:
    known = {
        row.plz: row for row in Postcode.objects.select_for_update().filter(plz__in=[row.plz for row in rows])
    }
    new, changed = [], []
    for row in rows:
        given = {
            name: value
            for name in ("town", "land", "point", "area", "area_km2", "population")
            if (value := getattr(row, name)) is not None
        }
        there = known.get(row.plz)
        if there is None:
            new.append(Postcode(plz=row.plz, **given))
        elif any(getattr(there, name) != value for name, value in given.items()):
            for name, value in given.items():
                setattr(there, name, value)
            changed.append(there)
    Postcode.objects.bulk_create(new, batch_size=2000)
    Postcode.objects.bulk_update(
        changed, ["town", "land", "point", "area", "area_km2", "population"], batch_size=500
    )
    report.added, report.changed = len(new), len(changed)
    report.unchanged = len(rows) - len(new) - len(changed)

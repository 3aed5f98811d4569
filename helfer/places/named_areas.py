"""Named areas on their way from a file into the database: named, healed, joined, checked, mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely import MultiPolygon

from helfer.places.coverage import TOLERANCE_M2, Fault, Inspection, inspect, mend, polygons_of
from helfer.places.files import FileRefused
from helfer.places.polygons import Drawn, transformed


@dataclass(slots=True)
class NamedArea:
    """An area in degrees as drawn, and in metres of the UTM zone ``epsg``; ``parent`` is a district's id."""

    name: str
    number: int
    degrees: MultiPolygon
    metres: MultiPolygon
    epsg: int
    parent: int = 0


def named_areas(drawn: Sequence[Drawn], name_field: str) -> list[NamedArea]:
    """The drawn areas by name, in degrees and metres; refused where a name is missing."""
    faults = []
    for each in drawn:
        name = each.values[name_field]
        if not name:
            faults.append(
                _("Objekt %(number)s: Das Feld „%(field)s“ ist leer.")
                % {"number": each.number, "field": name_field}
            )
        elif len(name) > 120:
            faults.append(
                _("Objekt %(number)s: Der Name ist länger als 120 Zeichen.") % {"number": each.number}
            )
    if faults:
        raise FileRefused(_("Jede Fläche braucht einen Namen:"), details=faults)
    # The zone that most of the areas lie in, so that metres are metres.
    middle = sum((each.area.bounds[0] + each.area.bounds[2]) / 2 for each in drawn) / len(drawn)
    epsg = 25832 if middle < 12 else 25833
    to_metres = Transformer.from_crs(4326, epsg, always_xy=True)
    return [
        NamedArea(
            each.values[name_field],
            each.number,
            each.area,
            transformed(each.area, to_metres),
            epsg,
        )
        for each in drawn
    ]


def heal_invalid(areas: Sequence[NamedArea]) -> list[str]:
    """Make invalid areas valid, and say which were not."""
    faults = []
    for area in areas:
        if not (area.metres.is_valid and area.degrees.is_valid):
            faults.append(
                _("Objekt %(number)s „%(name)s“ ist ungültig: %(why)s")
                % {
                    "number": area.number,
                    "name": area.name,
                    "why": _reason(shapely.is_valid_reason(area.degrees)),
                }
            )
            area.metres, area.degrees = polygons_of(area.metres), polygons_of(area.degrees)
        if area.metres.area < TOLERANCE_M2:
            raise FileRefused(
                _("Objekt %(number)s „%(name)s“ hat keine Fläche.")
                % {"number": area.number, "name": area.name}
            )
    return faults


def _reason(why: str) -> str:
    kind, _bracket, place = why.partition("[")
    x, _blank, y = place.rstrip("]").partition(" ")
    kinds = {
        "Self-intersection": _("die Grenze schneidet sich selbst"),
        "Ring Self-intersection": _("die Grenze berührt sich selbst"),
        "Hole lies outside shell": _("ein Loch liegt außerhalb"),
        "Nested shells": _("eine Teilfläche liegt in einer anderen"),
        "Too few points in geometry component": _("eine Teilfläche hat zu wenige Punkte"),
        "Interior is disconnected": _("das Innere hängt nicht zusammen"),
        "Duplicate Rings": _("ein Ring kommt doppelt vor"),
        "Nested holes": _("ein Loch liegt in einem anderen"),
    }
    sentence = kinds.get(kind, kind)
    try:
        return _("%(why)s (bei %(north).5f° Nord, %(east).5f° Ost)") % {
            "why": sentence,
            "north": float(y),
            "east": float(x),
        }
    except ValueError:
        return sentence


def joined(areas: Sequence[NamedArea], notes: list[str]) -> list[NamedArea]:
    """Areas that are drawn in several features of one name become one."""
    groups: dict[tuple[int, str], list[NamedArea]] = {}
    for area in areas:
        groups.setdefault((area.parent, area.name), []).append(area)
    result = []
    for group in groups.values():
        first = group[0]
        if len(group) > 1:
            notes.append(
                _("„%(name)s“ besteht aus %(count)s Objekten, die zusammengelegt wurden.")
                % {"name": first.name, "count": len(group)}
            )
            first.degrees = polygons_of(shapely.union_all([area.degrees for area in group]))
            first.metres = polygons_of(shapely.union_all([area.metres for area in group]))
        result.append(first)
    return result


def square_metres(value: float) -> str:
    """An area for people: 1.234,5 m²."""
    return number_format(round(value, 1), 1, use_l10n=True, force_grouping=True) + " m²"


def _fault_lines(areas: Sequence[NamedArea], faults: Sequence[Fault]) -> list[str]:
    return [
        " / ".join(areas[owner].name for owner in fault.owners) + ": " + square_metres(fault.area_m2)
        for fault in faults
    ]


def refuse_faults(
    areas: Sequence[NamedArea], invalid: Sequence[str], inspection: Inspection, notes: list[str]
) -> None:
    """Refuse invalid and overlapping areas with a list; gaps are only noted."""
    gaps = _("%(count)s Lücken zwischen den Flächen, zusammen %(area)s.") % {
        "count": len(inspection.gaps),
        "area": square_metres(sum(gap.area_m2 for gap in inspection.gaps)),
    }
    overlaps = [fault for fault in inspection.overlaps if fault.area_m2 > TOLERANCE_M2]
    if invalid or overlaps:
        details = [*invalid]
        if overlaps:
            total = square_metres(sum(fault.area_m2 for fault in overlaps))
            details.append(
                _("%(count)s Überlappungen, zusammen %(area)s:") % {"count": len(overlaps), "area": total}
            )
            details += _fault_lines(areas, overlaps)
        if inspection.gaps:
            details.append(_("Außerdem: %(gaps)s") % {"gaps": gaps})
        raise FileRefused(
            _(
                "Die Datei wurde nicht geladen: %(invalid)s ungültige Flächen, %(overlaps)s Überlappungen. "
                "--repair heilt die Flächen und teilt Überlappungen und Lücken in der Mitte."
            )
            % {"invalid": len(invalid), "overlaps": len(overlaps)},
            details=details,
        )
    if inspection.gaps:
        notes.append(gaps + " " + _("--repair schließt sie."))


def mend_faults(areas: Sequence[NamedArea], inspection: Inspection, notes: list[str]) -> None:
    """Split every gap and overlap between its neighbours, and note each with its area."""
    for faults, heading in (
        (inspection.overlaps, _("%(count)s Überlappungen geteilt, zusammen %(area)s:")),
        (inspection.gaps, _("%(count)s Lücken geteilt, zusammen %(area)s:")),
        (inspection.notches, _("%(count)s Einschnitte am Rand geteilt, zusammen %(area)s:")),
    ):
        if faults:
            total = square_metres(sum(fault.area_m2 for fault in faults))
            notes.append(heading % {"count": len(faults), "area": total})
            notes += ["  " + line for line in _fault_lines(areas, faults)]
    mended = mend([area.metres for area in areas])
    swallowed = [area.name for area, shape in zip(areas, mended, strict=True) if shape.is_empty]
    if swallowed:
        raise FileRefused(
            _("Diese Flächen liegen ganz unter anderen, da lässt sich nichts teilen: %(names)s.")
            % {"names": ", ".join(swallowed)}
        )
    to_degrees = Transformer.from_crs(areas[0].epsg, 4326, always_xy=True)
    for area, shape in zip(areas, mended, strict=True):
        area.metres = shape
        area.degrees = transformed(shape, to_degrees)
    if inspect(mended).is_overlapping or not all(area.degrees.is_valid for area in areas):
        raise FileRefused(
            _("Die Flächen ließen sich nicht reparieren; bitte in einem Geoprogramm bereinigen.")
        )

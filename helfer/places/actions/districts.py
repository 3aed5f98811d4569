"""Loading the districts and quarters of a municipality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import shapely
from django.db import transaction
from django.db.models import DO_NOTHING, ProtectedError, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from helfer.places.coverage import inspect, polygons_of
from helfer.places.files import FileRefused
from helfer.places.models import District, Municipality, Quarter
from helfer.places.named_areas import NamedArea, heal_invalid, joined, mend_faults, named_areas, refuse_faults
from helfer.places.normalise import plain, with_spelled_umlauts
from helfer.places.polygons import read_polygons, stored_area

Level = Literal["district", "quarter"]


@dataclass(slots=True)
class AreaReport:
    """What a load of districts or quarters did; ``notes`` are sentences for the person who loads."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def load_districts(
    *,
    path: Path,
    name_field: str,
    level: Level = "district",
    municipality_key: str = "",
    municipality_name: str = "",
    district_field: str = "",
    repair: bool = False,
    replace: bool = False,
    crs: str = "",
    layer_name: str = "",
    progress: Callable[[str], None] = lambda sentence: None,
) -> AreaReport:
    """Make the municipality's districts (or quarters) those of the file, all or nothing.

    Same names keep their ids. Raises ``FileRefused`` for invalid or overlapping polygons unless
    ``repair``, and where areas that somebody refers to are missing in the file unless ``replace``.
    """
    report = AreaReport()
    municipality = _municipality(municipality_key, municipality_name)
    fields = [name_field, *([district_field] if district_field else [])]
    drawn = read_polygons(path, fields=fields, crs=crs, layer_name=layer_name)
    progress(_("%(count)s Flächen gelesen.") % {"count": len(drawn)})
    areas = named_areas(drawn, name_field)
    faults = heal_invalid(areas)
    if level == "quarter":
        _assign(areas, [each.values.get(district_field, "") for each in drawn], municipality, report)
    areas = joined(areas, report.notes)
    progress(_("Lücken und Überlappungen werden gesucht."))
    inspection = inspect([area.metres for area in areas])
    if not repair:
        refuse_faults(areas, faults, inspection, report.notes)
    elif faults or not inspection.is_clean:
        progress(_("Lücken und Überlappungen werden geteilt."))
        report.notes += faults
        mend_faults(areas, inspection, report.notes)
    else:
        report.notes.append(_("Es gab nichts zu reparieren."))
    _note_other_municipalities(areas, municipality, report)
    if level == "quarter":
        _store_quarters(areas, municipality, report, replace=replace)
    else:
        _store_districts(areas, municipality, report, replace=replace)
    return report


def _municipality(key: str, name: str) -> Municipality:
    if not key:
        key = Municipality.objects.default().key
    if not (len(key) == 8 and key.isascii() and key.isdecimal()):
        raise FileRefused(
            _(
                "„%(key)s“ ist kein amtlicher Gemeindeschlüssel; "
                "erwartet werden acht Ziffern, zum Beispiel 05913000."
            )
            % {"key": key}
        )
    if name:
        Municipality.objects.get_or_create(key=key, defaults={"name": name[:120]})
    # Two loads of one municipality wait for each other.
    municipality = Municipality.objects.select_for_update().filter(key=key).first()
    if municipality is None:
        raise FileRefused(
            _("Die Kommune %(key)s gibt es noch nicht; bitte ihren Namen angeben: --municipality-name NAME.")
            % {"key": key}
        )
    return municipality


def _assign(
    areas: Sequence[NamedArea], written: Sequence[str], municipality: Municipality, report: AreaReport
) -> None:
    """Give each quarter the district that the file names, else the one that contains most of it."""
    districts = list(District.objects.filter(municipality=municipality).order_by("pk"))
    if not districts:
        raise FileRefused(
            _(
                "Für %(town)s sind noch keine Stadtbezirke geladen. "
                "Bitte zuerst: load_districts … --level district"
            )
            % {"town": municipality}
        )
    by_name = {plain(district.name): district for district in districts}
    shapes = [polygons_of(shapely.from_wkb(bytes(district.area.wkb))) for district in districts]
    tree = shapely.STRtree(shapes)
    faults = []
    for area, name in zip(areas, written, strict=True):
        if name:
            district = by_name.get(plain(name))
            if district is not None:
                area.parent = district.pk
            else:
                faults.append(
                    _("„%(name)s“: Den Stadtbezirk „%(district)s“ gibt es nicht.")
                    % {"name": area.name, "district": name}
                )
            continue
        shares = {
            index: area.degrees.intersection(shapes[index]).area / area.degrees.area
            for index in sorted(tree.query(area.degrees).tolist())
        }
        best = max(shares, key=lambda index: shares[index], default=None)
        if best is None or shares[best] == 0:
            faults.append(_("„%(name)s“ liegt in keinem Stadtbezirk.") % {"name": area.name})
            continue
        area.parent = districts[best].pk
        if shares[best] < 0.9:
            report.notes.append(
                _("„%(name)s“ liegt nur zu %(share)s %% in „%(district)s“ und wird ihm zugeordnet.")
                % {"name": area.name, "share": round(100 * shares[best]), "district": districts[best]}
            )
    if faults:
        raise FileRefused(
            _("Jedes Quartier gehört zu einem Stadtbezirk von %(town)s:") % {"town": municipality},
            details=faults,
        )


def _note_other_municipalities(
    areas: Sequence[NamedArea], municipality: Municipality, report: AreaReport
) -> None:
    """A point in two municipalities at once belongs to the lower id: say so."""
    whole = polygons_of(shapely.union_all([area.degrees for area in areas]))
    others = District.objects.exclude(municipality=municipality).filter(area__bboverlaps=stored_area(whole))
    names = sorted(
        {
            other.municipality.name
            for other in others.select_related("municipality")
            if polygons_of(shapely.from_wkb(bytes(other.area.wkb))).intersection(whole).area > 1e-6
        }
    )
    if names:
        report.notes.append(
            _("Achtung: Die Flächen überdecken sich mit Stadtbezirken von %(names)s.")
            % {"names": ", ".join(names)}
        )


def _store_districts(
    areas: Sequence[NamedArea], municipality: Municipality, report: AreaReport, *, replace: bool
) -> None:
    there = {district.name: district for district in District.objects.filter(municipality=municipality)}
    names = {area.name for area in areas}
    gone = [district for name, district in there.items() if name not in names]
    _remove(District.objects.filter(pk__in=[district.pk for district in gone]), report, replace=replace)
    slugs = {district.slug for district in there.values() if district.name in names}
    new, changed = [], []
    for area in areas:
        district = there.get(area.name)
        if district is None:
            slug = _free_slug(area.name, slugs)
            slugs.add(slug)
            stored = stored_area(area.degrees)
            new.append(District(municipality=municipality, name=area.name, slug=slug, area=stored))
        elif _differs(district, area):
            district.area = stored_area(area.degrees)
            changed.append(district)
        else:
            report.unchanged.append(area.name)
    # One statement each, so that everything that follows the polygons looks once.
    District.objects.bulk_create(new)
    District.objects.bulk_update(changed, ["area"])
    report.added += [district.name for district in new]
    report.changed += [district.name for district in changed]


def _store_quarters(
    areas: Sequence[NamedArea], municipality: Municipality, report: AreaReport, *, replace: bool
) -> None:
    there = list(Quarter.objects.filter(district__municipality=municipality).order_by("pk"))
    kept: dict[int, Quarter] = {}
    # First those that stay in their district, then those that the file moves to another one.
    for stays in (True, False):
        for index, area in enumerate(areas):
            if index in kept:
                continue
            for quarter in there:
                if quarter.name == area.name and (not stays or quarter.district_id == area.parent):
                    kept[index] = quarter
                    there.remove(quarter)
                    break
    _remove(Quarter.objects.filter(pk__in=[quarter.pk for quarter in there]), report, replace=replace)
    new, changed = [], []
    for index, area in enumerate(areas):
        known = kept.get(index)
        if known is None:
            stored = stored_area(area.degrees)
            new.append(Quarter(district_id=area.parent, name=area.name, area=stored))
        elif _differs(known, area) or known.district_id != area.parent:
            known.area, known.district_id = stored_area(area.degrees), area.parent
            changed.append(known)
        else:
            report.unchanged.append(area.name)
    Quarter.objects.bulk_create(new)
    Quarter.objects.bulk_update(changed, ["area", "district"])
    report.added += [quarter.name for quarter in new]
    report.changed += [quarter.name for quarter in changed]


def _differs(row: District | Quarter, area: NamedArea) -> bool:
    return bytes(row.area.wkb) != shapely.to_wkb(area.degrees)


def _free_slug(name: str, taken: set[str]) -> str:
    slug = slugify(with_spelled_umlauts(name)) or "bezirk"
    return next(
        candidate
        for candidate in (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
        if candidate not in taken
    )


def _remove(gone: QuerySet[District] | QuerySet[Quarter], report: AreaReport, *, replace: bool) -> None:
    """Remove areas that the file no longer has, unless somebody refers to them."""
    names = sorted(gone.values_list("name", flat=True))
    if not names:
        return
    needed_by = _needed_by(gone)
    if gone.model is District:
        quarters = Quarter.objects.filter(district__in=gone.values("pk"))
        needed_by |= _needed_by(quarters)
        if quarters.exists():
            report.notes.append(
                _("Mit ihren Stadtbezirken entfallen %(count)s Quartiere.") % {"count": quarters.count()}
            )
    if needed_by and not replace:
        raise FileRefused(
            _(
                "Diese geladenen Flächen fehlen in der Datei, werden aber gebraucht (%(by)s). "
                "Wenn sie trotzdem entfallen sollen: --replace."
            )
            % {"by": ", ".join(sorted(needed_by))},
            details=names,
        )
    try:
        gone.delete()
    except ProtectedError as error:
        needed = {str(row._meta.verbose_name_plural) for row in error.protected_objects}
        raise FileRefused(
            _(
                "Diese geladenen Flächen fehlen in der Datei und lassen sich nicht entfernen, "
                "solange es dazu %(by)s gibt."
            )
            % {"by": ", ".join(sorted(needed))},
            details=names,
        ) from None
    report.removed += names


def _needed_by(areas: QuerySet[District] | QuerySet[Quarter]) -> set[str]:
    """What refers to these areas, in words; their own quarters and the history do not count."""
    ids = list(areas.values_list("pk", flat=True))
    found = set()
    for relation in areas.model._meta.related_objects:
        model = relation.related_model
        if model is Quarter or relation.on_delete is DO_NOTHING or not relation.field.concrete:
            continue
        if model._base_manager.filter(**{f"{relation.field.name}__in": ids}).exists():
            found.add(str(model._meta.verbose_name_plural))
    return found

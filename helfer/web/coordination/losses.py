"""Losses by district, as the Geschäftsstelle reads them: a table and a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from helfer.matching.drill.figures import REST, Loss
from helfer.matching.figures import SMALLEST_SHOWN
from helfer.places.models import District
from helfer.web.maps import Area, CityMap


def all_districts() -> dict[int, District]:
    """The districts by id, each with its office."""
    rows = District.objects.select_related("served_by__office").order_by("name", "pk")
    return {district.pk: district for district in rows}


def district_rows(
    districts: Mapping[int, District], parts: Mapping[int | None, Loss]
) -> Sequence[Mapping[str, Any]]:
    """The rows of the table."""
    return [_row(districts.get(key or 0), loss, is_rest=key == REST) for key, loss in parts.items()]


def _row(district: District | None, loss: Loss, *, is_rest: bool) -> dict[str, Any]:
    if district is None:
        name = _("übrige Stadtbezirke") if is_rest else _("ohne Stadtbezirk")
        return {"name": name, "office": "", "loss": loss}
    office = district.served_by.office.name if hasattr(district, "served_by") else ""
    return {"name": district.name, "office": office, "loss": loss}


def map_of_losses(
    districts: Mapping[int, District],
    losses: Mapping[int | None, Loss],
    *,
    note: str | Promise,
    key: str,
) -> CityMap | None:
    """The districts on a map; ``note`` says of each ``affected`` and ``alone``."""
    areas = []
    for district in districts.values():
        loss = losses.get(district.pk, Loss(0, 0))
        areas.append(
            Area(
                key=district.slug,
                label=district.name,
                geometry=district.area,
                note=str(note) % {"affected": loss.affected_shown, "alone": loss.alone_shown},
                tone=_tone(loss),
            )
        )
    return CityMap(areas=areas, key=key, whole_city=True) if areas else None


def _tone(loss: Loss) -> str:
    if 0 < loss.affected < SMALLEST_SHOWN:
        return "few"
    if loss.alone:
        return "loss"
    return "held" if loss.affected else ""

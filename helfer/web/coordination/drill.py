"""The resilience drill of the whole city: numbers and a map, no names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.core.errors import RuleViolation
from helfer.matching.drill import Drill, drill
from helfer.matching.drill.figures import (
    REST,
    Loss,
    alone_of_all,
    is_too_small,
    loss_of,
    losses_by,
    shortages,
    without_small_parts,
)
from helfer.matching.figures import SMALLEST_SHOWN, shown
from helfer.people.models import Kind
from helfer.places.models import District
from helfer.web.kinds import KindRequired
from helfer.web.maps import Area, CityMap
from helfer.web.outage_form import OutageForm


class CityDrillPage(KindRequired, TemplateResponseMixin):
    """What an outage would mean for the city; who stands behind the numbers, the offices alone know."""

    kinds = {Kind.COORDINATOR}
    template_name = "web/coordination/drill.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET if "from_day" in request.GET else None
        form = OutageForm(asked, today=self.today, initial={"from_day": self.today})
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            try:
                found = drill(
                    form.outage(office_ids=None), with_open_requests=form.cleaned_data["open_requests"]
                )
            except RuleViolation as refusal:
                form.add_error(None, refusal.message)
            else:
                context |= {"chosen": form.in_words(), "drill": found}
                context |= {"too_small": True} if is_too_small(found) else _figures(found)
        return self.render_to_response(context)


def _figures(found: Drill) -> dict[str, Any]:
    by_district = losses_by(lambda need: need.district_id, found.outcomes)
    rows = without_small_parts(by_district)
    by_role = without_small_parts(losses_by(lambda need: need.role_id, found.outcomes))
    districts = {
        district.pk: district
        for district in District.objects.select_related("served_by__office").order_by("name", "pk")
    }
    roles = Role.objects.in_bulk([key for key in by_role if key is not None])
    return {
        "dropped": len(found.helper_ids),
        "affected": loss_of(rows.values()).affected_shown,
        "alone": alone_of_all(rows.values()),
        "districts": [
            _district_row(districts.get(key or 0), loss, is_rest=key == REST) for key, loss in rows.items()
        ],
        # Only who is affected: with both numbers in two tables, small ones could be worked out.
        "roles": [
            {
                "name": roles[key].name if key in roles else _("übrige Tätigkeiten"),
                "affected": loss.affected_shown,
            }
            for key, loss in by_role.items()
        ],
        "shortages": shortages(found.outcomes),
        "waiting": None if found.waiting is None else shown(found.waiting),
        "waiting_served": shown(found.waiting_served),
        "map": _map(list(districts.values()), by_district),
    }


def _district_row(district: District | None, loss: Loss, *, is_rest: bool) -> dict[str, Any]:
    if district is None:
        return {
            "name": _("übrige Stadtbezirke") if is_rest else _("ohne Stadtbezirk"),
            "office": "",
            "loss": loss,
        }
    office = district.served_by.office.name if hasattr(district, "served_by") else ""
    return {"name": district.name, "office": office, "loss": loss}


def _tone(loss: Loss) -> str:
    if 0 < loss.affected < SMALLEST_SHOWN:
        return "few"
    if loss.alone:
        return "loss"
    return "held" if loss.affected else ""


def _map(districts: list[District], losses: Mapping[int | None, Loss]) -> CityMap | None:
    areas = []
    for district in districts:
        loss = losses.get(district.pk, Loss(0, 0))
        note = _("%(affected)s betroffen, %(alone)s ohne Hilfe") % {
            "affected": loss.affected_shown,
            "alone": loss.alone_shown,
        }
        areas.append(
            Area(key=district.slug, label=district.name, geometry=district.area, note=note, tone=_tone(loss))
        )
    return CityMap(areas=areas, key="karte-probe", whole_city=True) if areas else None

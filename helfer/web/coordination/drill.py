"""The resilience drill of the whole city: numbers and a map, no names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.core.errors import RuleViolation
from helfer.matching.drill import Drill, drill
from helfer.matching.drill.figures import (
    alone_of_all,
    is_too_small,
    loss_of,
    losses_by,
    shortages,
    without_small_parts,
)
from helfer.matching.figures import shown
from helfer.people.models import Kind
from helfer.web.coordination.losses import all_districts, district_rows, map_of_losses
from helfer.web.kinds import KindRequired
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
    districts = all_districts()
    roles = Role.objects.in_bulk([key for key in by_role if key is not None])
    return {
        "dropped": len(found.helper_ids),
        "affected": loss_of(rows.values()).affected_shown,
        "alone": alone_of_all(rows.values()),
        "districts": district_rows(districts, rows),
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
        "map": map_of_losses(
            districts, by_district, note=_("%(affected)s betroffen, %(alone)s ohne Hilfe"), key="karte-probe"
        ),
    }

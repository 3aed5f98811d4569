"""The resilience drill of the city: asked for here, reckoned by a worker; numbers and a map, no names."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.matching.actions.city_drill import start_drill, stop_drill
from helfer.matching.drill.city import DrillFigures
from helfer.matching.drill.figures import alone_of_all, loss_of, shortages_shown, without_small_parts
from helfer.matching.figures import shown
from helfer.matching.models import CityDrill, CityDrillQuerySet, RunState
from helfer.people.models import Kind
from helfer.web.action_view import ActionView, ConfirmForm
from helfer.web.coordination.losses import all_districts, district_rows, map_of_losses
from helfer.web.kinds import KindRequired
from helfer.web.outage_form import OutageForm, outage_in_words
from helfer.web.run_words import LONG_WAIT, TONES

EARLIER_SHOWN = 10


def _seen_drills(view: KindRequired) -> CityDrillQuerySet:
    return CityDrill.objects.visible_to(view.user).select_related("role", "district", "quarter__district")


class CityDrillPage(ActionView[OutageForm]):
    """Choose who drops out, and what earlier drills have said."""

    kinds = {Kind.COORDINATOR}
    form_class = OutageForm
    template_name = "web/coordination/drill.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"today": self.today}

    def get_initial(self) -> dict[str, Any]:
        return {"from_day": self.today}

    def act(self, form: OutageForm) -> CityDrill:
        return start_drill(
            by=self.user,
            outage=form.outage(office_ids=None),
            with_open_requests=form.cleaned_data["open_requests"],
            at=self.now,
        )

    def get_success_url(self) -> str:
        return reverse("coordination:drill_result", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("coordination:desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = _seen_drills(self).order_by("-requested_at", "-pk")[:EARLIER_SHOWN]
        return super().get_context_data(**kwargs) | {"rows": [_about(drill) for drill in latest]}


class CityDrillResult(KindRequired, TemplateResponseMixin):
    """How far a drill is, and what came of it; who stands behind the numbers, the offices alone know."""

    kinds = {Kind.COORDINATOR}
    template_name = "web/coordination/drill_result.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        drill = get_object_or_404(_seen_drills(self), pk=pk)
        context = _about(drill) | {
            "waits_long": drill.state == RunState.QUEUED and self.now - drill.requested_at > LONG_WAIT
        }
        if drill.state == RunState.DONE:
            context |= _figures(DrillFigures.unpacked(drill.figures))
        return self.render_to_response(context)


class StopCityDrill(ActionView[ConfirmForm]):
    """Stop a drill that is under way."""

    kinds = {Kind.COORDINATOR}
    title = gettext_lazy("Ausfallprobe anhalten")
    intro = gettext_lazy("Es ändert sich dadurch nichts. Sie können jederzeit neu durchspielen.")
    submit_label = gettext_lazy("Anhalten")
    success_message = gettext_lazy("Die Ausfallprobe ist angehalten.")
    success_url_name = "coordination:drill_result"

    def get_queryset(self) -> QuerySet[CityDrill]:
        return _seen_drills(self)

    def act(self, form: ConfirmForm) -> CityDrill:
        return stop_drill(drill_id=self.object.pk, by=self.user, at=self.now)


def _about(drill: CityDrill) -> dict[str, Any]:
    return {"drill": drill, "chosen": outage_in_words(drill), "tone": TONES[RunState(drill.state)]}


def _figures(found: DrillFigures) -> dict[str, Any]:
    if found.too_small:
        return {"too_small": True}
    rows, by_role = without_small_parts(found.by_district), without_small_parts(found.by_role)
    districts = all_districts()
    roles = Role.objects.in_bulk([key for key in by_role if key is not None])
    return {
        "dropped": found.dropped,
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
        "shortages": shortages_shown(found.lacking),
        "waiting": None if found.waiting is None else shown(found.waiting),
        "waiting_served": shown(found.waiting_served),
        "map": map_of_losses(
            districts,
            found.by_district,
            note=_("%(affected)s betroffen, %(alone)s ohne Hilfe"),
            key="karte-probe",
        ),
    }

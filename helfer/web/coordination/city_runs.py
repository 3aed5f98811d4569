"""The „Vorschlagslauf“ as the Geschäftsstelle reads it: figures and a map, no names, nothing to decide."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.matching.models import CityRun, CityRunQuerySet, RunState
from helfer.matching.run_figures import figures_of, loss_of_run
from helfer.people.models import Kind
from helfer.web.coordination.losses import all_districts, district_rows, map_of_losses
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.run_words import TONES, scope_of


def _seen_runs(view: KindRequired) -> CityRunQuerySet:
    return CityRun.objects.visible_to(view.user).select_related("office", "district")


class RunList(ListPage[CityRun]):
    """All runs, of the city and of every office, the latest first."""

    kinds = {Kind.COORDINATOR}
    template_name = "web/coordination/city_runs.html"
    sorts = (Sort("wann", gettext_lazy("Wann"), "requested_at"),)
    default_sort = "-wann"
    page_size = 15

    def get_queryset(self) -> QuerySet[CityRun]:
        return _seen_runs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [
            {
                "run": run,
                "scope": scope_of(run),
                "tone": TONES[RunState(run.state)],
                "loss": loss_of_run(run) if run.state == RunState.DONE else None,
            }
            for run in context["listing"].rows
        ]
        return context | {"rows": rows}


class RunPage(KindRequired, TemplateResponseMixin):
    """One run: how far it is, and when it is done, where people wait for whom it found nobody."""

    kinds = {Kind.COORDINATOR}
    template_name = "web/coordination/city_run.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(_seen_runs(self), pk=pk)
        context = {"run": run, "scope": scope_of(run), "tone": TONES[RunState(run.state)]}
        return self.render_to_response(context | (_figures(run) if run.state == RunState.DONE else {}))


def _figures(run: CityRun) -> dict[str, Any]:
    figures, districts = figures_of(run), all_districts()
    note = _("%(affected)s Anfragen, %(alone)s ohne Vorschlag")
    return {
        "figures": figures,
        "districts": district_rows(districts, figures.parts),
        "map": map_of_losses(districts, figures.by_district, note=note, key="karte-lauf"),
    }

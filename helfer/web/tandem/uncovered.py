"""Whom a run leaves uncovered: on a map by quarter, and as a list with the reasons in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helfer.catalogue.models import Role
from helfer.matching.models import Match, RunState, Unserved
from helfer.matching.shortages import SHORTAGES, nearly
from helfer.people.models import Kind
from helfer.places.models import Quarter
from helfer.web.lists import ListPage, Sort
from helfer.web.maps import Area, CityMap, Pin
from helfer.web.tandem.city_runs import RunPart
from helfer.web.tandem.finding import asked_for


class UncoveredFilter(forms.Form):
    """Which of them."""

    text = forms.CharField(label=gettext_lazy("Name, Telefon oder Nummer"), required=False, max_length=80)
    gate = forms.ChoiceField(
        label=gettext_lazy("Woran es liegt"),
        required=False,
        choices=[("", "–"), *((str(key), words) for key, words in SHORTAGES.items())],
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Tätigkeit"),
        required=False,
        queryset=Role.objects.order_by("name"),
        empty_label="–",
    )
    quarter = forms.ModelChoiceField(
        label=gettext_lazy("Quartier"),
        required=False,
        queryset=Quarter.objects.order_by("name", "pk"),
        empty_label="–",
    )
    urgent = forms.BooleanField(label=gettext_lazy("nur dringende"), required=False)


class UncoveredPage(RunPart, ListPage[Unserved]):
    """Requests for which a run found nobody."""

    kinds = {Kind.TANDEM}
    part = "unserved"
    template_name = "web/tandem/city_run_unserved.html"
    filter_form_class = UncoveredFilter
    sorts = (
        Sort("wartet", gettext_lazy("Wartet seit"), "-request__is_urgent", "request__received_on"),
        Sort(
            "name",
            gettext_lazy("Wer braucht Hilfe"),
            "request__help_seeker__person__family_name",
            "request__help_seeker__person__given_name",
        ),
        Sort("quartier", gettext_lazy("Quartier"), "request__help_seeker__person__quarter__name"),
    )
    default_sort = "wartet"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != RunState.DONE:
            return redirect("tandem:city_run", pk=self.run.pk)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Unserved]:
        return (
            Unserved.objects.visible_to(self.user)
            .filter(run=self.run)
            .select_related("request__role", "request__help_seeker__person__quarter")
        )

    def get_filter_form(self) -> forms.Form:
        form = UncoveredFilter(self.request.GET)
        quarters: Any = form.fields["quarter"]
        quarters.queryset = self._quarters()
        return form

    def _quarters(self) -> QuerySet[Quarter]:
        """Those of the own offices, and those in which their people live."""
        lived_in = self.get_queryset().values("request__help_seeker__person__quarter")
        return Quarter.objects.filter(
            Q(district__served_by__office__in=self.offices) | Q(pk__in=lived_in)
        ).order_by("name", "pk")

    def filter_rows(self, rows: QuerySet[Unserved], wanted: dict[str, Any]) -> QuerySet[Unserved]:
        if wanted.get("gate"):
            rows = rows.filter(gates__has_key=wanted["gate"])
        return rows.filter(asked_for(wanted, request="request__"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        left: list[Unserved] = list(context["listing"].rows)
        open_matches = (
            Match.objects.visible_to(self.user).open().filter(request__in=[each.request_id for each in left])
        )
        found_since = dict(open_matches.values_list("request", "pk"))
        nobody = (_("In der Nähe bietet das sonst niemand an, auch nicht beinahe."),)
        rows = [
            {"left": each, "why": nearly(each.gates) or nobody, "match_id": found_since.get(each.request_id)}
            for each in left
        ]
        return context | self.about_run() | {"rows": rows} | self._map()

    def _map(self) -> dict[str, Any]:
        """Where they live: by quarter on the map, the rest as a number."""
        counted = (
            self.get_queryset()
            .order_by()
            .values_list("request__help_seeker__person__quarter")
            .annotate(count=Count("pk"))
        )
        counts: dict[int | None, int] = dict(counted)
        areas, pins = [], []
        for quarter in self._quarters():
            count = counts.get(quarter.pk, 0)
            note = (
                ngettext("%(n)d Anfrage ohne Vorschlag", "%(n)d Anfragen ohne Vorschlag", count)
                if count
                else _("keine Anfrage ohne Vorschlag")
            ) % {"n": count}
            areas.append(
                Area(
                    key=str(quarter.pk),
                    label=quarter.name,
                    geometry=quarter.area,
                    note=note,
                    tone="loss" if count else "",
                )
            )
            if count:
                pins.append(
                    Pin(
                        label=quarter.name,
                        point=quarter.inner_point,
                        number=str(count),
                        href=f"?quarter={quarter.pk}#anfragen",
                        kind="seeker",
                        note=note,
                    )
                )
        pins.sort(key=lambda pin: (-int(pin.number), str(pin.label)))
        shown = (
            CityMap(areas=areas, pins=pins, key="karte-offen", whole_city=True) if areas and pins else None
        )
        return {"map": shown, "off_the_map": counts.get(None, 0)}

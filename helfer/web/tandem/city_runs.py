"""The „Vorschlagslauf“: start one, watch it, stop it, and look at earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.matching.actions.city_run import start_run, stop_run
from helfer.matching.comparisons import compare
from helfer.matching.models import CityRun, CityRunQuerySet, RunState
from helfer.people.models import Kind, Office
from helfer.web.action_view import ActionView, ConfirmForm
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.run_words import LONG_WAIT, TONES, scope_of

CITY = "stadt"


class StartForm(forms.Form):
    """For whom to compute."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Für wen?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, für wen gerechnet wird.")},
    )


def scopes(view: KindRequired) -> list[tuple[str, str]]:
    """For whom this person may start a run: the own offices; the city is the Geschäftsstelle's matter."""
    own = [(str(office.pk), office.name) for office in Office.objects.of_tandem(view.user).order_by("name")]
    return [*own, (CITY, _("ganze Stadt"))] if view.user.has_kind(Kind.COORDINATOR) else own


class StartRun(ActionView[StartForm]):
    """Start a run; nothing but suggestions comes of it."""

    kinds = {Kind.TANDEM}
    form_class = StartForm
    title = gettext_lazy("Neuen Vorschlagslauf starten")
    intro = gettext_lazy(
        "Das Programm sucht für alle wartenden Anfragen zugleich die besten Paare. Es wird nichts "
        "vermittelt. Sie entscheiden."
    )
    submit_label = gettext_lazy("Vorschläge rechnen")

    def get_form(self) -> StartForm:
        form = super().get_form()
        field: Any = form.fields["scope"]
        field.choices = scopes(self)
        return form

    def get_initial(self) -> dict[str, Any]:
        possible = scopes(self)
        return {"scope": possible[0][0]} if possible else {}

    def act(self, form: StartForm) -> CityRun:
        scope = form.cleaned_data["scope"]
        office = None if scope == CITY else Office.objects.of_tandem(self.user).get(pk=scope)
        return start_run(by=self.user, office=office, on=self.today, at=self.now)

    def get_success_url(self) -> str:
        return reverse("tandem:city_run", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("tandem:city_runs")


def seen_runs(view: KindRequired) -> CityRunQuerySet:
    """The runs that this person may look at, with what is said of each."""
    return CityRun.objects.visible_to(view.user).select_related("office", "district", "by__person")


class RunList(ListPage[CityRun]):
    """Start a run; the latest ones, and earlier ones."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/city_runs.html"
    sorts = (Sort("wann", gettext_lazy("Wann"), "requested_at"),)
    default_sort = "-wann"
    page_size = 15

    def get_queryset(self) -> QuerySet[CityRun]:
        return seen_runs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        unfinished = {
            CITY if run.office_id is None else str(run.office_id): run
            for run in seen_runs(self).unfinished().filter(district=None)
        }
        starts = [
            {"scope": scope, "name": name, "under_way": unfinished.get(scope)} for scope, name in scopes(self)
        ]
        rows = [
            {"run": run, "scope": scope_of(run), "tone": TONES[RunState(run.state)]}
            for run in context["listing"].rows
        ]
        return context | {"starts": starts, "rows": rows}


class RunPart:
    """What every page about one run says on top."""

    part: str = ""

    @cached_property
    def run(self) -> CityRun:
        """The run that the address names."""
        view: Any = self
        return get_object_or_404(seen_runs(view), pk=view.kwargs["pk"])

    @cached_property
    def offices(self) -> Sequence[Office]:
        """The offices in which the viewer holds a seat."""
        view: Any = self
        return list(Office.objects.of_tandem(view.user).order_by("name", "pk"))

    def about_run(self) -> dict[str, Any]:
        """The head: which run, and the figures of the own offices."""
        view: Any = self
        run = self.run
        suggestions = run.suggestions.visible_to(view.user)
        served = suggestions.count()
        unserved = run.unserved.visible_to(view.user)
        left = unserved.count()
        urgent = suggestions.filter(request__is_urgent=True).count()
        return {
            "run": run,
            "scope": scope_of(run),
            "part": self.part,
            "requests": served + left,
            "served": served,
            "unserved": left,
            "urgent": urgent + unserved.filter(request__is_urgent=True).count(),
            "urgent_served": urgent,
            "waiting": suggestions.waiting().count(),
            # Whoever sees a part only is told the whole too.
            "is_wider": run.office_id not in {office.pk for office in self.offices},
            "is_old": run.on < view.today,
        } | _start_again(run, view)


class Progress(RunPart, KindRequired, TemplateResponseMixin):
    """How far a run is: the piece of its page that is asked for again and again; in the end, the page itself.

    Without scripts the whole page comes again instead.
    """

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/_city_run_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run
        if not run.is_unfinished:
            answer = HttpResponse()
            answer["HX-Redirect"] = reverse("tandem:city_run", kwargs={"pk": run.pk})
            return answer
        return self.render_to_response(progress_of(run, self))


def _is_theirs(run: CityRun, view: Any) -> bool:
    """Whether the viewer may stop such a run, and start one."""
    if run.office_id is None:
        return bool(view.user.has_kind(Kind.COORDINATOR))
    return run.office_id in {office.pk for office in view.offices}


def _start_again(run: CityRun, view: Any) -> dict[str, Any]:
    """The button that computes the same anew; of a single district only the command knows how."""
    return {
        "may_start": run.district_id is None and _is_theirs(run, view),
        "start_scope": CITY if run.office_id is None else run.office_id,
    }


def progress_of(run: CityRun, view: Any) -> dict[str, Any]:
    """What the page says of a run that is under way or came to nothing."""
    return _start_again(run, view) | {
        "run": run,
        "scope": scope_of(run),
        "tone": TONES[RunState(run.state)],
        "may_stop": _is_theirs(run, view),
        "is_solving": run.state == RunState.RUNNING and run.done >= run.total,
        "waits_long": run.state == RunState.QUEUED and view.now - run.requested_at > LONG_WAIT,
    }


class StopRun(ActionView[ConfirmForm]):
    """Stop a run that is under way."""

    kinds = {Kind.TANDEM}
    title = gettext_lazy("Vorschlagslauf anhalten")
    intro = gettext_lazy("Es wurde noch nichts vorgeschlagen. Sie können jederzeit neu starten.")
    submit_label = gettext_lazy("Anhalten")
    success_message = gettext_lazy("Der Vorschlagslauf ist angehalten.")
    success_url_name = "tandem:city_run"

    def get_queryset(self) -> QuerySet[CityRun]:
        return seen_runs(self)

    def act(self, form: ConfirmForm) -> CityRun:
        return stop_run(run_id=self.object.pk, by=self.user, at=self.now)


class ComparisonPage(RunPart, KindRequired, TemplateResponseMixin):
    """What runs now, and what would run with all suggestions that still wait."""

    kinds = {Kind.TANDEM}
    part = "comparison"
    template_name = "web/tandem/city_run_comparison.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.run.state != RunState.DONE:
            return redirect("tandem:city_run", pk=self.run.pk)
        compared = compare(self.run, offices=self.offices)
        return self.render_to_response(self.about_run() | {"compared": compared})

"""What a run suggests, asked again at the moment somebody looks; take it over or set it aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import RequestState
from helfer.matching.actions.city_run_suggestions import dismiss_suggestion, take_suggestion
from helfer.matching.candidates import Assessment, Shown, check_pairs
from helfer.matching.drill.shown import shown_to
from helfer.matching.models import Match, RunState, Suggestion, SuggestionState
from helfer.people.models import Kind, Office, Person
from helfer.places.models import District
from helfer.web.action_view import ActionView, ConfirmForm
from helfer.web.fields import DayField
from helfer.web.kinds import KindRequired
from helfer.web.lists import Listing, ListPage, Sort
from helfer.web.tandem.candidates import parts_of
from helfer.web.tandem.city_runs import RunPart, progress_of
from helfer.web.tandem.finding import asked_for

# As many as one decides in one go.
ROWS_ON_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion as it stands now."""

    suggestion: Suggestion
    shown: Shown
    # waiting, closed (a gate has closed since), settled (somebody else was found), taken, dismissed
    status: str
    reasons: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    parts: Sequence[Mapping[str, Any]] = ()
    models: Sequence[CompensationModel] = ()
    # The request's own match that is open by now, and what runs for the same person already.
    match: Match | None = None
    running: Sequence[Match] = ()
    errors: Sequence[str] = field(default_factory=tuple)

    @property
    def person(self) -> Person:
        """Who is to be helped."""
        return self.suggestion.request.help_seeker.person


def seen_suggestions(view: KindRequired) -> QuerySet[Suggestion]:
    """The suggestions for the own offices' requests, with everything a row says."""
    return Suggestion.objects.visible_to(view.user).select_related(
        "run",
        "request__help_seeker__person__district",
        "request__role",
        "helper",
        "match",
        "decided_by__person",
    )


def rows_of(suggestions: Sequence[Suggestion], view: KindRequired) -> list[Row]:
    """The suggestions, each asked again."""
    own = Office.objects.of_tandem(view.user)
    shown = shown_to(
        set(own.values_list("pk", flat=True)), helper_ids=[each.helper_id for each in suggestions]
    )
    own_matches = Match.objects.filter(office__in=own).select_related(
        "helper__person", "role", "request__help_seeker"
    )
    requests = [each.request_id for each in suggestions]
    found_by_now = {match.request_id: match for match in own_matches.open().filter(request__in=requests)}
    running: dict[int, list[Match]] = {}
    seekers = [each.request.help_seeker_id for each in suggestions]
    for match in own_matches.running().filter(request__help_seeker__in=seekers).order_by("pk"):
        running.setdefault(match.request.help_seeker_id, []).append(match)
    models = {model.slug: model for model in CompensationModel.objects.order_by("name")}
    undecided = [
        each
        for each in suggestions
        if each.state == SuggestionState.OPEN
        and each.request_id not in found_by_now
        and each.request.state == RequestState.OPEN
    ]
    assessed = check_pairs([(each.request_id, each.helper_id) for each in undecided], on=view.today)
    return [
        _row(
            each,
            assessed.get((each.request_id, each.helper_id)),
            shown=shown[each.helper_id],
            match=found_by_now.get(each.request_id),
            running=[
                match
                for match in running.get(each.request.help_seeker_id, ())
                if match.request_id != each.request_id
            ],
            models=models,
        )
        for each in suggestions
    ]


def _row(
    suggestion: Suggestion,
    assessment: Assessment | RuleViolation | None,
    *,
    shown: Shown,
    match: Match | None,
    running: Sequence[Match],
    models: Mapping[str, CompensationModel],
) -> Row:
    known: dict[str, Any] = {"match": match, "running": running}
    if suggestion.state != SuggestionState.OPEN:
        return Row(suggestion, shown, suggestion.state, **known)
    if assessment is None:
        return Row(suggestion, shown, "settled", **known)
    if isinstance(assessment, RuleViolation):
        return Row(suggestion, shown, "closed", closed=(str(assessment.message),), **known)
    if assessment.refusals:
        return Row(suggestion, shown, "closed", closed=_why_closed(assessment, shown), **known)
    possible = [
        model
        for slug, model in models.items()
        if slug in assessment.compensation_models and assessment.model_refusal(slug) is None
    ]
    candidate = assessment.candidate
    if shown.own_office:
        known |= {"reasons": candidate.reasons, "parts": parts_of(candidate)}
    elif candidate.distance_m is not None or assessment.request.at_a_distance:
        # The distance comes first; more is not told of another office's helper.
        known |= {"reasons": candidate.reasons[:1]}
    return Row(suggestion, shown, "waiting", models=possible, **known)


def _why_closed(assessment: Assessment, shown: Shown) -> tuple[str, ...]:
    if not shown.own_office:
        # What another office's helper lacks is that office's knowledge.
        return (_("Diese Person kommt für die Anfrage nicht mehr in Frage."),)
    return tuple(refusal.sentence for refusal in assessment.refusals)


class SuggestionFilter(forms.Form):
    """Which suggestions."""

    text = forms.CharField(label=gettext_lazy("Name, Telefon oder Nummer"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("noch zu entscheiden")),
            ("taken", gettext_lazy("übernommen")),
            ("dismissed", gettext_lazy("zurückgelegt")),
            ("all", gettext_lazy("alle")),
        ],
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Tätigkeit"),
        required=False,
        queryset=Role.objects.order_by("name"),
        empty_label="–",
    )
    district = forms.ModelChoiceField(
        label=gettext_lazy("Stadtbezirk"),
        required=False,
        queryset=District.objects.order_by("name"),
        empty_label="–",
    )
    urgent = forms.BooleanField(label=gettext_lazy("nur dringende"), required=False)


class RunPage(RunPart, ListPage[Suggestion]):
    """A run: its figures, and suggestion by suggestion what a person decides; before it is done, how far."""

    kinds = {Kind.TANDEM}
    part = "suggestions"
    template_name = "web/tandem/city_run.html"
    filter_form_class = SuggestionFilter
    sorts = (
        Sort("wartet", gettext_lazy("Wartet seit"), "-request__is_urgent", "request__received_on"),
        Sort(
            "name",
            gettext_lazy("Wer braucht Hilfe"),
            "request__help_seeker__person__family_name",
            "request__help_seeker__person__given_name",
        ),
        Sort("passung", gettext_lazy("Wer könnte helfen"), "-score"),
    )
    default_sort = "wartet"
    page_size = ROWS_ON_A_PAGE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state != RunState.DONE:
            self.template_name = "web/tandem/city_run_not_done.html"
            return self.render_to_response(progress_of(self.run, self))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Suggestion]:
        return seen_suggestions(self).filter(run=self.run)

    def filter_rows(self, rows: QuerySet[Suggestion], wanted: dict[str, Any]) -> QuerySet[Suggestion]:
        state = wanted.get("state")
        if not state:
            rows = rows & Suggestion.objects.waiting()
        elif state != "all":
            rows = rows.filter(state=state)
        return rows.filter(asked_for(wanted, request="request__"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        listing: Listing[Suggestion] = context["listing"]
        return context | self.about_run() | {"rows": rows_of(listing.rows, self), "back_to": listing.query}


class TakeForm(forms.Form):
    """Under which model and from when; what needs no choice is left out."""

    compensation_model = forms.ModelChoiceField(
        label=gettext_lazy("Finanzielles Modell"),
        queryset=CompensationModel.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie ein finanzielles Modell.")},
    )
    starts_on = DayField(label=gettext_lazy("Beginnt am"))


class OneSuggestion:
    """What taking over and setting aside have in common: the row in its place, or the whole page."""

    def find_object(self) -> None:
        view: Any = self
        view.object = get_object_or_404(seen_suggestions(view), pk=view.kwargs["pk"])

    @property
    def in_its_place(self) -> bool:
        """Whether only the row is exchanged."""
        view: Any = self
        return bool(view.request.htmx)

    def get_back_url(self) -> str:
        """The list as it was left."""
        view: Any = self
        listed = reverse("tandem:city_run", kwargs={"pk": view.object.run_id})
        query = QueryDict(view.request.POST.get("back_to", "") or view.request.GET.urlencode())
        return f"{listed}?{query.urlencode()}" if query else listed

    def row_shown(self, errors: Sequence[str] = (), *, status: int = 200) -> HttpResponse:
        """The row alone, as it stands now."""
        view: Any = self
        find = seen_suggestions(view).get(pk=view.object.pk)
        view.template_name = "web/tandem/_suggestion.html"
        (row,) = rows_of([find], view)
        context = {"row": row, "errors": errors, "is_alone": True}
        answer: HttpResponse = view.render_to_response(context, status=status)
        return answer


class TakeSuggestion(OneSuggestion, ActionView[TakeForm]):
    """One suggestion by itself, with everything there is to know; the button proposes the two."""

    kinds = {Kind.TANDEM}
    form_class = TakeForm
    template_name = "web/tandem/suggestion.html"
    submit_label = gettext_lazy("Übernehmen")
    success_message = gettext_lazy("Der Vorschlag ist angelegt. Jetzt fragen Sie beide Seiten.")

    def find_object(self) -> None:
        super().find_object()
        (self.row,) = rows_of([self.object], self)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.find_object()
        return self.row_shown() if self.in_its_place else self.show(self.get_form())

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": max(self.object.request.starts_on or self.today, self.today)}

    def get_form(self) -> TakeForm:
        form = super().get_form()
        if len(self.row.models) > 1:
            field: Any = form.fields["compensation_model"]
            possible = [model.pk for model in self.row.models]
            field.queryset = CompensationModel.objects.filter(pk__in=possible).order_by("name")
        else:
            del form.fields["compensation_model"]
        if "back_to" in self.request.POST:
            # From the list with one press: as the request wishes it.
            del form.fields["starts_on"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {"helper": self.row.shown.name, "seeker": self.row.person.full_name}
        return super().get_context_data(title=_("%(helper)s für %(seeker)s") % names, row=self.row, **kwargs)

    def act(self, form: TakeForm) -> Match:
        return take_suggestion(
            suggestion_id=self.object.pk,
            compensation_model=form.cleaned_data.get("compensation_model"),
            starts_on=form.cleaned_data.get("starts_on"),
            by=self.user,
            at=self.now,
        )

    def show(self, form: TakeForm, *, status: int = 200) -> HttpResponse:
        if not self.in_its_place:
            return super().show(form, status=status)
        if set(form.errors) - {NON_FIELD_ERRORS}:
            # Something has to be chosen first, and for that there is the whole page.
            answer = HttpResponse()
            answer["HX-Redirect"] = self.request.path
            return answer
        return self.row_shown([str(error) for error in form.non_field_errors()], status=status)

    def get_success_url(self) -> str:
        if self.in_its_place:
            return self.request.path
        if "back_to" in self.request.POST:
            return self.get_back_url()
        return reverse("tandem:match", kwargs={"pk": self.result.pk})

    def get_success_message(self) -> str:
        return "" if self.in_its_place else super().get_success_message()


class DismissSuggestion(OneSuggestion, ActionView[ConfirmForm]):
    """Set a suggestion aside; the request goes on waiting."""

    kinds = {Kind.TANDEM}
    title = gettext_lazy("Vorschlag zurücklegen")
    intro = gettext_lazy("Die Anfrage wartet weiter. Der nächste Lauf darf dieselben beiden wieder nennen.")
    submit_label = gettext_lazy("Zurücklegen")
    success_message = gettext_lazy("Der Vorschlag ist zurückgelegt. Die Anfrage wartet weiter.")

    def act(self, form: ConfirmForm) -> Suggestion:
        return dismiss_suggestion(suggestion_id=self.object.pk, by=self.user, at=self.now)

    def show(self, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
        if not self.in_its_place:
            return super().show(form, status=status)
        return self.row_shown([str(error) for error in form.non_field_errors()], status=status)

    def get_success_url(self) -> str:
        if self.in_its_place:
            return reverse("tandem:suggestion", kwargs={"pk": self.object.pk})
        return self.get_back_url()

    def get_success_message(self) -> str:
        return "" if self.in_its_place else super().get_success_message()

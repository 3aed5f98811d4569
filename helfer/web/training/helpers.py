"""Helpers of the whole city and their proofs; never whom they help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Training
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.people.models import Kind, Office, User
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.naming import is_called
from helfer.web.standing import missing_trainings, standing_of

KINDS = {Kind.TRAINING}
LAPSES_WITHIN_DAYS = 60


def helpers_for(viewer: User) -> QuerySet[HelperProfile]:
    """The helpers whom the training team looks after."""
    return HelperProfile.objects.visible_to(viewer).select_related("person", "office")


def satisfying_by_training() -> dict[int, set[int]]:
    """For each training the ids of those that satisfy it: itself, and whatever includes it."""
    included_in: dict[int, set[int]] = {}
    for outer, inner in Training.includes.through.objects.values_list("from_training_id", "to_training_id"):
        included_in.setdefault(inner, set()).add(outer)
    found: dict[int, set[int]] = {}
    for pk in Training.objects.values_list("pk", flat=True):
        reached, open_ends = {pk}, [pk]
        while open_ends:
            for outer in included_in.get(open_ends.pop(), set()) - reached:
                reached.add(outer)
                open_ends.append(outer)
        found[pk] = reached
    return found


def lacking(day: date, *, training: Training | None = None) -> Q:
    """Whose roles ask for a training that does not count on that day."""
    lacks = Q(pk__in=[])
    needed = Training.objects.filter(required_by__isnull=False).distinct()
    satisfying = satisfying_by_training()
    for each in [training] if training else needed:
        proof = Certificate.objects.counting_on(day).filter(
            helper=OuterRef("pk"), training__in=satisfying[each.pk]
        )
        asks = HelperProfile.objects.filter(pk=OuterRef("pk"), roles__required_trainings=each)
        lacks |= Q(Exists(asks)) & ~Q(Exists(proof))
    return lacks


class HelperFilter(forms.Form):
    """Whose proofs."""

    text = forms.CharField(label=_("Name oder Nummer"), required=False, max_length=80)
    proofs = forms.ChoiceField(
        label=_("Nachweise"),
        required=False,
        choices=[
            ("", _("alle")),
            ("unverified", _("zu prüfen")),
            ("lapsing", _("laufen in 60 Tagen ab")),
            ("lapsed", _("abgelaufen")),
            ("missing", _("fehlen")),
        ],
    )
    training = forms.ModelChoiceField(
        label=_("Schulung"), required=False, queryset=Training.objects.order_by("name"), empty_label="–"
    )
    office = forms.ModelChoiceField(
        label=_("Seniorenbüro"), required=False, queryset=Office.objects.order_by("name"), empty_label="–"
    )


class HelperList(ListPage[HelperProfile]):
    """Who has which proofs, and who lacks one."""

    kinds = KINDS
    template_name = "web/training/helper_list.html"
    filter_form_class = HelperFilter
    sorts = (
        Sort("name", _("Name"), "person__family_name", "person__given_name"),
        Sort("buero", _("Seniorenbüro"), "office__name"),
        Sort("seit", _("Dabei seit"), "helper_since"),
    )
    default_sort = "name"

    def get_queryset(self) -> QuerySet[HelperProfile]:
        return (
            helpers_for(self.user)
            .exclude(state__in=[HelperState.LEFT, HelperState.REJECTED])
            .prefetch_related("certificates__training")
        )

    def filter_rows(self, rows: QuerySet[HelperProfile], wanted: dict[str, Any]) -> QuerySet[HelperProfile]:
        training, kind = wanted.get("training"), wanted.get("proofs")
        if wanted.get("office"):
            rows = rows.filter(office=wanted["office"])
        if kind == "missing":
            rows = rows.filter(lacking(self.today, training=training))
        elif kind or training:
            rows = rows.filter(Exists(self._proofs(kind, training)))
        for word in (wanted.get("text") or "").split():
            rows = rows.filter(is_called(word, "person__") | Q(number__iexact=word))
        return rows

    def _proofs(self, kind: str | None, training: Training | None) -> QuerySet[Certificate]:
        proofs = Certificate.objects.filter(helper=OuterRef("pk"))
        if training:
            proofs = proofs.filter(training=training)
        if kind == "unverified":
            return proofs.filter(verified_at=None)
        newer = Certificate.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
            helper=OuterRef("helper"),
            training=OuterRef("training"),
        )
        if kind == "lapsed":
            return proofs.filter(valid_until__lt=self.today).exclude(Exists(newer))
        if kind == "lapsing":
            until = self.today + timedelta(days=LAPSES_WITHIN_DAYS)
            return proofs.filter(valid_until__range=(self.today, until)).exclude(Exists(newer))
        return proofs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [
            {
                "helper": helper,
                "proofs": [
                    {"proof": proof, **standing_of(proof, self.today)}
                    for proof in sorted(
                        helper.certificates.all(), key=lambda proof: (proof.training.name, proof.issued_on)
                    )
                ],
            }
            for helper in context["listing"].rows
        ]
        return context


class HelperPage(KindRequired, TemplateResponseMixin):
    """One helper's proofs, and how to reach them."""

    kinds = KINDS
    template_name = "web/training/helper.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        helper = get_object_or_404(helpers_for(self.user), pk=pk)
        proofs = helper.certificates.select_related(
            "training", "verified_by__person", "seen_by__person"
        ).order_by("training__name", "-issued_on")
        context = {
            "object": helper,
            "person": helper.person,
            "roles": helper.roles.order_by("name"),
            "proofs": [{"proof": proof, **standing_of(proof, self.today)} for proof in proofs],
            "missing": missing_trainings(helper, self.today),
        }
        return self.render_to_response(context)


class ProofFile(KindRequired):
    """The file of a proof, to look at before it is verified."""

    kinds = KINDS

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        proof = get_object_or_404(Certificate.objects.visible_to(self.user), pk=pk)
        if not proof.file.name or not proof.file.storage.exists(proof.file.name):
            raise Http404
        # Never shown inside the site: whatever it holds, it opens on its own.
        return FileResponse(proof.file.open("rb"), as_attachment=True)

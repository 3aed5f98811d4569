"""Who speaks for a help seeker; power only by a paper that staff saw."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from helfer.people import actions
from helfer.people.models import (
    Kind,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
)
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.person_forms import KnownPersonFields
from helfer.web.tandem.persons import own_seekers


class RepresentativeForm(KnownPersonFields):
    """Who, and what they are to the person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Als was?"),
        choices=RepresentativeKind.choices,
        widget=forms.RadioSelect,
        initial=RepresentativeKind.RELATIVE,
    )
    relation = forms.CharField(
        label=gettext_lazy("Verhältnis"),
        help_text=gettext_lazy("zum Beispiel Tochter"),
        max_length=80,
        required=False,
    )


class AddRepresentative(ActionView[RepresentativeForm]):
    """Note somebody who speaks for a help seeker."""

    kinds = {Kind.TANDEM}
    form_class = RepresentativeForm
    title = gettext_lazy("Angehörige oder Vertretung eintragen")
    intro = gettext_lazy("Damit darf noch niemand etwas entscheiden. Vollmachten tragen Sie danach ein.")
    success_message = gettext_lazy("Die Person ist eingetragen.")

    def get_queryset(self) -> QuerySet[Any]:
        return own_seekers(self)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.user}

    def get_about(self) -> str:
        return str(self.object.person.full_name)

    def get_success_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.object.person_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def act(self, form: RepresentativeForm) -> Representative:
        return actions.add_representative(
            help_seeker_id=self.object.pk,
            person=form.known_person or form.details,
            corrections=form.corrections,
            kind=RepresentativeKind(form.cleaned_data["kind"]),
            relation=form.cleaned_data["relation"],
            by=self.user,
            at=self.now,
        )


class OwnRepresentativeView(ActionView[FormT]):
    """An action on a representative of the own office's help seeker."""

    kinds = {Kind.TANDEM}

    def get_queryset(self) -> QuerySet[Any]:
        return Representative.objects.filter(help_seeker__in=own_seekers(self).values("pk")).select_related(
            "person", "help_seeker__person"
        )

    def get_about(self) -> str:
        return f"{self.object.person.full_name} – {self.object.help_seeker.person.full_name}"

    def get_success_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.object.help_seeker.person_id})

    def get_back_url(self) -> str:
        return self.get_success_url()


class PaperForm(forms.Form):
    """What the paper says that staff saw; no copy is kept."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Was haben Sie gesehen?"),
        choices=[
            (RepresentativeKind.PROXY, gettext_lazy("Vorsorgevollmacht")),
            (RepresentativeKind.GUARDIAN, gettext_lazy("Bestellung zur rechtlichen Betreuung")),
        ],
        widget=forms.RadioSelect,
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Wofür gilt es?"), choices=RepresentativeArea.choices, widget=forms.RadioSelect
    )
    may_consent = forms.BooleanField(label=gettext_lazy("darf einwilligen"), required=False)
    may_sign = forms.BooleanField(label=gettext_lazy("darf unterschreiben"), required=False)
    seen_on = DayField(label=gettext_lazy("Gesehen am"))
    until_day = DayField(label=gettext_lazy("Gültig bis einschließlich"), required=False)


class NotePaper(OwnRepresentativeView[PaperForm]):
    """Staff saw the paper."""

    form_class = PaperForm
    title = gettext_lazy("Vollmacht oder Bestellung gesehen")
    intro = gettext_lazy("Bitte keine Kopie aufbewahren.")
    success_message = gettext_lazy("Die Vollmacht ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen_on": self.today, "area": RepresentativeArea.ALL, "may_consent": True}

    def act(self, form: PaperForm) -> Representative:
        wanted = form.cleaned_data
        return actions.note_paper_seen(
            representative_id=self.object.pk,
            kind=RepresentativeKind(wanted["kind"]),
            area=RepresentativeArea(wanted["area"]),
            may_consent=wanted["may_consent"],
            may_sign=wanted["may_sign"],
            seen_on=wanted["seen_on"],
            until_day=wanted["until_day"],
            by=self.user,
            at=self.now,
        )


class ChoicesForm(forms.Form):
    """What the help seeker wants."""

    may_be_told = forms.BooleanField(label=gettext_lazy("darf informiert werden"), required=False)
    is_emergency_contact = forms.BooleanField(label=gettext_lazy("im Notfall anrufen"), required=False)


class PersonsChoices(OwnRepresentativeView[ChoicesForm]):
    """Whom to tell and whom to call: the help seeker's own choice."""

    form_class = ChoicesForm
    title = gettext_lazy("Was die Person selbst bestimmt")
    success_message = gettext_lazy("Die Wahl ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("may_be_told", "is_emergency_contact")}

    def act(self, form: ChoicesForm) -> Representative:
        return actions.set_persons_choices(
            representative_id=self.object.pk,
            may_be_told=form.cleaned_data["may_be_told"],
            is_emergency_contact=form.cleaned_data["is_emergency_contact"],
            by=self.user,
            at=self.now,
        )


class Remove(OwnRepresentativeView[forms.Form]):
    """Somebody no longer speaks for the person."""

    title = gettext_lazy("Vertretung entfernen")
    submit_label = gettext_lazy("Entfernen")
    success_message = gettext_lazy("Die Vertretung ist entfernt.")
    danger = True

    def get_success_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.object.help_seeker.person_id})

    def act(self, form: forms.Form) -> None:
        actions.remove_representative(representative_id=self.object.pk, by=self.user, at=self.now)

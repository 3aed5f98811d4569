"""A person of the own office: details, address, who speaks for them, and what happens to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.matching import actions as matching_actions
from helfer.people import actions
from helfer.people.models import CareLevel, ConsentKind, HelpSeeker, Kind, Office, Person, Tie
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.kinds import KindRequired
from helfer.web.person_forms import AddressFields, PersonFields

# Of the health of somebody whom another office helps nothing is told.
OF_HELP_SEEKERS = (
    ConsentKind.KEEP_HEALTH_DATA,
    ConsentKind.TELL_HELPER,
    ConsentKind.RELIEF_DATA_RECONCILIATION,
)


def own_people(view: KindRequired) -> QuerySet[Person]:
    """The persons of the own office; oneself is not among them."""
    return (
        Person.objects.of_own_offices(view.user)
        .exclude(user=view.user)
        .select_related("district", "quarter", "help_seeker", "helper_profile", "death_reported_by__person")
    )


def own_seekers(view: KindRequired) -> QuerySet[HelpSeeker]:
    """The help seekers of the own office; oneself is not among them."""
    own = HelpSeeker.objects.filter(office__in=Office.objects.of_tandem(view.user))
    return own.exclude(person__user=view.user).select_related("person")


def ties_of(person: Person) -> list[dict[str, Any]]:
    """What this person is to others, each with the other one."""
    ties = Tie.objects.filter(Q(person_a=person) | Q(person_b=person)).select_related("person_a", "person_b")
    return [
        {"tie": tie, "other": tie.person_b if tie.person_a_id == person.pk else tie.person_a} for tie in ties
    ]


def _kept_by(offices: set[int], part: Any) -> Any:
    """The person's part (help seeker, helper) where one of these offices keeps it, or where none does."""
    return part if part is None or part.office_id is None or part.office_id in offices else None


class PersonPage(KindRequired, TemplateResponseMixin):
    """Everything about a human being that is not a request, a profile or a match."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(own_people(self), pk=pk)
        # Somebody who helps here may be helped by another office: that is that office's matter.
        offices = set(Office.objects.of_tandem(self.user).values_list("pk", flat=True))
        seeker = _kept_by(offices, getattr(person, "help_seeker", None))
        consents = person.consents.select_related("representative__person").order_by("-given_at", "-pk")
        context = {
            "person": person,
            "seeker": seeker,
            "helper": _kept_by(offices, getattr(person, "helper_profile", None)),
            "representatives": seeker.representatives.select_related("person", "seen_by__person").order_by(
                "pk"
            )
            if seeker
            else [],
            "ties": ties_of(person),
            "consents": consents if seeker else consents.exclude(kind__in=OF_HELP_SEEKERS),
            "requests": seeker.requests.filter(office__in=offices)
            .select_related("role")
            .order_by("-received_on", "-pk")
            if seeker
            else [],
            "can_confirm_death": person.died_on is not None
            and person.death_confirmed_by_id is None
            and person.death_reported_by_id != self.user.pk,
        }
        return self.render_to_response(context)


class OwnPersonView(ActionView[FormT]):
    """An action on a person of the own office; it leads back to the person."""

    kinds = {Kind.TANDEM}
    success_url_name = "tandem:person"

    def get_queryset(self) -> QuerySet[Any]:
        return own_people(self)

    def get_about(self) -> str:
        return str(self.object.full_name)

    def get_back_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.kwargs["pk"]})


class EditPerson(OwnPersonView[PersonFields]):
    """Correct name, phones and the rest."""

    form_class = PersonFields
    title = gettext_lazy("Angaben zur Person ändern")
    success_message = gettext_lazy("Die Angaben sind geändert.")

    def get_initial(self) -> dict[str, Any]:
        return PersonFields.details_of(self.object)

    def act(self, form: PersonFields) -> Person:
        return actions.update_person(
            person_id=self.object.pk,
            details=replace(form.details, language=self.object.language),
            by=self.user,
            at=self.now,
        )


class ChangeAddress(OwnPersonView[AddressFields]):
    """Where somebody lives now; an address that is only alike is offered, never taken."""

    form_class = AddressFields
    title = gettext_lazy("Adresse ändern oder bestätigen")
    success_message = gettext_lazy("Die Adresse ist gespeichert.")

    def get_initial(self) -> dict[str, Any]:
        return AddressFields.address_of(self.object)

    def act(self, form: AddressFields) -> Person:
        return actions.change_address(
            person_id=self.object.pk, address=form.chosen_address, by=self.user, at=self.now
        )


class CareForm(forms.Form):
    """Care level, home, and a note that stays in the office."""

    care_level = forms.ChoiceField(label=gettext_lazy("Pflegegrad"), choices=CareLevel.choices)
    lives_at_home = forms.BooleanField(label=gettext_lazy("lebt zu Hause"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Interner Vermerk"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EditCare(ActionView[CareForm]):
    """What concerns the help seeker's care."""

    kinds = {Kind.TANDEM}
    form_class = CareForm
    title = gettext_lazy("Pflege und Vermerk ändern")
    success_message = gettext_lazy("Die Angaben sind geändert.")

    def get_queryset(self) -> QuerySet[Any]:
        return own_seekers(self)

    def get_about(self) -> str:
        return str(self.object.person.full_name)

    def get_success_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.object.person_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("care_level", "lives_at_home", "remark")}

    def act(self, form: CareForm) -> HelpSeeker:
        return actions.update_help_seeker(
            help_seeker_id=self.object.pk,
            care_level=CareLevel(form.cleaned_data["care_level"]),
            lives_at_home=form.cleaned_data["lives_at_home"],
            remark=form.cleaned_data["remark"],
            by=self.user,
            at=self.now,
        )


class DeathForm(forms.Form):
    """When somebody died."""

    died_on = DayField(label=gettext_lazy("Verstorben am"))


class ReportDeath(OwnPersonView[DeathForm]):
    """Mail stops at once, matches rest; a second person confirms the rest."""

    form_class = DeathForm
    title = gettext_lazy("Todesfall melden")
    intro = gettext_lazy(
        "Post und Nachrichten hören sofort auf, Vermittlungen pausieren. "
        "Alles Weitere bestätigt eine zweite Person."
    )
    submit_label = gettext_lazy("Todesfall melden")
    success_message = gettext_lazy("Der Todesfall ist gemeldet.")
    danger = True

    def get_initial(self) -> dict[str, Any]:
        return {"died_on": self.today}

    def act(self, form: DeathForm) -> Person:
        return matching_actions.report_death(
            person_id=self.object.pk, died_on=form.cleaned_data["died_on"], by=self.user, at=self.now
        )


class ConfirmDeath(OwnPersonView[forms.Form]):
    """The second person confirms."""

    title = gettext_lazy("Todesfall bestätigen")
    intro = gettext_lazy("Vermittlungen und Anfragen werden beendet. Das lässt sich nicht zurücknehmen.")
    submit_label = gettext_lazy("Bestätigen")
    success_message = gettext_lazy("Der Todesfall ist bestätigt.")
    danger = True

    def act(self, form: forms.Form) -> Person:
        return matching_actions.confirm_death(person_id=self.object.pk, by=self.user, at=self.now)


class UndoDeath(OwnPersonView[forms.Form]):
    """It was a mistake."""

    title = gettext_lazy("Es war ein Irrtum")
    intro = gettext_lazy(
        "Die Meldung wird zurückgenommen. Pausierte Vermittlungen setzen Sie danach einzeln fort."
    )
    submit_label = gettext_lazy("Meldung zurücknehmen")
    success_message = gettext_lazy("Die Meldung ist zurückgenommen.")

    def act(self, form: forms.Form) -> Person:
        return matching_actions.undo_death(person_id=self.object.pk, by=self.user, at=self.now)


class MoveForm(forms.Form):
    """When somebody moved away."""

    moved_on = DayField(label=gettext_lazy("Verzogen am"))


class MovedAway(OwnPersonView[MoveForm]):
    """Somebody moved to another town; they neither seek nor help here any more."""

    form_class = MoveForm
    title = gettext_lazy("Aus der Stadt weggezogen")
    intro = gettext_lazy(
        "Laufende Vermittlungen enden, wartende Anfragen werden abgeschlossen, und wer geholfen hat, wird "
        "nicht mehr vorgeschlagen. Bei einem Umzug innerhalb der Stadt ändern Sie nur die Adresse."
    )
    submit_label = gettext_lazy("Wegzug eintragen")
    success_message = gettext_lazy("Der Wegzug ist eingetragen.")
    danger = True

    def get_initial(self) -> dict[str, Any]:
        return {"moved_on": self.today}

    def act(self, form: MoveForm) -> Person:
        return matching_actions.person_moves(
            person_id=self.object.pk,
            moved_on=form.cleaned_data["moved_on"],
            address=None,
            by=self.user,
            at=self.now,
        )

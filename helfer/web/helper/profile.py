"""Mein Profil: what I offer, how I am reached, and the way out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.core.languages import LANGUAGE_NAMES, language_name
from helfer.helpers import actions
from helfer.helpers.models import HelperProfile, HelperState
from helfer.matching import actions as matching_actions
from helfer.matching.lifecycle import MatchState
from helfer.people import actions as people_actions
from helfer.people.models import Person
from helfer.web.helper.own_profile import KINDS, OwnProfileView, profile_of
from helfer.web.helper_forms import OfferFields
from helfer.web.kinds import KindRequired
from helfer.web.own_matches import matches_as_helper
from helfer.web.person_forms import phone_field
from helfer.web.standing import missing_trainings

STATES = {
    HelperState.REGISTERED: (
        "info",
        _("Sie sind angemeldet"),
        _("Das Seniorenbüro spricht bald mit Ihnen. Danach kann es losgehen."),
    ),
    HelperState.INTERVIEWED: (
        "info",
        _("Das Gespräch war schon"),
        _("Das Seniorenbüro schaltet Sie bald frei."),
    ),
    HelperState.ACTIVE: (
        "success",
        _("Sie sind dabei"),
        _("Wenn jemand in Ihrer Nähe Hilfe sucht, fragen wir Sie."),
    ),
    HelperState.LEFT: (
        "info",
        _("Sie haben aufgehört"),
        _("Danke für Ihre Hilfe! Wir fragen Sie nicht mehr an."),
    ),
    HelperState.REJECTED: (
        "info",
        _("Zurzeit geht es nicht"),
        _("Das Seniorenbüro konnte Sie nicht aufnehmen. Fragen? Rufen Sie gern dort an."),
    ),
}


class Profile(KindRequired, TemplateResponseMixin):
    """One's own profile, in plain words."""

    kinds = KINDS
    template_name = "web/helper/profile.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        helper = profile_of(self.user)
        if helper is None:
            return self.render_to_response({"helper": None})
        tone, standing, standing_text = STATES[HelperState(helper.state)]
        mine = matches_as_helper(self.user)
        context = {
            "helper": helper,
            "person": helper.person,
            "tone": tone,
            "standing": standing,
            "standing_text": standing_text,
            "roles": helper.roles.order_by("name"),
            "models": helper.compensation_models.order_by("name"),
            "languages": [language_name(code) for code in helper.languages],
            "kilometres": helper.radius_m / 1000,
            "missing": missing_trainings(helper, self.today),
            "resting": helper.pauses.filter(from_day__lte=self.today)
            .exclude(until_day__lte=self.today)
            .first(),
            "asked": mine.filter(
                state__in=[MatchState.PROPOSED, MatchState.ACCEPTED], helper_consent=None
            ).count(),
            "running": mine.running().count(),
        }
        return self.render_to_response(context)


class OwnOfferForm(OfferFields):
    """The offer, asked of the helper themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].label = _("Wobei möchten Sie helfen?")
        self.fields["times"].label = _("Wann haben Sie Zeit?")
        self.fields["radius_m"].label = _("Wie weit darf es von Ihnen entfernt sein (Meter)?")
        self.fields["radius_m"].help_text = _("1000 Meter sind ungefähr eine Viertelstunde zu Fuß.")
        self.fields["max_people"].label = _("Wie vielen Menschen möchten Sie höchstens helfen?")
        self.fields["languages"].label = _("Welche Sprachen sprechen Sie?")
        self.fields["compensation_models"].label = _("Wie möchten Sie helfen?")
        self.fields["no_pets"].label = _("Ich möchte lieber nicht in eine Wohnung mit Haustieren")
        self.fields["no_smokers"].label = _("Ich möchte lieber nicht in eine Wohnung, in der geraucht wird")
        languages: Any = self.fields["languages"]
        languages.choices = list(LANGUAGE_NAMES.items())


class EditOffer(OwnProfileView[OwnOfferForm]):
    """Change what one offers."""

    form_class = OwnOfferForm
    title = _("Mein Angebot ändern")
    success_message = _("Ihr Angebot ist geändert.")

    def get_initial(self) -> dict[str, Any]:
        return OfferFields.offered_by(self.object)

    def act(self, form: OwnOfferForm) -> HelperProfile:
        return actions.update_profile(helper_id=self.object.pk, details=form.offer, by=self.user, at=self.now)


class ContactForm(forms.Form):
    """How one is reached; name and address are changed by the office."""

    phone = phone_field(_("Telefon"))
    mobile = phone_field(_("Mobiltelefon"))
    email = forms.EmailField(
        label=_("E-Mail"),
        required=False,
        error_messages={"invalid": _("Diese E-Mail-Adresse ist nicht vollständig.")},
    )


class EditContact(OwnProfileView[ContactForm]):
    """Change one's own telephone and e-mail."""

    form_class = ContactForm
    title = _("Telefon und E-Mail ändern")
    intro = _("Wenn Sie umziehen oder anders heißen, rufen Sie bitte Ihr Seniorenbüro an.")
    success_message = _("Ihre Angaben sind geändert.")

    def get_initial(self) -> dict[str, Any]:
        person: Person = self.object.person
        return {name: getattr(person, name) for name in ("phone", "mobile", "email")}

    def act(self, form: ContactForm) -> Person:
        person: Person = self.object.person
        details = people_actions.PersonDetails(
            family_name=person.family_name,
            given_name=person.given_name,
            birth_year=person.birth_year,
            gender=person.gender,
            language=person.language,
            phone=str(form.cleaned_data["phone"] or ""),
            mobile=str(form.cleaned_data["mobile"] or ""),
            email=form.cleaned_data["email"],
        )
        return people_actions.update_person(person_id=person.pk, details=details, by=self.user, at=self.now)


class Leave(OwnProfileView[forms.Form]):
    """Stop helping altogether."""

    template_name = "web/helper/leave.html"
    title = _("Ich möchte nicht mehr helfen")
    submit_label = _("Ja, ich höre auf")
    back_label = _("Nein, zurück zu meinem Profil")
    success_message = _("Sie haben aufgehört. Danke für alles, was Sie getan haben!")
    danger = True

    def act(self, form: forms.Form) -> HelperProfile:
        return matching_actions.helper_leaves(helper_id=self.object.pk, by=self.user, at=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        running: QuerySet[Any] = matches_as_helper(self.user).running()
        return super().get_context_data(running=running.count(), **kwargs)


class Return(OwnProfileView[forms.Form]):
    """Whoever left wants to help again."""

    title = _("Ich möchte wieder helfen")
    intro = _("Schön! Das Seniorenbüro spricht noch einmal mit Ihnen, dann kann es losgehen.")
    submit_label = _("Ja, ich möchte wieder helfen")
    success_message = _("Sie sind wieder angemeldet.")

    def act(self, form: forms.Form) -> HelperProfile:
        return actions.register_again(helper_id=self.object.pk, by=self.user, at=self.now)

"""Yes, no, going on, pausing and stopping: each one button on a page of its own."""

from __future__ import annotations

from typing import Any, Generic

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helfer.matching import actions
from helfer.matching.models import Match, Party, PauseReason, PauseSide
from helfer.people.models import Channel
from helfer.web.action_view import FormT
from helfer.web.fields import DayField
from helfer.web.helper.own_profile import KINDS
from helfer.web.own_matches import OwnSideView, matches_as_helper


class OwnMatchView(OwnSideView[FormT], Generic[FormT]):
    """The helper acts on a match of their own."""

    kinds = KINDS
    party = Party.HELPER
    match_url_name = "helper:match"

    def get_queryset(self) -> QuerySet[Any]:
        return matches_as_helper(self.user)


class SayYes(OwnMatchView[forms.Form]):
    """The helper would like to."""

    title = _("Ja, ich möchte helfen")
    submit_label = _("Ja, ich möchte helfen")
    success_message = _("Danke für Ihr Ja!")

    def act(self, form: forms.Form) -> Match:
        return actions.record_consent(
            match_id=self.match.pk, party=Party.HELPER, channel=Channel.ONLINE, by=self.user, at=self.now
        )


class SayNo(OwnMatchView[forms.Form]):
    """The helper would rather not; nobody has to give a reason."""

    title = _("Nein, das passt mir nicht")
    intro = _("Das ist in Ordnung. Sie müssen nichts erklären, und wir fragen Sie gern ein anderes Mal.")
    submit_label = _("Nein, das passt mir nicht")
    success_message = _("Danke für Ihre Antwort. Wir suchen jemand anderen.")
    danger = True

    def act(self, form: forms.Form) -> Match:
        return actions.decline_match(match_id=self.match.pk, party=Party.HELPER, by=self.user, at=self.now)


class ConfirmTrial(OwnMatchView[forms.Form]):
    """After the trial it shall go on."""

    title = _("Ja, es soll weitergehen")
    submit_label = _("Ja, es soll weitergehen")
    success_message = _("Schön! Das ist eingetragen.")

    def act(self, form: forms.Form) -> Match:
        return actions.confirm_trial(match_id=self.match.pk, party=Party.HELPER, by=self.user, at=self.now)


class PauseMatchForm(forms.Form):
    """Why, and until about when."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        choices=[
            (reason.value, reason.label)
            for reason in (PauseReason.HOLIDAY, PauseReason.ILLNESS, PauseReason.HOSPITAL, PauseReason.WISH)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie einen Grund.")},
    )
    expected_back_on = DayField(
        label=_("Wann sind Sie wieder da?"),
        required=False,
        help_text=_("Sie wissen es noch nicht? Dann lassen Sie das Feld leer."),
    )


class PauseMatch(OwnMatchView[PauseMatchForm]):
    """The helper pauses in this match."""

    form_class = PauseMatchForm
    title = _("Ich möchte pausieren")
    intro = _("Die Hilfe ruht ab sofort. Das Seniorenbüro kümmert sich um alles Weitere.")
    submit_label = _("Jetzt pausieren")
    success_message = _("Ihre Pause ist eingetragen.")

    def act(self, form: PauseMatchForm) -> Match:
        return actions.pause_match(
            match_id=self.match.pk,
            side=PauseSide.HELPER,
            reason=PauseReason(form.cleaned_data["reason"]),
            expected_back_on=form.cleaned_data["expected_back_on"],
            by=self.user,
            at=self.now,
        )


class StopMatch(OwnMatchView[forms.Form]):
    """The helper takes the yes back: nobody waits, nobody has to explain."""

    title = _("Ich möchte aufhören")
    intro = _(
        "Ihre Hilfe für diese Person endet damit sofort. Das Seniorenbüro sagt ihr Bescheid und sucht "
        "jemand anderen. Möchten Sie vorher darüber sprechen? Rufen Sie gern an."
    )
    submit_label = _("Ja, ich höre hier auf")
    back_label = _("Nein, zurück")
    success_message = _("Das ist eingetragen. Danke für Ihre Hilfe!")
    danger = True

    def get_queryset(self) -> QuerySet[Any]:
        # Before it runs, "Nein" is the answer.
        return matches_as_helper(self.user).running()

    def act(self, form: forms.Form) -> Match:
        return actions.withdraw_match_consent(
            match_id=self.match.pk, party=Party.HELPER, by=self.user, at=self.now
        )

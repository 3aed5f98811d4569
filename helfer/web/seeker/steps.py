"""Yes, no and going on: each one button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from helfer.matching import actions
from helfer.matching.models import Match, Party
from helfer.people.models import Channel
from helfer.web.own_matches import OwnSideView, matches_as_seeker
from helfer.web.seeker.pages import KINDS, speaker_for


class _OwnMatch(OwnSideView[forms.Form]):
    kinds = KINDS
    party = Party.SEEKER
    match_url_name = "seeker:match"

    def get_queryset(self) -> QuerySet[Any]:
        return matches_as_seeker(self.user)


class SayYes(_OwnMatch):
    """The help seeker, or whoever may speak for them, agrees."""

    title = _("Ja, das möchte ich")
    submit_label = _("Ja, das möchte ich")
    success_message = _("Danke für Ihr Ja!")

    def act(self, form: forms.Form) -> Match:
        is_own = self.match.request.help_seeker.person_id == self.user.person_id
        return actions.record_consent(
            match_id=self.match.pk,
            party=Party.SEEKER,
            channel=Channel.ONLINE,
            representative=None if is_own else speaker_for(self.match, self.user, self.today),
            by=self.user,
            at=self.now,
        )


class SayNo(_OwnMatch):
    """The help seeker would rather not; nobody has to give a reason."""

    title = _("Nein, lieber nicht")
    intro = _("Das ist in Ordnung. Sie müssen nichts erklären, und wir suchen weiter.")
    submit_label = _("Nein, lieber nicht")
    success_message = _("Danke für Ihre Antwort. Wir suchen weiter.")
    danger = True

    def act(self, form: forms.Form) -> Match:
        return actions.decline_match(match_id=self.match.pk, party=Party.SEEKER, by=self.user, at=self.now)


class ConfirmTrial(_OwnMatch):
    """After the trial it shall go on."""

    title = _("Ja, es soll weitergehen")
    submit_label = _("Ja, es soll weitergehen")
    success_message = _("Schön! Das ist eingetragen.")

    def act(self, form: forms.Form) -> Match:
        return actions.confirm_trial(match_id=self.match.pk, party=Party.SEEKER, by=self.user, at=self.now)

"""A match as its two people see it: in plain words, with contact data only while it runs."""

from __future__ import annotations

from typing import Any, ClassVar, Generic

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, MatchQuerySet, Party
from helfer.people.models import Person, User
from helfer.web.action_view import ActionView, FormT

TONES = {
    MatchState.PROPOSED: "info",
    MatchState.ACCEPTED: "info",
    MatchState.APPROVED: "success",
    MatchState.TRIAL: "success",
    MatchState.ACTIVE: "success",
    MatchState.PAUSED: "warning",
}


def matches_as_helper(user: User) -> MatchQuerySet:
    """The matches in which this account's person helps."""
    return _read(Match.objects.visible_to(user).filter(helper__person__user=user))


def matches_as_seeker(user: User) -> MatchQuerySet:
    """The matches for this account's person, and for whom they speak and may be told about."""
    seeker = "request__help_seeker__"
    mine = Q(**{f"{seeker}person__user": user})
    told = Q(
        **{
            f"{seeker}representatives__person__user": user,
            f"{seeker}representatives__may_be_told": True,
        }
    )
    return _read(Match.objects.visible_to(user).filter(mine | told))


def _read(matches: MatchQuerySet) -> MatchQuerySet:
    return matches.select_related(
        "request__help_seeker__person__district",
        "helper__person__district",
        "helper_consent",
        "seeker_consent",
        "role",
        "compensation_model",
        "office",
    )


class Side:
    """A match seen from one of its two sides."""

    def __init__(self, match: Match, party: Party) -> None:
        self.match = match
        self.party = party
        seeker = match.request.help_seeker.person
        self.person: Person = match.helper.person if party == Party.HELPER else seeker
        self.other: Person = seeker if party == Party.HELPER else match.helper.person

    @property
    def other_name(self) -> str:
        """The other's full name while the match runs, before and after that the first name alone."""
        if self.match.is_running:
            return self.other.full_name
        return self.other.given_name or _("eine Nachbarin oder ein Nachbar")

    @property
    def role_name(self) -> str:
        """What it is about, in the reader's language."""
        return self.match.role.text("name")

    @property
    def has_said_yes(self) -> bool:
        """Whether this side's yes is there and was not taken back."""
        own = self.match.helper_consent if self.party == Party.HELPER else self.match.seeker_consent
        return own is not None and own.withdrawn_at is None

    @property
    def is_asked(self) -> bool:
        """Whether this side's answer is waited for."""
        return self.match.state in (MatchState.PROPOSED, MatchState.ACCEPTED) and not self.has_said_yes

    @property
    def has_confirmed_trial(self) -> bool:
        """Whether this side has said that it shall go on after the trial."""
        on = (
            self.match.trial_confirmed_by_helper_on
            if self.party == Party.HELPER
            else self.match.trial_confirmed_by_seeker_on
        )
        return on is not None

    @property
    def may_confirm_trial(self) -> bool:
        """Whether this side is asked if it shall go on."""
        return self.match.state == MatchState.TRIAL and not self.has_confirmed_trial

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return TONES.get(MatchState(self.match.state), "neutral")

    @property
    def state(self) -> str:
        """Where the match stands, in two words."""
        if self.is_asked:
            return _("wartet auf Ihre Antwort")
        return {
            MatchState.PROPOSED: _("wartet auf die andere Seite"),
            MatchState.ACCEPTED: _("wird geprüft"),
            MatchState.APPROVED: _("es geht bald los"),
            MatchState.TRIAL: _("Probezeit"),
            MatchState.ACTIVE: _("läuft"),
            MatchState.PAUSED: _("macht Pause"),
            MatchState.ENDED: _("beendet"),
        }.get(MatchState(self.match.state), _("nicht zustande gekommen"))

    @property
    def in_plain_words(self) -> str:
        """What happens now."""
        if self.is_asked:
            return _("Bitte sagen Sie uns, ob Sie das möchten.")
        state = MatchState(self.match.state)
        if state is MatchState.TRIAL and self.has_confirmed_trial:
            return _(
                "Sie haben gesagt, dass es weitergehen soll. Nun fehlt noch die Antwort der anderen Seite."
            )
        return {
            MatchState.PROPOSED: _("Danke für Ihr Ja! Jetzt fragen wir noch die andere Seite."),
            MatchState.ACCEPTED: _("Beide haben Ja gesagt. Jetzt prüft das Seniorenbüro alles noch einmal."),
            MatchState.APPROVED: _(
                "Alles ist geprüft. Das Seniorenbüro macht mit Ihnen das erste Treffen aus."
            ),
            MatchState.TRIAL: _("Sie lernen sich gerade kennen. Soll es danach weitergehen?"),
            MatchState.ACTIVE: _("Alles läuft."),
            MatchState.PAUSED: _("Zurzeit ist Pause. Das Seniorenbüro meldet sich, wenn es weitergeht."),
            MatchState.ENDED: _("Diese Hilfe ist zu Ende. Danke!"),
        }.get(state, _("Daraus ist nichts geworden. Das ist nicht schlimm, und niemand muss sich erklären."))


class OwnSideView(ActionView[FormT], Generic[FormT]):
    """One of the two people acts on their own match; it leads back to the match."""

    party: ClassVar[Party]
    match_url_name: ClassVar[str]

    @property
    def match(self) -> Match:
        """The match acted on."""
        found: Match = self.object
        return found

    @property
    def side(self) -> Side:
        """The match from where this person stands."""
        return Side(self.match, self.party)

    def get_success_url(self) -> str:
        return reverse(self.match_url_name, kwargs={"pk": self.kwargs["pk"]})

    def get_back_url(self) -> str:
        return reverse(self.match_url_name, kwargs={"pk": self.kwargs["pk"]})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(side=self.side, **kwargs)

"""The two who shall meet say yes or no."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.matching.actions.proposing import set_aside
from helfer.matching.lifecycle import BEFORE_APPROVAL, MatchState
from helfer.matching.locks import lock_match, lock_match_with_rivals
from helfer.matching.models import EndReason, Match, Party
from helfer.matching.notices import match_declined, signature_asked
from helfer.matching.permissions import can_act_for, must_be_free_to_consent, seat_in
from helfer.people.models import Channel, Consent, ConsentKind, Person, Representative, User

MATCH_CONSENT_TEXT = "match-1"


@transaction.atomic
def record_consent(
    *,
    match_id: int,
    party: Party,
    channel: Channel,
    by: User,
    at: datetime,
    given_at: datetime | None = None,
    representative: Representative | None = None,
) -> Match:
    """One side's yes to this match: given online by the person, or to staff in another channel.

    With both the match is accepted. A withdrawn yes is replaced. Saying yes twice changes nothing.
    Raises ``NotAllowed`` or ``Conflict``.
    """
    match = lock_match(match_id)
    person = _person_of(match, party)
    given_at = given_at or at
    if given_at > at:
        raise Conflict(_("Dieser Zeitpunkt liegt in der Zukunft."), field="given_at")
    _must_be_able_to_record(match, party, person, channel, by=by, at=at, representative=representative)
    if representative is not None:
        must_be_free_to_consent(representative, match=match, on=berlin_day(given_at))
    if match.state not in BEFORE_APPROVAL:
        raise Conflict(_("Diese Vermittlung ist „%(state)s“.") % {"state": match.get_state_display()})

    field = "helper_consent" if party == Party.HELPER else "seeker_consent"
    present: Consent | None = getattr(match, field)
    if _stands(present, person):
        return match
    consent = Consent.objects.create(
        person=person,
        representative=representative,
        kind=ConsentKind.MATCH,
        text_version=MATCH_CONSENT_TEXT,
        channel=channel,
        given_at=given_at,
        recorded_by=None if channel == Channel.ONLINE else by,
    )
    setattr(match, field, consent)
    changed = [field]
    if match.state == MatchState.PROPOSED and has_both_consents(match):
        match.move_to(MatchState.ACCEPTED)
        changed.append("state")
    match.save(update_fields=changed)
    if match.state == MatchState.ACCEPTED and has_both_consents(match):
        signature_asked(match, at=at)
    return match


def has_both_consents(match: Match) -> bool:
    """Whether both yeses are there, each of the person whom it concerns now, and neither was taken back."""
    return all(
        _stands(consent, _person_of(match, party))
        for consent, party in ((match.helper_consent, Party.HELPER), (match.seeker_consent, Party.SEEKER))
    )


def _stands(consent: Consent | None, person: Person) -> bool:
    if consent is None or consent.withdrawn_at is not None:
        return False
    # A request may have gone over to somebody else since. The record of one and the same person stays good.
    given_by = consent.person
    while given_by != person and given_by.merged_into is not None:
        given_by = given_by.merged_into
    return given_by == person


def _person_of(match: Match, party: Party) -> Person:
    return match.helper.person if party == Party.HELPER else match.request.help_seeker.person


def _must_be_able_to_record(
    match: Match,
    party: Party,
    person: Person,
    channel: Channel,
    *,
    by: User,
    at: datetime,
    representative: Representative | None,
) -> None:
    """Online only in one's own name; anything said to the office is recorded by its tandem."""
    if channel == Channel.ONLINE:
        speaker_id = representative.person_id if representative else person.pk
        if by.person_id != speaker_id:
            raise NotAllowed(_("Online kann nur die Person selbst zustimmen."), code="not_own_consent")
        return
    if (
        match.lending_office
        and party == Party.HELPER
        and can_act_for(match.lending_office, user=by, on=berlin_day(at))
    ):
        return
    seat_in(match.office, of=by, on=berlin_day(at))


@transaction.atomic
def decline_match(*, match_id: int, party: Party, by: User, at: datetime, note: str = "") -> Match:
    """One side says no to a proposal; nobody has to give a reason."""
    match = lock_match(match_id)
    person = _person_of(match, party)
    if by.person_id != person.pk:
        seat_in(match.office, of=by, on=berlin_day(at))
    to = MatchState.DECLINED if match.state == MatchState.PROPOSED else MatchState.WITHDRAWN
    set_aside(match, to=to, on=berlin_day(at), note=note)
    match_declined(match, at=at)
    return match


@transaction.atomic
def withdraw_match_consent(*, match_id: int, party: Party, by: User, at: datetime) -> Match:
    """A yes is taken back: before the approval the signatures drop, a running match ends at once.

    One tandem member alone, or the person, is enough. Raises ``NotAllowed`` or ``Conflict``.
    """
    # Imported here because ending a match withdraws proposals, which live beside this module.
    from helfer.matching.actions.ending import end_locked_match

    match = lock_match_with_rivals(match_id)
    person = _person_of(match, party)
    if by.person_id != person.pk:
        seat_in(match.office, of=by, on=berlin_day(at))
    consent = match.helper_consent if party == Party.HELPER else match.seeker_consent
    if consent is None or consent.withdrawn_at is not None:
        raise Conflict(_("Hier gibt es keine Einwilligung, die widerrufen werden könnte."))
    if match.state in BEFORE_APPROVAL:
        match.signatures.all().delete()
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    if match.is_running:
        end_locked_match(match, reason=EndReason.CONSENT_WITHDRAWN, ended_well=False, at=at)
    return match

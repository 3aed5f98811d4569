"""A yes for each purpose: given, provisional until the paper is there, taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.core.validity import must_be_valid
from helfer.people.models import Channel, Consent, ConsentKind, Person, Representative, User
from helfer.people.permissions import can_edit_person

SPOKEN = frozenset({Channel.PHONE, Channel.HOME_VISIT, Channel.OFFICE})


@transaction.atomic
def give_consent(
    *,
    person: Person,
    kind: ConsentKind,
    text_version: str,
    channel: Channel,
    by: User,
    at: datetime,
    given_at: datetime | None = None,
    representative: Representative | None = None,
    provisional_reason: str = "",
) -> Consent:
    """Record a person's yes (or an authorised representative's) to one purpose.

    A spoken yes to keeping health data is provisional and says why. The yes to a match is given there.
    """
    if kind == ConsentKind.MATCH:
        raise Conflict(_("Das Ja zu einer Vermittlung wird bei der Vermittlung gegeben."), field="kind")
    given_at = given_at or at
    if given_at > at:
        raise Conflict(_("Dieser Zeitpunkt liegt in der Zukunft."), field="given_at")
    if representative is not None and (
        representative.help_seeker.person_id != person.pk
        or not representative.may_consent_on(berlin_day(given_at))
    ):
        raise NotAllowed(
            _(
                "Diese Person darf nicht einwilligen: Dem Büro liegt keine gültige Vollmacht oder Bestellung "
                "für Gesundheit und Pflege vor."
            ),
            code="may_not_consent",
            field="representative",
        )
    if channel == Channel.ONLINE:
        if by.person_id != (representative.person_id if representative else person.pk):
            raise NotAllowed(_("Online kann nur die Person selbst zustimmen."), code="not_own_consent")
    else:
        can_edit_person(by, person)
        if by.person_id == person.pk:
            raise NotAllowed(_("Die eigene Einwilligung trägt jemand anderes ein."), code="own_consent")
    provisional_reason = provisional_reason.strip()
    if kind == ConsentKind.KEEP_HEALTH_DATA and channel in SPOKEN and not provisional_reason:
        raise Conflict(
            _(
                "Ein gesprochenes Ja zu Gesundheitsangaben gilt nur vorläufig. "
                "Bitte notieren Sie, warum noch kein Papier da ist."
            ),
            field="provisional_reason",
        )
    consent = Consent(
        person=person,
        representative=representative,
        kind=kind,
        text_version=text_version,
        channel=channel,
        given_at=given_at,
        recorded_by=None if channel == Channel.ONLINE else by,
        provisional_reason=provisional_reason,
    )
    must_be_valid(consent)
    consent.save()
    return consent


def _locked(consent_id: int) -> Consent:
    consent = (
        Consent.objects.select_for_update(of=("self",)).select_related("person").filter(pk=consent_id).first()
    )
    if consent is None:
        raise Conflict(_("Diese Einwilligung gibt es nicht."))
    return consent


@transaction.atomic
def note_paper(*, consent_id: int, seen_on: date, by: User, at: datetime) -> Consent:
    """The paper to a provisional yes has come."""
    consent = _locked(consent_id)
    can_edit_person(by, consent.person)
    if not consent.awaits_paper:
        raise Conflict(_("Für diese Einwilligung fehlt kein Papier."))
    if not berlin_day(consent.given_at) <= seen_on <= berlin_day(at):
        raise Conflict(_("Der Tag liegt nicht zwischen dem gesprochenen Ja und heute."), field="seen_on")
    consent.paper_seen_on = seen_on
    consent.save(update_fields=["paper_seen_on"])
    return consent


@transaction.atomic
def withdraw_consent(*, consent_id: int, by: User, at: datetime) -> Consent:
    """Somebody takes their yes back; taking it back twice changes nothing.

    What follows from it for matches is the matter of `matching`.
    """
    consent = _locked(consent_id)
    if consent.kind == ConsentKind.MATCH:
        raise Conflict(_("Das Ja zu einer Vermittlung wird bei der Vermittlung widerrufen."))
    can_edit_person(by, consent.person)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = max(at, consent.given_at)
        consent.save(update_fields=["withdrawn_at"])
    return consent

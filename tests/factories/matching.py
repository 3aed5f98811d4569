"""Matches in situations: each walks the legal path, one write after the other, as the database demands it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from helfer.core.days import berlin_day
from helfer.help_requests.models import RequestState
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    CheckIn,
    CheckInKind,
    EndReason,
    Incident,
    IncidentClass,
    IncidentSeverity,
    Match,
    PauseReason,
    PauseSide,
    Signature,
)
from helfer.people.models import Seat, Side

from .catalogue import CompensationModelFactory
from .help_requests import HelpRequestFactory
from .helpers import HelperProfileFactory
from .people import ConsentFactory, SeatFactory

PROPOSED_AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
CONSENTED_AT = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
FIRST_CONTACT_ON = date(2026, 11, 19)
ACTIVE_ON = date(2026, 11, 20)
PAUSED_ON = date(2026, 11, 21)
CLOSED_ON = date(2026, 11, 22)
STARTS_ON = date(2026, 11, 23)

SIDES = (Side.MUNICIPAL, Side.ASSOCIATION)
_BEFORE = {
    MatchState.ACCEPTED: MatchState.PROPOSED,
    MatchState.APPROVED: MatchState.ACCEPTED,
    MatchState.TRIAL: MatchState.APPROVED,
    MatchState.ACTIVE: MatchState.TRIAL,
    MatchState.PAUSED: MatchState.ACTIVE,
    MatchState.DECLINED: MatchState.PROPOSED,
    MatchState.REJECTED: MatchState.ACCEPTED,
    MatchState.WITHDRAWN: MatchState.PROPOSED,
    MatchState.ENDED: MatchState.ACTIVE,
}


def seat_of(match: Match, side: Side) -> Seat:
    """A seat on this side of the match's office, made where there is none."""
    seats = Seat.objects.of_office(match.office).valid_on(berlin_day(SIGNED_AT)).filter(side=side)
    return seats.order_by("id").first() or SeatFactory(office=match.office, side=side)


def consent_both(match: Match) -> None:
    """Both yeses are there, given on the phone; the match stands where it stood."""
    person = match.request.help_seeker.person
    match.helper_consent = ConsentFactory(person=match.helper.person, given_at=CONSENTED_AT)
    match.seeker_consent = ConsentFactory(person=person, given_at=CONSENTED_AT)
    match.save(update_fields=["helper_consent", "seeker_consent"])


def sign(match: Match, side: Side, **fields: Any) -> Signature:
    """One side signs."""
    seat = fields.pop("seat", None) or seat_of(match, side)
    values = {"seat": seat, "side": side, "user": seat.user, "signed_at": SIGNED_AT}
    values["signed_on"] = berlin_day(fields.get("signed_at", SIGNED_AT))
    return Signature.objects.create(match=match, **values | fields)


def step(match: Match, state: MatchState) -> Match:
    """Take one arrow, with everything that belongs to it."""
    fields: dict[str, Any] = {"state": state, "paused_from": ""}
    if state is MatchState.ACCEPTED and match.helper_consent_id is None:
        consent_both(match)
    elif state is MatchState.APPROVED and match.state == MatchState.ACCEPTED:
        missing = match.signatures_required - match.signatures.count()
        signed = set(match.signatures.values_list("side", flat=True))
        for side in [side for side in SIDES if side not in signed][: max(missing, 0)]:
            sign(match, side)
        fields["approved_on"] = berlin_day(SIGNED_AT)
    elif state is MatchState.TRIAL:
        fields["first_contact_on"] = match.first_contact_on or FIRST_CONTACT_ON
    elif state is MatchState.ACTIVE:
        fields |= {
            "active_on": ACTIVE_ON,
            "trial_confirmed_by_helper_on": ACTIVE_ON,
            "trial_confirmed_by_seeker_on": ACTIVE_ON,
        }
    elif state is MatchState.PAUSED:
        fields |= {"paused_from": match.state, "paused_on": PAUSED_ON}
        fields |= {"pause_side": PauseSide.HELPER, "pause_reason": PauseReason.HOLIDAY}
    elif state is MatchState.ENDED:
        fields |= {"closed_on": CLOSED_ON, "end_reason": EndReason.DONE, "ended_well": True}
    elif state in (MatchState.DECLINED, MatchState.REJECTED, MatchState.WITHDRAWN):
        fields["closed_on"] = CLOSED_ON
    for name, value in fields.items():
        setattr(match, name, value)
    match.save(update_fields=list(fields))
    return match


def walk(match: Match, to: MatchState) -> Match:
    """The shortest way from where a match stands to there."""
    way = [to]
    while _BEFORE.get(way[0], match.state) != match.state:
        way.insert(0, _BEFORE[way[0]])
    for state in way:
        step(match, state)
    request = match.request
    if match.is_running and request.state == RequestState.OPEN:
        request.state = RequestState.MATCHED
        request.save(update_fields=["state"])
    if match.is_running and not match.check_ins.filter(done_on=None).exists():
        CheckInFactory(match=match)
    return match


class MatchFactory(DjangoModelFactory[Match]):
    """An unpaid match of an active helper for an open request of the same office, just proposed.

    ``to="accepted"`` … ``"ended"`` (any state) walks there, with consents, signatures and days of the week
    before Monday, 23 November 2026. ``request=``, ``helper=``, ``compensation_model=`` as elsewhere.
    """

    class Meta:
        model = Match
        skip_postgeneration_save = True

    request = factory.SubFactory(HelpRequestFactory, open=True)
    role = factory.SelfAttribute("request.role")
    helper = factory.SubFactory(
        HelperProfileFactory,
        active=True,
        office=factory.SelfAttribute("..request.office"),
        roles=factory.LazyAttribute(lambda roles: [roles.factory_parent.factory_parent.role]),
        certified=True,
    )
    compensation_model = factory.SubFactory(CompensationModelFactory)
    starts_on = STARTS_ON
    office = factory.SelfAttribute("request.office")
    signatures_required = factory.SelfAttribute("role.signatures_required")
    first_contact = factory.SelfAttribute("role.first_contact")
    proposed_at = PROPOSED_AT
    responsible = factory.LazyAttribute(
        lambda match: (
            Seat.objects.of_office(match.office).filter(side=Side.MUNICIPAL).order_by("id").first()
            or SeatFactory(office=match.office)
        )
    )
    proposed_by = factory.SelfAttribute("responsible.user")

    @factory.post_generation
    def to(self: Match, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted and extracted != MatchState.PROPOSED:
            walk(self, MatchState(extracted))


class CheckInFactory(DjangoModelFactory[CheckIn]):
    """The next contact, after two weeks."""

    class Meta:
        model = CheckIn

    match = factory.SubFactory(MatchFactory, to=MatchState.TRIAL)
    kind = CheckInKind.TWO_WEEKS
    due_on = date(2026, 12, 7)


class IncidentFactory(DjangoModelFactory[Incident]):
    """A fall, reported to the office."""

    class Meta:
        model = Incident

    match = factory.SubFactory(MatchFactory, to=MatchState.ACTIVE)
    incident_class = IncidentClass.EMERGENCY
    severity = IncidentSeverity.MINOR
    happened_on = date(2026, 11, 21)
    reported_at = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    reported_by = factory.SelfAttribute("match.proposed_by")
    facts = "Beim Spazieren gestolpert."

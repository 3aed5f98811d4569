"""Who may do what with a match."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import NotAllowed
from helfer.help_requests.models import HelpRequest
from helfer.matching.models import Match
from helfer.people.models import Office, Representative, Seat, TieKind, User
from helfer.people.permissions import (
    can_act_for_office,
    can_coordinate,
    must_be_uninvolved,
    related_to,
)


def seat_in(office: Office, *, of: User, on: date) -> Seat:
    """The seat this account holds in the office's tandem on that day, a full one before a deputy's.

    Raises ``NotAllowed``.
    """
    seat = of.seats_on(on).filter(office=office).order_by("is_deputy", "id").first()
    if seat is None:
        raise NotAllowed(_("Das kann nur das Tandem des zuständigen Seniorenbüros."), code="no_seat")
    return seat


def can_act_for(office: Office, *, user: User, on: date) -> bool:
    """Whether this account holds a seat in the office's tandem on that day."""
    return user.seats_on(on).filter(office=office).exists()


def people_around(match: Match) -> set[int]:
    """Ids of the helper, the help seeker and whoever speaks for them."""
    seeker = match.request.help_seeker
    speakers = Representative.objects.filter(help_seeker=seeker).values_list("person_id", flat=True)
    return {match.helper.person_id, seeker.person_id, *speakers}


def must_be_free_of_interest(user: User, *, match: Match) -> None:
    """Nobody signs where they, their household or a relative are helper, help seeker or representative.

    Raises ``NotAllowed``.
    """
    must_be_uninvolved(user, people_around(match))


def must_be_free_to_consent(representative: Representative, *, match: Match, on: date) -> None:
    """A representative's yes counts with a paper that staff saw, and never from the helper's own household.

    Raises ``NotAllowed``.
    """
    if representative.help_seeker_id != match.request.help_seeker_id or not representative.may_consent_on(on):
        raise NotAllowed(
            _(
                "Diese Person darf nicht einwilligen: Dem Büro liegt keine gültige Vollmacht oder Bestellung "
                "für Gesundheit und Pflege vor."
            ),
            code="may_not_consent",
            field="representative",
        )
    helper_id = match.helper.person_id
    household = related_to({helper_id}, kinds={TieKind.HOUSEHOLD})
    if representative.person_id == helper_id or representative.person_id in household:
        raise NotAllowed(
            _("Wer hilft oder mit der helfenden Person zusammenlebt, kann hier nicht einwilligen."),
            code="helper_may_not_consent",
            field="representative",
        )


def can_run_for(user: User, *, office: Office | None, at: datetime) -> None:
    """An office's run is its tandem's matter, one of the whole city the coordinators'.

    Raises ``NotAllowed``.
    """
    if office is None:
        can_coordinate(user)
    else:
        seat_in(office, of=user, on=berlin_day(at))


def must_hold_seat_for(request: HelpRequest, *, user: User, at: datetime) -> None:
    """What is suggested for a request is decided by its office's tandem. Raises ``NotAllowed``."""
    can_act_for_office(user, request.office, on=berlin_day(at))

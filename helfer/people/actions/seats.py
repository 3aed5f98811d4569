"""Who holds which side of an office's tandem, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import Kind, Office, Seat, Side, User
from helfer.people.permissions import can_coordinate


def _must_be_able_to_hold(user: User) -> None:
    if not user.is_active:
        raise Conflict(_("Dieser Zugang ist geschlossen."), field="user")
    if user.person is None:
        # Without a person nobody could see a conflict of interest.
        raise Conflict(_("Eine Tandemstelle hat ein Mensch, kein Systemzugang."), field="user")
    if not user.person.can_get_mail:
        raise Conflict(_("Diese Person ist verstorben oder zusammengeführt."), field="user")


@transaction.atomic
def give_seat(
    *,
    office: Office,
    side: Side,
    user: User,
    from_day: date,
    by: User,
    at: datetime,
    until_day: date | None = None,
    carrier: str = "",
    is_deputy: bool = False,
) -> Seat:
    """Put somebody on one side of an office's tandem, beside others if need be; never on both at a time."""
    can_coordinate(by)
    # Two seats given at once to one account meet here.
    user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)
    _must_be_able_to_hold(user)
    if side == Side.ASSOCIATION and not carrier.strip():
        raise Conflict(_("Bitte nennen Sie den Träger, für den diese Stelle besetzt wird."), field="carrier")
    seat = Seat(
        office=office,
        side=side,
        user=user,
        carrier=carrier.strip(),
        is_deputy=is_deputy,
        from_day=from_day,
        until_day=until_day,
    )
    must_be_valid(seat)
    seat.save()
    if Kind.TANDEM not in user.kinds:
        user.kinds = [*user.kinds, str(Kind.TANDEM)]
        user.save(update_fields=["kinds"])
    return seat


def _locked(seat_id: int) -> Seat:
    seat = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("office", "user")
        .filter(pk=seat_id)
        .first()
    )
    if seat is None:
        raise Conflict(_("Diese Tandemstelle gibt es nicht."))
    return seat


@transaction.atomic
def end_seat(*, seat_id: int, until_day: date, by: User, at: datetime) -> Seat:
    """The last day on which somebody holds a seat; signatures that were given stay covered."""
    can_coordinate(by)
    seat = _locked(seat_id)
    seat.until_day = until_day
    must_be_valid(seat)
    seat.save(update_fields=["until_day"])
    return seat


@transaction.atomic
def hand_over_seat(*, seat_id: int, to: User, from_day: date, by: User, at: datetime) -> Seat:
    """Somebody else takes the seat over from that day on; the day before is the last of the former holder."""
    can_coordinate(by)
    seat = _locked(seat_id)
    if to.pk == seat.user_id:
        raise Conflict(_("Diese Person hat die Stelle schon."), field="to")
    if seat.until_day is not None and seat.until_day < from_day:
        raise Conflict(
            _("Diese Stelle ist dann schon zu Ende. Bitte vergeben Sie sie neu."), field="from_day"
        )
    end_seat(seat_id=seat.pk, until_day=from_day - timedelta(days=1), by=by, at=at)
    return give_seat(
        office=seat.office,
        side=Side(seat.side),
        user=to,
        carrier=seat.carrier,
        is_deputy=seat.is_deputy,
        from_day=from_day,
        until_day=seat.until_day,
        by=by,
        at=at,
    )

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from helfer.core.errors import Conflict, NotAllowed
from helfer.people.actions import deactivate_account, end_seat, give_seat, hand_over_seat
from helfer.people.models import Kind, Office, Seat, Side, User
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, tandem
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db


def give(user: User, office: Office, side: Side = Side.MUNICIPAL, **more: object) -> Seat:
    at = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    values = {
        "from_day": date(2026, 1, 1),
        "by": UserFactory(coordinator=True),
        "at": at,
        "carrier": "Verband",
    } | more
    return give_seat(office=office, side=side, user=user, **values)  # type: ignore[arg-type]


def test_a_seat_makes_its_holder_a_member_of_the_tandem() -> None:
    user = UserFactory()
    seat = give(user, OfficeFactory())
    user.refresh_from_db()
    assert user.has_kind(Kind.TANDEM)
    assert seat.is_valid_on(date(2026, 1, 1))
    assert not seat.is_valid_on(date(2025, 12, 31))


def test_nobody_holds_both_sides_of_one_office_at_a_time() -> None:
    user, office = UserFactory(), OfficeFactory()
    give(user, office, until_day=date(2026, 6, 30))
    with pytest.raises(Conflict, match="Niemand darf beide Seiten zugleich vertreten"):
        give(user, office, Side.ASSOCIATION, from_day=date(2026, 6, 30))
    give(user, office, Side.ASSOCIATION, from_day=date(2026, 7, 1))
    give(user, OfficeFactory(), Side.ASSOCIATION)


def test_the_database_refuses_the_second_side_by_raw_sql_too() -> None:
    seat = SeatFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_seat (office_id, side, user_id, carrier, is_deputy, from_day, version)"
            " VALUES (%s, 'association', %s, '', false, '2024-01-01', 0)",
            [seat.office_id, seat.user_id],
        )
    other = SeatFactory(office=seat.office, side=Side.ASSOCIATION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=other.pk).update(user=seat.user_id)


def test_that_attack_succeeds_once_the_constraint_is_dropped() -> None:
    seat = SeatFactory()
    other = SeatFactory(office=seat.office, side=Side.ASSOCIATION)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE people_seat DROP CONSTRAINT nobody_holds_two_seats_of_one_office_at_a_time"
        )
    Seat.objects.filter(pk=other.pk).update(user=seat.user_id)
    assert Seat.objects.filter(office=seat.office, user=seat.user_id).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_cannot_give_both_sides_at_the_same_moment() -> None:
    user, office, by = UserFactory(), OfficeFactory(), UserFactory(coordinator=True)
    refused: list[str] = []
    start = threading.Barrier(2)

    def attempt(side: Side) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            give(user, office, side, by=by)
        except (Conflict, IntegrityError) as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[side]) for side in Side]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert Seat.objects.count() == 1
    assert len(refused) == 1


def test_several_people_hold_the_same_side_as_deputies() -> None:
    office = OfficeFactory()
    tandem(office)
    deputy = give(UserFactory(), office, is_deputy=True)
    assert Seat.objects.of_office(office).valid_on(deputy.from_day).filter(side=Side.MUNICIPAL).count() == 2


def test_only_coordinators_give_and_end_seats(now: datetime) -> None:
    office = OfficeFactory()
    municipal, _association = tandem(office)
    seat = municipal.seats.get()
    with pytest.raises(NotAllowed):
        give(UserFactory(), office, by=municipal)
    with pytest.raises(NotAllowed):
        end_seat(seat_id=seat.pk, until_day=date(2026, 11, 30), by=municipal, at=now)
    with pytest.raises(NotAllowed):
        hand_over_seat(seat_id=seat.pk, to=UserFactory(), from_day=date(2026, 12, 1), by=municipal, at=now)


def test_a_system_account_or_a_closed_one_holds_no_seat(now: datetime) -> None:
    closed = UserFactory(helper=True)
    deactivate_account(user_id=closed.pk, by=UserFactory(administrator=True), at=now)
    for user in (UserFactory(system=True), closed):
        with pytest.raises(Conflict) as refusal:
            give(user, OfficeFactory())
        assert refusal.value.field == "user"


def test_the_association_side_names_its_carrier() -> None:
    with pytest.raises(Conflict) as refusal:
        give(UserFactory(), OfficeFactory(), Side.ASSOCIATION, carrier=" ")
    assert refusal.value.field == "carrier"


def test_a_seat_is_handed_over_without_a_gap(now: datetime, today: date) -> None:
    seat, successor = SeatFactory(), UserFactory()
    by = UserFactory(coordinator=True)
    new = hand_over_seat(seat_id=seat.pk, to=successor, from_day=today, by=by, at=now)
    seat.refresh_from_db()
    assert seat.until_day == today - timedelta(days=1)
    assert (new.from_day, new.until_day, new.side) == (today, None, seat.side)
    assert not seat.user.seats_on(today).exists()


def test_a_seat_cannot_end_before_it_begins(now: datetime) -> None:
    seat = SeatFactory(from_day=date(2026, 5, 1))
    with pytest.raises(Conflict, match="Das Ende liegt vor dem Anfang"):
        end_seat(seat_id=seat.pk, until_day=date(2026, 4, 30), by=UserFactory(coordinator=True), at=now)


def test_whoever_has_no_seat_today_sees_no_office() -> None:
    later = SeatFactory(from_day=date(2999, 1, 1)).user
    over = SeatFactory(until_day=date(2020, 6, 1)).user
    assert not Office.objects.visible_to(later).exists()
    assert not Office.objects.visible_to(over).exists()
    assert Office.objects.visible_to(SeatFactory().user).count() == 1
    assert Office.objects.visible_to(UserFactory(coordinator=True)).count() == 3

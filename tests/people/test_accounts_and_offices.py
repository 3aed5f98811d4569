from __future__ import annotations

from datetime import date, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from helfer.core.errors import Conflict, NotAllowed
from helfer.notifications.actions.invite import invite
from helfer.notifications.models import Message
from helfer.people.actions import (
    OfficeDetails,
    add_holiday,
    change_kinds,
    create_account,
    create_office,
    deactivate_account,
    reactivate_account,
    remove_holiday,
    serve_districts,
    update_office,
)
from helfer.people.models import Kind, Office, OfficeDistrict, OfficeHoliday, User
from tests.factories.people import (
    HelpSeekerFactory,
    OfficeFactory,
    PersonFactory,
    SeatFactory,
    UserFactory,
    tandem,
)
from tests.people.areas import district

pytestmark = pytest.mark.django_db


def test_an_account_is_given_without_a_password(now: datetime) -> None:
    person = PersonFactory(email="")
    by = UserFactory(administrator=True)
    user = create_account(person=person, email=" Erika@Example.ORG ", kinds=["helper"], by=by, at=now)
    assert (user.email, user.kinds, user.has_usable_password()) == ("erika@example.org", ["helper"], False)
    person.refresh_from_db()
    assert person.email == "erika@example.org"
    with pytest.raises(Conflict) as refusal:
        create_account(person=person, email="b@example.org", kinds=["helper"], by=by, at=now)
    assert refusal.value.code == "has_account"
    with pytest.raises(Conflict) as refusal:
        create_account(person=PersonFactory(), email="ERIKA@example.org", kinds=["helper"], by=by, at=now)
    assert refusal.value.field == "email"


@pytest.mark.parametrize("kinds", [[], ["zauberer"], ["helper", "zauberer"]])
def test_an_account_has_known_kinds(kinds: list[str], now: datetime) -> None:
    with pytest.raises(Conflict) as refusal:
        create_account(
            person=PersonFactory(),
            email="a@example.org",
            kinds=kinds,
            by=UserFactory(administrator=True),
            at=now,
        )
    assert refusal.value.field == "kinds"


@pytest.mark.parametrize(
    ("giver", "allowed"),
    [
        ("administrator", set(Kind)),
        ("coordinator", {Kind.HELPER, Kind.SEEKER, Kind.TANDEM, Kind.TRAINING, Kind.EDITOR}),
        ("tandem", {Kind.HELPER, Kind.SEEKER}),
        ("training", set()),
        ("editor", set()),
        ("dpo", set()),
        ("helper", set()),
    ],
)
def test_kinds_are_given_by_whom_they_may_be(giver: str, allowed: set[Kind], now: datetime) -> None:
    seeker = HelpSeekerFactory()
    by = UserFactory(**{giver: True})
    if giver == "tandem":
        SeatFactory(office=seeker.office, user=by)
    given = set()
    for number, kind in enumerate(Kind):
        try:
            with transaction.atomic():
                create_account(
                    person=seeker.person, email=f"neu{number}@example.org", kinds=[kind], by=by, at=now
                )
                given.add(kind)
                raise IntegrityError
        except (NotAllowed, IntegrityError):
            continue
    assert given == allowed


def test_a_tandem_gives_accounts_to_its_own_people_only(now: datetime) -> None:
    municipal, _association = tandem(OfficeFactory())
    with pytest.raises(NotAllowed):
        create_account(
            person=HelpSeekerFactory().person, email="a@example.org", kinds=["seeker"], by=municipal, at=now
        )


def test_nobody_changes_what_they_may_do_themselves(now: datetime) -> None:
    admin = UserFactory(administrator=True)
    with pytest.raises(NotAllowed):
        change_kinds(user_id=admin.pk, kinds=[*admin.kinds, "tandem"], by=admin, at=now)
    with pytest.raises(NotAllowed):
        deactivate_account(user_id=admin.pk, by=admin, at=now)


def test_a_coordinator_can_neither_make_nor_close_an_administrator(now: datetime) -> None:
    coordinator, admin = UserFactory(coordinator=True), UserFactory(administrator=True)
    helper = UserFactory(helper=True)
    with pytest.raises(NotAllowed):
        change_kinds(user_id=helper.pk, kinds=["helper", "administrator"], by=coordinator, at=now)
    with pytest.raises(NotAllowed):
        change_kinds(user_id=admin.pk, kinds=[], by=coordinator, at=now)
    with pytest.raises(NotAllowed):
        deactivate_account(user_id=admin.pk, by=coordinator, at=now)
    changed = change_kinds(user_id=helper.pk, kinds=["tandem", "helper"], by=coordinator, at=now)
    assert changed.kinds == ["helper", "tandem"]


def test_a_closed_account_loses_its_password(now: datetime) -> None:
    admin, user = UserFactory(administrator=True), UserFactory(tandem=True, password="ein-langes-Passwort-9")
    assert not deactivate_account(user_id=user.pk, by=admin, at=now).has_kind(Kind.TANDEM)
    user = reactivate_account(user_id=user.pk, by=admin, at=now)
    assert (user.is_active, user.has_usable_password()) == (True, False)


def test_nobody_is_a_superuser(now: datetime) -> None:
    user = UserFactory(administrator=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_superuser=True)


def test_editors_are_in_their_group_whoever_writes() -> None:
    group = Group.objects.get(name="Redaktion")
    user = UserFactory(helper=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_user SET kinds = '{editor,helper}' WHERE id = %s", [user.pk])
    assert user.groups.filter(pk=group.pk).exists()
    User.objects.filter(pk=user.pk).update(kinds=["helper"])
    assert not user.groups.exists()


def test_an_invitation_names_nobody_else_and_is_sent_once_a_day(now: datetime) -> None:
    user, by = UserFactory(helper=True), UserFactory(administrator=True)
    invite(user_id=user.pk, by=by, at=now)
    invite(user_id=user.pk, by=by, at=now)
    assert Message.objects.filter(kind="account_invited", recipient=user.person).count() == 1
    with pytest.raises(NotAllowed):
        invite(user_id=user.pk, by=UserFactory(editor=True), at=now)
    with pytest.raises(Conflict):
        invite(user_id=UserFactory(system=True).pk, by=by, at=now)


DETAILS = OfficeDetails(name="Seniorenbüro Süd-Ost", phone="0231 5022222", opening_hours="mo–fr 9–12 Uhr")


def test_an_office_is_opened_by_a_coordinator(now: datetime) -> None:
    by = UserFactory(coordinator=True)
    east = district("Ost", 0, 1000)
    office = create_office(details=DETAILS, districts=[east], by=by, at=now)
    assert office.slug == "seniorenbuero-sued-ost"
    assert create_office(details=DETAILS, by=by, at=now).slug == "seniorenbuero-sued-ost-2"
    assert list(office.districts.all()) == [east]
    with pytest.raises(NotAllowed):
        create_office(details=DETAILS, by=tandem(office)[0], at=now)
    for bad, field in (
        (OfficeDetails(name=""), "name"),
        (OfficeDetails(name="X", phone="1"), "phone"),
        (OfficeDetails(name="X", email="x"), "email"),
    ):
        with pytest.raises(Conflict) as refusal:
            create_office(details=bad, by=by, at=now)
        assert refusal.value.field == field


def test_each_district_has_one_office(now: datetime) -> None:
    by = UserFactory(coordinator=True)
    east, west = district("Ost", 0, 1000), district("West", -1000, 0)
    first, second = OfficeFactory(districts=[east]), OfficeFactory()
    with pytest.raises(Conflict, match="Ost wird schon von"):
        serve_districts(office_id=second.pk, districts=[west, east], by=by, at=now)
    assert not OfficeDistrict.objects.filter(office=second).exists()
    serve_districts(office_id=first.pk, districts=[west], by=by, at=now)
    serve_districts(office_id=second.pk, districts=[east], by=by, at=now)
    assert list(first.districts.all()) == [west]


def test_the_own_tandem_keeps_hours_and_holidays_but_not_the_name(now: datetime) -> None:
    office = OfficeFactory()
    municipal, _association = tandem(office)
    same = OfficeDetails(name=office.name, phone="0231 5011111", opening_hours="di 14–16 Uhr")
    update_office(office_id=office.pk, details=same, by=municipal, at=now)
    assert Office.objects.get(pk=office.pk).opening_hours == "di 14–16 Uhr"
    with pytest.raises(NotAllowed):
        update_office(office_id=office.pk, details=OfficeDetails(name="Anders"), by=municipal, at=now)
    holiday = add_holiday(
        office_id=office.pk, from_day=date(2026, 12, 24), until_day=date(2027, 1, 1), by=municipal, at=now
    )
    with pytest.raises(NotAllowed):
        remove_holiday(holiday_id=holiday.pk, by=SeatFactory().user, at=now)
    with pytest.raises(Conflict, match="Das Ende liegt vor dem Anfang"):
        add_holiday(
            office_id=office.pk,
            from_day=date(2026, 12, 24),
            until_day=date(2026, 12, 1),
            by=municipal,
            at=now,
        )
    remove_holiday(holiday_id=holiday.pk, by=municipal, at=now)
    assert not OfficeHoliday.objects.exists()


def test_no_command_makes_a_superuser() -> None:
    with pytest.raises(Exception):  # noqa: B017
        call_command("createsuperuser", email="x@example.org", interactive=False)
    assert not User.objects.filter(is_superuser=True).exists()

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from helfer.core.errors import Conflict, NotAllowed
from helfer.people.actions import (
    add_representative,
    add_tie,
    give_consent,
    note_paper,
    note_paper_seen,
    remove_representative,
    remove_tie,
    set_persons_choices,
    withdraw_consent,
    withdraw_paper,
)
from helfer.people.models import (
    Channel,
    ConsentKind,
    HelpSeeker,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
    Tie,
    TieKind,
    User,
)
from helfer.people.permissions import is_involved
from tests.factories.people import (
    ConsentFactory,
    HelpSeekerFactory,
    OfficeFactory,
    PersonFactory,
    RepresentativeFactory,
    UserFactory,
    tandem,
    tie,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeker() -> HelpSeeker:
    return HelpSeekerFactory()


@pytest.fixture
def staff(seeker: HelpSeeker) -> User:
    return tandem(seeker.office)[0]


def paper(representative: Representative, *, by: User, at: datetime, **more: object) -> Representative:
    values = {
        "kind": RepresentativeKind.PROXY,
        "area": RepresentativeArea.HEALTH,
        "may_consent": True,
        "may_sign": False,
        "seen_on": date(2026, 11, 20),
    } | more
    return note_paper_seen(representative_id=representative.pk, by=by, at=at, **values)  # type: ignore[arg-type]


def test_being_a_relative_gives_no_power(seeker: HelpSeeker, staff: User, now: datetime) -> None:
    daughter = add_representative(
        help_seeker_id=seeker.pk, person=PersonFactory(), kind=RepresentativeKind.RELATIVE, by=staff, at=now
    )
    assert not (daughter.may_consent or daughter.may_sign or daughter.may_be_told)
    with pytest.raises(Conflict, match="Verwandtschaft allein genügt nicht"):
        paper(daughter, by=staff, at=now, kind=RepresentativeKind.RELATIVE)


def test_the_database_refuses_power_without_a_paper_seen_by_raw_sql_too(seeker: HelpSeeker) -> None:
    daughter = RepresentativeFactory(help_seeker=seeker)
    for change in ("may_consent = true", "may_sign = true", "may_consent = true, kind = 'proxy'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE people_representative SET {change} WHERE id = %s", [daughter.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Representative.objects.filter(pk=daughter.pk).update(may_consent=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE people_representative"
            " DROP CONSTRAINT representative_may_decide_only_by_a_paper_that_staff_saw"
        )
    assert Representative.objects.filter(pk=daughter.pk).update(may_consent=True) == 1


def test_a_paper_that_staff_saw_gives_power_until_it_ends(
    seeker: HelpSeeker, staff: User, now: datetime, today: date
) -> None:
    proxy = paper(RepresentativeFactory(help_seeker=seeker), by=staff, at=now, until_day=today)
    assert (proxy.seen_by, proxy.may_consent_on(today)) == (staff, True)
    assert not proxy.may_consent_on(today + timedelta(days=1))
    money = paper(RepresentativeFactory(help_seeker=seeker), by=staff, at=now, area=RepresentativeArea.MONEY)
    assert not money.may_consent_on(today)
    assert not withdraw_paper(representative_id=proxy.pk, by=staff, at=now).may_consent_on(today)


def test_nobody_sees_a_paper_in_the_future_or_for_their_own_family(
    seeker: HelpSeeker, staff: User, now: datetime, today: date
) -> None:
    proxy = RepresentativeFactory(help_seeker=seeker)
    with pytest.raises(Conflict) as refusal:
        paper(proxy, by=staff, at=now, seen_on=today + timedelta(days=1))
    assert refusal.value.field == "seen_on"
    with pytest.raises(NotAllowed):
        paper(proxy, by=UserFactory(coordinator=True), at=now)
    own = RepresentativeFactory(help_seeker=seeker, person=staff.person)
    with pytest.raises(NotAllowed):
        paper(own, by=staff, at=now)
    tie(staff.person, proxy.person, TieKind.RELATIVE)
    with pytest.raises(NotAllowed):
        paper(proxy, by=staff, at=now)


def test_whom_to_tell_is_the_persons_own_choice(seeker: HelpSeeker, staff: User, now: datetime) -> None:
    daughter = RepresentativeFactory(help_seeker=seeker)
    choices = {
        "representative_id": daughter.pk,
        "may_be_told": True,
        "is_emergency_contact": True,
        "at": now,
    }
    own = UserFactory(seeker=True, person=seeker.person)
    assert set_persons_choices(by=own, **choices).may_be_told
    assert set_persons_choices(by=staff, **choices).is_emergency_contact
    with pytest.raises(NotAllowed):
        set_persons_choices(by=UserFactory(seeker=True, person=daughter.person), **choices)


def test_who_consented_for_somebody_stays_on_record(seeker: HelpSeeker, staff: User, now: datetime) -> None:
    proxy = RepresentativeFactory(help_seeker=seeker, authorised=True)
    ConsentFactory(person=seeker.person, representative=proxy)
    with pytest.raises(Conflict) as refusal:
        remove_representative(representative_id=proxy.pk, by=staff, at=now)
    assert refusal.value.code == "has_consented"
    daughter = RepresentativeFactory(help_seeker=seeker)
    remove_representative(representative_id=daughter.pk, by=staff, at=now)
    assert not Representative.objects.filter(pk=daughter.pk).exists()


def consent(seeker: HelpSeeker, staff: User, now: datetime, **more: object) -> object:
    values = {
        "person": seeker.person,
        "kind": ConsentKind.KEEP_HEALTH_DATA,
        "text_version": "2026-1",
        "channel": Channel.PAPER,
        "by": staff,
        "at": now,
    } | more
    return give_consent(**values)  # type: ignore[arg-type]


def test_a_spoken_yes_to_health_data_is_provisional_until_the_paper_comes(
    seeker: HelpSeeker, staff: User, now: datetime, today: date
) -> None:
    with pytest.raises(Conflict) as refusal:
        consent(seeker, staff, now, channel=Channel.PHONE)
    assert refusal.value.field == "provisional_reason"
    spoken = give_consent(
        person=seeker.person,
        kind=ConsentKind.KEEP_HEALTH_DATA,
        text_version="2026-1",
        channel=Channel.PHONE,
        provisional_reason="liegt im Krankenhaus",
        by=staff,
        at=now,
    )
    assert spoken.awaits_paper
    with pytest.raises(Conflict):
        note_paper(consent_id=spoken.pk, seen_on=today + timedelta(days=1), by=staff, at=now)
    with pytest.raises(Conflict):
        note_paper(consent_id=spoken.pk, seen_on=today - timedelta(days=1), by=staff, at=now)
    assert not note_paper(consent_id=spoken.pk, seen_on=today, by=staff, at=now).awaits_paper


def test_nobody_consents_for_somebody_else_without_power(
    seeker: HelpSeeker, staff: User, now: datetime
) -> None:
    daughter = RepresentativeFactory(help_seeker=seeker)
    stranger = RepresentativeFactory(authorised=True)
    for speaker in (daughter, stranger):
        with pytest.raises(NotAllowed) as refusal:
            consent(seeker, staff, now, representative=speaker)
        assert refusal.value.field == "representative"
    assert consent(
        seeker, staff, now, representative=RepresentativeFactory(help_seeker=seeker, authorised=True)
    )
    with pytest.raises(NotAllowed):
        consent(seeker, staff, now, channel=Channel.ONLINE)
    with pytest.raises(NotAllowed):
        consent(seeker, UserFactory(coordinator=True), now)
    with pytest.raises(Conflict):
        consent(seeker, staff, now, kind=ConsentKind.MATCH)
    with pytest.raises(Conflict):
        consent(seeker, staff, now, given_at=now + timedelta(minutes=1))


def test_a_yes_is_taken_back_once(seeker: HelpSeeker, staff: User, now: datetime) -> None:
    own = UserFactory(seeker=True, person=seeker.person)
    given = ConsentFactory(person=seeker.person, kind=ConsentKind.PUBLIC_LISTING)
    first = withdraw_consent(consent_id=given.pk, by=own, at=now)
    assert first.withdrawn_at == now
    again = withdraw_consent(consent_id=given.pk, by=staff, at=now + timedelta(days=1))
    assert again.withdrawn_at == now
    with pytest.raises(NotAllowed):
        withdraw_consent(consent_id=given.pk, by=UserFactory(helper=True), at=now)


def test_a_relation_is_noted_once_whoever_is_named_first(
    seeker: HelpSeeker, staff: User, now: datetime
) -> None:
    other = PersonFactory()
    for first, second in ((seeker.person, other),):
        one = add_tie(person=first, other=second, kind=TieKind.HOUSEHOLD, by=staff, at=now)
        two = add_tie(person=first, other=second, kind=TieKind.HOUSEHOLD, by=staff, at=now)
    assert one == two
    assert one.person_a_id < one.person_b_id
    with pytest.raises(Conflict):
        add_tie(person=other, other=other, kind=TieKind.BLOCK, by=UserFactory(person=other), at=now)
    with pytest.raises(NotAllowed):
        add_tie(person=PersonFactory(), other=other, kind=TieKind.BLOCK, by=staff, at=now)
    tie(seeker.person, staff.person, TieKind.RELATIVE)
    with pytest.raises(NotAllowed):
        remove_tie(tie_id=Tie.objects.get(kind=TieKind.RELATIVE).pk, by=staff, at=now)
    for by in (UserFactory(coordinator=True), UserFactory(training=True), tandem(OfficeFactory())[0]):
        with pytest.raises(NotAllowed):
            remove_tie(tie_id=one.pk, by=by, at=now)
    remove_tie(tie_id=one.pk, by=staff, at=now)
    assert not Tie.objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("kind", list(TieKind))
def test_family_and_household_are_involved_a_pflegeperson_is_not(kind: TieKind) -> None:
    user, concerned = UserFactory(tandem=True), PersonFactory()
    assert not is_involved(user, {concerned.pk})
    assert is_involved(user, {user.person_id})
    tie(user.person, concerned, kind)
    assert is_involved(user, {concerned.pk}) is (
        kind in (TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD)
    )
    assert not is_involved(UserFactory(system=True), {concerned.pk})

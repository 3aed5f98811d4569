from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.models import Match
from helfer.notifications.models import Message
from helfer.people.actions import deactivate_account, merge_persons
from helfer.people.models import (
    Consent,
    ConsentKind,
    HelpSeeker,
    Office,
    Person,
    Representative,
    Tie,
    TieKind,
    User,
)
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
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
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def staff(office: Office) -> User:
    return tandem(office)[0]


def merge(survivor: Person, duplicate: Person, by: User, at: datetime) -> Person:
    return merge_persons(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=by, at=at)


def test_two_help_seekers_who_are_one_share_requests_and_representatives(
    office: Office, staff: User, now: datetime
) -> None:
    stays, goes = HelpSeekerFactory(office=office), HelpSeekerFactory(office=office, remark="hört schlecht")
    request = HelpRequestFactory(help_seeker=goes, office=office)
    daughter, same = PersonFactory(), PersonFactory()
    RepresentativeFactory(help_seeker=goes, person=daughter)
    RepresentativeFactory(help_seeker=goes, person=same)
    RepresentativeFactory(help_seeker=stays, person=same)
    ConsentFactory(person=goes.person, kind=ConsentKind.KEEP_HEALTH_DATA)
    merge(stays.person, goes.person, staff, now)
    request.refresh_from_db()
    stays.refresh_from_db()
    assert request.help_seeker == stays
    assert set(Representative.objects.values_list("help_seeker", "person")) == {
        (stays.pk, daughter.pk),
        (stays.pk, same.pk),
    }
    assert Consent.objects.get().person == stays.person
    assert stays.remark == "hört schlecht"
    assert not HelpSeeker.objects.filter(pk=goes.pk).exists()


def test_a_helper_who_is_also_helped_becomes_one_person(office: Office, staff: User, now: datetime) -> None:
    helper, seeker = HelperProfileFactory(office=office), HelpSeekerFactory(office=office)
    account = UserFactory(helper=True, person=helper.person)
    person = merge(seeker.person, helper.person, staff, now)
    assert HelperProfile.objects.get(pk=helper.pk).person == person
    assert User.objects.get(pk=account.pk).person == person
    assert person.help_seeker == seeker


def test_the_duplicate_points_to_the_survivor_and_keeps_no_contact_data(
    office: Office, staff: User, now: datetime
) -> None:
    stays = HelpSeekerFactory(office=office, person__phone="", person__homeless=True).person
    goes = HelpSeekerFactory(office=office, person__email="erika@example.org").person
    earlier = PersonFactory(merged_into=goes)
    phone, home = goes.phone, goes.home
    person = merge(stays, goes, staff, now)
    goes.refresh_from_db()
    earlier.refresh_from_db()
    assert (person.phone, person.email) == (phone, "erika@example.org")
    assert person.home is not None and home is not None and person.home.equals_exact(home)
    assert (goes.merged_into, goes.phone, goes.email, goes.home, goes.street) == (person, "", "", None, "")
    assert earlier.merged_into == person
    assert not goes.can_get_mail
    assert goes not in Person.objects.alive()


def test_relations_follow_and_nobody_is_related_to_themselves(
    office: Office, staff: User, now: datetime
) -> None:
    stays, goes = HelpSeekerFactory(office=office).person, HelpSeekerFactory(office=office).person
    before, after = PersonFactory(pk=1_000_000), PersonFactory(pk=2_000_000)
    tie(stays, goes, TieKind.HOUSEHOLD)
    tie(goes, before, TieKind.BLOCK)
    tie(goes, after, TieKind.RELATIVE)
    tie(stays, after, TieKind.RELATIVE)
    merge(stays, goes, staff, now)
    assert set(Tie.objects.values_list("person_a", "person_b", "kind")) == {
        (stays.pk, before.pk, "block"),
        (stays.pk, after.pk, "relative"),
    }


def test_the_same_message_to_both_stays_where_it_was(office: Office, staff: User, now: datetime) -> None:
    stays, goes = HelpSeekerFactory(office=office).person, HelpSeekerFactory(office=office).person
    for recipient in (stays, goes):
        Message.objects.create(
            kind="account_invited", subject_id=1, recipient=recipient, created_at=now, due_at=now
        )
    only = Message.objects.create(
        kind="account_invited", subject_id=2, recipient=goes, created_at=now, due_at=now
    )
    merge(stays, goes, staff, now)
    only.refresh_from_db()
    assert only.recipient == stays
    assert Message.objects.filter(subject_id=1).count() == 2


def test_two_profiles_or_two_accounts_are_refused_with_a_sentence(
    office: Office, staff: User, now: datetime
) -> None:
    one, two = HelperProfileFactory(office=office).person, HelperProfileFactory(office=office).person
    with pytest.raises(Conflict, match="Beide haben ein Helferprofil") as refusal:
        merge(one, two, staff, now)
    assert refusal.value.code == "both_have_a_profile"
    seeker = HelpSeekerFactory(office=office).person
    for person in (one, seeker):
        UserFactory(helper=True, person=person)
    with pytest.raises(Conflict, match="Beide haben einen Zugang"):
        merge(one, seeker, staff, now)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_who_cannot_be_merged(office: Office, staff: User, now: datetime) -> None:
    one, two = HelpSeekerFactory(office=office).person, HelpSeekerFactory(office=office).person
    foreign = HelpSeekerFactory().person
    with pytest.raises(Conflict):
        merge(one, one, staff, now)
    with pytest.raises(NotAllowed):
        merge(one, foreign, staff, now)
    with pytest.raises(NotAllowed):
        merge(one, two, UserFactory(administrator=True), now)
    with pytest.raises(NotAllowed):
        merge(one, staff.person, staff, now)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        merge_persons(survivor_id=one.pk, duplicate_id=0, by=staff, at=now)
    RepresentativeFactory(person=one, help_seeker=two.help_seeker)
    with pytest.raises(Conflict, match="zwei verschiedene Menschen"):
        merge(two, one, staff, now)
    Person.objects.filter(pk=one.pk).update(died_on=date(2026, 1, 1), death_reported_by=staff)
    with pytest.raises(Conflict, match="verstorben"):
        merge(two, one, staff, now)
    assert HelpRequest.objects.count() == 0


def test_a_merged_record_is_neither_merged_again_nor_edited(
    office: Office, staff: User, now: datetime
) -> None:
    one, two, three = (HelpSeekerFactory(office=office).person for _number in range(3))
    merge(one, two, staff, now)
    with pytest.raises((Conflict, NotAllowed)):
        merge(three, two, staff, now)


def test_nothing_is_left_pointing_to_the_duplicate(office: Office, staff: User, now: datetime) -> None:
    one, two = HelpSeekerFactory(office=office).person, HelperProfileFactory(office=office).person
    account = UserFactory(helper=True, person=two)
    deactivate_account(user_id=account.pk, by=UserFactory(administrator=True), at=now)
    RepresentativeFactory(person=two)
    ConsentFactory(person=two)
    merge(one, two, staff, now)
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if "History" in model.__name__ or relation.many_to_many:
            continue
        assert not model._default_manager.filter(**{relation.field.name: two}).exists(), model


@pytest.mark.parametrize("situation", ["proposed", "accepted", "approved", "active", "paused", "ended"])
def test_matches_go_on_with_the_survivor(situation: str, now: datetime) -> None:
    match = MatchFactory(to=situation)
    staff = tandem(match.office)[0]
    seeker = HelpSeekerFactory(office=match.office)
    helper = HelpSeekerFactory(office=match.office)
    survivor = merge(seeker.person, match.request.help_seeker.person, staff, now)
    helping = merge(helper.person, match.helper.person, staff, now)
    match = Match.objects.get(pk=match.pk)
    assert match.request.help_seeker.person == survivor
    assert match.helper.person == helping
    assert match.state == situation


def test_a_helper_and_the_person_they_help_are_not_made_one(now: datetime) -> None:
    match = MatchFactory(to="active")
    staff = tandem(match.office)[0]
    with pytest.raises((Conflict, DatabaseError)), transaction.atomic():
        merge(match.request.help_seeker.person, match.helper.person, staff, now)


def test_a_blocked_pair_is_not_brought_together_by_merging(now: datetime) -> None:
    match = MatchFactory(to="active")
    staff = tandem(match.office)[0]
    other = HelpSeekerFactory(office=match.office)
    tie(other.person, match.helper.person, TieKind.BLOCK)
    with pytest.raises((Conflict, DatabaseError)), transaction.atomic():
        merge(match.request.help_seeker.person, other.person, staff, now)

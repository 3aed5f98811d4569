"""What is sought in public: with a yes to a preview, in threes, without an illness, gone at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from helfer.catalogue.models import Role
from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching import actions
from helfer.matching.actions.publishing_wanted import PAUSE
from helfer.matching.models import Interest, PublicWanted, PublicWantedMember, Volunteering
from helfer.matching.own_data import own_data
from helfer.people.models import Consent, Person, User
from helfer.places.models import Quarter
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import SeatFactory, UserFactory
from tests.matching.public_town import AT, TODAY, asked, build_town, home_in, say_yes
from tests.matching.public_town import listed_request as listed
from tests.waiting import PATIENCE_SECONDS, until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> list[Quarter]:
    return build_town()


@pytest.fixture
def staff() -> User:
    user: User = SeatFactory().user
    return user


@pytest.fixture
def visits(town: list[Quarter]) -> Role:
    role: Role = RoleFactory(slug="besuch", name="Besuch")
    return role


def lines(on: date = TODAY) -> list[tuple[str, str, int, list[str], list[str]]]:
    actions.publish_wanted(on=on)
    rows = PublicWanted.objects.select_related("role", "district").order_by(
        "district", "role", "-number", "pk"
    )
    return [(row.role.slug, row.district.name, row.number, row.half_days, row.languages) for row in rows]


def test_only_what_somebody_said_yes_to_is_read(visits: Role, staff: User) -> None:
    asked(visits, staff)
    assert lines() == []
    listed(visits, staff)
    assert lines() == [("besuch", "Bezirk 0", 0, [], [])]
    imported = asked(visits, staff, import_digest="x")
    with pytest.raises(Conflict) as refused:
        say_yes(imported, staff)
    assert refused.value.code == "imported"
    stranger = SeatFactory().user
    with pytest.raises(NotAllowed):
        say_yes(asked(visits, staff), stranger)


def test_dementia_is_shown_as_a_visit_beside_other_visits(visits: Role, staff: User) -> None:
    dementia = RoleFactory(name="Demenzbegleitung", shown_publicly_as=visits)
    listed(dementia, staff, quarter=0)
    listed(dementia, staff, quarter=1)
    listed(visits, staff, quarter=1)
    assert lines() == [("besuch", "Bezirk 0", 3, [], [])]


def test_times_and_languages_stand_only_where_three_share_them(visits: Role, staff: User) -> None:
    for times in (["mo-vm"], ["di-vm", "di-ab"], ["so-vm"]):
        listed(visits, staff, languages=["tr"], times=times)
    listed(visits, staff, quarter=2, languages=["pl"], times=["mo-nm"])
    assert sorted(lines()) == [("besuch", "Bezirk 0", 3, ["vm"], ["tr"]), ("besuch", "Bezirk 1", 0, [], [])]


def closes(request: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=request.pk).update(state=RequestState.ON_HOLD)


def withdraws(request: HelpRequest) -> None:
    Consent.objects.filter(person=request.help_seeker.person_id).update(withdrawn_at=AT)


def moves(request: HelpRequest) -> None:
    person = request.help_seeker.person
    person.home = home_in(3)
    person.save()


def moves_away(request: HelpRequest) -> None:
    Person.objects.filter(pk=request.help_seeker.person_id).update(moved_on=TODAY)


def names_somebody(request: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=request.pk).update(named_helper=HelperProfileFactory())


def is_unlisted_by_hand(request: HelpRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM help_requests_requestlisting WHERE request_id = %s", [request.pk])


@pytest.mark.parametrize(
    "change",
    [closes, withdraws, moves, moves_away, names_somebody, is_unlisted_by_hand],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize("together", [1, 3])
def test_what_is_no_longer_true_goes_at_once_with_what_stands_beside_it(
    together: int, change: Any, visits: Role, staff: User
) -> None:
    requests = [listed(visits, staff) for _ in range(together)]
    assert len(lines()) == 1
    change(requests[0])
    assert not PublicWanted.objects.exists()
    assert not PublicWantedMember.objects.exists()
    assert lines() == []
    # The two who are left of three are shown when weeks have passed: then they may be one or two of anybody.
    shown_later = [("besuch", "Bezirk 0", 0, [], [])] if together == 3 else []
    assert lines(TODAY + PAUSE - timedelta(days=1)) == []
    assert lines(TODAY + PAUSE) == shown_later


def test_a_helper_says_i_can_and_the_office_finds_it_on_its_desk(visits: Role, staff: User) -> None:
    requests = [listed(visits, staff) for _ in range(3)]
    assert len(lines()) == 1
    row = PublicWanted.objects.get()
    helper = HelperProfileFactory(active=True)
    account = UserFactory(helper=True, person=helper.person)
    assert actions.say_interest(public_id=row.public_id, by=account, at=AT) == 3
    assert actions.say_interest(public_id=row.public_id, by=account, at=AT + timedelta(days=1)) == 0
    # Whether the second time was for the same people, their own data do not tell.
    (said,) = [part for part in own_data(helper) if part.title == "„Das kann ich“"]
    assert len(said.entries) == Volunteering.objects.count() == 2
    assert {each.request_id for each in Interest.objects.visible_to(staff)} == {each.pk for each in requests}
    assert not Interest.objects.visible_to(SeatFactory().user).exists()
    with pytest.raises(NotAllowed):
        actions.say_interest(public_id=row.public_id, by=staff, at=AT)
    interest = Interest.objects.first()
    assert interest is not None
    with pytest.raises(NotAllowed):
        actions.settle_interest(interest_id=interest.pk, by=SeatFactory().user, at=AT)
    actions.settle_interest(interest_id=interest.pk, by=staff, at=AT)
    assert Interest.objects.filter(settled_at=None).count() == 2


def test_the_public_table_has_no_column_that_could_say_more() -> None:
    columns = {field.column for field in PublicWanted._meta.concrete_fields}
    assert columns == {
        *("id", "public_id", "role_id", "district_id", "number", "half_days", "languages", "published_on")
    }


# Who watches every day


Seen = list[tuple[str, str, int, tuple[str, ...], tuple[str, ...], int]]


class Watcher:
    """Reads all lines, day by day, and knows each again by its address."""

    def __init__(self) -> None:
        self.known: dict[Any, int] = {}
        self.seen: list[Seen] = []

    def looks(self) -> None:
        rows = PublicWanted.objects.select_related("role", "district")
        self.seen.append(
            sorted(
                (
                    row.role.slug,
                    row.district.name,
                    row.number,
                    tuple(row.half_days),
                    tuple(row.languages),
                    self.known.setdefault(row.public_id, len(self.known)),
                )
                for row in rows
            )
        )

    def over_night(self, on: date) -> None:
        actions.publish_wanted(on=on)
        self.looks()


Story = Callable[[Role, User, Watcher], None]


def told(story: Story, visits: Role, staff: User) -> list[Seen]:
    """What can be seen of a story; afterwards nothing of it has happened."""
    watcher = Watcher()
    with transaction.atomic():
        story(visits, staff, watcher)
        transaction.set_rollback(True)
    return watcher.seen


def some(number: int, visits: Role, staff: User) -> list[HelpRequest]:
    return [listed(visits, staff, languages=["tr"], times=["mo-vm"]) for _ in range(number)]


def one_waits(visits: Role, staff: User, watcher: Watcher) -> None:
    (first,) = some(1, visits, staff)
    watcher.over_night(TODAY)
    watcher.over_night(TODAY + timedelta(days=1))
    watcher.looks()
    watcher.over_night(TODAY + timedelta(days=2))
    closes(first)
    watcher.looks()


def one_waits_and_another_comes_and_the_first_goes(visits: Role, staff: User, watcher: Watcher) -> None:
    (first,) = some(1, visits, staff)
    watcher.over_night(TODAY)
    (second,) = some(1, visits, staff)
    watcher.over_night(TODAY + timedelta(days=1))
    closes(first)
    watcher.looks()
    watcher.over_night(TODAY + timedelta(days=2))
    closes(second)
    watcher.looks()


def test_one_cannot_be_told_from_two_who_come_and_go(visits: Role, staff: User) -> None:
    seen = told(one_waits, visits, staff)
    assert seen[0] and not seen[-1]
    assert seen == told(one_waits_and_another_comes_and_the_first_goes, visits, staff)


@pytest.mark.parametrize("left_over", [0, 1, 2])
def test_of_three_who_were_taken_down_nobody_sees_how_many_are_left(
    left_over: int, visits: Role, staff: User
) -> None:
    def leaving(number: int) -> Story:
        def story(visits: Role, staff: User, watcher: Watcher) -> None:
            requests = some(3, visits, staff)
            watcher.over_night(TODAY)
            some(left_over, visits, staff)
            watcher.over_night(TODAY)
            for request in requests[:number]:
                closes(request)
            watcher.looks()
            for day in (1, 27):
                watcher.over_night(TODAY + timedelta(days=day))
            watcher.seen = [[line for line in seen if line[2] == 0] for seen in watcher.seen]

        return story

    one, two = told(leaving(1), visits, staff), told(leaving(2), visits, staff)
    assert one == two
    assert not one[-1]


def test_whoever_comes_does_not_change_what_stands(visits: Role, staff: User) -> None:
    some(3, visits, staff)
    watcher = Watcher()
    watcher.over_night(TODAY)
    listed(visits, staff, languages=["tr", "de"], times=["mo-vm", "di-vm"])
    watcher.over_night(TODAY + timedelta(days=1))
    (three,) = watcher.seen[0]
    assert three in watcher.seen[1] and len(watcher.seen[1]) == 2


def test_a_role_that_shall_not_be_named_any_more_is_taken_down(visits: Role, staff: User) -> None:
    parkinson = RoleFactory(name="Parkinsonbegleitung")
    listed(parkinson, staff)
    assert len(lines()) == 1
    Role.objects.filter(pk=parkinson.pk).update(shown_publicly_as=visits)
    assert not PublicWanted.objects.exists()
    assert lines() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_are_left_and_go_at_the_same_time_leave_no_line(visits: Role, staff: User) -> None:
    first, second = [listed(visits, staff) for _ in range(2)]
    assert len(lines()) == 1

    def goes_too() -> None:
        try:
            closes(second)
        finally:
            connection.close()

    thread = threading.Thread(target=goes_too)
    with transaction.atomic():
        closes(first)
        thread.start()
        until_somebody_waits_for_a_lock(thread)
    thread.join(PATIENCE_SECONDS)
    assert not PublicWanted.objects.exists()

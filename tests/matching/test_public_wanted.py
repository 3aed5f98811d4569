"""What is sought in public: with a yes to a preview, in threes, without an illness, gone at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from helfer.catalogue.models import Role
from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching import actions
from helfer.matching.models import Interest, PublicWanted, PublicWantedMember
from helfer.people.models import Consent, User
from helfer.places.models import Quarter
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import SeatFactory, UserFactory
from tests.matching.public_town import AT, TODAY, asked, build_town, home_in, say_yes
from tests.matching.public_town import listed_request as listed

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


def lines() -> list[tuple[str, str, int, list[str], list[str]]]:
    actions.publish_wanted(on=TODAY)
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
    dementia = RoleFactory(slug="demenz", name="Demenzbegleitung")
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


def names_somebody(request: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=request.pk).update(named_helper=HelperProfileFactory())


def is_unlisted_by_hand(request: HelpRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM help_requests_requestlisting WHERE request_id = %s", [request.pk])


@pytest.mark.parametrize(
    "change",
    [closes, withdraws, moves, names_somebody, is_unlisted_by_hand],
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
    assert len(lines()) == (1 if together > 1 else 0)


def test_a_helper_says_i_can_and_the_office_finds_it_on_its_desk(visits: Role, staff: User) -> None:
    requests = [listed(visits, staff) for _ in range(3)]
    assert len(lines()) == 1
    row = PublicWanted.objects.get()
    helper = HelperProfileFactory(active=True)
    account = UserFactory(helper=True, person=helper.person)
    assert actions.say_interest(public_id=row.public_id, by=account, at=AT) == 3
    assert actions.say_interest(public_id=row.public_id, by=account, at=AT) == 0
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

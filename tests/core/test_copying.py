"""Rows that come by COPY are what they would be by INSERT, and are guarded and kept in history as those."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from helfer.catalogue.models import Role
from helfer.core.constraints import refusal_for
from helfer.core.copying import GrowingTables, copy_objects, copy_rows
from helfer.core.history import acting, actor_of, history_of
from helfer.helpers.models import HelperProfile, HelperState
from helfer.people.models import Gender, Person
from helfer.places.models import LocationQuality
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def _columns_of(person: Person) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(kept) - 'id' - 'created_at' FROM people_person kept WHERE id = %s", [person.pk]
        )
        row = cursor.fetchone()[0]
    columns: dict[str, Any] = json.loads(row) if isinstance(row, str) else row
    return columns


def _somebody(**said: Any) -> Person:
    return Person(
        family_name="Petrović-Groß",
        given_name="Ayşe\u0301",
        gender=Gender.WOMAN,
        phone="0221 4710001",
        mobile="12",
        home=Point(7.494704, 51.519559, srid=4326),
        location_quality=LocationQuality.MANUAL,
        **said,
    )


def test_a_row_is_what_bulk_create_would_write() -> None:
    by_copy, by_insert = _somebody(), _somebody()
    copy_objects(Person, [by_copy])
    Person.objects.bulk_create([by_insert])
    assert _columns_of(by_copy) == _columns_of(by_insert)
    assert by_copy.created_at is not None


@pytest.mark.parametrize(
    "text",
    ["\t", "a\tb", "a\nb", "a\r\nb", "\\", "\\N", "\\.", "a\\tb", "NULL", "ć", '"', "'", ",;|", "", " "],
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    person, other = Person(family_name=text, town=text), Person(family_name="next", birth_year=1950)
    copy_objects(Person, [person, other])
    kept = Person.objects.get(pk=person.pk)
    assert (kept.family_name, kept.town, kept.birth_year) == (text, text, None)
    assert Person.objects.get(pk=other.pk).birth_year == 1950


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    with transaction.atomic():
        person = Person(family_name="x", street=text, house_number="")
        copy_objects(Person, [person])
        assert Person.objects.get(pk=person.pk).street == text


def test_lists_come_back_as_they_were() -> None:
    person = PersonFactory.create()
    helper = HelperProfile(person=person, languages=["de", "tr"], times=[], state=HelperState.ACTIVE)
    copy_objects(HelperProfile, [helper])
    kept = HelperProfile.objects.get(pk=helper.pk)
    assert (kept.languages, kept.times, kept.state) == (["de", "tr"], [], HelperState.ACTIVE)


def test_what_was_copied_knows_its_id_and_can_be_saved_again() -> None:
    people = [Person(family_name="A"), Person(family_name="B")]
    copy_objects(Person, people)
    people[1].family_name = "C"
    people[1].save()
    assert list(Person.objects.order_by("pk").values_list("family_name", flat=True)) == ["A", "C"]
    assert PersonFactory.create().pk > people[1].pk


def test_nothing_at_all_is_copied_without_a_word_to_the_database() -> None:
    with CaptureQueriesContext(connection) as queries:
        copy_objects(Person, [])
    assert not queries.captured_queries


def test_history_keeps_who_acted_where_nothing_but_copy_was_done() -> None:
    user = UserFactory.create()
    helper = HelperProfile(person=PersonFactory.create(), state=HelperState.ACTIVE)
    with acting(user.pk, door="command"):
        copy_objects(HelperProfile, [helper])
    (kept,) = history_of(helper)
    assert (actor_of(kept), kept.pgh_label, kept.pgh_context["door"]) == (user.pk, "insert", "command")


def test_a_second_actor_in_one_transaction_is_not_taken_for_the_first() -> None:
    first, second = UserFactory.create_batch(2)
    helpers = [HelperProfile(person=person) for person in PersonFactory.create_batch(2)]
    for user, helper in zip((first, second), helpers, strict=True):
        with acting(user.pk, door="command"):
            copy_objects(HelperProfile, [helper])
    assert [actor_of(row) for helper in helpers for row in history_of(helper)] == [first.pk, second.pk]


def test_a_key_that_is_there_already_is_refused_with_its_sentence() -> None:
    HelperProfileFactory.create(number="H-1", office=None)
    helper = HelperProfile(person=PersonFactory.create(), number="H-1")
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        copy_objects(HelperProfile, [helper])
    refusal = refusal_for(raised.value)
    assert refusal is not None
    assert refusal.code == "helper_number_is_used_once_in_an_office"
    assert helper.pk is None


def test_a_guard_refuses_what_comes_by_copy() -> None:
    helper = HelperProfile(person=PersonFactory.create(), state=HelperState.LEFT)
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        copy_objects(HelperProfile, [helper])
    refusal = refusal_for(raised.value)
    assert refusal is not None
    assert refusal.code == "helper_begins_registered_or_active"


def test_links_are_copied_without_objects() -> None:
    helper, roles = HelperProfileFactory.create(), RoleFactory.create_batch(2)
    helper.roles.clear()
    copy_rows(
        HelperProfile.roles.through,
        ("helperprofile_id", "role_id"),
        ((helper.pk, role.pk) for role in roles),
    )
    assert set(helper.roles.all()) == set(Role.objects.filter(pk__in=[role.pk for role in roles]))


def test_the_sizes_are_looked_at_whenever_a_table_has_doubled() -> None:
    tables = GrowingTables(Person, HelperProfile)
    looks = []
    for rows in (200, 200, 200, 500, 500, 2_000):
        with CaptureQueriesContext(connection) as queries:
            tables.grow_by(rows)
        looks.append([query["sql"] for query in queries.captured_queries])
    look = ['ANALYZE (SKIP_LOCKED) "people_person", "helpers_helperprofile"']
    assert looks == [[], [], look, [], look, look]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_copied() -> None:
    with pytest.raises(ValueError, match="in a transaction"):
        copy_objects(Person, [Person(family_name="A")])
    assert not Person.objects.exists()

from __future__ import annotations

import pytest
from django.db import connection

from helfer.people.models import Person
from helfer.places.models import District
from tests.factories.people import PersonFactory, point_near
from tests.people.areas import district, quarter, square

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def where(person: Person) -> tuple[int | None, int | None]:
    person.refresh_from_db()
    return person.district_id, person.quarter_id


def test_a_person_lives_in_the_district_and_quarter_of_the_home() -> None:
    west, east = district("West", -1000, 0), district("Ost", 0, 1000)
    near, far = quarter("Nah", east, 0, 500), quarter("Fern", east, 500, 1000)
    assert where(PersonFactory(home=point_near(-300))) == (west.pk, None)
    assert where(PersonFactory(home=point_near(200))) == (east.pk, near.pk)
    assert where(PersonFactory(home=point_near(800))) == (east.pk, far.pk)
    assert where(PersonFactory(home=point_near(5000))) == (None, None)
    assert where(PersonFactory(homeless=True)) == (None, None)


def test_a_home_on_the_border_belongs_to_the_district_with_the_lower_id() -> None:
    first, _second = district("Ost", 0, 1000), district("West", -1000, 0)
    assert where(PersonFactory(home=point_near(0)))[0] == first.pk


def test_raw_sql_cannot_put_a_person_into_another_district() -> None:
    west, east = district("West", -1000, 0), district("Ost", 0, 1000)
    person = PersonFactory(home=point_near(-300))
    sql("UPDATE people_person SET district_id = %s WHERE id = %s", east.pk, person.pk)
    assert where(person)[0] == west.pk
    Person.objects.filter(pk=person.pk).update(district=east)
    assert where(person)[0] == west.pk


def test_a_stale_copy_saved_in_full_does_not_blank_the_district() -> None:
    west = district("West", -1000, 0)
    stale = PersonFactory(home=point_near(-300))
    assert stale.district_id is None
    stale.save()
    assert where(stale)[0] == west.pk


def test_a_home_that_moves_by_raw_sql_takes_its_district_along() -> None:
    _west, east = district("West", -1000, 0), district("Ost", 0, 1000)
    person = PersonFactory(home=point_near(-300))
    sql("UPDATE people_person SET home = %s WHERE id = %s", point_near(300).hexewkb.decode(), person.pk)
    assert where(person)[0] == east.pk
    sql("UPDATE people_person SET home = NULL, location_quality = '' WHERE id = %s", person.pk)
    assert where(person)[0] is None


def test_people_follow_when_polygons_come_move_and_go() -> None:
    person = PersonFactory(home=point_near(300))
    assert where(person)[0] is None
    east = district("Ost", 0, 1000)
    inner = quarter("Mitte", east, 200, 400)
    assert where(person) == (east.pk, inner.pk)
    later = district("Später", 0, 1000)
    assert where(person)[0] == east.pk, "the lower id keeps the person"
    sql(
        "UPDATE places_district SET area = ST_Translate(area, 1, 0) WHERE id = %s",
        east.pk,
    )
    assert where(person)[0] == later.pk
    sql("UPDATE places_quarter SET area = ST_Translate(area, 1, 0)")
    assert where(person)[1] is None
    District.objects.filter(pk=east.pk).update(area=square(0, -1000, 1000, 1000))
    assert where(person)[0] == east.pk
    east.delete()
    assert where(person) == (later.pk, None)
    sql("DELETE FROM places_district WHERE id = %s", later.pk)
    assert where(person)[0] is None


def test_two_thousand_people_follow_a_new_polygon() -> None:
    sql(
        "INSERT INTO people_person (family_name, given_name, gender, phone, mobile, email, language, street,"
        " house_number, postcode, town, home, location_quality, location_to_confirm, created_at)"
        " SELECT 'N', '', '', '', '', '', 'de', '', '', '', '',"
        " ST_SetSRID(ST_MakePoint(7.46 + (i %% 100) * 0.0001, 51.51 + i * 0.000003), 4326)::geography,"
        " 'manual', false, now() FROM generate_series(1, 2000) i",
    )
    all_of_it = district("Alles", -3000, 3000)
    assert Person.objects.filter(district=all_of_it).count() == 2000

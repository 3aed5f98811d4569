"""What the shortlist of one request costs, beside a plain scan of the same helpers (`make bench`)."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from helfer.helpers.models import HelperProfile, HelperState
from helfer.matching.candidates import shortlist
from helfer.people.models import Person
from helfer.places.models import LocationQuality
from tests.factories.catalogue import CompensationModelFactory, RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import OfficeFactory, point_near

HELPERS = 10_000
ROUNDS = 7
SEED = 2026
ASKED_ON = date(2026, 11, 23)

PLAIN_SCAN = """
    SELECT helper.id, ST_Distance(person.home, %s::geography) AS metres
    FROM helpers_helperprofile helper JOIN people_person person ON person.id = helper.person_id
    ORDER BY metres LIMIT 20
"""


def fill() -> None:
    """Helpers spread over about 30 km × 30 km, a quarter of whom offer the role."""
    rng = random.Random(SEED)
    office, model = OfficeFactory(), CompensationModelFactory()
    roles = [RoleFactory(slug=slug) for slug in ("besuch", "einkauf", "garten", "telefon")]
    persons = Person.objects.bulk_create(
        Person(
            family_name=f"Nachbar{number}",
            birth_year=1960,
            home=point_near(rng.uniform(-15_000, 15_000), rng.uniform(-15_000, 15_000)),
            location_quality=LocationQuality.ADDRESS,
        )
        for number in range(HELPERS)
    )
    helpers = HelperProfile.objects.bulk_create(
        HelperProfile(
            person=person,
            office=office,
            number=f"H-{index}",
            state=HelperState.ACTIVE,
            radius_m=rng.choice([1_000, 2_000, 5_000]),
            languages=["de"],
            times=["mo-vm", "di-nm"],
            max_people=2,
        )
        for index, person in enumerate(persons)
    )
    offers, models = HelperProfile.roles.through, HelperProfile.compensation_models.through
    offers.objects.bulk_create(
        offers(helperprofile_id=helper.pk, role_id=rng.choice(roles).pk) for helper in helpers
    )
    models.objects.bulk_create(
        models(helperprofile_id=helper.pk, compensationmodel_id=model.pk) for helper in helpers
    )


def measured(work: Callable[[], object]) -> float:
    """Seconds of one round."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@pytest.mark.django_db
def test_shortlist_beside_a_plain_scan(capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    role = RoleFactory(slug="besuch")
    request = HelpRequestFactory(open=True, role=role, times=["mo-vm"])
    home = request.help_seeker.person.home

    def plain_scan() -> object:
        with connection.cursor() as cursor:
            cursor.execute(PLAIN_SCAN, [home.hexewkb.decode()])
            return cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows: dict[str, list[float]] = {
        "shortlist, 20 with parts and reasons": [],
        "plain scan, ids and metres": [],
    }
    for _round in range(ROUNDS):
        rows["shortlist, 20 with parts and reasons"].append(measured(lambda: shortlist(request, on=ASKED_ON)))
        rows["plain scan, ids and metres"].append(measured(plain_scan))
    with capsys.disabled():
        print(f"\n{HELPERS} helpers, {ROUNDS} interleaved rounds, seed {SEED}")
        for name, seconds in rows.items():
            middle, spread = statistics.median(seconds), max(seconds) - min(seconds)
            print(f"  {name:<40} {middle * 1000:8.1f} ms  (spread {spread * 1000:.1f} ms)")
    found = shortlist(request, on=ASKED_ON)
    assert len(found.candidates) == 20

"""A town of ten thousand helpers: the search in SQL agrees with the plain survey, request by request."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from helfer.catalogue.models import CompensationModel, LandRule, Role, Training
from helfer.core.slots import SLOTS
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause
from helfer.matching.actions.keeping_offers import offers_kept_back
from helfer.matching.candidates import survey
from helfer.matching.candidates.edges import edges
from helfer.matching.what_if import what_ifs
from helfer.people.models import HelpSeeker, Office, Person, Tie, TieKind, User
from helfer.places.models import LocationQuality, Municipality
from tests.factories.people import point_near

from .agreement import candidates_agree, edges_agree, near_misses_agree
from .reference_survey import PlainSurvey, plain_survey
from .reference_survey import what_ifs as plain_what_ifs
from .worlds import MODELS, ON, TRAININGS, at_noon

pytestmark = pytest.mark.django_db

HELPERS, REQUESTS, SEED = 10_000, 6, 2026


class Town:
    """Helpers spread over 30 km, many of them in the same houses; requests among them."""

    def __init__(self) -> None:
        self.rng = random.Random(SEED)
        municipality = Municipality.objects.default()
        self.offices = [
            Office.objects.create(municipality=municipality, name=name, slug=name)
            for name in ("nord", "sued")
        ]
        self.models = [CompensationModel.objects.create(slug=slug, name=slug) for slug in MODELS]
        self.trainings = [
            Training.objects.create(slug=slug, name=slug, evidence_type="document", grace_days=grace)
            for slug, grace in zip(TRAININGS, (0, 30, 0, 5), strict=True)
        ]
        self.trainings[3].includes.add(self.trainings[1])
        self.roles = [Role.objects.create(slug=slug, name=slug) for slug in ("besuch", "einkauf")]
        self.roles[0].required_trainings.set(self.trainings[:2])
        self.roles.append(Role.objects.create(slug="telefon", name="telefon", at_a_distance=True))
        for role in self.roles:
            role.compensation_models.set(self.models)
        rule = LandRule.objects.create(
            land=municipality.land, valid_from=ON - timedelta(days=9), max_people=2, min_age=18, checked_on=ON
        )
        rule.qualifications.set([self.trainings[1], self.trainings[2]])
        self.account = User.objects.create_user("jemand@example.org")
        with offers_kept_back():
            self._helpers()
            # Nobody else ever sees these tables: without this, they would be planned for as empty ones.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE people_person, helpers_helperprofile, helpers_helperprofile_roles")
                cursor.execute("ANALYZE helpers_helperprofile_compensation_models, helpers_certificate")
                cursor.execute("ANALYZE helpers_pause, catalogue_role_required_trainings")
        self.requests = [self._request(number) for number in range(REQUESTS)]

    def _place(self) -> object:
        # A grid of houses: distances and scores tie.
        return point_near(self.rng.randint(-60, 60) * 250, self.rng.randint(-60, 60) * 250)

    def _some(self, values: object, share: float) -> list[object]:
        return [value for value in values if self.rng.random() < share]  # type: ignore[attr-defined]

    def _helpers(self) -> None:
        rng = self.rng
        persons = Person.objects.bulk_create(
            Person(
                family_name=f"Nachbar{number}",
                given_name="Ayşe",
                gender=rng.choice(["w", "m", ""]),
                birth_year=rng.choice([None, 1950, 1980, 2008, 2009]),
                home=None if number % 50 == 0 else self._place(),
                location_quality="" if number % 50 == 0 else LocationQuality.ADDRESS,
            )
            for number in range(HELPERS)
        )
        helpers = HelperProfile.objects.bulk_create(
            HelperProfile(
                person=person,
                office=rng.choice(self.offices),
                number=f"H-{number}",
                state=HelperState.REGISTERED if number % 40 == 0 else HelperState.ACTIVE,
                radius_m=rng.choice([500, 1000, 2500, 5000, 20_000]),
                languages=rng.choice([["de"], ["de"], ["de", "tr"], ["tr"]]),
                times=self._some(SLOTS, 0.2),
                max_people=rng.randint(1, 3),
                no_pets=rng.random() < 0.3,
                no_smokers=rng.random() < 0.3,
            )
            for number, person in enumerate(persons)
        )
        roles, models = HelperProfile.roles.through, HelperProfile.compensation_models.through
        roles.objects.bulk_create(
            roles(helperprofile_id=helper.pk, role_id=role.pk)
            for helper in helpers
            for role in self._some(self.roles, 0.5)
        )
        models.objects.bulk_create(
            models(helperprofile_id=helper.pk, compensationmodel_id=model.pk)
            for helper in helpers
            for model in self._some(self.models, 0.5)
        )
        proofs = []
        for helper in helpers:
            for training in self._some(self.trainings, 0.7):
                issued_on = ON - timedelta(days=rng.randint(-5, 700))
                ends = rng.choice([None, None, ON - timedelta(days=rng.choice([0, 1, 5, 6, 30, 31]))])
                verified = rng.random() < 0.95
                proofs.append(
                    Certificate(
                        helper=helper,
                        training=training,
                        issued_on=issued_on,
                        valid_until=None if ends is None else max(ends, issued_on),
                        verified_by=self.account if verified else None,
                        verified_at=at_noon(0) if verified else None,
                    )
                )
        Certificate.objects.bulk_create(proofs)
        Pause.objects.bulk_create(
            Pause(
                helper=helper,
                from_day=ON - timedelta(days=rng.randint(-1, 3)),
                until_day=rng.choice([None, ON + timedelta(days=rng.randint(2, 4))]),
            )
            for helper in self._some(helpers, 0.1)
        )
        self.helpers = helpers

    def _request(self, number: int) -> HelpRequest:
        rng = self.rng
        person = Person.objects.create(
            family_name="Muster", home=self._place(), location_quality=LocationQuality.ADDRESS
        )
        seeker = HelpSeeker.objects.create(
            person=person, office=self.offices[0], care_level=rng.choice(["none", "2"])
        )
        Tie.objects.bulk_create(
            Tie(
                person_a_id=min(helper.person_id, person.pk),
                person_b_id=max(helper.person_id, person.pk),
                kind=rng.choice([TieKind.BLOCK, TieKind.HOUSEHOLD]),
            )
            for helper in rng.sample(self.helpers, 200)
        )
        request = HelpRequest.objects.create(
            help_seeker=seeker,
            office=self.offices[0],
            number=f"A-{number}",
            state=RequestState.OPEN,
            role=self.roles[number % 3],
            received_on=ON,
            starts_on=rng.choice([None, ON + timedelta(days=2)]),
            languages=rng.choice([[], ["tr", "de"]]),
            times=rng.choice([[], ["mo-vm"], ["mo-vm", "di-nm", "so-ab"]]),
            wanted_gender=rng.choice(["", "", "w"]),
            has_pets=rng.choice(["", "no", "yes"]),
            has_smokers=rng.choice(["", "no", "yes"]),
            max_distance_m=rng.choice([None, None, 3000]),
        )
        request.compensation_models.set(rng.choice([[], [self.models[2]], self.models]))
        return request


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    yield Town()


def test_the_search_agrees_with_the_plain_survey_of_a_whole_town(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matching_offer")
    surveys: dict[int, PlainSurvey] = {}
    for request in town.requests:
        plain = surveys[request.pk] = plain_survey(request, on=ON)
        surveyed = survey(request, on=ON)
        found = surveyed.shortlist()
        candidates_agree(found, plain)
        near_misses_agree(found.near_misses, plain.missed)
        assert len(found.near_misses) == min(10, len(plain.missed))
        own = surveyed.near_misses(7, only_own=True)
        office = plain.request.office_id
        near_misses_agree(own, [each for each in plain.missed if each[0].office_id == office])
        assert found.near_misses_elsewhere == plain.missed_elsewhere
        assert {(w.kind, w.value): w.additional for w in what_ifs(surveyed)} == plain_what_ifs(plain)
    assert sum(len(plain.eligible) for plain in surveys.values()) > 100
    edges_agree(surveys)
    left_out = {helper.id for plain in surveys.values() for helper in plain.eligible[::2]}
    others = edges(on=ON, request_ids=list(surveys), excluding_helpers=left_out)
    assert (
        set(others.helper_ids.tolist())
        == {helper.id for plain in surveys.values() for helper in plain.eligible} - left_out
    )

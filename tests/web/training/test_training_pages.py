"""The training team: helpers of the whole city and their proofs; never whom they help."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helfer.core.days import berlin_day
from helfer.helpers.models import Certificate, HelperProfile
from helfer.people.models import User
from tests.factories.catalogue import RoleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def at(name: str, **where: Any) -> str:
    return reverse(f"training:{name}", kwargs=where or None)


@pytest.fixture
def user() -> User:
    return UserFactory(training=True)


@pytest.fixture
def here(client: Client, user: User) -> Client:
    return sign_in(client, user)


def test_only_the_training_team_opens_these_pages(here: Client) -> None:
    proof = CertificateFactory()
    pages = [at("helpers"), at("bulk"), at("helper", pk=proof.helper_id), at("issue", pk=proof.helper_id)]
    pages += [at("verify", pk=proof.pk), at("revoke", pk=proof.pk)]
    strangers = [UserFactory(coordinator=True), SeatFactory().user, UserFactory(helper=True)]
    for page in pages:
        assert here.get(page).status_code == 200, page
        for stranger in strangers:
            assert sign_in(Client(), stranger).get(page).status_code == 404, page
    assert here.get(at("helper", pk=99_999_999)).status_code == 404
    assert here.get(at("verify", pk=99_999_999)).status_code == 404
    assert here.get(at("file", pk=proof.pk)).status_code == 404


def test_whom_somebody_helps_is_not_shown(here: Client) -> None:
    match = MatchFactory(to="active")
    seeker = match.request.help_seeker.person
    for page in (at("helpers"), at("helper", pk=match.helper_id)):
        text = here.get(page).content.decode()
        assert match.helper.person.family_name in text
        assert seeker.family_name not in text


def found(here: Client, **wanted: Any) -> set[str]:
    rows = here.get(at("helpers"), wanted).context["rows"]
    return {row["helper"].person.family_name for row in rows}


def test_the_list_finds_who_lacks_what(here: Client) -> None:
    today = berlin_day(timezone.now())
    basic = TrainingFactory()
    wider = TrainingFactory(includes=[TrainingFactory(includes=[basic])])
    role = RoleFactory(required_trainings=[basic])

    def helper(name: str) -> HelperProfile:
        return HelperProfileFactory(active=True, roles=[role], person__family_name=name)

    helper("Ohne")
    CertificateFactory(helper=helper("Weit"), training=wider)
    CertificateFactory(helper=helper("Neu"), training=basic, unverified=True)
    issued = today - timedelta(days=300)
    CertificateFactory(
        helper=helper("Bald"), training=basic, issued_on=issued, valid_until=today + timedelta(days=20)
    )
    late = helper("Vorbei")
    CertificateFactory(helper=late, training=basic, issued_on=issued, valid_until=today - timedelta(days=20))
    assert found(here) == {"Ohne", "Weit", "Neu", "Bald", "Vorbei"}
    assert found(here, proofs="missing") == {"Ohne", "Neu", "Vorbei"}
    assert found(here, proofs="missing", training=basic.pk) == {"Ohne", "Neu", "Vorbei"}
    assert found(here, proofs="unverified") == {"Neu"}
    assert found(here, proofs="lapsing") == {"Bald"}
    assert found(here, proofs="lapsed", training=basic.pk) == {"Vorbei"}
    assert found(here, training=wider.pk) == {"Weit"}
    late.person.family_name = "Vorbeić"
    late.person.save()
    assert found(here, text="vorbeic") == {"Vorbeić"}
    assert found(here, text="ohne", office=late.office_id) == set()
    assert found(here, proofs="unsinn", sortierung="-name", seite="9") == found(here)


def test_the_list_asks_a_constant_number_of_questions(
    here: Client, django_assert_max_num_queries: Any
) -> None:
    CertificateFactory()
    for query in ({}, {"proofs": "missing"}):
        with django_assert_max_num_queries(25) as few:
            here.get(at("helpers"), query)
        training = TrainingFactory(slug="gleich")
        for _each in range(4):
            CertificateFactory(training=training)
        with django_assert_max_num_queries(len(few)):
            here.get(at("helpers"), query)


def test_a_proof_is_entered_checked_and_taken_back(here: Client, user: User) -> None:
    helper = HelperProfileFactory(active=True)
    training = TrainingFactory(validity_months=12)
    typed = {"training": training.pk, "issued_on": "31.2.2026"}
    refused = here.post(at("issue", pk=helper.pk), typed)
    assert refused.status_code == 422 and "31.2.2026" in refused.content.decode()
    assert here.post(at("issue", pk=helper.pk), typed | {"issued_on": "28.2.2026"}).status_code == 303
    assert Certificate.objects.get(helper=helper).verified_by == user

    handed_in = CertificateFactory(helper=helper, unverified=True)
    assert here.post(at("verify", pk=handed_in.pk)).status_code == 303
    handed_in.refresh_from_db()
    assert handed_in.verified_by == user
    assert here.post(at("revoke", pk=handed_in.pk)).status_code == 303
    assert not Certificate.objects.filter(pk=handed_in.pk).exists()


def test_an_inspection_leaves_no_file(here: Client) -> None:
    helper = HelperProfileFactory(active=True)
    training = TrainingFactory(inspection=True)
    assert (
        here.post(at("issue", pk=helper.pk), {"training": training.pk, "issued_on": "2.11.2026"}).status_code
        == 303
    )
    proof = Certificate.objects.get(helper=helper)
    assert not proof.file and proof.seen_on and proof.delete_by


def test_nobody_checks_their_own_proofs(client: Client) -> None:
    both = UserFactory(training=True, helper=True)
    proof = CertificateFactory(helper__person=both.person, unverified=True)
    sign_in(client, both)
    assert client.post(at("verify", pk=proof.pk)).status_code == 403
    proof.refresh_from_db()
    assert proof.verified_at is None


def test_a_course_is_entered_for_everybody_or_for_nobody(here: Client) -> None:
    one, two = HelperProfileFactory(active=True), HelperProfileFactory(active=True)
    training = TrainingFactory(validity_months=24)
    typed = {"training": training.pk, "issued_on": "2.11.2026", "helpers": [one.pk, two.pk]}
    assert here.post(at("bulk"), typed | {"helpers": []}).status_code == 422
    assert here.post(at("bulk"), typed).status_code == 303
    assert Certificate.objects.filter(training=training).count() == 2
    three = HelperProfileFactory(active=True)
    again = here.post(at("bulk"), typed | {"helpers": [two.pk, three.pk]})
    assert again.status_code == 409 and two.person.full_name in again.content.decode()
    assert Certificate.objects.filter(training=training).count() == 2

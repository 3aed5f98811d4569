"""One number, one human being: who is known, and who is somebody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helfer.core import numbering
from helfer.helpers.models import HelperProfile
from helfer.people.models import Person
from tests.factories.people import HelpSeekerFactory, PersonFactory
from tests.helpers.lists import numbers_of

pytestmark = pytest.mark.django_db


def test_a_number_stands_once_in_a_list(run: Any) -> None:
    report = run({}, {"vorname": "Olga", "telefon": "", "mobil": ""})
    assert "steht schon in Zeile 2" in report.faults[0].message


def test_one_human_being_stands_once_in_a_list(run: Any) -> None:
    report = run({}, {"nummer": "H-2"})
    assert "Diese Person steht schon in Zeile 2" in report.faults[0].message


def test_a_known_number_of_somebody_else_is_a_fault(run: Any) -> None:
    run({})
    report = run({"nachname": "Petrov", "vorname": "Lothar", "geburtsjahr": "1991", "umkreis_m": "900"})
    assert report.faults[0].column == "nummer"
    assert "jemand anderem (Ayşe Demir, 1962)" in report.faults[0].message


@pytest.mark.parametrize("change", [{"nachname": "Koch"}, {"geburtsjahr": "1963"}, {"vorname": "Aische"}])
def test_who_marries_or_was_misspelt_stays_the_same(run: Any, change: dict[str, str]) -> None:
    run({})
    assert numbers_of(run(change)) == (0, 1, 0, 0)


def test_a_human_being_under_another_number_is_a_fault(run: Any) -> None:
    run({})
    report = run({"nummer": "H-9"})
    assert "schon eingetragen, unter der Nummer „H-1“" in report.faults[0].message


def test_without_numbers_name_birth_year_and_telephone_are_the_key(run: Any) -> None:
    other = {"nummer": "", "vorname": "Olga", "telefon": "", "mobil": ""}
    run({"nummer": ""}, other)
    drawn = set(HelperProfile.objects.values_list("number", flat=True))
    assert len(drawn) == 2
    assert all(re.fullmatch(r"H-[0-9]{5}", number) for number in drawn)
    assert numbers_of(run({"nummer": ""}, other)) == (0, 0, 2, 0)
    assert numbers_of(run({"nummer": "", "umkreis_m": "900"}, other)) == (0, 1, 1, 0)
    assert set(HelperProfile.objects.values_list("number", flat=True)) == drawn


def test_numbers_that_the_office_gives_pass_over_those_of_the_list(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter([1, 1, 2])
    monkeypatch.setattr(numbering.secrets, "randbelow", lambda _: next(draws))
    run({"nummer": "H-00001"}, {"nummer": "", "vorname": "Olga", "telefon": "", "mobil": ""})
    assert sorted(HelperProfile.objects.values_list("number", flat=True)) == ["H-00001", "H-00002"]


def test_somebody_known_as_help_seeker_stays_one_person(run: Any) -> None:
    seeker = HelpSeekerFactory(
        person=PersonFactory(
            family_name="Demir",
            given_name="Ayşe",
            birth_year=1962,
            phone="+492214710001",
            email="alt@example.org",
        )
    )
    home = seeker.person.home
    run({})
    helper = HelperProfile.objects.select_related("person").get()
    assert helper.person == seeker.person
    # What is known stays, gaps are filled.
    assert (helper.person.email, helper.person.home) == ("alt@example.org", home)
    assert helper.person.mobile.as_e164 == "+491713920001"


@pytest.mark.parametrize("change", [{"telefon": "", "mobil": ""}, {"geburtsjahr": ""}, {"vorname": "Olga"}])
def test_who_is_not_surely_the_same_becomes_another_person(run: Any, change: dict[str, str]) -> None:
    PersonFactory(family_name="Demir", given_name="Ayşe", birth_year=1962, phone="+492214710001")
    run(change)
    assert Person.objects.filter(family_name="Demir").count() == 2

"""How long a proof counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helfer.helpers.certificates import counts_on, delete_by, reminder_days, valid_until
from helfer.helpers.models import Certificate
from tests.factories.catalogue import TrainingFactory
from tests.factories.helpers import CertificateFactory

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("issued_on", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 6, 1), 12, date(2027, 6, 1)),
        (date(2026, 6, 1), None, None),
    ],
)
def test_the_last_day_is_the_day_of_issue_plus_months_clamped(
    issued_on: date, months: int | None, until: date | None
) -> None:
    assert valid_until(issued_on, months) == until


def test_a_proof_counts_from_its_issue_to_its_last_day_and_through_its_grace() -> None:
    def counts(day: date, grace: int = 0) -> bool:
        return counts_on(day, issued_on=date(2026, 1, 1), until=date(2027, 1, 1), grace_days=grace)

    assert not counts(date(2025, 12, 31))
    assert counts(date(2026, 1, 1))
    assert counts(date(2027, 1, 1))
    assert not counts(date(2027, 1, 2))
    assert counts(date(2027, 4, 1), grace=90)
    assert not counts(date(2027, 4, 2), grace=90)
    assert counts_on(date(2099, 1, 1), issued_on=date(2026, 1, 1), until=None)


@pytest.mark.django_db
@pytest.mark.parametrize("grace", [0, 90])
@pytest.mark.parametrize("months", [None, 12])
def test_the_database_counts_as_the_rule_does(grace: int, months: int | None) -> None:
    proof = CertificateFactory(training=TrainingFactory(validity_months=months, grace_days=grace))
    for shift in (-1, 0, 364, 365, 366, 365 + 89, 365 + 90, 365 + 91, 365 + 92):
        day = proof.issued_on + timedelta(days=shift)
        in_database = Certificate.objects.counting_on(day).filter(pk=proof.pk).exists()
        assert in_database == proof.counts_on(day)


@pytest.mark.django_db
def test_an_unverified_proof_never_counts() -> None:
    proof = CertificateFactory(unverified=True)
    assert not proof.counts_on(proof.issued_on)
    assert not Certificate.objects.counting_on(proof.issued_on).exists()


@given(DAYS, st.integers(1, 120), st.integers(0, 120))
def test_reminders_come_before_a_proof_stops_to_count(issued_on: date, months: int, grace: int) -> None:
    until = valid_until(issued_on, months)
    assert until is not None
    days = reminder_days(until, grace_days=grace)
    assert days == sorted(days)
    assert all(day <= until + timedelta(days=grace) for day in days)


def test_the_note_of_an_inspection_goes_half_a_year_after_it_stopped_to_count() -> None:
    assert delete_by(date(2026, 1, 1), date(2027, 1, 1)) == date(2027, 7, 1)
    assert delete_by(date(2026, 1, 1), None) == date(2031, 7, 1)

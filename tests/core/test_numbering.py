"""Numbers to name on the telephone: drawn, short, never given twice."""

from __future__ import annotations

import re

import pytest

from helfer.core import numbering
from helfer.core.numbering import new_numbers
from helfer.help_requests.models import HelpRequest
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import OfficeFactory


@pytest.mark.django_db
def test_two_of_them_do_not_tell_how_many_came_in_between() -> None:
    numbers = new_numbers(HelpRequest.objects.all(), prefix="A-", how_many=40)
    assert len(set(numbers)) == 40
    assert all(re.fullmatch(r"A-[0-9]{5}", number) for number in numbers)
    drawn = [int(number[2:]) for number in numbers]
    # Counted, they would lie within forty of each other, and in their order.
    assert max(drawn) - min(drawn) > 1_000
    assert drawn != sorted(drawn)


@pytest.mark.django_db
def test_neither_one_in_use_nor_one_of_the_same_list_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    HelpRequestFactory(number="A-00001")
    draws = iter([1, 2, 3, 3, 4, 5])
    monkeypatch.setattr(numbering.secrets, "randbelow", lambda _: next(draws))
    found = new_numbers(HelpRequest.objects.all(), prefix="A-", how_many=3, taken=["A-00002"])
    assert set(found) == {"A-00003", "A-00004", "A-00005"}


@pytest.mark.django_db
def test_they_grow_longer_before_they_run_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "FEWEST_DIGITS", 1)
    monkeypatch.setattr(numbering, "ROOM", 10)
    office = OfficeFactory()
    for digit in range(10):
        HelpRequestFactory(help_seeker__office=office, number=f"A-{digit}")
    found = new_numbers(HelpRequest.objects.filter(office=office), prefix="A-")
    assert re.fullmatch(r"A-[0-9]{3}", found[0])

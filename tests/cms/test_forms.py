from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission

from cms.demo import create_pages
from cms.models import FormPage
from cms.models.forms import MOST_AN_HOUR
from cms.tasks import daily

pytestmark = pytest.mark.django_db

ADDRESS = "/barrierefreiheit/"
QUESTION = "was_hat_nicht_geklappt"


@pytest.fixture(autouse=True)
def page() -> FormPage:
    cache.clear()
    create_pages([])
    return FormPage.objects.get()


def answers(**more: Any) -> dict[str, Any]:
    """What a person sends who has read for a minute."""
    opened = signing.dumps(timezone.now().timestamp() - 60, salt="cms.form")
    return {QUESTION: "Die Schrift ist zu klein.", "opened": opened} | more


def test_an_answer_is_kept_and_thanked_for(client: Client) -> None:
    assert "Eine Barriere melden" in client.get(ADDRESS).content.decode()
    response = client.post(ADDRESS, answers())
    assert "Ihre Nachricht ist bei uns angekommen." in response.content.decode()
    kept = FormSubmission.objects.get().get_data()
    assert kept[QUESTION] == "Die Schrift ist zu klein."
    assert "opened" not in kept


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client) -> None:
    response = client.post(ADDRESS, answers(**{QUESTION: "", "auf_welcher_seite": "Termine"}))
    page = response.content.decode()
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert 'value="Termine"' in page
    assert not FormSubmission.objects.exists()


@pytest.mark.parametrize(
    "trace", [{"homepage": "https://spam.example"}, {"opened": ""}, {"opened": "gefälscht"}, {"opened": None}]
)
def test_programs_are_thanked_and_forgotten(client: Client, trace: dict[str, Any]) -> None:
    if trace.get("opened", "") is None:
        trace = {"opened": signing.dumps(timezone.now().timestamp(), salt="cms.form")}
    response = client.post(ADDRESS, answers(**trace))
    assert "Ihre Nachricht ist bei uns angekommen." in response.content.decode()
    assert not FormSubmission.objects.exists()


def test_one_address_sends_only_so_much_in_an_hour_and_loses_nothing(client: Client) -> None:
    for _ in range(MOST_AN_HOUR):
        assert client.post(ADDRESS, answers()).status_code == 200
    refused = client.post(ADDRESS, answers(**{QUESTION: "Noch etwas"}))
    assert refused.status_code == 429
    assert "Noch etwas" in refused.content.decode()
    assert FormSubmission.objects.count() == MOST_AN_HOUR
    assert client.post(ADDRESS, answers(), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_answers_are_forgotten_in_time(client: Client, page: FormPage) -> None:
    for _ in range(2):
        client.post(ADDRESS, answers())
    old = FormSubmission.objects.order_by("pk").first()
    assert old is not None
    too_long = timezone.now() - timedelta(days=page.keep_days, hours=1)
    FormSubmission.objects.filter(pk=old.pk).update(submit_time=too_long)
    daily()
    assert not FormSubmission.objects.filter(pk=old.pk).exists()
    assert FormSubmission.objects.count() == 1

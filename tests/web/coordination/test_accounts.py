"""Accounts, given, changed and closed by those who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helfer.notifications.models import Message
from helfer.people.models import Person, User
from tests.factories.people import (
    UserFactory,
    sign_in,
)

from .conftest import at

pytestmark = pytest.mark.django_db


ACCOUNT = {
    "family_name": "Lehmann",
    "given_name": "Ina",
    "phone": "",
    "mobile": "",
    "email": "ina.lehmann@example.org",
    "kinds": ["tandem"],
}


@pytest.mark.parametrize("kind", ["coordinator", "administrator"])
def test_an_account_is_given_and_its_owner_invited(kind: str, client: Client) -> None:
    sign_in(client, UserFactory(**{kind: True}))
    refused = client.post(at("account_new"), ACCOUNT | {"kinds": []})
    assert refused.status_code == 422 and 'value="Lehmann"' in refused.content.decode()
    assert client.post(at("account_new"), ACCOUNT).status_code == 303
    account = User.objects.get(email="ina.lehmann@example.org")
    assert account.kinds == ["tandem"] and not account.has_usable_password()
    assert Message.objects.filter(kind="account_invited", recipient=account.person).exists()


def test_coordinators_do_not_give_what_is_not_theirs_to_give(here: Client) -> None:
    refused = here.post(at("account_new"), ACCOUNT | {"kinds": ["administrator"]})
    assert refused.status_code == 422
    assert not Person.objects.filter(family_name="Lehmann").exists()
    dpo = UserFactory(dpo=True, tandem=True)
    assert here.post(at("account_kinds", pk=dpo.pk), {"kinds": ["training"]}).status_code == 303
    dpo.refresh_from_db()
    assert set(dpo.kinds) == {"training", "dpo"}


def test_accounts_close_open_and_lose_their_second_factor(here: Client) -> None:
    account = UserFactory(tandem=True, password="ein langes Kennwort")
    sign_in(Client(), account)
    assert here.post(at("account_reset", pk=account.pk)).status_code == 303
    assert not account.authenticator_set.exists()
    assert here.post(at("account_close", pk=account.pk)).status_code == 303
    account.refresh_from_db()
    assert not account.is_active
    assert here.post(at("account_open", pk=account.pk)).status_code == 303
    assert here.post(at("account_invite", pk=account.pk)).status_code == 303
    assert "offen" in here.get(at("account", pk=account.pk)).content.decode()


def test_nobody_changes_their_own_account(here: Client, user: User) -> None:
    assert "Ihr eigener Zugang" in here.get(at("account", pk=user.pk)).content.decode()
    for page in ("account_close", "account_reset", "account_invite"):
        assert here.post(at(page, pk=user.pk)).status_code == 403
    assert here.post(at("account_kinds", pk=user.pk), {"kinds": ["tandem"]}).status_code == 403


def test_the_list_of_accounts_is_filtered_and_asks_a_constant_number_of_questions(
    here: Client, django_assert_max_num_queries: Any
) -> None:
    UserFactory(tandem=True, person__family_name="Žander")
    found = here.get(at("people"), {"text": "Zander", "kind": "tandem"}).content.decode()
    assert "Žander" in found
    assert "Žander" not in here.get(at("people"), {"kind": "editor"}).content.decode()
    with django_assert_max_num_queries(20) as few:
        here.get(at("people"))
    for _each in range(5):
        UserFactory(helper=True)
    with django_assert_max_num_queries(len(few)):
        here.get(at("people"))

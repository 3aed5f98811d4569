"""Neither what the sign-in answers nor what it does meanwhile tells who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helfer.notifications.models import SignInMail
from helfer.people.models import User
from tests.factories.people import UserFactory
from tests.web.mailbox import delivered

pytestmark = pytest.mark.django_db

PAGES = ("account_request_login_code", "account_reset_password")
WHO: dict[str, Callable[[], str]] = {
    "helper": lambda: UserFactory(helper=True).email,
    "staff": lambda: UserFactory(tandem=True, password="ein-langes-Passwort-9").email,
    "closed": lambda: UserFactory(helper=True, is_active=False).email,
    "unknown": lambda: "niemand@example.org",
}


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def ask(page: str, email: str, client: Client | None = None, **headers: Any) -> Any:
    return (client or Client()).post(reverse(page), {"email": email}, **headers)


def to_whom() -> list[str]:
    return [message.to[0] for message in delivered()]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", WHO)
def test_no_mail_server_is_spoken_to_while_the_page_waits(
    page: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = WHO[who]()

    def speak(*args: Any, **more: Any) -> int:
        raise AssertionError("a mail left within the request")

    monkeypatch.setattr(EmailMessage, "send", speak)
    assert ask(page, email).status_code == 302
    assert SignInMail.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "expected"),
    [(PAGES[0], {"helper", "staff"}), (PAGES[1], {"helper", "staff"})],
)
def test_the_mail_reaches_those_who_have_an_account_alone(page: str, expected: set[str]) -> None:
    emails = {who: email() for who, email in WHO.items()}
    for email in emails.values():
        ask(page, email)
    assert set(to_whom()) == {emails[who] for who in expected}
    assert not SignInMail.objects.exists(), "nothing of it stays"


def test_the_pages_say_the_same_to_everybody() -> None:
    for page in PAGES:
        answers = set()
        for email in [email() for email in WHO.values()]:
            client = Client()
            response = ask(page, email, client)
            shown = client.get(response["Location"]).content.decode()
            shown = re.sub(r'(csrfmiddlewaretoken" value|form_key" value)="[^"]+"', "", shown)
            answers.add((response.status_code, response["Location"], shown.replace(email, "")))
        assert len(answers) == 1


def kinds_of(statements: CaptureQueriesContext) -> list[str]:
    """What is asked and written, without whom it is about."""
    without = re.compile(r"'(?:[^']|'')*'|\b\d+\b|\bNULL\b|\"(?:s\d+_x\d+|_django_curs_\w+)\"")
    return [without.sub("…", query["sql"]) for query in statements]


def addresses() -> list[str]:
    """One of each; the first has signed in before."""
    emails = [email() for email in WHO.values()]
    client = Client()
    ask(PAGES[0], emails[0], client)
    code = re.search(r"\b\d{8}\b", str(delivered()[0].body))
    assert code
    client.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert "_auth_user_id" in client.session
    return emails


def work_of(page: str, email: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client = Client()
        client.get(client.post(reverse(page), {"email": email})["Location"])
    return kinds_of(captured)


@pytest.mark.parametrize("page", PAGES)
def test_the_database_does_the_same_for_everybody(page: str) -> None:
    emails = addresses()
    work_of(page, "aufwaermen@example.org")
    work = {email: work_of(page, email) for email in emails}
    assert work[emails[0]] == work[emails[1]] == work[emails[2]] == work[emails[3]]
    if page == "account_reset_password":
        assert not [each for each in work[emails[0]] if "people_user" in each], "it does not even look"
    assert sum("INSERT INTO" in each and "signinmail" in each for each in work[emails[0]]) == 1


def test_a_wrong_code_is_looked_at_alike(client: Client) -> None:
    def work(email: str) -> list[str]:
        client = Client()
        ask(PAGES[0], email, client)
        with CaptureQueriesContext(connection) as captured:
            for _attempt in range(2):
                client.post(reverse("account_confirm_login_code"), {"code": "abc"})
            client.get(reverse("account_login"))
        return kinds_of(captured)

    emails = addresses()
    assert work(emails[0]) == work(emails[1]) == work(emails[2]) == work(emails[3])


def test_address_and_code_lie_encrypted(client: Client) -> None:
    user: User = UserFactory(helper=True)
    ask(PAGES[0], user.email, client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(mail)::text FROM notifications_signinmail mail")
        ((stored,),) = cursor.fetchall()
    code = re.search(r"\b\d{8}\b", str(delivered()[0].body))
    assert code
    assert user.email not in stored
    assert code[0] not in stored


def test_the_mail_speaks_the_language_of_the_page(client: Client) -> None:
    ask(PAGES[0], WHO["helper"](), client, headers={"Accept-Language": "tr"})
    (message,) = delivered()
    assert "kod" in str(message.subject).lower()


def test_a_code_is_not_sent_once_it_has_run_out(settings: Any) -> None:
    ask(PAGES[0], WHO["helper"]())
    mail = SignInMail.objects.get()
    assert (mail.good_until - mail.created_at).total_seconds() == settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT


def test_a_wrong_password_costs_the_same_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    def work(email: str) -> tuple[int, list[str]]:
        hashed.clear()
        with CaptureQueriesContext(connection) as captured:
            Client().post(reverse("account_login"), {"login": email, "password": "falsch-falsch"})
        return len(hashed), kinds_of(captured)

    emails = addresses()
    work("aufwaermen@example.org")
    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    works = [work(email) for email in emails]
    assert works[0] == works[1] == works[2] == works[3]
    assert works[0][0] > 0

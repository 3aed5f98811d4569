from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from helfer.people.actions import change_sign_in_email, deactivate_account, reset_second_factor
from helfer.people.models import Kind, User
from helfer.web.sign_in.adapters import SecondFactorAdapter
from tests.factories.people import OfficeFactory, UserFactory, sign_in, tandem
from tests.web.mailbox import delivered

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-Passwort-9"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


@pytest.fixture
def staff() -> User:
    return UserFactory(coordinator=True, password=PASSWORD)


def totp_code(secret: str, *, steps_ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_ahead))


def type_password(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def ask_for_code(client: Client, email: str) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": email})


def mailed_code() -> str:
    [message] = delivered()
    found = re.search(r"\b(\d{8})\b", str(message.body))
    assert found, message.body
    return found[1]


def type_code(client: Client, code: str) -> Any:
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Neighbours


def test_a_helper_signs_in_by_a_mailed_code_of_eight_digits(client: Client) -> None:
    helper = UserFactory(helper=True)
    before = client.session.session_key
    assert ask_for_code(client, helper.email.upper()).status_code == 302
    code = mailed_code()
    assert "Code" in str(delivered()[0].subject) and helper.email in delivered()[0].to
    response = type_code(client, code)
    assert response.status_code == 302
    assert is_signed_in(client)
    assert client.session.session_key != before


def test_a_code_is_good_for_three_attempts_only(client: Client) -> None:
    helper = UserFactory(helper=True)
    ask_for_code(client, helper.email)
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _attempt in range(3):
        type_code(client, wrong)
    type_code(client, code)
    assert not is_signed_in(client)


def test_a_code_is_good_for_ten_minutes_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = UserFactory(helper=True)
    ask_for_code(client, helper.email)
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    type_code(client, mailed_code())
    assert not is_signed_in(client)


def test_a_code_is_good_in_the_browser_that_asked_for_it_only(client: Client) -> None:
    helper = UserFactory(helper=True)
    ask_for_code(client, helper.email)
    other = Client()
    type_code(other, mailed_code())
    assert not is_signed_in(other)


def test_too_many_codes_are_not_sent(client: Client) -> None:
    helper = UserFactory(helper=True)
    for _attempt in range(6):
        ask_for_code(Client(), helper.email)
    assert len(delivered()) == 3


def test_a_closed_account_gets_no_code_and_loses_its_session(client: Client, now: Any) -> None:
    helper = UserFactory(helper=True)
    sign_in(client, helper)
    assert client.get(reverse("mfa_index")).status_code == 200
    deactivate_account(user_id=helper.pk, by=UserFactory(administrator=True), at=now)
    assert client.get(reverse("mfa_index")).status_code == 302
    ask_for_code(client, helper.email)
    assert delivered() == []


def test_after_a_change_of_mailbox_the_former_one_opens_nothing(client: Client, now: Any) -> None:
    helper, by = UserFactory(helper=True), UserFactory(administrator=True)
    former = helper.email
    ask_for_code(client, former)
    type_code(client, mailed_code())
    assert is_signed_in(client)
    change_sign_in_email(user_id=helper.pk, email="Neu@example.org", by=by, at=now)
    assert client.get(reverse("mfa_index")).status_code == 302, "the old session is over"
    mail.outbox.clear()
    ask_for_code(Client(), former)
    assert delivered() == []
    ask_for_code(client, "neu@example.org")
    type_code(client, mailed_code())
    assert is_signed_in(client)


# Staff


def test_staff_get_no_code_but_a_hint(client: Client, staff: User) -> None:
    ask_for_code(client, staff.email)
    [message] = delivered()
    assert not re.search(r"\d{8}", str(message.body))
    assert "Passwort" in str(message.subject)
    type_code(client, "00000000")
    assert not is_signed_in(client)


def test_a_password_alone_opens_nothing_but_the_setting_up_of_a_second_factor(
    client: Client, staff: User
) -> None:
    response = type_password(client, staff)
    assert response.status_code == 302
    pages = ("/", "/geschaeftsstelle/", "/buero/", "/redaktion/", reverse("mfa_view_recovery_codes"))
    for url in (*pages, "/gibt-es-nicht/"):
        answer = client.get(url)
        assert answer.status_code in (303, 404), url
        if answer.status_code == 303:
            assert answer["Location"].startswith(reverse("mfa_activate_totp")), url
    assert client.get("/api/v1/docs", follow=True).status_code in (401, 404)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_staff_set_up_an_app_and_are_in(client: Client, staff: User) -> None:
    type_password(client, staff)
    page = client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert page.status_code == 200
    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert response.status_code == 302, response.content.decode()
    assert client.get(response["Location"]).status_code == 200, "the recovery codes are shown at once"
    stored = Authenticator.objects.get(user=staff, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data), "the secret lies encrypted"
    assert Authenticator.objects.filter(user=staff, type=Authenticator.Type.RECOVERY_CODES).exists()


def activate(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return str(secret)


def test_staff_sign_in_by_password_and_app(client: Client, staff: User) -> None:
    secret = activate(staff)
    type_password(client, staff)
    assert not is_signed_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(client)
    before = client.session.session_key
    response = client.post(reverse("mfa_authenticate"), {"code": totp_code(secret)})
    assert response.status_code == 302, response.content.decode()
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert client.get(reverse("mfa_index")).status_code == 200


def test_the_same_code_of_an_app_is_not_good_twice(client: Client, staff: User) -> None:
    secret = activate(staff)
    code = totp_code(secret)
    for browser, expected in ((Client(), True), (Client(), False)):
        type_password(browser, staff)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(browser) is expected


def test_a_recovery_code_is_good_once(client: Client, staff: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    activate(staff)
    [code, *_others] = RecoveryCodes.activate(staff).get_unused_codes()
    for browser, expected in ((Client(), True), (Client(), False)):
        type_password(browser, staff)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(browser) is expected


def test_a_wrong_password_is_answered_alike_for_known_and_unknown(client: Client, staff: User) -> None:
    first = type_password(client, staff, "falsch-falsch-falsch").content.decode()
    second = type_password(client, User(email="niemand@example.org"), "falsch").content.decode()
    sentence = re.compile(r'class="[^"]*error[^"]*"[^>]*>\s*([^<]+)')
    assert sentence.findall(first) == sentence.findall(second)


def test_guessing_passwords_is_stopped_for_a_while(client: Client, staff: User) -> None:
    for _attempt in range(6):
        type_password(client, staff, "falsch-falsch-falsch")
    type_password(client, staff)
    assert not is_signed_in(client)


def test_a_session_from_before_the_second_factor_cannot_touch_it(client: Client, staff: User) -> None:
    type_password(client, staff)
    activate(staff)
    for name in ("mfa_view_recovery_codes", "mfa_deactivate_totp", "mfa_index", "account_reauthenticate"):
        answer = client.get(reverse(name))
        assert answer.status_code == 303, name
        assert answer["Location"].startswith(reverse("mfa_reauthenticate")), name
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 303
    assert Authenticator.objects.filter(user=staff).exists()


def test_such_a_session_goes_on_with_the_app(client: Client, staff: User) -> None:
    type_password(client, staff)
    secret = activate(staff)
    response = client.post(f"{reverse('mfa_reauthenticate')}?next=/", {"code": totp_code(secret)})
    assert response.status_code == 302
    assert client.get(reverse("mfa_index")).status_code == 200


def test_whoever_becomes_staff_while_signed_in_by_a_code_starts_anew(client: Client) -> None:
    helper = UserFactory(helper=True)
    sign_in(client, helper)
    User.objects.filter(pk=helper.pk).update(kinds=[Kind.HELPER, Kind.TANDEM])
    response = client.get(reverse("mfa_index"))
    assert (response.status_code, response["Location"]) == (303, reverse("account_login"))
    assert not is_signed_in(client)


def test_staff_cannot_give_up_their_last_second_factor(staff: User) -> None:
    activate(staff)
    [factor] = Authenticator.objects.filter(user=staff)
    assert not SecondFactorAdapter().can_delete_authenticator(factor)
    factor.user = UserFactory(helper=True)
    assert SecondFactorAdapter().can_delete_authenticator(factor)


def test_a_lost_second_factor_is_reset_by_somebody_else(client: Client, staff: User, now: Any) -> None:
    sign_in(client, staff)
    reset_second_factor(user_id=staff.pk, by=UserFactory(administrator=True), at=now)
    assert not Authenticator.objects.filter(user=staff).exists()
    assert client.get(reverse("mfa_index")).status_code == 302, "the old session is over"


def test_a_new_password_does_not_open_the_second_factor(client: Client, staff: User) -> None:
    activate(staff)
    client.post(reverse("account_reset_password"), {"email": staff.email})
    [message] = delivered()
    link = re.search(r"https?://[^/]+(/\S+)", str(message.body))
    assert link
    page = client.get(link[1], follow=True)
    url = page.redirect_chain[-1][0]
    new = "noch-ein-langes-Passwort-7"
    client.post(url, {"password1": new, "password2": new})
    assert not is_signed_in(client)
    type_password(client, staff, new)
    assert not is_signed_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200


# Doors that are closed


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "signup/passkey/"]
)
def test_nobody_signs_up_or_moves_an_account_to_another_mailbox(client: Client, path: str) -> None:
    assert client.get(f"/anmelden/{path}").status_code == 404
    sign_in(client, UserFactory(helper=True))
    assert client.get(f"/anmelden/{path}").status_code == 404
    assert client.post(f"/anmelden/{path}", {"email": "neu@example.org", "action_add": ""}).status_code == 404


def test_one_leaves_by_post_only(client: Client) -> None:
    sign_in(client, UserFactory(helper=True))
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_nobody_is_led_to_a_strangers_site(client: Client) -> None:
    helper = UserFactory(helper=True)
    client.post(
        f"{reverse('account_request_login_code')}?next=https://boese.example/", {"email": helper.email}
    )
    response = type_code(client, mailed_code())
    assert not response["Location"].startswith("https://boese.example")


def test_everybody_starts_where_their_work_is(client: Client) -> None:
    municipal, _association = tandem(OfficeFactory())
    from helfer.web.sign_in.adapters import start_page

    assert start_page(UserFactory(editor=True)) == "/redaktion/"
    assert start_page(UserFactory(seeker=True)) == "/meine-anfragen/"
    assert start_page(municipal) == "/buero/"

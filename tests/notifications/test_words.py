"""In which words messages leave the house."""

from __future__ import annotations

from datetime import datetime
from email.header import decode_header, make_header

import pytest
from django.core import mail
from django.template.loader import render_to_string

from helfer.notifications import kinds
from helfer.notifications.delivery.wording import short_words
from helfer.notifications.kinds import Letter, all_notices, letter_for, notice
from helfer.people.models import Person
from tests.factories.notifications import MessageFactory
from tests.factories.people import UserFactory

from .conftest import SECRETS, VISIT, Gateway, deliver


@pytest.mark.django_db
class TestTheWords:
    def test_of_an_email_name_nothing_of_the_subject(self, now: datetime) -> None:
        user = UserFactory(helper=True)
        message = deliver(MessageFactory(kind=VISIT, recipient=user.person), now)
        (sent,) = mail.outbox
        assert sent.subject == "Es gibt Neues für Sie"
        sender = str(make_header(decode_header(sent.from_email)))
        assert sender == f"{message.office.name} <seniorenbuero@helfer.example>"
        assert sent.reply_to == [message.office.email]
        assert sent.body.strip() == (
            f"Guten Tag {user.person.full_name},\n\n"
            "Es gibt Neues für Sie.\n\n"
            "Bitte melden Sie sich an:\nhttp://localhost:8000/anmelden/login/\n\n"
            "Oder rufen Sie uns an: 0231 5022222\n\n"
            f"Mit freundlichen Grüßen\n{message.office.name}"
        )
        everything = sent.message().as_string() + sent.body
        assert [secret for secret in SECRETS if secret in everything] == []

    def test_of_an_sms_name_nothing_of_the_subject(self, now: datetime, gateway: type[Gateway]) -> None:
        deliver(MessageFactory(kind=VISIT, recipient__email="", recipient__mobile="+491701234567"), now)
        ((_reference, _to, text),) = gateway.sent
        assert [secret for secret in SECRETS if secret in text] == []
        assert len(text) <= 160

    def test_of_a_letter_tell_everything(self) -> None:
        letter = letter_for(MessageFactory(kind=VISIT))
        assert letter is not None
        everything = f"{letter.subject} {letter.paragraphs} {letter.facts}"
        assert [secret for secret in SECRETS if secret not in everything] == []

    def test_send_nobody_to_a_door_they_have_no_key_for(self) -> None:
        words = render_to_string("notifications/email.txt", short_words(MessageFactory(kind=VISIT)))
        assert "http" not in words
        assert "Bitte rufen Sie uns an: 0231 5022222" in words

    def test_are_in_the_recipients_language_and_german_where_we_lack_it(self, now: datetime) -> None:
        seen: list[str] = []

        def render(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
            from django.utils.translation import get_language

            seen.append(get_language() or "")
            return Letter("x", [])

        notice("test_language")(render)
        for language in ("en", "tlh"):
            deliver(MessageFactory(kind="test_language", recipient__language=language), now)
        assert seen == ["en", "de"]

    def test_survive_odd_names(self, now: datetime) -> None:
        message = MessageFactory(
            kind=VISIT, recipient__given_name="<b>O'Neil", office__name='Büro "Süd", Hörde & Höchsten'
        )
        deliver(message, now)
        (sent,) = mail.outbox
        assert sent.body.startswith("Guten Tag <b>O'Neil ")
        assert sent.message()["From"].endswith("<seniorenbuero@helfer.example>")


# What only the letter and the screen may say.
CODE_WORDS = ("pfleg", "§", "demenz", "entlast", "krank", "gestorben", "vorfall", "sperre", "hilf", "%(", "{")


def test_the_short_words_of_every_kind_are_constants_without_a_code_word() -> None:
    assert all_notices()
    for known in all_notices():
        said = f"{known.subject} {known.text}".lower()
        assert [word for word in CODE_WORDS if word in said] == [], known.kind


def test_a_kind_is_registered_by_one_renderer_alone() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        notice(VISIT)(lambda **_ids: None)
    with pytest.raises(LookupError):
        kinds.notice_of("nonsense")

"""Out of the house: which way, how often, and what if it fails."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from pytest_django import Settings

from helfer.core.locks import advisory_lock
from helfer.notifications.actions import deliver as deliver_module
from helfer.notifications.actions import deliver_due, deliver_message
from helfer.notifications.delivery.refusals import Refused, Unreachable
from helfer.notifications.kinds import Letter, notice
from helfer.notifications.models import DeliveryChannel, Message, MessageState
from helfer.people.models import Person
from tests.factories.notifications import MessageFactory
from tests.factories.people import PersonFactory
from tests.waiting import PATIENCE_SECONDS, until_somebody_waits_for_a_lock

from .conftest import VISIT, Gateway, deliver


@pytest.mark.django_db
class TestTheWay:
    def test_is_email_where_there_is_one(self, now: datetime, gateway: type[Gateway]) -> None:
        message = deliver(MessageFactory(kind=VISIT, recipient__mobile="+491701234567"), now)
        assert (message.channel, message.state, message.sent_at) == ("email", "sent", now)
        assert [sent.to for sent in mail.outbox] == [[message.recipient.email]]
        assert gateway.sent == []

    def test_is_sms_where_there_is_only_a_mobile_phone(self, now: datetime, gateway: type[Gateway]) -> None:
        message = MessageFactory(kind=VISIT, recipient__email="", recipient__mobile="+491701234567")
        message = deliver(message, now)
        assert (message.channel, message.state) == (DeliveryChannel.SMS, MessageState.SENT)
        ((reference, to, text),) = gateway.sent
        assert (reference, to) == (message.reference, "+491701234567")
        assert text == f"{message.office.name}: Es gibt Neues für Sie. Bitte rufen Sie uns an: 0231 5022222"

    def test_is_a_letter_where_no_gateway_is_configured(self, now: datetime) -> None:
        message = MessageFactory(kind=VISIT, recipient__email="", recipient__mobile="+491701234567")
        assert deliver(message, now).state == MessageState.TO_PRINT

    def test_is_a_letter_where_the_kind_forbids_sms(self, now: datetime, gateway: type[Gateway]) -> None:
        notice("test_paper", sms=False)(lambda **_ids: Letter("Papier", []))
        message = MessageFactory(kind="test_paper", recipient__email="", recipient__mobile="+491701234567")
        assert deliver(message, now).channel == DeliveryChannel.LETTER

    def test_ends_at_the_desk_where_there_is_none(self, now: datetime) -> None:
        message = deliver(MessageFactory(kind=VISIT, recipient__email="", recipient__street=""), now)
        assert message.state == MessageState.FAILED
        assert message.failure == "Es gibt weder E-Mail noch Anschrift. Bitte rufen Sie an."
        assert list(Message.objects.failed()) == [message]

    def test_leads_nowhere_for_the_dead(self, now: datetime) -> None:
        message = deliver(MessageFactory(kind=VISIT, recipient__died_on=date(2026, 11, 22)), now)
        assert message.state == MessageState.CANCELLED
        assert mail.outbox == []

    def test_leads_to_the_record_that_remains_after_a_merger(self, now: datetime) -> None:
        survivor = PersonFactory()
        message = deliver(MessageFactory(kind=VISIT, recipient__merged_into=survivor), now)
        assert message.state == MessageState.CANCELLED
        assert mail.outbox == []
        passed_on = Message.objects.get(recipient=survivor)
        deliver(passed_on, now)
        assert [sent.to for sent in mail.outbox] == [[survivor.email]]

    def test_ends_where_there_is_nothing_to_say_any_more(self, now: datetime) -> None:
        assert deliver(MessageFactory(kind=VISIT, occasion="over"), now).state == MessageState.CANCELLED
        assert mail.outbox == []

    def test_is_gone_once_and_not_before_it_is_due(self, now: datetime) -> None:
        message = MessageFactory(kind=VISIT, due_at=now + timedelta(days=1))
        assert deliver_message(message_id=message.pk, at=now) is None
        assert deliver_message(message_id=message.pk, at=now + timedelta(days=1)) is MessageState.SENT
        assert deliver_message(message_id=message.pk, at=now + timedelta(days=2)) is None
        assert len(mail.outbox) == 1


REFUSED = smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such user")})


GREYLISTED = smtplib.SMTPRecipientsRefused({"x@example.org": (451, b"try later")})


LATER = [
    GREYLISTED,
    smtplib.SMTPDataError(452, b"disk full"),
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPAuthenticationError(535, b"our password"),
    smtplib.SMTPSenderRefused(550, b"our address", "helfer@example.org"),
    ConnectionRefusedError(111, "refused"),
    TimeoutError("slow"),
]


NEVER = [REFUSED, smtplib.SMTPDataError(554, b"spam"), smtplib.SMTPNotSupportedError("utf8")]


@pytest.mark.django_db
class TestWhatGoesWrong:
    @pytest.mark.parametrize("fault", LATER, ids=lambda fault: type(fault).__name__)
    def test_for_the_moment_is_tried_again_later_and_later(
        self, fault: Exception, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        message = MessageFactory(kind=VISIT)
        server_says(fault)
        waits = []
        at = now
        for _attempt in range(3):
            message = deliver(message, at)
            assert message.state == MessageState.WAITING
            assert message.failure.startswith("Der Mailserver")
            waits.append((message.due_at - at).total_seconds())
            assert deliver_message(message_id=message.pk, at=message.due_at - timedelta(seconds=1)) is None
            at = message.due_at
        assert waits == [60, 300, 1800]
        server_says(None)
        message = deliver(message, at)
        assert (message.state, message.failure) == (MessageState.SENT, "")

    @pytest.mark.parametrize("fault", NEVER, ids=lambda fault: type(fault).__name__)
    def test_for_ever_becomes_a_letter_at_once(
        self, fault: Exception, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        server_says(fault)
        message = deliver(MessageFactory(kind=VISIT), now)
        assert (message.state, message.channel) == (MessageState.TO_PRINT, DeliveryChannel.LETTER)
        assert message.failure  # the desk sees that the address is wrong

    def test_for_ever_without_an_address_ends_at_the_desk(
        self, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        server_says(REFUSED)
        message = deliver(MessageFactory(kind=VISIT, recipient__street=""), now)
        assert message.state == MessageState.FAILED
        assert message.failure == "Der Mailserver nimmt für diese E-Mail-Adresse nichts an."

    def test_too_often_becomes_a_letter(
        self, now: datetime, settings: Settings, server_says: Callable[[Exception | None], None]
    ) -> None:
        settings.HELFER_MESSAGE_BACKOFF_SECONDS = [1, 1]
        server_says(GREYLISTED)
        message = MessageFactory(kind=VISIT)
        states = [deliver(message, now + timedelta(minutes=n)).state for n in range(3)]
        assert states == [MessageState.WAITING, MessageState.WAITING, MessageState.TO_PRINT]

    @pytest.mark.parametrize("address", ["kaputt@", "ümläut@example.org", "a@b\nBcc: c@example.org"])
    def test_with_a_malformed_address_breaks_nothing(self, address: str, now: datetime) -> None:
        message = MessageFactory(kind=VISIT)
        Person.objects.filter(pk=message.recipient_id).update(email=address)
        assert deliver(message, now).state in {MessageState.SENT, MessageState.TO_PRINT}

    def test_in_the_gateway_is_told_apart_too(self, now: datetime, gateway: type[Gateway]) -> None:
        message = MessageFactory(kind=VISIT, recipient__email="", recipient__mobile="+491701234567")
        gateway.fault = Unreachable("Der SMS-Dienst ist nicht erreichbar.")
        assert deliver(message, now).state == MessageState.WAITING
        gateway.fault = Refused("Die Nummer ist nicht vergeben.")
        assert deliver(message, message.due_at).state == MessageState.TO_PRINT

    def test_in_the_words_of_one_kind_does_not_stop_the_others(
        self, now: datetime, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.HELFER_MESSAGE_BACKOFF_SECONDS = [1]

        def broken(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nonsense")
            raise AssertionError

        notice("test_broken")(broken)
        bad, good = MessageFactory(kind="test_broken"), MessageFactory(kind=VISIT)
        assert deliver_due(at=now) == 1
        bad.refresh_from_db()
        good.refresh_from_db()
        assert (bad.state, good.state) == (MessageState.WAITING, MessageState.SENT)
        assert deliver(bad, now + timedelta(minutes=1)).state == MessageState.FAILED

    def test_with_the_worker_itself_every_time_ends_at_the_desk(
        self, now: datetime, settings: Settings
    ) -> None:
        settings.HELFER_MESSAGE_BACKOFF_SECONDS = [1, 1]
        message = MessageFactory(kind=VISIT, attempts=3)
        assert deliver(message, now).state == MessageState.FAILED
        assert mail.outbox == []

    def test_with_the_mail_server_ends_the_sweep_early(
        self, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        MessageFactory.create_batch(10, kind=VISIT)
        server_says(ConnectionRefusedError(111, "refused"))
        assert deliver_due(at=now) == 0
        assert Message.objects.filter(attempts=0).count() == 7


@pytest.mark.django_db
class TestTheReference:
    def test_is_the_message_id_and_stays_the_same_when_a_crash_repeats_the_sending(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = MessageFactory(kind=VISIT)

        class Killed(BaseException):
            pass

        def die(*args: object, **kwargs: object) -> None:
            if "state" in (kwargs.get("update_fields") or ()):
                raise Killed
            original(*args, **kwargs)

        original = Message.save
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(Message, "save", die)
            deliver_message(message_id=message.pk, at=now)
        message = deliver(message, now + timedelta(minutes=2))
        assert message.state == MessageState.SENT
        first, second = (sent.message() for sent in mail.outbox)
        assert first["Message-ID"] == second["Message-ID"] == f"<{message.reference}>"
        assert first["Auto-Submitted"] == "auto-generated"

    def test_does_not_change_with_the_installations_secret_once_it_was_used(
        self, now: datetime, settings: Settings, server_says: Callable[[Exception | None], None]
    ) -> None:
        server_says(GREYLISTED)
        message = deliver(MessageFactory(kind=VISIT), now)
        settings.SECRET_KEY = "another-one-" * 5
        server_says(None)
        assert deliver(message, message.due_at).reference == message.reference

    def test_is_another_one_for_another_message(self, now: datetime) -> None:
        messages = [deliver(message, now) for message in MessageFactory.create_batch(2, kind=VISIT)]
        assert len({message.reference for message in messages}) == 2
        assert not messages[0].reference.startswith(f"{messages[0].pk}@")


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_sweepers_share_the_work_and_send_nothing_twice(self, now: datetime) -> None:
        MessageFactory.create_batch(30, kind=VISIT)
        settled: list[int] = []

        def sweep() -> None:
            try:
                settled.append(deliver_due(at=now))
            finally:
                connection.close()

        threads = [threading.Thread(target=sweep) for _turn in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        assert sum(settled) == len(mail.outbox) == 30
        assert not Message.objects.exclude(state=MessageState.SENT).exists()

    def test_a_locked_message_is_passed_over(self, now: datetime) -> None:
        held, free = MessageFactory.create_batch(2, kind=VISIT)
        settled: list[int] = []

        def sweep() -> None:
            try:
                settled.append(deliver_due(at=now))
            finally:
                connection.close()

        with transaction.atomic():
            Message.objects.select_for_update().get(pk=held.pk)
            thread = threading.Thread(target=sweep)
            thread.start()
            thread.join(PATIENCE_SECONDS)
            assert settled == [1]
        free.refresh_from_db()
        held.refresh_from_db()
        assert (free.state, held.state) == (MessageState.SENT, MessageState.WAITING)

    def test_somebody_elses_glance_at_a_noted_message_does_not_put_it_off(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = MessageFactory(kind=VISIT)
        noted, looked_at = threading.Event(), threading.Event()
        note = deliver_module._note_attempt
        states: list[MessageState | None] = []

        def note_and_wait(message_id: int, at: datetime) -> int | None:
            attempt = note(message_id, at)
            noted.set()
            assert looked_at.wait(PATIENCE_SECONDS)
            return attempt

        def send() -> None:
            try:
                states.append(deliver_message(message_id=message.pk, at=now))
            finally:
                connection.close()

        monkeypatch.setattr(deliver_module, "_note_attempt", note_and_wait)
        thread = threading.Thread(target=send)
        thread.start()
        assert noted.wait(PATIENCE_SECONDS)
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=message.pk)
            looked_at.set()
            until_somebody_waits_for_a_lock(thread)
        thread.join(PATIENCE_SECONDS)
        assert states == [MessageState.SENT]
        assert len(mail.outbox) == 1

    def test_only_one_holds_a_lock_of_a_name_and_gives_it_back_whatever_happens(self) -> None:
        with pytest.raises(ZeroDivisionError), advisory_lock("test") as mine:
            assert mine
            with advisory_lock("test") as again, advisory_lock("another") as another:
                assert (again, another) == (False, True)
            raise ZeroDivisionError
        with advisory_lock("test") as mine:
            assert mine

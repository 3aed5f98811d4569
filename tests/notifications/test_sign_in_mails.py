"""The sign-in's mails: at once, also while the queue is away, and never when they have run out."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from helfer.core.locks import advisory_lock
from helfer.notifications.actions import deliver_sign_in_mail, deliver_sign_in_mails, post_sign_in_mail
from helfer.notifications.delivery.sign_in_mail import LOGIN_CODE, NEW_PASSWORD
from helfer.notifications.doorbell import DELIVER_SIGN_IN_MAIL, Doorbell, doorbell
from helfer.notifications.models import SignInMail
from helfer.notifications.tasks import sweep
from tests.factories.people import UserFactory
from tests.waiting import PATIENCE_SECONDS

TEN_MINUTES = timedelta(minutes=10)
NEIGHBOUR = "erna@example.org"


def posted(at: datetime, *, template: str = LOGIN_CODE, to: str = NEIGHBOUR) -> SignInMail:
    return post_sign_in_mail(
        template=template, to=to, language="de", code="12345678", at=at, good_until=at + TEN_MINUTES
    )


@pytest.mark.django_db
class TestSending:
    def test_happens_once_and_leaves_nothing(self, now: datetime) -> None:
        letter = posted(now)
        assert deliver_sign_in_mail(mail_id=letter.pk, at=now) is True
        assert deliver_sign_in_mail(mail_id=letter.pk, at=now) is None
        (message,) = mail.outbox
        assert message.to == [NEIGHBOUR]
        assert "12345678" in message.body
        assert not SignInMail.objects.exists()

    def test_of_what_has_run_out_never_happens(self, now: datetime) -> None:
        letter = posted(now)
        late = now + TEN_MINUTES
        assert deliver_sign_in_mail(mail_id=letter.pk, at=late) is None
        assert deliver_sign_in_mails(at=late) == 0
        assert mail.outbox == []
        assert not SignInMail.objects.exists(), "its content is gone"

    def test_is_tried_again_until_the_code_has_run_out(
        self, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        letter = posted(now)
        server_says(ConnectionRefusedError())
        tries, at = [], now
        while SignInMail.objects.filter(good_until__gt=at).exists():
            if deliver_sign_in_mail(mail_id=letter.pk, at=at) is False:
                tries.append(int((at - now).total_seconds()))
            at += timedelta(seconds=10)
        assert tries == [0, 20, 40, 80, 160, 320]
        server_says(None)
        assert deliver_sign_in_mails(at=at) == 0
        assert mail.outbox == []

    def test_again_carries_the_same_name(self, now: datetime) -> None:
        letter = posted(now)
        for _turn in range(2):
            # As after a crash between the sending and the forgetting.
            SignInMail.objects.bulk_create([letter], ignore_conflicts=True)
            deliver_sign_in_mail(mail_id=letter.pk, at=now)
        first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
        assert first == second

    def test_is_given_up_where_the_mail_server_will_never_take_it(
        self, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        letter = posted(now)
        server_says(smtplib.SMTPRecipientsRefused({NEIGHBOUR: (550, b"no such user")}))
        assert deliver_sign_in_mail(mail_id=letter.pk, at=now) is True
        assert not SignInMail.objects.exists()

    def test_of_one_does_not_fail_because_another_cannot_be_opened(self, now: datetime) -> None:
        closed = posted(now)
        posted(now)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_signinmail SET content = %s WHERE id = %s", ['{"to": "?"}', closed.pk]
            )
        assert deliver_sign_in_mails(at=now) == 1
        assert len(mail.outbox) == 1
        assert list(SignInMail.objects.values_list("pk", flat=True)) == [closed.pk]

    def test_rests_where_nothing_can_be_sent_now(
        self, now: datetime, server_says: Callable[[Exception | None], None]
    ) -> None:
        for _turn in range(5):
            posted(now)
        server_says(ConnectionRefusedError())
        assert deliver_sign_in_mails(at=now) == 0
        assert SignInMail.objects.filter(due_at=now).count() == 2

    def test_of_a_new_password_leads_to_our_own_page(self, now: datetime) -> None:
        user = UserFactory(helper=True)
        posted(now, template=NEW_PASSWORD, to=user.email)
        deliver_sign_in_mails(at=now)
        assert f"{settings.SITE_URL}/anmelden/password/reset/key/" in mail.outbox[0].body

    @pytest.mark.parametrize(
        "template",
        [
            "account/email/password_changed",
            "account/email/password_reset",
            "mfa/email/recovery_codes_generated",
            "mfa/email/totp_activated",
            "mfa/email/totp_deactivated",
            "mfa/email/webauthn_added",
            "mfa/email/webauthn_removed",
        ],
    )
    def test_of_what_has_changed_needs_no_page(self, template: str, now: datetime) -> None:
        posted(now, template=template)
        assert deliver_sign_in_mails(at=now) == 1
        (message,) = mail.outbox
        assert message.subject and "Ihrem Zugang" in message.body
        assert "12345678" not in message.body


@pytest.mark.django_db(transaction=True)
class TestRinging:
    def test_calls_a_worker_when_the_row_is_there(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        called: list[tuple[str, dict[str, int]]] = []
        monkeypatch.setattr(doorbell, "call", lambda task, **ids: called.append((task, ids)))
        with transaction.atomic():
            letter = posted(now)
            assert called == []
        assert called == [(DELIVER_SIGN_IN_MAIL, {"mail_id": letter.pk})]
        current_app.tasks[DELIVER_SIGN_IN_MAIL].apply(kwargs={"mail_id": posted(timezone.now()).pk}).get()
        assert len(mail.outbox) == 1

    def test_two_workers_sends_once_and_the_second_does_not_wait(self, now: datetime) -> None:
        letter = posted(now)
        answers: list[bool | None] = []

        def second() -> None:
            try:
                answers.append(deliver_sign_in_mail(mail_id=letter.pk, at=now))
            finally:
                connection.close()

        worker = threading.Thread(target=second)
        with transaction.atomic():
            SignInMail.objects.select_for_update().get(pk=letter.pk)
            worker.start()
            worker.join(PATIENCE_SECONDS)
            assert answers == [None]
        worker.join()
        assert mail.outbox == []

    def test_that_nobody_hears_is_made_good_by_the_sweep(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*args: object, **more: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(doorbell, "silent_until", Doorbell().silent_until)
        monkeypatch.setattr(current_app, "send_task", away)
        posted(timezone.now())
        assert mail.outbox == []
        # Somebody else's long sweep of messages is no reason to wait.
        with advisory_lock("notifications.sweep") as mine:
            assert mine
            sweep.apply().get()
        assert [message.to for message in mail.outbox] == [[NEIGHBOUR]]
        assert not SignInMail.objects.exists()

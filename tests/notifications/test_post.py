"""Into the outbox: once, in the caller's transaction, whatever the queue does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.db import IntegrityError, connection, transaction

from helfer.notifications.actions import post
from helfer.notifications.doorbell import DELIVER, Doorbell, doorbell
from helfer.notifications.models import Message, MessageState
from helfer.people.models import Person
from tests.factories.people import HelpSeekerFactory, PersonFactory
from tests.waiting import PATIENCE_SECONDS, until_somebody_waits_for_a_lock

from .conftest import VISIT


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages for which the bell rang."""
    ids: list[int] = []
    monkeypatch.setattr(doorbell, "ring", ids.append)
    return ids


@pytest.mark.django_db
class TestPosting:
    def test_the_same_message_is_posted_once(self, now: datetime) -> None:
        person = PersonFactory()
        first = post(kind=VISIT, subject_id=1, recipient=person, at=now)
        second = post(kind=VISIT, subject_id=1, recipient=person, at=now + timedelta(hours=1))
        assert first == second
        assert Message.objects.get().created_at == now

    def test_another_occasion_is_another_message(self, now: datetime) -> None:
        person = PersonFactory()
        post(kind=VISIT, subject_id=1, recipient=person, at=now, occasion="2026-11")
        post(kind=VISIT, subject_id=1, recipient=person, at=now, occasion="2026-12")
        assert Message.objects.count() == 2

    def test_two_who_share_an_address_get_a_message_each(self, now: datetime) -> None:
        for person in PersonFactory.create_batch(2, email="ehepaar@example.org"):
            post(kind=VISIT, subject_id=1, recipient=person, at=now)
        assert Message.objects.count() == 2

    def test_an_unknown_kind_is_refused_at_once(self, now: datetime) -> None:
        with pytest.raises(LookupError, match="nonsense"):
            post(kind="nonsense", subject_id=1, recipient=PersonFactory(), at=now)

    def test_the_help_seekers_office_answers_where_none_is_named(self, now: datetime) -> None:
        seeker = HelpSeekerFactory()
        assert post(kind=VISIT, subject_id=1, recipient=seeker.person, at=now).office == seeker.office

    def test_the_database_refuses_the_second_one_from_every_other_door(self, now: datetime) -> None:
        message = post(kind=VISIT, subject_id=1, recipient=PersonFactory(), at=now)
        with pytest.raises(IntegrityError, match="message_is_sent_once"), transaction.atomic():
            Message.objects.create(
                kind=VISIT, subject_id=1, recipient=message.recipient, created_at=now, due_at=now
            )
        other = post(kind=VISIT, subject_id=2, recipient=message.recipient, at=now)
        with pytest.raises(IntegrityError, match="message_is_sent_once"), transaction.atomic():
            Message.objects.filter(pk=other.pk).update(subject_id=1)

    def test_without_the_constraint_the_second_one_would_get_in(self, now: datetime) -> None:
        person = PersonFactory()
        with connection.cursor() as cursor:
            # What was inserted before must be checked before the table can be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE notifications_message DROP CONSTRAINT message_is_sent_once_for_an_occasion"
            )
        for _turn in range(2):
            Message.objects.create(kind=VISIT, subject_id=1, recipient=person, created_at=now, due_at=now)
        assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_what_is_rolled_back_was_never_posted(self, now: datetime, rung: list[int]) -> None:
        person = PersonFactory()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            post(kind=VISIT, subject_id=1, recipient=person, at=now)
            raise ZeroDivisionError
        assert not Message.objects.exists()
        assert rung == []

    def test_the_bell_rings_after_the_commit_and_only_for_what_is_due(
        self, now: datetime, rung: list[int]
    ) -> None:
        person = PersonFactory()
        with transaction.atomic():
            message = post(kind=VISIT, subject_id=1, recipient=person, at=now)
            post(kind=VISIT, subject_id=2, recipient=person, at=now, due_at=now + timedelta(days=1))
            post(kind=VISIT, subject_id=1, recipient=person, at=now + timedelta(hours=1))
            assert rung == []
        assert rung == [message.pk]

    def test_two_transactions_at_once_post_one_message_and_neither_breaks(
        self, now: datetime, rung: list[int]
    ) -> None:
        person = PersonFactory()
        first_has_posted, second_has_begun = threading.Event(), threading.Event()
        ids: list[int] = []

        def late() -> None:
            try:
                first_has_posted.wait(PATIENCE_SECONDS)
                with transaction.atomic():
                    second_has_begun.set()
                    ids.append(post(kind=VISIT, subject_id=1, recipient=person, at=now).pk)
                    # The caller's transaction goes on working.
                    Person.objects.filter(pk=person.pk).update(given_name="Nachher")
            finally:
                connection.close()

        thread = threading.Thread(target=late)
        thread.start()
        with transaction.atomic():
            ids.append(post(kind=VISIT, subject_id=1, recipient=person, at=now).pk)
            first_has_posted.set()
            assert second_has_begun.wait(PATIENCE_SECONDS)
            until_somebody_waits_for_a_lock(thread)
        thread.join(PATIENCE_SECONDS)
        assert len(ids) == 2
        assert len(set(ids)) == Message.objects.count() == 1
        person.refresh_from_db()
        assert person.given_name == "Nachher"


@pytest.fixture(params=["nobody", "deaf"])
def dead_queue(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A Redis address behind which nobody listens, or somebody who never says a word."""
    address = tmp_path / "redis.sock"
    with socket.socket(socket.AF_UNIX) as server:
        if request.param == "deaf":
            server.bind(str(address))
            server.listen()
        queue = Celery("test", set_as_current=False)
        queue.config_from_object("django.conf:settings", namespace="CELERY")
        queue.conf.broker_url = f"redis+socket://{address}"
        monkeypatch.setattr("helfer.notifications.doorbell.current_app", queue)
        monkeypatch.setattr(doorbell, "silent_until", 0.0)
        yield
        queue.close()


@pytest.mark.django_db(transaction=True)
def test_a_dead_queue_neither_breaks_nor_holds_up_the_caller(
    dead_queue: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    person = PersonFactory()
    for subject_id in range(20):
        with transaction.atomic():
            post(kind=VISIT, subject_id=subject_id, recipient=person, at=now)
    assert Message.objects.filter(state=MessageState.WAITING).count() == 20
    # One caller finds out, the others do not even try.
    assert len([record for record in caplog.records if "queue does not answer" in record.message]) == 1


def test_the_bell_rings_a_task_that_exists() -> None:
    from helfer.notifications import tasks

    assert tasks.deliver.name == DELIVER
    assert Doorbell().silent_until == 0.0

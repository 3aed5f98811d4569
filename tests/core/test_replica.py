"""Lists may come from a replica; one that is down, behind or broken is not read, and nobody notices."""

from __future__ import annotations

import copy
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from helfer.core import replica

pytestmark = pytest.mark.django_db

Describe = Callable[..., None]


def where(alias: str) -> str:
    """The alias, after a look that proves it can be read."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    return alias


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Describe]:
    """Sets up a replica: the same database, read-only, that says how far behind it is."""
    before = dict(connections.settings)
    # Django's tests connect to no database that was not there when they began, and stand in a transaction.
    with django_db_blocker.unblock():
        connect = BaseDatabaseWrapper.ensure_connection
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connect)
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "in_atomic_block", False)

    def describe(*, lag: str = "0", port: int | None = None) -> None:
        own = copy.deepcopy(connections.settings[DEFAULT_DB_ALIAS])
        own["OPTIONS"] |= {"options": "-c default_transaction_read_only=on", "connect_timeout": 2}
        if port is not None:
            own["OPTIONS"] |= {"host": "127.0.0.1", "port": port}
        connections.settings[replica.REPLICA] = own
        with suppress(AttributeError):
            del connections[replica.REPLICA]
        monkeypatch.setattr(replica, "LAG", f"SELECT ({lag})::float8")

    replica.state.forget()
    yield describe
    if replica.REPLICA in connections.settings:
        connections[replica.REPLICA].close()
        del connections[replica.REPLICA]
    connections.settings.clear()
    connections.settings.update(before)
    replica.state.forget()


def test_without_a_replica_the_primary_is_read() -> None:
    assert replica.read_with(where) == "default"


def test_a_replica_that_is_up_to_date_is_read(described: Describe) -> None:
    described()
    assert replica.read_with(where) == "replica"


@pytest.mark.parametrize("lag", ["10.5", "NULL", "'Infinity'"], ids=["behind", "follows nobody", "unknown"])
def test_a_replica_that_is_not_is_not(described: Describe, lag: str) -> None:
    described(lag=lag)
    assert replica.read_with(where) == "default"


def test_how_far_it_may_be_behind_is_a_setting(described: Describe, settings: Any) -> None:
    described(lag="30")
    settings.HELFER_REPLICA_MAX_LAG_SECONDS = 60
    assert replica.read_with(where) == "replica"


def test_a_primary_is_no_replica() -> None:
    """Somebody promoted it: from then on it follows nobody."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(replica.LAG)
        assert cursor.fetchone() == (None,)


def test_a_transaction_reads_where_it_writes(described: Describe, monkeypatch: pytest.MonkeyPatch) -> None:
    described()
    assert replica.read_with(where) == "replica"
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "in_atomic_block", True)
    assert replica.read_with(where) == "default"
    assert replica.read_with(where, has_written=False) == "replica"


def test_a_replica_that_is_down_costs_one_attempt(
    described: Describe, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    described(port=port)
    with caplog.at_level(logging.WARNING, logger="helfer.core.replica"):
        for _look in range(3):
            assert replica.read_with(where) == "default"
    assert caplog.text.count("replica is not read") == 1
    # After its rest it is looked for again.
    later = replica.monotonic() + replica.REST_SECONDS + 1
    monkeypatch.setattr(replica, "monotonic", lambda: later)
    described()
    assert replica.read_with(where) == "replica"


def test_a_replica_that_breaks_off_is_replaced_at_once(described: Describe) -> None:
    described()
    assert replica.read_with(where) == "replica"
    asked = []

    def read(alias: str) -> str:
        asked.append(alias)
        if alias == "replica":
            raise OperationalError("canceling statement due to conflict with recovery")
        return where(alias)

    assert replica.read_with(read) == "default"
    assert asked == ["replica", "default"]
    assert replica.read_with(where) == "default"


def test_a_mistake_in_the_question_is_not_hidden(described: Describe) -> None:
    described()

    def read(alias: str) -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with pytest.raises(ProgrammingError):
        replica.read_with(read)


def test_nothing_can_be_written_there(described: Describe) -> None:
    described()

    def write(alias: str) -> str:
        with connections[alias].cursor() as cursor:
            cursor.execute("DELETE FROM places_barrier")
        return alias

    assert replica.read_with(write) == "default"

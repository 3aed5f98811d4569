"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation


def _empty_past_the_guards(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """Empty the tables between transactional tests, those too that refuse to be emptied."""
    connection = operations.connection
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & 32 > 0"  # fires on TRUNCATE
        )
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in sql_list:
            cursor.execute(sql)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets transactional tests empty the guarded tables, and ends what a test's threads left open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", _empty_past_the_guards)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    """The house speaks German unless a test says otherwise."""
    with translation.override("de"):
        yield


@pytest.fixture
def today() -> date:
    """The asking day of the tests: a Monday."""
    return date(2026, 11, 23)


@pytest.fixture
def now() -> datetime:
    """Monday morning, ten o'clock in Berlin."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

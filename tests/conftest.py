"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation
from hypothesis import settings

from tests.template_database import exists, template_database

# Whether a thing is quick enough is for the benchmark to say; a busy machine is no counterexample.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


def _empty_past_the_guards(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """Empty the tables between transactional tests, those too that refuse to be emptied.

    Only those that hold rows, and row by row: for a test's few rows that is many times quicker than TRUNCATE.
    Content types and permissions stay, so that nobody has to write them again.
    """
    quote = operations.quote_name
    with transaction.atomic(using=operations.connection.alias), operations.connection.cursor() as cursor:
        cursor.cursor.execute(_which_are_filled(operations.connection.settings_dict["NAME"]), prepare=True)
        filled = [quote(table) for (table,) in cursor.fetchall()]
        if not filled:
            return
        statements = [
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in filled),
            *(f"DELETE FROM {table}" for table in filled),
            # Foreign keys are looked at now, when everything is gone.
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in filled),
        ]
        cursor.execute("; ".join(statements))


@cache
def _which_are_filled(database: str) -> str:
    """Asks which tables hold rows; the tables of one database stay the same for a whole run."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in sorted(set(tables) - {"django_content_type", "auth_permission"})
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_blocker: Any,
) -> None:
    """A new test database is a copy of one that is migrated already; nobody waits for a lock for ever."""
    connection.settings_dict["OPTIONS"]["options"] = "-c lock_timeout=60s"
    with django_db_blocker.unblock():
        own = connection.creation._get_test_db_name()
        if not (django_db_keepdb and not django_db_createdb and exists(own)):
            connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets transactional tests empty the guarded tables, and ends what a test's threads left open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", _empty_past_the_guards)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **more: None)
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

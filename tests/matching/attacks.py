"""How the tests attack what must never break: one session, two sessions, and with a guard taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

READ_COMMITTED = "READ COMMITTED"
REPEATABLE_READ = "REPEATABLE READ"

Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Attack:
    """One way to break a rule: the situation, the same write by the ORM and in SQL, and who refuses it."""

    sentence: str
    prepare: Callable[[], Any]
    update: Callable[[Any], Any]
    sql: Callable[[Any], Statement]
    refused_by: tuple[str, ...]
    # What else says no where the first one is gone; the rule is held twice.
    held_also_by: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Race:
    """Two sessions, each of which is right as long as it does not see the other."""

    sentence: str
    prepare: Callable[[], Any]
    first: Callable[[Any], list[Statement]]
    second: Callable[[Any], list[Statement]]
    broken: Callable[[Any], bool]
    # Without these the race is lost, although every other guard still looks.
    needs: tuple[str, ...]
    both_orders: bool = True
    lost_in: tuple[str, ...] = (READ_COMMITTED, REPEATABLE_READ)


WAYS = ("update", "sql")
APPROVED = {"state": "approved", "approved_on": date(2026, 11, 18)}


def updates(
    sentence: str,
    prepare: Callable[[], Any],
    refused_by: str,
    held_also_by: tuple[str, ...] = (),
    /,
    **fields: Any,
) -> Attack:
    """Columns of the one row that the situation gives."""
    return Attack(
        sentence,
        prepare=prepare,
        update=lambda thing: type(thing).objects.filter(pk=thing.pk).update(**fields),
        sql=lambda thing: set_columns(thing, **fields),
        refused_by=(refused_by,),
        held_also_by=held_also_by,
    )


def approves(sentence: str, prepare: Callable[[], Any], refused_by: str) -> Attack:
    """The last write of an approval, which should not have been possible."""
    return updates(sentence, prepare, refused_by, **APPROVED)


def run(statement: Statement) -> int:
    """Write past the ORM, as psql would; how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.rowcount


def set_columns(thing: Model, **columns: Any) -> Statement:
    """A raw UPDATE of one row."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    return (
        f"UPDATE {thing._meta.db_table} SET {assignments} WHERE id = %s",
        [*(_plain(value) for value in columns.values()), thing.pk],
    )


def insert_row(table: str, **columns: Any) -> Statement:
    """A raw INSERT of one row."""
    names, marks = ", ".join(columns), ", ".join("%s" for _ in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({marks})", [_plain(value) for value in columns.values()]


def delete_row(thing: Model) -> Statement:
    """A raw DELETE of one row."""
    return f"DELETE FROM {thing._meta.db_table} WHERE id = %s", [thing.pk]


def columns_of(thing: Model, **other: Any) -> dict[str, Any]:
    """The values of an unsaved thing by column, for a raw INSERT."""
    values = {
        item.column: item.get_db_prep_save(getattr(thing, item.attname), connection)
        for item in thing._meta.local_concrete_fields
        if item.column != "id"
    }
    return values | other


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def refuser(error: BaseException) -> str:
    """The name of the guard or constraint that said no."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    assert isinstance(cause, psycopg.Error), error
    return cause.diag.constraint_name or ""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Take the named triggers, constraints and unique indexes away, and bring them back where it matters."""
    restore: list[str] = []
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            # Pending checks of foreign keys would keep the table from being changed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            restore += _drop(cursor, name)
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            # What was broken would keep the rule from coming back.
            connection.ops.execute_sql_flush([])
            with transaction.atomic(), connection.cursor() as cursor:
                for sql in restore:
                    cursor.execute(sql)


def _drop(cursor: Any, name: str) -> list[str]:
    cursor.execute(
        "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid), obj_description(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgname ~ ('^pgtrigger_' || %s || '_[0-9a-f]{5}$')",
        [name],
    )
    restore = []
    for trigger, table, definition, comment in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
        restore += [definition, f"COMMENT ON TRIGGER {trigger} ON {table} IS '{comment}'"]
    cursor.execute(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
        [name],
    )
    for table, definition in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        restore.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    cursor.execute(
        "SELECT indexdef FROM pg_indexes WHERE indexname = %s AND to_regclass(indexname) IS NOT NULL", [name]
    )
    for (definition,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        restore.append(definition)
    assert restore, f"there is no guard or constraint named {name}"
    return restore


def race(
    first: list[Statement], second: list[Statement], *, isolation: str
) -> tuple[psycopg.Error | None, psycopg.Error | None]:
    """Run both in sessions of their own; the second starts when the first has written and not committed yet.

    Both have taken their snapshot before. Returns what each was refused with.
    """
    with (
        another_session(isolation) as one,
        another_session(isolation) as other,
        another_session(READ_COMMITTED) as watcher,
    ):
        refused_one = _write(one, first)
        result: list[psycopg.Error | None] = []

        def write_and_commit() -> None:
            result.append(_write(other, second) or _commit(other))

        thread = threading.Thread(target=write_and_commit)
        thread.start()
        while thread.is_alive() and not _waits(watcher, other):
            thread.join(0.005)
        refused_one = refused_one or _commit(one)
        thread.join(20)
        assert not thread.is_alive()
        return refused_one, result[0]


@contextmanager
def another_session(isolation: str) -> Iterator[psycopg.Connection[Any]]:
    """A session whose snapshot is taken; what it has not committed at the end never was."""
    parameters = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key not in ("context", "cursor_factory", "prepare_threshold")
    }
    with psycopg.connect(**parameters) as session:
        session.execute("SET lock_timeout = '15s'")
        session.commit()
        session.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        session.execute("SELECT count(*) FROM matching_match")
        yield session
        session.rollback()


def _write(session: psycopg.Connection[Any], statements: list[Statement]) -> psycopg.Error | None:
    try:
        for sql, parameters in statements:
            session.execute(sql, list(parameters))
    except psycopg.Error as error:
        session.rollback()
        return error
    return None


def _commit(session: psycopg.Connection[Any]) -> psycopg.Error | None:
    try:
        session.commit()
    except psycopg.Error as error:
        return error
    return None


def _waits(watcher: psycopg.Connection[Any], session: psycopg.Connection[Any]) -> bool:
    row = watcher.execute(
        "SELECT cardinality(pg_blocking_pids(%s)) > 0", [session.info.backend_pid]
    ).fetchone()
    return bool(row and row[0])


def carry_out(attack: Attack, world: Any, way: str) -> int:
    """Attack by the ORM or in SQL, in a savepoint; how many rows it met."""
    with transaction.atomic():
        met = attack.update(world) if way == "update" else run(attack.sql(world))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return met if isinstance(met, int) else 1


def is_refused(attack: Attack, way: str) -> None:
    """The attack fails, and by whom it was meant to be stopped."""
    world = attack.prepare()
    with pytest.raises(IntegrityError) as refused:
        carry_out(attack, world, way)
    assert refuser(refused.value) in attack.refused_by + attack.held_also_by


def succeeds_without_its_guard(attack: Attack, way: str) -> None:
    """The very same attack meets its row once the guard is gone: nothing else would have stopped it."""
    world = attack.prepare()
    with without(*attack.refused_by, *attack.held_also_by):
        assert carry_out(attack, world, way) == 1

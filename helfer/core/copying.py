"""New rows of one table by COPY: the database's triggers, guards and keys hold as with INSERT."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

# What psycopg writes as it stands.
_PLAIN = frozenset(
    {
        "BigAutoField",
        "BigIntegerField",
        "BooleanField",
        "ForeignKey",
        "IntegerField",
        "OneToOneField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SmallIntegerField",
    }
)
# A list as short as this is no matter.
FEW_ROWS = 500
_TEXTS = frozenset({"CharField", "TextField"})


def copy_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Write new objects of one model as ``bulk_create`` would; they know their ids afterwards."""
    if not objects:
        return
    options = model._meta
    fields = list(options.concrete_fields)
    columns = [str(field.column) for field in fields]
    values = [_value_of(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [options.db_table, options.pk.column, len(objects)],
        )
        for each, (key,) in zip(objects, cursor.fetchall(), strict=True):
            each.pk = key
        try:
            _copy(cursor, options.db_table, columns, ([value(each) for value in values] for each in objects))
        except BaseException:
            for each in objects:
                each.pk = None
            raise
    for each in objects:
        each._state.adding, each._state.db = False, connection.alias


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of plain values; the columns that are not named take the database's own values."""
    with connection.cursor() as cursor:
        _copy(cursor, model._meta.db_table, columns, rows)


def _copy(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    if not connection.in_atomic_block:
        raise ValueError("rows are copied in a transaction: history tells who acts by it")
    # COPY passes Django by. A statement that does not tells the transaction who acts, for the history.
    cursor.execute("VALUES (true)")
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _value_of(field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """How an object's value becomes what the column holds."""
    name, kind = field.attname, field.get_internal_type()
    if isinstance(field, PhoneNumberField):
        return lambda each: _phone(field, getattr(each, name))
    if kind in _PLAIN:
        return lambda each: getattr(each, name)
    if kind in _TEXTS:
        # A member of an enumeration is written as its value.
        return lambda each: None if (text := getattr(each, name)) is None else str(text)
    return lambda each: field.get_db_prep_save(field.pre_save(each, add=True), connection)


def _phone(field: PhoneNumberField, number: Any) -> Any:
    # Valid or not, the field writes this one as it was given: the long check can be spared.
    if isinstance(number, PhoneNumber) and number.as_e164 == number.raw_input:
        return number.raw_input
    return field.get_db_prep_save(number, connection)


class GrowingTables:
    """Tables into which one transaction writes very many rows: their sizes are looked at in between.

    By itself the database looks only after the transaction: until then whatever follows the new rows is
    planned for the tables as they were, and where they were empty that takes minutes.
    """

    def __init__(self, *written: type[models.Model]) -> None:
        self._written = written
        self._rows, self._looked_at = 0, FEW_ROWS // 2

    def grow_by(self, rows: int) -> None:
        """So many more rows are there: look, once they are twice as many as last time. Waits for nobody."""
        self._rows += rows
        if self._rows < 2 * self._looked_at:
            return
        self._looked_at = self._rows
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in self._written)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")

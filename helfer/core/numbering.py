"""Running numbers of a list, such as ``A-00042``: never given twice, whoever counts at the same time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Max, Model, QuerySet
from django.db.models.functions import Cast, Substr

DIGITS = 5


def next_numbers(
    rows: QuerySet[Any, Any],
    *,
    prefix: str,
    how_many: int = 1,
    taken: Collection[str] = (),
) -> list[str]:
    """The next numbers of the list that ``rows`` are, passing over ``taken`` ones.

    Whoever asks second waits until the first one's transaction has ended.
    """
    model: type[Model] = rows.model
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [model._meta.db_table])
    used = rows.filter(number__regex=rf"^{prefix}[0-9]{{1,9}}$").aggregate(
        highest=Max(Cast(Substr("number", len(prefix) + 1), BigIntegerField()))
    )
    number = used["highest"] or 0
    numbers: list[str] = []
    while len(numbers) < how_many:
        number += 1
        name = f"{prefix}{number:0{DIGITS}}"
        if name not in taken:
            numbers.append(name)
    return numbers

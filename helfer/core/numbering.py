"""Numbers to name on the telephone, such as ``A-48213``: drawn, never counted, never given twice.

A running number would tell everybody who gets two of them how many others came in between.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

FEWEST_DIGITS = 5
# So many times as many numbers as are in use: a draw rarely hits one of them.
ROOM = 10


def new_numbers(
    rows: QuerySet[Any, Any],
    *,
    prefix: str,
    how_many: int = 1,
    taken: Collection[str] = (),
) -> list[str]:
    """Numbers that neither the list has that ``rows`` are nor ``taken`` names.

    Whoever asks second waits until the first one's transaction has ended.
    """
    model: type[Model] = rows.model
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [model._meta.db_table])
    digits = max(FEWEST_DIGITS, len(str(ROOM * (rows.count() + how_many) - 1)))
    used = set(taken)
    numbers: list[str] = []
    while missing := how_many - len(numbers):
        drawn = {f"{prefix}{secrets.randbelow(10**digits):0{digits}}" for _ in range(missing)} - used
        drawn -= set(rows.filter(number__in=drawn).values_list("number", flat=True))
        used |= drawn
        numbers += drawn
    return numbers

"""What is taken from outside: numbers, days and words within sensible bounds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from ninja import Field, Schema
from ninja.pagination import LimitOffsetPagination
from pydantic import AwareDatetime, StringConstraints

LARGEST_ID = 2**63 - 1
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))
]
# The database takes no NUL in a text.
Slug = Annotated[str, StringConstraints(max_length=50, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class Paging(LimitOffsetPagination):
    """Pages by `limit` and `offset`, within what the database can count."""

    class Input(Schema):
        """Which page."""

        limit: int = Field(100, ge=1, le=200)
        offset: int = Field(0, ge=0, le=1_000_000)

"""The offers beside their sources: do they still agree, bringing them in line, and loading very many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.matching.models import Offer

_COLUMNS = [field.column for field in Offer._meta.concrete_fields if not field.primary_key]
# One statement sees one moment: whatever is being changed at the same time is in both or in neither.
_DIFFERING = f"""
    SELECT COALESCE(o.helper_id, t.helper_id), COALESCE(o.role_id, t.role_id),
        CASE WHEN o.helper_id IS NULL THEN 'missing' WHEN t.helper_id IS NULL THEN 'surplus' ELSE 'other' END
    FROM matching_offer o
    FULL JOIN matching_offer_truth t ON t.helper_id = o.helper_id AND t.role_id = o.role_id
    WHERE ({", ".join(f"o.{name}" for name in _COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"t.{name}" for name in _COLUMNS)})
    ORDER BY 1, 2
"""  # noqa: S608 - our own names only


@dataclass(frozen=True, slots=True)
class Drift:
    """An offer that is not what its sources say: missing, surplus, or with other values."""

    helper_id: int
    role_id: int
    kind: str


def offers_that_differ() -> list[Drift]:
    """Every offer that is not what its sources say, by helper and role."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        return [Drift(*row) for row in cursor.fetchall()]


@transaction.atomic
def repair_offers(*, helper_ids: Sequence[int]) -> None:
    """Bring the offers of these helpers in line with their sources."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT helfer_refresh_offers(%s::bigint[])", [sorted(helper_ids)])


@transaction.atomic
def rebuild_offers() -> None:
    """Bring all offers in line with their sources; nobody else keeps any until the transaction ends.

    For loads that have switched the triggers off altogether. Raises ``Conflict`` under REPEATABLE READ.
    """
    _all("helfer_rebuild_offers")


@contextmanager
def offers_kept_back() -> Iterator[None]:
    """Load very many rows inside: no offer is kept before the block ends, and then all of them at once.

    One transaction; whoever else changes what offers rest on waits for its end. However it ends, the
    database sees to it that the offers are right. Raises ``Conflict`` under REPEATABLE READ.
    """
    with transaction.atomic():
        _all("helfer_hold_offers_back")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT helfer_catch_offers_up()")


def _all(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        if cursor.fetchone() != (True,):
            raise Conflict(_("Das geht nur in einer Transaktion mit READ COMMITTED."), code="isolation")

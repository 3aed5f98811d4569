"""Putting listed requests before the public: three that say the same, or one line for the one or two left."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection, transaction

from helfer.matching.models import PublicWanted, PublicWantedMember
from helfer.matching.trios import TOGETHER, Card, trios_of

_UNTRUE = "SELECT id FROM matching_publicwanted_untrue"
_LISTED = "SELECT request_id FROM matching_publicwanted_truth ORDER BY 1"
_LOCK = "SELECT 1 FROM help_requests_helprequest WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
_WRITE = "UPDATE help_requests_helprequest SET version = version + 1 WHERE id = ANY (%s)"
# A person who asks twice for the same counts once.
_POOL = """
    SELECT DISTINCT ON (t.role_id, t.help_seeker_id)
        t.role_id, t.district_id, t.request_id, t.half_days, t.languages
    FROM matching_publicwanted_truth t
    WHERE t.request_id = ANY (%s)
    ORDER BY t.role_id, t.help_seeker_id, t.request_id
"""

# Role, district, number, half-days, languages, requests.
_Line = tuple[int, int, int, frozenset[str], frozenset[str], frozenset[int]]


@transaction.atomic
def publish_wanted(*, on: date) -> None:
    """Bring what everybody reads in line with what is listed; lines that say the same keep their number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('helfer:publish_wanted', 0))")
    _take_down(row[0] for row in _asked(_UNTRUE))
    ids = [row[0] for row in _asked(_LISTED)]
    with connection.cursor() as cursor:
        # Whoever changes one of these at this moment is waited for, and waits: see the guards.
        cursor.execute(_LOCK, [ids])
        cursor.execute(_WRITE, [ids])
    wanted = set(_lines(ids))
    present = _present()
    _take_down(pk for line, pk in present.items() if line not in wanted)
    for line in sorted(wanted - present.keys(), key=lambda line: (line[0], line[1], sorted(line[5]))):
        role, district, number, half_days, languages, requests = line
        row = PublicWanted.objects.create(
            role_id=role,
            district_id=district,
            number=number,
            half_days=sorted(half_days),
            languages=sorted(languages),
            published_on=on,
        )
        PublicWantedMember.objects.bulk_create(
            PublicWantedMember(wanted=row, request_id=request) for request in sorted(requests)
        )


def _asked(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _lines(ids: list[int]) -> list[_Line]:
    places: dict[tuple[int, int], list[Card]] = defaultdict(list)
    for role, district, request, half_days, languages in _asked(_POOL, ids):
        # Among themselves, the cards of one district need no place.
        card = Card(request, order=request, half_days=frozenset(half_days), languages=frozenset(languages))
        places[role, district].append(card)
    lines: list[_Line] = []
    for (role, district), cards in places.items():
        left = {card.helper_id for card in cards}
        for trio in trios_of(cards):
            requests = frozenset(card.helper_id for card in trio.cards)
            lines.append((role, district, TOGETHER, trio.half_days, trio.languages, requests))
            left -= requests
        if left:
            lines.append((role, district, 0, frozenset(), frozenset(), frozenset(left)))
    return lines


def _present() -> dict[_Line, int]:
    behind: dict[int, set[int]] = defaultdict(set)
    for row, request in PublicWantedMember.objects.values_list("wanted_id", "request_id"):
        behind[row].add(request)
    return {
        (
            row.role_id,
            row.district_id,
            row.number,
            frozenset(row.half_days),
            frozenset(row.languages),
            frozenset(behind[row.pk]),
        ): row.pk
        for row in PublicWanted.objects.all()
    }


def _take_down(ids: Any) -> None:
    gone = list(ids)
    PublicWanted.objects.filter(pk__in=gone).delete()
    PublicWantedMember.objects.filter(wanted__in=gone).delete()

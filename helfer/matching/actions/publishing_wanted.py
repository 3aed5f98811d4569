"""Putting listed requests before the public: three that say the same, or one line for the one or two left."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from helfer.matching.models import PublicWanted, PublicWantedMember, PublicWantedPause
from helfer.matching.trios import TOGETHER, Card, Trio, trios_of

# So long after three were taken down, who is left there is not shown: by then others may have come and gone.
PAUSE = timedelta(days=28)

_CONCERNED = """
    SELECT request_id FROM matching_publicwanted_truth
    UNION SELECT request_id FROM matching_publicwantedmember
    ORDER BY 1
"""
_LOCK = "SELECT 1 FROM help_requests_helprequest WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
_WRITE = "UPDATE help_requests_helprequest SET version = version + 1 WHERE id = ANY (%s)"
_RECALL_UNTRUE = """
    SELECT helfer_recall_public_wanted(ARRAY(
        SELECT m.request_id FROM matching_publicwantedmember m
        WHERE m.wanted_id IN (SELECT id FROM matching_publicwanted_untrue)
        ORDER BY m.request_id
    ))
"""
# Whom no three stand for yet. A person who asks twice for the same counts once.
_POOL = """
    SELECT DISTINCT ON (t.role_id, t.help_seeker_id)
        t.role_id, t.district_id, t.request_id, t.half_days, t.languages
    FROM matching_publicwanted_truth t
    WHERE t.request_id = ANY (%s) AND NOT EXISTS (
        SELECT FROM matching_publicwanted w
        JOIN matching_publicwantedmember m ON m.wanted_id = w.id
        JOIN help_requests_helprequest q ON q.id = m.request_id
        WHERE w.number = 3 AND w.role_id = t.role_id AND q.help_seeker_id = t.help_seeker_id
    )
    ORDER BY t.role_id, t.help_seeker_id, t.request_id
"""

# Role and district.
_Place = tuple[int, int]


@transaction.atomic
def publish_wanted(*, on: date) -> None:
    """Bring what everybody reads in line with what is listed; what is still true stands as it stood."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('helfer:publish_wanted', 0))")
        cursor.execute(_CONCERNED)
        ids = [row[0] for row in cursor.fetchall()]
        # Whoever changes one of these at this moment is waited for, and waits: see the guards.
        cursor.execute(_LOCK, [ids])
        cursor.execute(_WRITE, [ids])
        cursor.execute(_RECALL_UNTRUE)
        cursor.execute(_POOL, [ids])
        pool = cursor.fetchall()
    paused = _paused(on)
    trios, left = _put_together(pool)
    # Whoever was left over and stands among three now is behind one line only.
    PublicWantedMember.objects.filter(wanted__number=0).delete()
    for (role, district), trio in trios:
        row = PublicWanted.objects.create(
            role_id=role,
            district_id=district,
            number=TOGETHER,
            half_days=sorted(trio.half_days),
            languages=sorted(trio.languages),
            published_on=on,
        )
        _stand_behind(row, {card.helper_id for card in trio.cards})
    _show_who_is_left({place: ids for place, ids in left.items() if place not in paused}, on=on)


def _paused(on: date) -> set[_Place]:
    PublicWantedPause.objects.filter(until=None).update(until=on + PAUSE)
    PublicWantedPause.objects.filter(until__lte=on).delete()
    return set(PublicWantedPause.objects.values_list("role_id", "district_id"))


def _put_together(rows: list[tuple[Any, ...]]) -> tuple[list[tuple[_Place, Trio]], dict[_Place, set[int]]]:
    """Trios, and the requests that are left over, by role and district."""
    places: dict[_Place, list[Card]] = defaultdict(list)
    for role, district, request, half_days, languages in sorted(rows):
        # Among themselves, the cards of one district need no place.
        card = Card(request, order=request, half_days=frozenset(half_days), languages=frozenset(languages))
        places[role, district].append(card)
    trios = [(place, trio) for place, cards in places.items() for trio in trios_of(cards)]
    left = {place: {card.helper_id for card in cards} for place, cards in places.items()}
    for place, trio in trios:
        left[place] -= {card.helper_id for card in trio.cards}
    return trios, {place: ids for place, ids in left.items() if ids}


def _show_who_is_left(left: dict[_Place, set[int]], *, on: date) -> None:
    """One line for each place; one that is there already stays the same line."""
    present = {(row.role_id, row.district_id): row for row in PublicWanted.objects.filter(number=0)}
    PublicWanted.objects.filter(
        pk__in=[row.pk for place, row in present.items() if place not in left]
    ).delete()
    for place, requests in left.items():
        role, district = place
        row = present.get(place) or PublicWanted.objects.create(
            role_id=role, district_id=district, number=0, half_days=[], languages=[], published_on=on
        )
        _stand_behind(row, requests)


def _stand_behind(row: PublicWanted, requests: set[int]) -> None:
    PublicWantedMember.objects.bulk_create(
        PublicWantedMember(wanted=row, request_id=request) for request in sorted(requests)
    )

"""Putting listed cards before the public, three at a time; once a night, so that changes come in batches."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from helfer.matching.guards.public_tallies import tally_of
from helfer.matching.models import PublicOffer, PublicOfferMember
from helfer.matching.trios import TOGETHER, Card, Trio, trios_of

# After so long cards are put together anew: perhaps they can say more by now.
TOGETHER_FOR = timedelta(days=28)

# In one statement, which sees the offers as they are and exactly the rows that brought them there: whoever
# takes an offer down at this moment adds a row that stays.
_SUM_UP = f"""
    WITH gone AS (DELETE FROM matching_publictally)
    INSERT INTO matching_publictally (role_id, district_id, quarter_id, about, value, number)
    {tally_of("matching_publicoffer")}
"""  # noqa: S608 - our own words only
_UNTRUE = "SELECT id FROM matching_publicoffer_untrue ORDER BY id"
# Those that stand as they are: true, put together not long ago, nobody away, every shown proof counts, and
# as near as each of the three shows themselves.
_STANDING = """
    SELECT o.id FROM matching_publicoffer o
    JOIN catalogue_role r ON r.id = o.role_id AND r.is_active
    WHERE o.published_on > %(old)s AND NOT EXISTS (
        SELECT FROM matching_publicoffermember m
        JOIN matching_publicoffer_truth t ON t.helper_id = m.helper_id AND t.role_id = m.role_id
        WHERE m.offer_id = o.id AND (
            (t.quarter_id IS NOT NULL AND o.quarter_id IS NULL)
            OR (t.district_id IS NOT NULL AND o.district_id IS NULL)
            OR EXISTS (
                SELECT FROM helpers_pause a WHERE a.helper_id = m.helper_id
                AND a.from_day <= %(on)s AND (a.until_day IS NULL OR a.until_day > %(on)s)
            )
            OR NOT o.training_ids <@ ARRAY(
                SELECT c.training_id FROM helpers_certificate c
                JOIN catalogue_training k ON k.id = c.training_id
                WHERE c.helper_id = m.helper_id AND c.verified_at IS NOT NULL AND c.issued_on <= %(on)s
                AND (c.valid_until IS NULL OR c.valid_until + k.grace_days >= %(on)s)
            )
        )
    )
"""
_CANDIDATES = """
    SELECT DISTINCT t.helper_id FROM matching_publicoffer_truth t
    LEFT JOIN matching_publicoffermember m ON m.helper_id = t.helper_id AND m.role_id = t.role_id
    WHERE m.offer_id IS NULL OR NOT m.offer_id = ANY (%(standing)s)
    ORDER BY 1
"""
_POOL = """
    SELECT t.role_id, t.helper_id, t.district_id, t.quarter_id, t.half_days, t.languages, t.model_ids, t.name,
        ARRAY(
            SELECT DISTINCT c.training_id FROM helpers_certificate c
            JOIN catalogue_training k ON k.id = c.training_id
            WHERE c.helper_id = t.helper_id AND c.training_id = ANY (t.training_ids)
            AND c.verified_at IS NOT NULL AND c.issued_on <= %(on)s
            AND (c.valid_until IS NULL OR c.valid_until + k.grace_days >= %(on)s)
        )
    FROM matching_publicoffer_truth t
    JOIN catalogue_role r ON r.id = t.role_id AND r.is_active
    LEFT JOIN matching_publicoffermember m ON m.helper_id = t.helper_id AND m.role_id = t.role_id
    WHERE t.helper_id = ANY (%(helpers)s) AND (m.offer_id IS NULL OR NOT m.offer_id = ANY (%(standing)s))
    AND NOT EXISTS (
        SELECT FROM helpers_pause a WHERE a.helper_id = t.helper_id
        AND a.from_day <= %(on)s AND (a.until_day IS NULL OR a.until_day > %(on)s)
    )
"""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a night changed: offers put up and taken down, and how many cards wait for others."""

    put_up: int
    taken_down: int
    waiting: int


@transaction.atomic
def publish_offers(*, on: date) -> Publication:
    """Put together what is listed and does not stand yet; where three stay together, their number stays."""
    with connection.cursor() as cursor:
        # One publication at a time.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('helfer:publish_offers', 0))")
    untrue = _ids(_UNTRUE)
    _take_down(untrue)
    standing = _ids(_STANDING, on=on, old=on - TOGETHER_FOR)
    helpers = _ids(_CANDIDATES, standing=standing)
    with connection.cursor() as cursor:
        # Whoever changes one of these at this moment is waited for, and waits: see the guards of the cards.
        cursor.execute("SELECT helfer_write_offer_versions(1::smallint, %s::bigint[])", [helpers])
    pool = _pool(on=on, helpers=helpers, standing=standing)
    wanted = {_key(role, trio): (role, trio) for role, cards in pool.items() for trio in trios_of(cards)}
    present = _present(standing)
    gone = [offer_id for key, offer_id in present.items() if key not in wanted]
    new = [made for key, made in wanted.items() if key not in present]
    _take_down(gone)
    _put_up(new, on=on)
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP)
    waiting = sum(map(len, pool.values())) - TOGETHER * len(wanted)
    return Publication(put_up=len(new), taken_down=len(untrue) + len(gone), waiting=waiting)


def untrue_offers() -> list[int]:
    """Published offers of which somebody no longer says what they show; there ought to be none."""
    return _ids(_UNTRUE)


def _ids(query: str, **values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def _pool(*, on: date, helpers: list[int], standing: list[int]) -> dict[int, list[Card]]:
    pool: dict[int, list[Card]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_POOL, {"on": on, "helpers": helpers, "standing": standing})
        for role, helper, district, quarter, half_days, languages, model_ids, name, training_ids in cursor:
            card = Card(
                helper_id=helper,
                order=_by_chance(role, helper),
                district_id=district,
                quarter_id=quarter,
                half_days=frozenset(half_days),
                languages=frozenset(languages),
                model_ids=frozenset(model_ids),
                training_ids=frozenset(training_ids),
                name=name,
            )
            pool[role].append(card)
    return pool


def _by_chance(role: int, helper: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{role} {helper}".encode()).digest()[:8], "big")


def _key(role: int, trio: Trio) -> tuple[object, ...]:
    """The same for the same three who show the same."""
    return (
        role,
        tuple(sorted(card.helper_id for card in trio.cards)),
        trio.district_id,
        trio.quarter_id,
        trio.half_days,
        trio.languages,
        trio.model_ids,
        trio.training_ids,
        tuple(trio.names),
    )


def _present(standing: list[int]) -> dict[tuple[object, ...], int]:
    """What is up beside those that stand anyway."""
    behind: dict[int, list[int]] = defaultdict(list)
    for offer, helper in PublicOfferMember.objects.exclude(offer__in=standing).values_list(
        "offer_id", "helper_id"
    ):
        behind[offer].append(helper)
    return {
        (
            offer.role_id,
            tuple(sorted(behind[offer.pk])),
            offer.district_id,
            offer.quarter_id,
            frozenset(offer.half_days),
            frozenset(offer.languages),
            frozenset(offer.model_ids),
            frozenset(offer.training_ids),
            tuple(offer.names),
        ): offer.pk
        for offer in PublicOffer.objects.exclude(pk__in=standing)
    }


def _take_down(offer_ids: Iterable[int]) -> None:
    ids = list(offer_ids)
    PublicOffer.objects.filter(pk__in=ids).delete()
    PublicOfferMember.objects.filter(offer__in=ids).delete()


def _put_up(made: Iterable[tuple[int, Trio]], *, on: date) -> None:
    trios = list(made)
    offers = PublicOffer.objects.bulk_create(
        (
            PublicOffer(
                role_id=role,
                district_id=trio.district_id,
                quarter_id=trio.quarter_id,
                half_days=sorted(trio.half_days),
                languages=sorted(trio.languages),
                model_ids=sorted(trio.model_ids),
                training_ids=sorted(trio.training_ids),
                names=trio.names,
                published_on=on,
            )
            for role, trio in trios
        ),
        batch_size=1000,
    )
    PublicOfferMember.objects.bulk_create(
        (
            PublicOfferMember(offer=offer, helper_id=card.helper_id, role_id=role)
            for offer, (role, trio) in zip(offers, trios, strict=True)
            for card in trio.cards
        ),
        batch_size=3000,
    )

"""How many offer help and how many look for it, as everybody may know: by quarter, by district, in threes.

Reads what the public reads and nothing else: every row of it stands for three, so that no filter, no
difference between two answers and none between two days says one or two (ADR 13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from helfer.catalogue.models import Role
from helfer.matching.models import PublicOffer, PublicWanted
from helfer.matching.trios import TOGETHER


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """Offers by quarter and by district, sought help by district; and both of the whole city."""

    offers_by_quarter: Mapping[int, int]
    offers_by_district: Mapping[int, int]
    offers: int
    wanted_by_district: Mapping[int, int]
    wanted: int


def public_figures(role: Role | None = None) -> PublicFigures:
    """The figures of one role, or of all that the catalogue has in use."""
    offers = PublicOffer.objects.in_use()
    # One or two are a line without a number, and no number here either.
    wanted = PublicWanted.objects.filter(role__is_active=True, number=TOGETHER)
    if role is not None:
        offers, wanted = offers.filter(role=role), wanted.filter(role=role)
    by_quarter: Counter[int] = Counter()
    by_district: Counter[int] = Counter()
    everywhere = 0
    for district, quarter, trios in (
        offers.order_by().values_list("district_id", "quarter_id").annotate(number_of_rows=Count("pk"))
    ):
        everywhere += TOGETHER * trios
        if district is not None:
            by_district[district] += TOGETHER * trios
        if quarter is not None:
            by_quarter[quarter] += TOGETHER * trios
    sought = {
        district: TOGETHER * rows
        for district, rows in wanted.order_by()
        .values_list("district_id")
        .annotate(number_of_rows=Count("pk"))
    }
    return PublicFigures(by_quarter, by_district, everywhere, sought, sum(sought.values()))

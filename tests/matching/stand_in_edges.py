"""The possible pairs, one by one through the pure rules: what the search in SQL has to agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.help_requests.models import HelpRequest
from helfer.matching import city_wide, ranking
from helfer.matching.candidates import survey
from helfer.matching.facts import common_models
from helfer.matching.gates import Gate


@dataclass(frozen=True)
class Edges:
    """Arrays of equal length, ordered by request and helper."""

    request_ids: Any
    helper_ids: Any
    scores: Any
    takes_relief: Any
    relief_limit: Any


def edges(*, on: date, request_ids: Sequence[int], excluding_helpers: Collection[int] = ()) -> Edges:
    """All pairs with every gate open."""
    rows = []
    for request in HelpRequest.objects.filter(pk__in=request_ids).order_by("pk"):
        found = survey(request, on=on)
        asked = found.request
        limit = (asked.land_rule.max_people or 0) if asked.land_rule else 0
        for helper in sorted(found.eligible, key=lambda helper: helper.id):
            relief = common_models(asked, helper) == {RELIEF_AMOUNT}
            relief &= asked.seeker_id not in helper.serves_under_relief
            score = round(round(ranking.score_of(asked, helper), 6) * 1_000_000)
            if helper.id not in excluding_helpers:
                rows.append((request.pk, helper.id, score, relief, limit if relief else 0))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    types = (np.int64, np.int64, np.int64, np.bool_, np.int32)
    return Edges(*(np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)))


def near_miss_gates(*, on: date, request_ids: Sequence[int]) -> dict[int, dict[Gate, int]]:
    """Near misses by gate."""
    return {
        request.pk: dict(Counter(refusal.gate for _, refusal in survey(request, on=on).missed))
        for request in HelpRequest.objects.filter(pk__in=request_ids)
    }


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the place of the search in SQL."""
    monkeypatch.setattr(city_wide, "Edges", Edges, raising=False)
    monkeypatch.setattr(city_wide, "edges", edges, raising=False)
    monkeypatch.setattr(city_wide, "near_miss_gates", near_miss_gates, raising=False)

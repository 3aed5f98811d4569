"""What the search in SQL says must be what the plain survey says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest
from django.db import connection

from helfer.helpers.models import HelperProfile
from helfer.matching.candidates import Candidate, NearMiss, Shortlist
from helfer.matching.candidates.edges import edges, near_miss_gates
from helfer.matching.facts import HelperFacts
from helfer.matching.gates import Refusal

from .reference_survey import PlainSurvey
from .worlds import ON


def catch_up(helpers: Iterable[HelperProfile]) -> None:
    """Bring the offers of helpers in line whose tables had no guards while they moved in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT helfer_refresh_offers(%s)", [[helper.pk for helper in helpers]])


def candidates_agree(found: Shortlist, plain: PlainSurvey, *, most: int = 20) -> None:
    """The same helpers in the same order with the same scores, said in the same words, and as many."""
    assert found.eligible == len(plain.eligible)
    best = plain.eligible[:most]
    assert len(found.candidates) == len(best)
    assert [candidate.helper_id for candidate in found.candidates] == [helper.id for helper in best]
    for candidate, helper in zip(found.candidates, best, strict=True):
        assert candidate.score == pytest.approx(plain.score_of(helper), abs=1e-12)
        assert candidate.distance_m == helper.distance_m
        assert sum(candidate.parts.values()) == pytest.approx(candidate.score, abs=1e-9)
        told = Candidate.of(plain.request, helper)
        assert (candidate.shown, candidate.reasons, candidate.clarify) == (
            told.shown,
            told.reasons,
            told.clarify,
        )
        assert candidate.compensation_models == told.compensation_models


def near_misses_agree(found: Sequence[NearMiss], missed: Sequence[tuple[HelperFacts, Refusal]]) -> None:
    """The same helpers in the same order, with the same closed gate."""
    told = [(miss.helper_id, miss.distance_m, miss.gate, miss.by, miss.sentence) for miss in found]
    assert told == [
        (helper.id, helper.distance_m, refusal.gate, refusal.by, refusal.sentence)
        for helper, refusal in missed[: len(found)]
    ]
    assert len(found) == min(len(found), len(missed))


def edges_agree(surveys: Mapping[int, PlainSurvey]) -> None:
    """Exactly the eligible pairs, with their scores; near misses counted by gate."""
    found = edges(on=ON, request_ids=list(surveys))
    columns = (found.request_ids, found.helper_ids, found.scores, found.takes_relief, found.relief_limit)
    expected = []
    for request_id, plain in sorted(surveys.items()):
        rule = plain.request.land_rule
        limit = (rule.max_people if rule else 0) or 0
        for helper in sorted(plain.eligible, key=lambda each: each.id):
            score = round(round(plain.score_of(helper), 6) * 1_000_000)
            takes = plain.takes_relief(helper)
            expected.append((request_id, helper.id, score, takes, limit if takes else 0))
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected
    missed = {key: dict(plain.missed_gates) for key, plain in surveys.items() if plain.missed}
    for many in (0, len(surveys) + 1):
        assert near_miss_gates(on=ON, request_ids=list(surveys), many=many) == missed

"""What a city-wide run looks at: waiting requests, their possible pairs part by part, the helpers' places."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.help_requests.models import HelpRequest, HelpRequestQuerySet
from helfer.matching.assignment import Assignment, AssignmentInput, Ints, assign
from helfer.matching.lifecycle import OPEN, RUNNING
from helfer.matching.models import CityRun, Match, SuggestionQuerySet, UnservedQuerySet
from helfer.people.models import Office, User
from helfer.places.models import District

try:
    from helfer.matching.candidates.edges import Edges, edges, near_miss_gates
except ModuleNotFoundError:  # TODO until the search in SQL is there
    pass

# A worker searches so many requests at a time; a crowded district is several parts.
REQUESTS_IN_A_CHUNK = 500
# Beside the gates: candidates who are needed elsewhere.
TAKEN = "taken"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """Whom the optimum suggests for whom, and why nobody for the others."""

    request_ids: Sequence[int]
    urgent: int
    assignment: Assignment
    # By request: near misses by gate, and ``taken``; only what is more than none.
    unserved: Mapping[int, Mapping[str, int]]


def waiting_requests(
    *, office: Office | None = None, district: District | None = None
) -> HelpRequestQuerySet:
    """Open requests without an open match, of the office and of people who live in the district.

    Those that name their helper are left out: for them nobody is searched.
    """
    requests = HelpRequest.objects.open().filter(role__isnull=False, named_helper=None)
    requests = requests.exclude(Exists(Match.objects.filter(request=OuterRef("pk"), state__in=OPEN)))
    if office is not None:
        requests = requests.filter(office=office)
    if district is not None:
        requests = requests.filter(help_seeker__person__district=district)
    return requests


def in_chunks(requests: QuerySet[HelpRequest]) -> list[list[int]]:
    """The requests' ids, district by district, in parts that one worker searches."""
    by_district: dict[int | None, list[int]] = {}
    rows = requests.order_by(F("help_seeker__person__district").asc(nulls_last=True), "pk")
    for pk, district in rows.values_list("pk", "help_seeker__person__district"):
        by_district.setdefault(district, []).append(pk)
    return [
        ids[start : start + REQUESTS_IN_A_CHUNK]
        for ids in by_district.values()
        for start in range(0, len(ids), REQUESTS_IN_A_CHUNK)
    ]


def best_outcome(
    *,
    on: date,
    chunks: Sequence[Sequence[int]],
    excluding_helpers: Collection[int] = (),
    progress: Progress | None = None,
) -> Outcome:
    """The optimum for these requests, computed here and now; writes nothing.

    ``progress`` hears how many requests of how many are searched.
    """
    total = sum(map(len, chunks))
    found = []
    searched = 0
    for chunk in chunks:
        found.append(edges(on=on, request_ids=chunk, excluding_helpers=excluding_helpers))
        searched += len(chunk)
        if progress is not None:
            progress(searched, total)
    request_ids = sorted(request_id for chunk in chunks for request_id in chunk)
    return outcome_of(joined(found), on=on, request_ids=request_ids)


def outcome_of(pairs: Edges, *, on: date, request_ids: Sequence[int]) -> Outcome:
    """The optimum over these pairs, with the reasons of every request that gets nobody."""
    urgent = _urgent(request_ids)
    assignment = assign(with_places(pairs, urgent=urgent))
    served = set(assignment.request_ids.tolist())
    unserved = [request_id for request_id in request_ids if request_id not in served]
    return Outcome(
        request_ids=request_ids,
        urgent=len(urgent),
        assignment=assignment,
        unserved=_reasons(pairs, on=on, unserved=unserved),
    )


def _reasons(pairs: Edges, *, on: date, unserved: Sequence[int]) -> dict[int, dict[str, int]]:
    """Near misses by gate, and how many candidates are needed elsewhere.

    A request that the optimum leaves out has none left: with one free candidate it would be served.
    """
    asked, counts_of = np.unique(pairs.request_ids, return_counts=True)
    candidates: dict[int, int] = dict(zip(asked.tolist(), counts_of.tolist(), strict=True))
    reasons: dict[int, dict[str, int]] = {}
    for start in range(0, len(unserved), REQUESTS_IN_A_CHUNK):
        part = unserved[start : start + REQUESTS_IN_A_CHUNK]
        missed = near_miss_gates(on=on, request_ids=part)
        for request_id in part:
            counts = {str(gate): count for gate, count in missed.get(request_id, {}).items() if count}
            if request_id in candidates:
                counts[TAKEN] = candidates[request_id]
            reasons[request_id] = counts
    return reasons


def _urgent(request_ids: Sequence[int]) -> list[int]:
    urgent = HelpRequest.objects.filter(is_urgent=True).order_by("pk").values_list("pk", flat=True)
    return sorted(set(urgent.filter(pk__in=request_ids)))


_PLACES = """
WITH asked AS (SELECT unnest(%(ids)s::bigint[]) AS id),
serving AS (
    SELECT m.helper_id, count(DISTINCT r.help_seeker_id) AS people,
           count(DISTINCT r.help_seeker_id) FILTER (WHERE model.slug = %(relief_amount)s) AS under_relief
      FROM matching_match m
      JOIN help_requests_helprequest r ON r.id = m.request_id
      JOIN catalogue_compensationmodel model ON model.id = m.compensation_model_id
     WHERE m.state = ANY(%(running)s)
     GROUP BY 1
)
SELECT h.id, greatest(h.max_people - coalesce(serving.people, 0), 0), coalesce(serving.under_relief, 0)
  FROM asked
  JOIN helpers_helperprofile h ON h.id = asked.id
  LEFT JOIN serving ON serving.helper_id = h.id
"""


def with_places(pairs: Edges, *, urgent: Sequence[int]) -> AssignmentInput:
    """The pairs, and how many more people each of their helpers may serve, at all and under § 45b."""
    helpers = np.unique(pairs.helper_ids)
    known = {
        "ids": helpers.tolist(),
        "running": [str(state) for state in RUNNING],
        "relief_amount": RELIEF_AMOUNT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, known)
        rows = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 3)
    free, relief_serves = np.zeros_like(helpers), np.zeros_like(helpers)
    # Who is gone since the pairs were found has no place.
    at = np.searchsorted(helpers, rows[:, 0])
    free[at], relief_serves[at] = rows[:, 1], rows[:, 2]
    return AssignmentInput(
        request_ids=pairs.request_ids,
        helper_ids=pairs.helper_ids,
        scores=pairs.scores,
        takes_relief=pairs.takes_relief,
        relief_limit=pairs.relief_limit,
        urgent=np.array(urgent, dtype=np.int64),
        helpers=helpers,
        free_places=free,
        relief_serves=relief_serves,
    )


@dataclass(frozen=True, slots=True)
class RunDistrict:
    """How many people of a district a run helps, and how many it leaves uncovered; no person among them."""

    district: District | None
    served: int
    unserved: int


def figures_by_district(run: CityRun, *, viewer: User | None = None) -> list[RunDistrict]:
    """The run's figures by where people live; with ``viewer``, of their own offices' requests alone."""
    suggestions = run.suggestions.all() if viewer is None else run.suggestions.visible_to(viewer)
    unserved = run.unserved.all() if viewer is None else run.unserved.visible_to(viewer)
    served_in, unserved_in = _by_district(suggestions), _by_district(unserved)
    districts: list[District | None] = list(
        District.objects.filter(
            pk__in=[key for key in (*served_in, *unserved_in) if key is not None]
        ).order_by("name", "pk")
    )
    if None in served_in or None in unserved_in:
        districts.append(None)
    keys = [None if district is None else district.pk for district in districts]
    return [
        RunDistrict(district, served_in.get(key, 0), unserved_in.get(key, 0))
        for district, key in zip(districts, keys, strict=True)
    ]


def _by_district(rows: SuggestionQuerySet | UnservedQuerySet) -> dict[int | None, int]:
    counted = rows.order_by().values_list("request__help_seeker__person__district")
    return dict(counted.annotate(number=Count("pk")))


# Pairs that lie in the database until the last part is searched

_COLUMNS = ("request_ids", "helper_ids", "scores", "takes_relief", "relief_limit")
_TYPES: Mapping[str, type] = {
    "request_ids": np.int64,
    "helper_ids": np.int64,
    "scores": np.int64,
    "takes_relief": np.bool_,
    "relief_limit": np.int32,
}


def joined(parts: Iterable[Edges]) -> Edges:
    """All the pairs, ordered as if they had been found in one go."""
    parts = list(parts)
    columns: dict[str, Ints] = {
        name: np.concatenate([np.zeros(0, dtype=_TYPES[name]), *(getattr(part, name) for part in parts)])
        for name in _COLUMNS
    }
    order = np.lexsort((columns["helper_ids"], columns["request_ids"]))
    return Edges(**{name: column[order].astype(_TYPES[name]) for name, column in columns.items()})


def packed(pairs: Edges) -> bytes:
    """The pairs as bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, **{name: getattr(pairs, name) for name in _COLUMNS})
    return zlib.compress(buffer.getvalue(), level=1)


def unpacked(content: bytes) -> Edges:
    """The pairs that were packed."""
    with np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False) as columns:
        return Edges(**{name: columns[name] for name in _COLUMNS})

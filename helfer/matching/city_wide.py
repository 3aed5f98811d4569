"""What a city-wide run looks at: waiting requests, their possible pairs part by part, the helpers' places."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Count, Exists, F, OuterRef

from helfer.help_requests.models import HelpRequest, HelpRequestQuerySet
from helfer.matching.assignment import Assignment, AssignmentInput, assign
from helfer.matching.candidates.edges import Edges, edges, near_miss_gates
from helfer.matching.lifecycle import OPEN
from helfer.matching.models import CityRun, Match, SuggestionQuerySet, UnservedQuerySet
from helfer.people.models import Office, User
from helfer.places.models import District

# A worker searches so many requests at a time: several small districts, or a part of a crowded one.
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


def in_chunks(requests: HelpRequestQuerySet) -> list[list[int]]:
    """The requests' ids in parts that one worker searches: districts together as long as they fit in."""
    rows = requests.order_by(F("help_seeker__person__district").asc(nulls_last=True), "pk")
    by_district: dict[int | None, list[int]] = {}
    for pk, district in rows.values_list("pk", "help_seeker__person__district_id"):
        by_district.setdefault(district, []).append(pk)
    chunks: list[list[int]] = []
    for ids in by_district.values():
        if chunks and len(chunks[-1]) + len(ids) <= REQUESTS_IN_A_CHUNK:
            chunks[-1].extend(ids)
        else:
            chunks += [
                ids[start : start + REQUESTS_IN_A_CHUNK] for start in range(0, len(ids), REQUESTS_IN_A_CHUNK)
            ]
    return chunks


def search(
    *, on: date, request_ids: Sequence[int], requests: int, excluding_helpers: Collection[int] = ()
) -> Edges:
    """The possible pairs of these requests; ``requests`` is how many the whole run has."""
    return edges(on=on, request_ids=request_ids, excluding_helpers=excluding_helpers, most=requests)


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
    found: list[Edges] = []
    searched = 0
    for chunk in chunks:
        found.append(search(on=on, request_ids=chunk, requests=total, excluding_helpers=excluding_helpers))
        searched += len(chunk)
        if progress is not None:
            progress(searched, total)
    request_ids = sorted(request_id for chunk in chunks for request_id in chunk)
    return outcome_of(found, on=on, request_ids=request_ids, excluding_helpers=excluding_helpers)


def outcome_of(
    found: Sequence[Edges],
    *,
    on: date,
    request_ids: Sequence[int],
    excluding_helpers: Collection[int] = (),
) -> Outcome:
    """The optimum over everything found, with the reasons of every request that gets nobody."""
    pairs = joined(found)
    urgent = _urgent(request_ids)
    assignment = assign(with_places(pairs, urgent=urgent))
    served = set(assignment.request_ids.tolist())
    asked, number = np.unique(pairs.request_ids, return_counts=True)
    candidates: dict[int, int] = dict(zip(asked.tolist(), number.tolist(), strict=True))
    # All at once: who is near one of them is often near others too.
    missed = _missed(
        on=on,
        request_ids=[request_id for request_id in request_ids if request_id not in served],
        excluding_helpers=excluding_helpers,
    )
    # With one candidate left free, a request would be served: those of the others are all needed elsewhere.
    unserved = {
        request_id: {
            **missed[request_id],
            **({TAKEN: candidates[request_id]} if request_id in candidates else {}),
        }
        for request_id in request_ids
        if request_id not in served
    }
    return Outcome(request_ids=request_ids, urgent=len(urgent), assignment=assignment, unserved=unserved)


def _missed(
    *, on: date, request_ids: Sequence[int], excluding_helpers: Collection[int]
) -> dict[int, dict[str, int]]:
    """Near misses of each of these requests by gate, only those that there are."""
    if not request_ids:
        return {}
    counted = near_miss_gates(on=on, request_ids=request_ids, excluding_helpers=excluding_helpers)
    return {
        request_id: {str(gate): number for gate, number in counted.get(request_id, {}).items() if number}
        for request_id in request_ids
    }


def _urgent(request_ids: Sequence[int]) -> list[int]:
    urgent = HelpRequest.objects.filter(is_urgent=True).order_by("pk").values_list("pk", flat=True)
    return sorted(set(urgent.filter(pk__in=request_ids)))


def with_places(pairs: Edges, *, urgent: Sequence[int]) -> AssignmentInput:
    """The pairs, and how many more people each of their helpers may serve, at all and under § 45b."""
    helpers, helper = np.unique(pairs.helper_ids, return_inverse=True)
    # Where parts were searched one after the other and a place was filled meanwhile, the later one is right.
    free_places = np.full(len(helpers), np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(free_places, helper, pairs.free_places)
    relief_serves = np.zeros(len(helpers), dtype=np.int64)
    np.maximum.at(relief_serves, helper, pairs.relief_serves)
    return AssignmentInput(
        request_ids=pairs.request_ids,
        helper_ids=pairs.helper_ids,
        scores=pairs.scores,
        takes_relief=pairs.takes_relief,
        relief_limit=pairs.relief_limit.astype(np.int64),
        urgent=np.array(urgent, dtype=np.int64),
        helpers=helpers,
        free_places=free_places,
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


# What lies in the database until the last part is searched

_COLUMNS: Mapping[str, type] = {
    "request_ids": np.int64,
    "helper_ids": np.int64,
    "scores": np.int64,
    "takes_relief": np.bool_,
    "relief_limit": np.int32,
    "free_places": np.int32,
    "relief_serves": np.int32,
}


def joined(parts: Iterable[Edges]) -> Edges:
    """All the pairs, ordered as if they had been found in one go."""
    parts = list(parts)
    columns = {
        name: np.concatenate([np.zeros(0, dtype=kind), *(getattr(part, name) for part in parts)])
        for name, kind in _COLUMNS.items()
    }
    order = np.lexsort((columns["helper_ids"], columns["request_ids"]))
    return Edges(**{name: column[order] for name, column in columns.items()})


def packed(pairs: Edges) -> bytes:
    """The pairs of one part, as bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, **{name: getattr(pairs, name) for name in _COLUMNS})
    return zlib.compress(buffer.getvalue(), level=1)


def unpacked(content: bytes) -> Edges:
    """What was packed."""
    with np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False) as columns:
        return Edges(**{name: columns[name] for name in _COLUMNS})

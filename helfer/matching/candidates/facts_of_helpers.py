"""The facts of some helpers towards their requests, read with a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.core.days import berlin_day
from helfer.matching.candidates.facts_of_request import Asked, is_exact
from helfer.matching.facts import HelperFacts, Proof, TimeOff
from helfer.matching.lifecycle import RUNNING, MatchState

_HELPERS = """
SELECT pair.nth, h.id, h.person_id, h.number, p.given_name, p.family_name, p.gender, p.birth_year,
       p.died_on IS NULL AND p.merged_into_id IS NULL,
       district.name, h.office_id, p.location_quality, p.location_to_confirm, h.state,
       EXISTS (SELECT FROM helpers_helperprofile_roles
                WHERE helperprofile_id = h.id AND role_id = pair.role_id), h.radius_m,
       ST_Distance(p.home, ST_MakePoint(pair.lon, pair.lat)::geography),
       h.languages, h.times, h.max_people, h.no_pets, h.no_smokers, h.only_for_id
  FROM unnest(%(ids)s::bigint[], %(role_ids)s::bigint[], %(lons)s::float8[], %(lats)s::float8[])
       WITH ORDINALITY AS pair (helper_id, role_id, lon, lat, nth)
  JOIN helpers_helperprofile h ON h.id = pair.helper_id
  JOIN people_person p ON p.id = h.person_id
  LEFT JOIN places_district district ON district.id = p.district_id
"""

# What else is known of these helpers: one query for each kind of thing, whatever their number. In one big
# query the planner cannot know how many helpers there are, and joins ten thousand of them row by row.
# Lists are in the order in which they were written down: else each plan has an order of its own.
_MODELS = """
SELECT taken.helperprofile_id, array_agg(model.slug::text)
  FROM helpers_helperprofile_compensation_models taken
  JOIN catalogue_compensationmodel model ON model.id = taken.compensationmodel_id
 WHERE taken.helperprofile_id = ANY(%(ids)s)
 GROUP BY 1
"""
_TIME_OFF = """
SELECT helper_id, array_agg(from_day ORDER BY id), array_agg(until_day ORDER BY id)
  FROM helpers_pause
 WHERE helper_id = ANY(%(ids)s) AND (until_day IS NULL OR until_day > %(earliest)s)
 GROUP BY 1
"""
_PROOFS = """
SELECT proof.helper_id,
       array_agg(training.slug::text ORDER BY proof.id), array_agg(proof.issued_on ORDER BY proof.id),
       array_agg(proof.valid_until ORDER BY proof.id), array_agg(training.grace_days ORDER BY proof.id),
       array_agg(proof.verified_at IS NOT NULL ORDER BY proof.id),
       array_agg(proof.training_id ORDER BY proof.id)
  FROM helpers_certificate proof
  JOIN catalogue_training training ON training.id = proof.training_id
 WHERE proof.helper_id = ANY(%(ids)s) AND proof.training_id = ANY(%(training_ids)s)
 GROUP BY 1
"""
_PAST = """
SELECT m.helper_id,
       array_agg(DISTINCT r.help_seeker_id) FILTER (WHERE m.state = ANY(%(running)s)),
       array_agg(DISTINCT r.help_seeker_id)
           FILTER (WHERE m.state = ANY(%(running)s) AND model.slug = %(relief_amount)s),
       max(m.proposed_at) FILTER (WHERE m.id IS DISTINCT FROM %(match_id)s),
       array_agg(m.request_id)
           FILTER (WHERE m.request_id = ANY(%(request_ids)s) AND m.id IS DISTINCT FROM %(match_id)s),
       array_agg(m.state::text)
           FILTER (WHERE m.request_id = ANY(%(request_ids)s) AND m.id IS DISTINCT FROM %(match_id)s)
  FROM matching_match m
  JOIN help_requests_helprequest r ON r.id = m.request_id
  JOIN catalogue_compensationmodel model ON model.id = m.compensation_model_id
 WHERE m.helper_id = ANY(%(ids)s)
 GROUP BY 1
"""

Row = tuple[Any, ...]
Pair = tuple[Asked, int]


def helpers_by_id(asked: Asked, helper_ids: Collection[int]) -> list[HelperFacts]:
    """These helpers, in whatever state, in no order; whoever does not exist is left out."""
    return list(helpers_of([(asked, helper_id) for helper_id in helper_ids]).values())


def helpers_of(pairs: Sequence[Pair], *, match_id: int | None = None) -> dict[tuple[int, int], HelperFacts]:
    """Each helper towards that request, by the ids of request and helper; who does not exist is left out.

    Helpers may be in whatever state; ``match_id`` is a match that must not count against itself.
    """
    if not pairs:
        return {}
    homes = [asked.home or (None, None) for asked, _helper_id in pairs]
    known: dict[str, Any] = {
        "ids": [helper_id for _asked, helper_id in pairs],
        "role_ids": [asked.role_id for asked, _helper_id in pairs],
        "lons": [lon for lon, _lat in homes],
        "lats": [lat for _lon, lat in homes],
        # Whatever matters for one of them is read for all.
        "earliest": min(asked.facts.first_day for asked, _helper_id in pairs),
        "training_ids": sorted({key for asked, _helper_id in pairs for key in asked.training_ids}),
        "request_ids": sorted({asked.facts.id for asked, _helper_id in pairs}),
        "running": [str(state) for state in RUNNING],
        "relief_amount": RELIEF_AMOUNT,
        "match_id": match_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELPERS, known)
        helpers: list[Row] = cursor.fetchall()
        models, time_off, proofs, past = (
            _by_helper(cursor, query, known) for query in (_MODELS, _TIME_OFF, _PROOFS, _PAST)
        )
    found: dict[tuple[int, int], HelperFacts] = {}
    for nth, helper_id, *row in helpers:
        asked, _helper_id = pairs[nth - 1]
        found[asked.facts.id, helper_id] = _helper(
            asked,
            (helper_id, *row),
            models=models.get(helper_id, (None,)),
            time_off=_time_off(asked, time_off.get(helper_id, ())),
            proofs=_proofs(asked, proofs.get(helper_id, ())),
            past=past.get(helper_id, (None, None, None, None, None)),
        )
    return found


def _by_helper(cursor: CursorWrapper, query: str, known: Mapping[str, Any]) -> dict[int, Row]:
    cursor.execute(query, known)
    return {row[0]: row[1:] for row in cursor.fetchall()}


def _time_off(asked: Asked, columns: Row) -> tuple[TimeOff, ...]:
    """What is not over when this request begins."""
    first_day = asked.facts.first_day
    return tuple(
        TimeOff(from_day, until_day)
        for from_day, until_day in zip(*columns, strict=True)
        if until_day is None or until_day > first_day
    )


def _proofs(asked: Asked, columns: Row) -> tuple[Proof, ...]:
    """Those of the trainings that matter for this request."""
    return tuple(
        Proof(*proof)
        for *proof, training_id in zip(*columns, strict=True)
        if training_id in asked.training_ids
    )


def _helper(
    asked: Asked,
    row: Row,
    *,
    models: Row,
    time_off: tuple[TimeOff, ...],
    proofs: tuple[Proof, ...],
    past: Row,
) -> HelperFacts:
    (
        pk, person_id, number, given_name, family_name, gender, birth_year,
        is_present,
        district, office_id, quality, to_confirm, state,
        offers_role, radius_m,
        distance_m,
        languages, times, max_people, no_pets, no_smokers, only_for_id,
    ) = row  # fmt: skip
    serves, serves_under_relief, last_proposed_at, paired_for, pair_states = past
    states = zip(paired_for or (), pair_states or (), strict=True)
    return HelperFacts(
        id=pk,
        person_id=person_id,
        number=number,
        given_name=given_name,
        family_name=family_name,
        gender=gender,
        birth_year=birth_year,
        is_present=is_present,
        district=district or "",
        office_id=office_id,
        home_is_exact=is_exact(quality, to_confirm=to_confirm),
        state=state,
        offers_role=offers_role,
        radius_m=radius_m,
        distance_m=distance_m,
        languages=tuple(languages),
        times=frozenset(times),
        accepted_models=frozenset(models[0] or ()),
        max_people=max_people,
        no_pets=no_pets,
        no_smokers=no_smokers,
        only_for_id=only_for_id,
        time_off=time_off,
        proofs=proofs,
        serves=frozenset(serves or ()),
        serves_under_relief=frozenset(serves_under_relief or ()),
        last_proposed_on=None if last_proposed_at is None else berlin_day(last_proposed_at),
        ties=asked.ties.get(person_id, frozenset()),
        pair_states=frozenset(MatchState(state) for request, state in states if request == asked.facts.id),
        ended_well_before=person_id in asked.ended_well_with,
    )

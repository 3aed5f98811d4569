"""The facts of some helpers towards a request, read with a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.core.days import berlin_day
from helfer.matching.candidates.facts_of_request import Asked, is_exact
from helfer.matching.facts import HelperFacts, Proof, TimeOff
from helfer.matching.lifecycle import RUNNING, MatchState

_HELPERS = """
SELECT h.id, h.person_id, h.number, p.given_name, p.family_name, p.gender, p.birth_year,
       p.died_on IS NULL AND p.merged_into_id IS NULL,
       district.name, h.office_id, p.location_quality, p.location_to_confirm, h.state,
       EXISTS (SELECT FROM helpers_helperprofile_roles
                WHERE helperprofile_id = h.id AND role_id = %(role_id)s), h.radius_m,
       ST_Distance(p.home, ST_MakePoint(%(lon)s, %(lat)s)::geography),
       h.languages, h.times, h.max_people, h.no_pets, h.no_smokers, h.only_for_id
  FROM helpers_helperprofile h
  JOIN people_person p ON p.id = h.person_id
  LEFT JOIN places_district district ON district.id = p.district_id
 WHERE h.id = ANY(%(ids)s)
"""

# What else is known of these helpers: one query for each kind of thing, whatever their number. In one big
# query the planner cannot know how many helpers there are, and joins ten thousand of them row by row.
_MODELS = """
SELECT taken.helperprofile_id, array_agg(model.slug::text)
  FROM helpers_helperprofile_compensation_models taken
  JOIN catalogue_compensationmodel model ON model.id = taken.compensationmodel_id
 WHERE taken.helperprofile_id = ANY(%(ids)s)
 GROUP BY 1
"""
_TIME_OFF = """
SELECT helper_id, array_agg(from_day), array_agg(until_day)
  FROM helpers_pause
 WHERE helper_id = ANY(%(ids)s) AND (until_day IS NULL OR until_day > %(first_day)s)
 GROUP BY 1
"""
_PROOFS = """
SELECT proof.helper_id, array_agg(training.slug::text), array_agg(proof.issued_on),
       array_agg(proof.valid_until), array_agg(training.grace_days),
       array_agg(proof.verified_at IS NOT NULL)
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
       array_agg(DISTINCT m.state::text)
           FILTER (WHERE m.request_id = %(request_id)s AND m.id IS DISTINCT FROM %(match_id)s)
  FROM matching_match m
  JOIN help_requests_helprequest r ON r.id = m.request_id
  JOIN catalogue_compensationmodel model ON model.id = m.compensation_model_id
 WHERE m.helper_id = ANY(%(ids)s)
 GROUP BY 1
"""

Row = tuple[Any, ...]


def helpers_by_id(asked: Asked, helper_ids: Collection[int]) -> list[HelperFacts]:
    """These helpers, in whatever state, in no order; whoever does not exist is left out."""
    return list(_read(asked, helper_ids))


def helper_for(asked: Asked, *, helper_id: int, match_id: int | None = None) -> HelperFacts | None:
    """This one helper, in whatever state; ``match_id`` is a match that must not count against itself."""
    return next(_read(asked, [helper_id], match_id=match_id), None)


def _read(asked: Asked, helper_ids: Collection[int], *, match_id: int | None = None) -> Iterator[HelperFacts]:
    facts = asked.facts
    known: dict[str, Any] = {
        "role_id": asked.role_id,
        "ids": list(helper_ids),
        "lon": None if asked.home is None else asked.home[0],
        "lat": None if asked.home is None else asked.home[1],
        "first_day": facts.first_day,
        "training_ids": list(asked.training_ids),
        "running": [str(state) for state in RUNNING],
        "relief_amount": RELIEF_AMOUNT,
        "request_id": facts.id,
        "match_id": match_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELPERS, known)
        helpers: list[Row] = cursor.fetchall()
        models, time_off, proofs, past = (
            _by_helper(cursor, query, known) for query in (_MODELS, _TIME_OFF, _PROOFS, _PAST)
        )
    return (
        _helper(
            asked,
            row,
            models=models.get(row[0], (None,)),
            time_off=time_off.get(row[0]),
            proofs=proofs.get(row[0]),
            past=past.get(row[0], (None, None, None, None)),
        )
        for row in helpers
    )


def _by_helper(cursor: CursorWrapper, query: str, known: Mapping[str, Any]) -> dict[int, Row]:
    cursor.execute(query, known)
    return {row[0]: row[1:] for row in cursor.fetchall()}


def _helper(
    asked: Asked, row: Row, *, models: Row, time_off: Row | None, proofs: Row | None, past: Row
) -> HelperFacts:
    (
        pk, person_id, number, given_name, family_name, gender, birth_year,
        is_present,
        district, office_id, quality, to_confirm, state,
        offers_role, radius_m,
        distance_m,
        languages, times, max_people, no_pets, no_smokers, only_for_id,
    ) = row  # fmt: skip
    serves, serves_under_relief, last_proposed_at, pair_states = past
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
        time_off=tuple(map(TimeOff, *time_off)) if time_off else (),
        proofs=tuple(map(Proof, *proofs)) if proofs else (),
        serves=frozenset(serves or ()),
        serves_under_relief=frozenset(serves_under_relief or ()),
        last_proposed_on=None if last_proposed_at is None else berlin_day(last_proposed_at),
        ties=asked.ties.get(person_id, frozenset()),
        pair_states=frozenset(map(MatchState, pair_states or ())),
        ended_well_before=person_id in asked.ended_well_with,
    )

"""The facts of all helpers who come into question for a request, read with one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.core.days import berlin_day
from helfer.helpers.models import MAX_RADIUS_M, HelperState
from helfer.matching.candidates.facts_of_request import Asked, is_exact
from helfer.matching.facts import HelperFacts, Proof, TimeOff
from helfer.matching.lifecycle import RUNNING, MatchState

# What-if looks this far beyond the widest radius.
WIDEST_WHAT_IF_M = 800
# A constant bound first: a helper's own radius alone could not use the index. The metre is for rounding.
BOUND_M = MAX_RADIUS_M + WIDEST_WHAT_IF_M + 1

# Who comes into question at all. Everything that a rule decides is decided by the gates, not here.
_ACTIVE_AND_OFFERING = "h.state = %(active)s AND h.id IN (SELECT helperprofile_id FROM offering)"
_WITHIN_BOUND = " AND ST_DWithin(p.home, ST_MakePoint(%(lon)s, %(lat)s)::geography, %(bound_m)s)"
_THIS_ONE = "h.id = %(helper_id)s"

_HELPERS = """
WITH offering AS (
    SELECT helperprofile_id FROM helpers_helperprofile_roles WHERE role_id = %(role_id)s
),
pool AS MATERIALIZED (
    SELECT h.id, h.person_id, h.number, p.given_name, p.family_name, p.gender, p.birth_year,
           p.died_on IS NULL AND p.merged_into_id IS NULL AS is_present,
           p.district_id, h.office_id, p.location_quality, p.location_to_confirm, h.state,
           h.id IN (SELECT helperprofile_id FROM offering) AS offers_role, h.radius_m,
           ST_Distance(p.home, ST_MakePoint(%(lon)s, %(lat)s)::geography) AS distance_m,
           h.languages, h.times, h.max_people, h.no_pets, h.no_smokers, h.only_for_id
      FROM helpers_helperprofile h
      JOIN people_person p ON p.id = h.person_id
     WHERE {who}
),
models AS (
    SELECT taken.helperprofile_id AS helper_id, array_agg(model.slug::text) AS slugs
      FROM helpers_helperprofile_compensation_models taken
      JOIN catalogue_compensationmodel model ON model.id = taken.compensationmodel_id
     WHERE taken.helperprofile_id IN (SELECT id FROM pool)
     GROUP BY 1
),
time_off AS (
    SELECT helper_id, array_agg(from_day) AS from_days, array_agg(until_day) AS until_days
      FROM helpers_pause
     WHERE helper_id IN (SELECT id FROM pool) AND (until_day IS NULL OR until_day > %(first_day)s)
     GROUP BY 1
),
proofs AS (
    SELECT proof.helper_id,
           array_agg(training.slug::text) AS slugs,
           array_agg(proof.issued_on) AS issued,
           array_agg(proof.valid_until) AS valid_until,
           array_agg(training.grace_days) AS grace,
           array_agg(proof.verified_at IS NOT NULL) AS verified
      FROM helpers_certificate proof
      JOIN catalogue_training training ON training.id = proof.training_id
     WHERE proof.helper_id IN (SELECT id FROM pool) AND proof.training_id = ANY(%(training_ids)s)
     GROUP BY 1
),
past AS (
    SELECT m.helper_id,
           array_agg(DISTINCT r.help_seeker_id)
               FILTER (WHERE m.state = ANY(%(running)s)) AS serves,
           array_agg(DISTINCT r.help_seeker_id)
               FILTER (WHERE m.state = ANY(%(running)s) AND model.slug = %(relief_amount)s) AS relief,
           max(m.proposed_at) FILTER (WHERE m.id IS DISTINCT FROM %(match_id)s) AS last_proposed_at,
           array_agg(DISTINCT m.state::text)
               FILTER (WHERE m.request_id = %(request_id)s AND m.id IS DISTINCT FROM %(match_id)s) AS states
      FROM matching_match m
      JOIN help_requests_helprequest r ON r.id = m.request_id
      JOIN catalogue_compensationmodel model ON model.id = m.compensation_model_id
     WHERE m.helper_id IN (SELECT id FROM pool)
     GROUP BY 1
)
SELECT pool.id, pool.person_id, pool.number, pool.given_name, pool.family_name, pool.gender, pool.birth_year,
       pool.is_present, district.name, pool.office_id, pool.location_quality, pool.location_to_confirm,
       pool.state, pool.offers_role, pool.radius_m, pool.distance_m, pool.languages, pool.times,
       models.slugs, pool.max_people, pool.no_pets, pool.no_smokers, pool.only_for_id,
       time_off.from_days, time_off.until_days,
       proofs.slugs, proofs.issued, proofs.valid_until, proofs.grace, proofs.verified,
       past.serves, past.relief, past.last_proposed_at, past.states
  FROM pool
  LEFT JOIN places_district district ON district.id = pool.district_id
  LEFT JOIN models ON models.helper_id = pool.id
  LEFT JOIN time_off ON time_off.helper_id = pool.id
  LEFT JOIN proofs ON proofs.helper_id = pool.id
  LEFT JOIN past ON past.helper_id = pool.id
"""


def helpers_for(asked: Asked) -> list[HelperFacts]:
    """The active helpers who offer the role and live within reach of anybody's radius.

    All who offer it for a role at a distance, or where the help seeker's home is not on the map.
    """
    who = _ACTIVE_AND_OFFERING
    if asked.home is not None and not asked.facts.at_a_distance:
        who += _WITHIN_BOUND
    return list(_read(asked, who))


def helper_for(asked: Asked, *, helper_id: int, match_id: int | None = None) -> HelperFacts | None:
    """This one helper, in whatever state; ``match_id`` is a match that must not count against itself."""
    return next(_read(asked, _THIS_ONE, helper_id=helper_id, match_id=match_id), None)


def _read(
    asked: Asked, who: str, *, helper_id: int | None = None, match_id: int | None = None
) -> Iterator[HelperFacts]:
    facts = asked.facts
    with connection.cursor() as cursor:
        cursor.execute(
            _HELPERS.format(who=who),
            {
                "role_id": asked.role_id,
                "active": HelperState.ACTIVE,
                "helper_id": helper_id,
                "lon": None if asked.home is None else asked.home.x,
                "lat": None if asked.home is None else asked.home.y,
                "bound_m": BOUND_M,
                "first_day": facts.first_day,
                "training_ids": list(asked.training_ids),
                "running": [str(state) for state in RUNNING],
                "relief_amount": RELIEF_AMOUNT,
                "request_id": facts.id,
                "match_id": match_id,
            },
        )
        rows = cursor.fetchall()
    return (_helper(asked, row) for row in rows)


def _helper(asked: Asked, row: tuple[Any, ...]) -> HelperFacts:
    (
        pk, person_id, number, given_name, family_name, gender, birth_year,
        is_present, district, office_id, quality, to_confirm,
        state, offers_role, radius_m, distance_m, languages, times,
        models, max_people, no_pets, no_smokers, only_for_id,
        from_days, until_days,
        *proofs,
        serves, relief, last_proposed_at, states,
    ) = row  # fmt: skip
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
        accepted_models=frozenset(models or ()),
        max_people=max_people,
        no_pets=no_pets,
        no_smokers=no_smokers,
        only_for_id=only_for_id,
        time_off=tuple(map(TimeOff, from_days, until_days)) if from_days else (),
        proofs=_proofs(proofs),
        serves=frozenset(serves or ()),
        serves_under_relief=frozenset(relief or ()),
        last_proposed_on=None if last_proposed_at is None else berlin_day(last_proposed_at),
        ties=asked.ties.get(person_id, frozenset()),
        pair_states=frozenset(map(MatchState, states or ())),
        ended_well_before=person_id in asked.ended_well_with,
    )


def _proofs(columns: Iterable[list[Any] | None]) -> tuple[Proof, ...]:
    slugs, issued, valid_until, grace, verified = columns
    if not slugs or not issued or not valid_until or not grace or not verified:
        return ()
    days: list[date] = issued
    return tuple(map(Proof, slugs, days, valid_until, grace, verified))

"""The facts of requests, read by one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.matching.candidates.database import read_now
from helfer.matching.candidates.questions import IS_EXACT, WHERE_THE_LAND_IS
from helfer.matching.facts import LandRuleFacts, RequestFacts
from helfer.matching.lifecycle import MatchState
from helfer.people.models import CareLevel, TieKind
from helfer.places.models import LocationQuality

EXACT = frozenset({LocationQuality.ADDRESS, LocationQuality.MANUAL})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's facts, and what is needed beside them to read the helpers."""

    facts: RequestFacts
    role_id: int
    # Longitude and latitude.
    home: tuple[float, float] | None
    # Trainings whose proofs matter for this request.
    training_ids: tuple[int, ...]
    # By the other person's id: what they are to the help seeker, and with whom it went well before.
    ties: Mapping[int, frozenset[TieKind]]
    ended_well_with: frozenset[int]


_REQUESTS = f"""
SELECT request.id, request.number, request.office_id, seeker.id, person.id,
       said.first_day, role.id, role.slug, role.name, role.at_a_distance,
       request.languages::text[], request.times::text[], request.wanted_gender,
       request.has_pets, request.has_smokers, request.max_distance_m,
       ST_X(person.home::geometry), ST_Y(person.home::geometry), {IS_EXACT},
       seeker.care_level, seeker.lives_at_home,
       -- The catalogue: each model, whether request and role name it; each training, and what it includes.
       (SELECT json_agg(json_build_array(model.slug, model.name,
                   EXISTS (SELECT FROM help_requests_helprequest_compensation_models
                            WHERE helprequest_id = request.id AND compensationmodel_id = model.id),
                   EXISTS (SELECT FROM catalogue_role_compensation_models
                            WHERE role_id = role.id AND compensationmodel_id = model.id)))
          FROM catalogue_compensationmodel model),
       (SELECT json_agg(json_build_array(training.id, training.slug, training.name,
                   EXISTS (SELECT FROM catalogue_role_required_trainings
                            WHERE role_id = role.id AND training_id = training.id),
                   ARRAY(SELECT to_training_id FROM catalogue_training_includes
                          WHERE from_training_id = training.id)) ORDER BY training.id)
          FROM catalogue_training training),
       rule.told,
       (SELECT json_agg(json_build_array(other, kind))
          FROM (SELECT person_b_id AS other, kind FROM people_tie WHERE person_a_id = person.id
                UNION ALL
                SELECT person_a_id, kind FROM people_tie WHERE person_b_id = person.id) tie),
       -- With whom it ended well, whoever of the two helped.
       ARRAY(SELECT helper.person_id
               FROM help_requests_helprequest theirs
               JOIN matching_match m ON m.request_id = theirs.id
               JOIN helpers_helperprofile helper ON helper.id = m.helper_id
              WHERE theirs.help_seeker_id = seeker.id AND m.state = '{MatchState.ENDED}' AND m.ended_well
              UNION
             SELECT helped.person_id
               FROM helpers_helperprofile mine
               JOIN matching_match m ON m.helper_id = mine.id
               JOIN help_requests_helprequest theirs ON theirs.id = m.request_id
               JOIN people_helpseeker helped ON helped.id = theirs.help_seeker_id
              WHERE mine.person_id = person.id AND m.state = '{MatchState.ENDED}' AND m.ended_well)
  FROM help_requests_helprequest request
  JOIN people_helpseeker seeker ON seeker.id = request.help_seeker_id
  JOIN people_person person ON person.id = seeker.person_id
  LEFT JOIN catalogue_role role ON role.id = COALESCE(%(role_id)s::bigint, request.role_id)
 CROSS JOIN LATERAL (
    SELECT GREATEST(%(on)s::date, COALESCE(%(starts_on)s::date, request.starts_on)) AS first_day OFFSET 0
 ) said
  LEFT JOIN LATERAL (
    SELECT json_build_array(rule.land, rule.individuals_allowed, rule.max_people, rule.min_age,
               ARRAY(SELECT training.slug FROM catalogue_landrule_qualifications accepted
                       JOIN catalogue_training training ON training.id = accepted.training_id
                      WHERE accepted.landrule_id = rule.id ORDER BY training.id)) AS told
      FROM helfer_land_rule({WHERE_THE_LAND_IS}, said.first_day) found
      JOIN catalogue_landrule rule ON rule.id = found.id
 ) rule ON TRUE
 WHERE request.id = ANY(%(request_ids)s)
"""


def ask(request_id: int, *, on: date, starts_on: date | None = None, role_id: int | None = None) -> Asked:
    """Everything that gates and ranking want to know of the request itself.

    ``starts_on`` and ``role_id`` take the place of the request's own where a match says otherwise. Raises
    ``HelpRequest.DoesNotExist``, and ``RuleViolation`` where the role is not clear yet.
    """
    found = ask_all([request_id], on=on, starts_on=starts_on, role_id=role_id)
    if request_id not in found:
        raise HelpRequest.DoesNotExist
    asked = found[request_id]
    if asked is None:
        raise role_unclear()
    return asked


def ask_all(
    request_ids: Collection[int], *, on: date, starts_on: date | None = None, role_id: int | None = None
) -> dict[int, Asked | None]:
    """The same of several requests; None where the role is not clear yet, and none of what does not exist."""
    rows = read_now(
        _REQUESTS,
        {
            "request_ids": list(request_ids),
            "on": on,
            "starts_on": starts_on,
            "role_id": role_id,
            "installation": settings.HELFER_MUNICIPALITY[0],
        },
    )
    return {row[0]: _asked(row, on=on) for row in rows}


def _asked(row: tuple[Any, ...], *, on: date) -> Asked | None:
    (
        pk, number, office_id, seeker_id, person_id,
        day, role_pk, role_slug, role_name, at_a_distance,
        languages, times, wanted_gender, has_pets, has_smokers, max_distance_m,
        lon, lat, home_is_exact, care_level, lives_at_home,
        models, trainings, told_rule, told_ties, ended_well_with,
    ) = row  # fmt: skip
    if role_pk is None:
        return None
    rule = _land_rule(told_rule)
    models, trainings = models or (), trainings or ()
    slugs = {key: slug for key, slug, *_rest in trainings}
    good_for = satisfying({key: set(includes) for key, *_rest, includes in trainings})
    qualifications = rule.qualifications if rule else ()
    required = tuple(slug for _key, slug, _name, is_required, _includes in trainings if is_required)
    matters = [key for key, slug in slugs.items() if slug in required or slug in qualifications]
    facts = RequestFacts(
        id=pk,
        number=number,
        seeker_id=seeker_id,
        seeker_person_id=person_id,
        office_id=office_id,
        on=on,
        first_day=day,
        role=role_slug,
        role_name=role_name,
        at_a_distance=at_a_distance,
        required_trainings=required,
        allowed_models=frozenset(slug for slug, _name, _is_named, is_allowed in models if is_allowed),
        named_models=frozenset(slug for slug, _name, is_named, _is_allowed in models if is_named),
        named_languages=tuple(languages),
        times=frozenset(times),
        wanted_gender=wanted_gender,
        has_pets=has_pets,
        has_smokers=has_smokers,
        max_distance_m=max_distance_m,
        has_home=lon is not None,
        home_is_exact=home_is_exact,
        care_level=CareLevel(care_level),
        lives_at_home=lives_at_home,
        land_rule=rule,
        satisfied_by={slugs[key]: frozenset(slugs[i] for i in good) for key, good in good_for.items()},
        training_names={slug: name for _key, slug, name, *_rest in trainings},
        model_names={slug: name for slug, name, *_rest in models},
    )
    return Asked(
        facts=facts,
        role_id=role_pk,
        home=None if lon is None else (lon, lat),
        training_ids=tuple(sorted({proof for key in matters for proof in good_for[key]})),
        ties=_ties(told_ties or ()),
        ended_well_with=frozenset(ended_well_with) - {person_id},
    )


def role_unclear() -> RuleViolation:
    """The refusal to search for a request whose role nobody has clarified."""
    return RuleViolation(
        _("Bitte klären Sie zuerst die Tätigkeit. Erst dann lässt sich suchen."),
        code="role_unclear",
        field="role",
    )


def is_exact(quality: str, *, to_confirm: bool) -> bool:
    """Whether a home is known to the house, so that its distance may be told to the metre."""
    return quality in EXACT and not to_confirm


def satisfying(includes: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Training → all that are good for it: itself, and what includes it over any number of steps."""
    included_in: dict[int, set[int]] = {training: set() for training in includes}
    for training, included in includes.items():
        for other in included:
            included_in.setdefault(other, set()).add(training)
    good: dict[int, set[int]] = {}
    for training in included_in:
        reached = {training}
        frontier = [training]
        while frontier:
            for including in included_in.get(frontier.pop(), set()) - reached:
                reached.add(including)
                frontier.append(including)
        good[training] = reached
    return good


def _land_rule(told: list[Any] | None) -> LandRuleFacts | None:
    if told is None:
        return None
    land, individuals_allowed, max_people, min_age, qualifications = told
    return LandRuleFacts(
        land=land,
        individuals_allowed=individuals_allowed,
        max_people=max_people,
        min_age=min_age,
        qualifications=tuple(qualifications),
    )


def _ties(told: Iterable[tuple[int, str]]) -> dict[int, frozenset[TieKind]]:
    ties: dict[int, set[TieKind]] = {}
    for other, kind in told:
        ties.setdefault(other, set()).add(TieKind(kind))
    return {other: frozenset(kinds) for other, kinds in ties.items()}

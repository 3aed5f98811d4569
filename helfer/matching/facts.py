"""What gates and ranking look at: plain facts of one request and of one helper, read once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from helfer.catalogue.models import UNPAID
from helfer.helpers.models import HelperState
from helfer.matching.lifecycle import MatchState
from helfer.people.models import CareLevel, TieKind

DEFAULT_LANGUAGE = "de"


def first_day(*, on: date, starts_on: date | None) -> date:
    """D: the later of the request's ``ab`` and the asking day."""
    return on if starts_on is None else max(on, starts_on)


class Proof(NamedTuple):
    """A helper's certificate: the training's slug, and when it counts."""

    training: str
    issued_on: date
    # The last day of validity, itself included; None where the training has no validity.
    valid_until: date | None
    grace_days: int
    is_verified: bool

    def counts_on(self, day: date) -> bool:
        """Verified, issued by then, and valid on ``day``, its own training's grace days included."""
        if not self.is_verified or day < self.issued_on:
            return False
        return self.valid_until is None or (day - self.valid_until).days <= self.grace_days


class TimeOff(NamedTuple):
    """A helper's pause: from a day until the day they are back, that day not included."""

    from_day: date
    until_day: date | None

    def contains(self, day: date) -> bool:
        """Whether the helper is away on ``day``."""
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


@dataclass(frozen=True, slots=True)
class LandRuleFacts:
    """What the help seeker's Land demands under § 45b on D."""

    land: str
    individuals_allowed: bool = True
    # None: the Land names no limit.
    max_people: int | None = None
    min_age: int = 0
    # Any one of these slugs is enough; none named: no qualification is demanded.
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request as gates and ranking see it."""

    id: int
    seeker_id: int
    seeker_person_id: int
    on: date
    first_day: date
    role: str
    number: str = ""
    office_id: int | None = None
    at_a_distance: bool = False
    required_trainings: tuple[str, ...] = ()
    # Of the role.
    allowed_models: frozenset[str] = frozenset()
    # As named; a request that names none means unpaid, German, any time.
    named_models: frozenset[str] = frozenset()
    named_languages: tuple[str, ...] = ()
    times: frozenset[str] = frozenset()
    wanted_gender: str = ""
    # "yes", "no", or empty where nobody knows.
    has_pets: str = ""
    has_smokers: str = ""
    max_distance_m: float | None = None
    has_home: bool = True
    home_is_exact: bool = True
    care_level: CareLevel = CareLevel.NONE
    lives_at_home: bool = True
    # None: the Land has no rule in force on D, so nobody may be paid under § 45b.
    land_rule: LandRuleFacts | None = None
    # Training → every training whose proof is good for it, itself included.
    satisfied_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    role_name: str = ""
    training_names: Mapping[str, str] = field(default_factory=dict)
    model_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def possible_models(self) -> frozenset[str]:
        """The financial models that the request leaves open."""
        return self.named_models or frozenset({UNPAID})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that would do, the preferred one first."""
        return self.named_languages or (DEFAULT_LANGUAGE,)


@dataclass(frozen=True, slots=True)
class HelperFacts:
    """One helper as gates and ranking see them, towards one request."""

    id: int
    person_id: int
    number: str = ""
    given_name: str = ""
    family_name: str = ""
    gender: str = ""
    birth_year: int | None = None
    # Nobody who died or whose record was merged into another is proposed.
    is_present: bool = True
    district: str = ""
    office_id: int | None = None
    home_is_exact: bool = True
    state: str = HelperState.ACTIVE
    offers_role: bool = True
    radius_m: int = 2000
    # Geodesic, between the two homes; None where one of them is not known.
    distance_m: float | None = None
    languages: tuple[str, ...] = ()
    times: frozenset[str] = frozenset()
    accepted_models: frozenset[str] = frozenset()
    max_people: int = 1
    no_pets: bool = False
    no_smokers: bool = False
    # The only help seeker this helper is there for.
    only_for_id: int | None = None
    time_off: tuple[TimeOff, ...] = ()
    proofs: tuple[Proof, ...] = ()
    # Distinct help seekers in running matches; the same, paid under § 45b.
    serves: frozenset[int] = frozenset()
    serves_under_relief: frozenset[int] = frozenset()
    # The Berlin day on which this helper was last proposed for anything.
    last_proposed_on: date | None = None
    # What the two persons are to each other, and the states of this pair's matches for this request.
    ties: frozenset[TieKind] = frozenset()
    pair_states: frozenset[MatchState] = frozenset()
    # An earlier match of these two persons ended well.
    ended_well_before: bool = False


def common_models(request: RequestFacts, helper: HelperFacts) -> frozenset[str]:
    """The financial models that request, helper and role all allow."""
    return request.possible_models & helper.accepted_models & request.allowed_models


def reach_m(request: RequestFacts, helper: HelperFacts) -> float:
    """How far apart the two homes may be: the helper's radius, and the request's limit where there is one."""
    if request.max_distance_m is None:
        return helper.radius_m
    return min(helper.radius_m, request.max_distance_m)


def holds(training: str, request: RequestFacts, helper: HelperFacts) -> bool:
    """Whether the helper's proofs show the training, or one that includes it, on D."""
    good_for_it = request.satisfied_by.get(training) or {training}
    # A plain loop: thousands of helpers are asked for each training.
    for proof in helper.proofs:
        if proof.training in good_for_it and proof.counts_on(request.first_day):
            return True
    return False

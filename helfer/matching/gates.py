"""Who may be proposed for what: the gates, one small check each, and the whole policy as one list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from helfer.catalogue.models import RELIEF_AMOUNT, RESPITE_CARE
from helfer.core.slots import in_week_order
from helfer.help_requests.models import YesNo
from helfer.helpers.models import HelperState
from helfer.matching import reasons
from helfer.matching.facts import HelperFacts, LandRuleFacts, RequestFacts, common_models, holds, reach_m
from helfer.matching.lifecycle import OPEN, REFUSED
from helfer.people.models import TieKind
from helfer.people.models.ties import RELIEF_EXCLUDING


class Gate(StrEnum):
    """What is asked of a helper for a request."""

    STATE = "state"
    ROLE = "role"
    DISTANCE = "distance"
    TRAININGS = "trainings"
    CAPACITY = "capacity"
    COMPENSATION = "compensation"
    RELIEF_AMOUNT = "relief_amount"
    LANGUAGE = "language"
    TIMES = "times"
    WISHES = "wishes"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A closed gate: which one, by how much (plain JSON values), and the sentence for people."""

    gate: Gate
    by: Mapping[str, Any]
    request: RequestFacts = field(repr=False, compare=False)
    helper: HelperFacts = field(repr=False, compare=False)
    # What exactly, where `by` does not say it: the sentence differs.
    because: str = field(default="", compare=False)

    @property
    def sentence(self) -> str:
        """Why not, in the reader's language."""
        return reasons.refusal_sentence(self)


Check = Callable[[RequestFacts, HelperFacts], Refusal | None]


def check_state(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The helper is active, and no pause contains D."""
    if helper.state != HelperState.ACTIVE or not helper.is_present:
        return Refusal(Gate.STATE, {}, request, helper, because="inactive")
    for pause in helper.time_off:
        if pause.contains(request.first_day):
            until = None if pause.until_day is None else pause.until_day.isoformat()
            return Refusal(Gate.STATE, {"until": until}, request, helper, because="paused")
    return None


def check_role(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The helper offers the role."""
    return None if helper.offers_role else Refusal(Gate.ROLE, {}, request, helper)


def check_distance(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The homes are no farther apart than both wish; always, for a role at a distance."""
    if request.at_a_distance:
        return None
    if helper.distance_m is None:
        return Refusal(Gate.DISTANCE, {"metres_over": None}, request, helper)
    metres_over = helper.distance_m - reach_m(request, helper)
    if metres_over <= 0:
        return None
    return Refusal(Gate.DISTANCE, {"metres_over": metres_over}, request, helper)


def check_trainings(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """Every training that the role requires is held, verified and counts on D."""
    lacking = [slug for slug in request.required_trainings if not holds(slug, request, helper)]
    if not lacking:
        return None
    missing: list[str] = []
    expired: dict[str, str] = {}
    for slug in lacking:
        good_for_it = request.satisfied_by.get(slug) or {slug}
        ends = [
            proof.valid_until
            for proof in helper.proofs
            if proof.training in good_for_it
            and proof.is_verified
            and proof.issued_on <= request.first_day
            and proof.valid_until is not None
        ]
        if ends:
            expired[slug] = max(ends).isoformat()
        else:
            missing.append(slug)
    return Refusal(Gate.TRAININGS, {"missing": missing, "expired": expired}, request, helper)


def check_capacity(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The helper has a place left, or already serves this person."""
    people = len(helper.serves)
    if people < helper.max_people or request.seeker_id in helper.serves:
        return None
    return Refusal(Gate.CAPACITY, {"people": people, "max_people": helper.max_people}, request, helper)


def check_compensation(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """Request, helper and role have a financial model in common."""
    if common_models(request, helper):
        return None
    return _no_common_model(request, helper)


def check_relief_amount(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """Where only the Entlastungsbetrag is left, its conditions hold."""
    if common_models(request, helper) != {RELIEF_AMOUNT}:
        return None
    return relief_amount_refusal(request, helper)


def check_language(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The two have a language in common."""
    if not set(request.languages).isdisjoint(helper.languages):
        return None
    return Refusal(Gate.LANGUAGE, {"speaks": list(helper.languages)}, request, helper)


def check_times(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """No times are wished, or at least one half-day is common."""
    if not request.times or not request.times.isdisjoint(helper.times):
        return None
    return Refusal(Gate.TIMES, {"has": in_week_order(set(helper.times))}, request, helper)


def check_wishes(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """Women or men only, no pets, no smokers; an unknown gender fails, unknown pets and smokers pass."""
    if request.wanted_gender and helper.gender != request.wanted_gender:
        return Refusal(Gate.WISHES, {"which": "gender"}, request, helper)
    if helper.no_pets and request.has_pets == YesNo.YES:
        return Refusal(Gate.WISHES, {"which": "pets"}, request, helper)
    if helper.no_smokers and request.has_smokers == YesNo.YES:
        return Refusal(Gate.WISHES, {"which": "smokers"}, request, helper)
    return None


def check_pair(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """The two may come together: not blocked, not the same, not proposed for this request before."""
    because = ""
    if helper.person_id == request.seeker_person_id:
        because = "same"
    elif TieKind.BLOCK in helper.ties:
        because = "blocked"
    elif helper.only_for_id not in (None, request.seeker_id):
        because = "only_for"
    elif not OPEN.isdisjoint(helper.pair_states):
        because = "open"
    elif not REFUSED.isdisjoint(helper.pair_states):
        because = "refused"
    return Refusal(Gate.PAIR, {}, request, helper, because=because) if because else None


# The whole policy, in the order in which refusals are told.
GATES: tuple[tuple[Gate, Check], ...] = (
    (Gate.STATE, check_state),
    (Gate.ROLE, check_role),
    (Gate.DISTANCE, check_distance),
    (Gate.TRAININGS, check_trainings),
    (Gate.CAPACITY, check_capacity),
    (Gate.COMPENSATION, check_compensation),
    (Gate.RELIEF_AMOUNT, check_relief_amount),
    (Gate.LANGUAGE, check_language),
    (Gate.TIMES, check_times),
    (Gate.WISHES, check_wishes),
    (Gate.PAIR, check_pair),
)
ALL_GATES = frozenset(Gate)
# The pair that comes together by itself: how far, when and in which language is their own affair.
PAIR_GATES = frozenset(
    {
        Gate.STATE,
        Gate.ROLE,
        Gate.TRAININGS,
        Gate.CAPACITY,
        Gate.COMPENSATION,
        Gate.RELIEF_AMOUNT,
        Gate.PAIR,
    }
)
# Nobody is nearly right for a role they do not offer, or for a person they must not meet.
NEVER_A_NEAR_MISS = frozenset({Gate.ROLE, Gate.PAIR})
NEAR_MISS_WITHIN_M = 20_000


def refusals(
    request: RequestFacts, helper: HelperFacts, *, gates: Collection[Gate] = ALL_GATES
) -> tuple[Refusal, ...]:
    """Every one of these gates that is closed for the two."""
    closed: list[Refusal] = []
    for gate, check in GATES:
        if gate in gates:
            refusal = check(request, helper)
            if refusal is not None:
                closed.append(refusal)
    return tuple(closed)


def near_miss(helper: HelperFacts, closed: Collection[Refusal]) -> Refusal | None:
    """The single gate that keeps a nearby helper away; None where this is no near miss."""
    if len(closed) != 1 or helper.distance_m is None or helper.distance_m > NEAR_MISS_WITHIN_M:
        return None
    (refusal,) = closed
    if refusal.gate in NEVER_A_NEAR_MISS or (refusal.gate is Gate.STATE and refusal.because != "paused"):
        return None
    return refusal


def relief_amount_refusal(request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """What stands against paying this helper for this person from the Entlastungsbetrag (§ 45b SGB XI)."""
    rule = request.land_rule
    if rule is None or not rule.individuals_allowed:
        return _no_relief("qualification", request, helper, because="land")
    if _has_no_relief_place(rule, request, helper):
        return _no_relief("people", request, helper)
    if not RELIEF_EXCLUDING.isdisjoint(helper.ties):
        return _no_relief("tie", request, helper)
    if rule.qualifications and not any(holds(slug, request, helper) for slug in rule.qualifications):
        return _no_relief("qualification", request, helper)
    if not 1 <= request.care_level.number <= 5:
        return _no_relief("pflegegrad", request, helper)
    if not request.lives_at_home:
        return _no_relief("pflegegrad", request, helper, because="not_at_home")
    # Only birth years are known: who turns the age during D's year counts as of age.
    if helper.birth_year is None or request.first_day.year - helper.birth_year < rule.min_age:
        return _no_relief("age", request, helper)
    return None


def model_refusal(model: str, request: RequestFacts, helper: HelperFacts) -> Refusal | None:
    """What stands against this one financial model, whatever else the two could agree on."""
    if model not in common_models(request, helper):
        return _no_common_model(request, helper, because=model)
    if model == RELIEF_AMOUNT:
        return relief_amount_refusal(request, helper)
    if model == RESPITE_CARE and not 2 <= request.care_level.number <= 5:
        return _no_common_model(request, helper, because="respite_care")
    return None


def _has_no_relief_place(rule: LandRuleFacts, request: RequestFacts, helper: HelperFacts) -> bool:
    if rule.max_people is None or request.seeker_id in helper.serves_under_relief:
        return False
    return len(helper.serves_under_relief) >= rule.max_people


def _no_relief(why: str, request: RequestFacts, helper: HelperFacts, *, because: str = "") -> Refusal:
    return Refusal(Gate.RELIEF_AMOUNT, {"why": why}, request, helper, because=because)


def _no_common_model(request: RequestFacts, helper: HelperFacts, *, because: str = "") -> Refusal:
    by = {"offered": sorted(request.possible_models), "accepted": sorted(helper.accepted_models)}
    return Refusal(Gate.COMPENSATION, by, request, helper, because=because)

"""Helper and request, asked again at the proposal and at every signature, or several pairs at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from helfer.core.errors import Conflict, NotEligible, RuleViolation
from helfer.matching import gates as policy
from helfer.matching.candidates.facts_of_helpers import helpers_of
from helfer.matching.candidates.facts_of_request import ask_all, role_unclear
from helfer.matching.candidates.lists import Candidate
from helfer.matching.facts import HelperFacts, RequestFacts, common_models
from helfer.matching.gates import ALL_GATES, Gate, Refusal


@dataclass(frozen=True)
class Assessment:
    """What the gates say of one helper for one request."""

    request: RequestFacts
    helper: HelperFacts
    refusals: tuple[Refusal, ...]

    @property
    def is_eligible(self) -> bool:
        """Whether every gate that was asked is open."""
        return not self.refusals

    @property
    def compensation_models(self) -> frozenset[str]:
        """The financial models that request, helper and role all allow."""
        return common_models(self.request, self.helper)

    @cached_property
    def candidate(self) -> Candidate:
        """The helper with score, parts and reasons, whatever the gates say."""
        return Candidate.of(self.request, self.helper)

    def model_refusal(self, model: str) -> Refusal | None:
        """What stands against this one financial model; None where it may be chosen."""
        return policy.model_refusal(model, self.request, self.helper)

    def raise_if_refused(self) -> None:
        """Pass on the first refusal as ``NotEligible``."""
        for refusal in self.refusals:
            raise NotEligible(refusal.sentence, code=str(refusal.gate), by=refusal.by)


def check_pair(
    *,
    request_id: int,
    helper_id: int,
    on: date,
    gates: Collection[Gate] = ALL_GATES,
    first_day: date | None = None,
    match_id: int | None = None,
    role_id: int | None = None,
) -> Assessment:
    """What the gates say of this helper for this request on that day.

    Reads with plain selects, under the caller's locks. ``first_day`` takes the place of the request's ``ab``,
    ``role_id`` of its role, where a match says otherwise; ``match_id`` is the match that is being signed and
    does not count against itself.
    Raises ``Conflict`` where one of the two is gone.
    """
    pair = (request_id, helper_id)
    found = _assessed([pair], on=on, gates=gates, first_day=first_day, match_id=match_id, role_id=role_id)[
        pair
    ]
    if isinstance(found, RuleViolation):
        raise found
    return found


def check_pairs(
    pairs: Collection[tuple[int, int]], *, on: date
) -> dict[tuple[int, int], Assessment | RuleViolation]:
    """The same of several pairs of request and helper, with as many queries as for one.

    What ``check_pair`` would raise of a pair is its answer here.
    """
    return _assessed(pairs, on=on)


def _assessed(
    pairs: Collection[tuple[int, int]],
    *,
    on: date,
    gates: Collection[Gate] = ALL_GATES,
    first_day: date | None = None,
    match_id: int | None = None,
    role_id: int | None = None,
) -> dict[tuple[int, int], Assessment | RuleViolation]:
    asked = ask_all(
        {request_id for request_id, _helper_id in pairs}, on=on, starts_on=first_day, role_id=role_id
    )
    clear = {request_id: facts for request_id, facts in asked.items() if facts is not None}
    helpers = helpers_of(
        [(clear[request_id], helper_id) for request_id, helper_id in pairs if request_id in clear],
        match_id=match_id,
    )
    found: dict[tuple[int, int], Assessment | RuleViolation] = {}
    for pair in pairs:
        request_id, _helper_id = pair
        if request_id not in asked:
            found[pair] = Conflict(_("Diese Hilfeanfrage gibt es nicht."))
        elif request_id not in clear:
            found[pair] = role_unclear()
        elif pair not in helpers:
            found[pair] = Conflict(_("Dieses Helferprofil gibt es nicht."))
        else:
            request, helper = clear[request_id].facts, helpers[pair]
            closed = policy.refusals(request, helper, gates=gates)
            found[pair] = Assessment(request=request, helper=helper, refusals=closed)
    return found

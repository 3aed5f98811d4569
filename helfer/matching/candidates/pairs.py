"""One helper and one request, asked again at the proposal and at every signature."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from helfer.core.errors import Conflict, NotEligible
from helfer.help_requests.models import HelpRequest
from helfer.matching import gates as policy
from helfer.matching.candidates.facts_of_helpers import helper_for
from helfer.matching.candidates.facts_of_request import ask
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
    try:
        asked = ask(request_id, on=on, starts_on=first_day, role_id=role_id)
    except HelpRequest.DoesNotExist as error:
        raise Conflict(_("Diese Hilfeanfrage gibt es nicht.")) from error
    helper = helper_for(asked, helper_id=helper_id, match_id=match_id)
    if helper is None:
        raise Conflict(_("Dieses Helferprofil gibt es nicht."))
    return Assessment(
        request=asked.facts, helper=helper, refusals=policy.refusals(asked.facts, helper, gates=gates)
    )

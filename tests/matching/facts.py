"""A request and a helper who fit each other in every way, to be spoilt in one."""

from __future__ import annotations

from datetime import date
from typing import Any

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.matching.facts import HelperFacts, LandRuleFacts, Proof, RequestFacts
from helfer.matching.gates import Refusal, refusals
from helfer.people.models import CareLevel

D = date(2026, 11, 23)
SEEKER, SEEKER_PERSON, HELPER_PERSON = 7, 70, 80
NORTH_RHINE_WESTPHALIA = LandRuleFacts(
    land="NW", max_people=2, min_age=18, qualifications=("nbh-broschuere",)
)


def request_facts(**changes: Any) -> RequestFacts:
    return RequestFacts(
        **{
            "id": 1,
            "seeker_id": SEEKER,
            "seeker_person_id": SEEKER_PERSON,
            "on": D,
            "first_day": D,
            "role": "besuch",
            "role_name": "Besuchsdienst",
            "required_trainings": ("einfuehrung", "verschwiegenheit"),
            "allowed_models": frozenset({"ehrenamt", "zeitbank", RELIEF_AMOUNT}),
            "satisfied_by": {
                "einfuehrung": frozenset({"einfuehrung"}),
                "verschwiegenheit": frozenset({"verschwiegenheit"}),
                "nbh-broschuere": frozenset({"nbh-broschuere", "nbh-kurs", "pflegekurs-45"}),
            },
            "land_rule": NORTH_RHINE_WESTPHALIA,
            "care_level": CareLevel.TWO,
            "training_names": {"verschwiegenheit": "Verschwiegenheit und Datenschutz"},
            **changes,
        }
    )


def helper_facts(**changes: Any) -> HelperFacts:
    return HelperFacts(
        **{
            "id": 42,
            "person_id": HELPER_PERSON,
            "number": "H-00042",
            "birth_year": 1960,
            "distance_m": 412.7,
            "languages": ("de",),
            "accepted_models": frozenset({"ehrenamt"}),
            "proofs": (proof("einfuehrung"), proof("verschwiegenheit", until=date(2027, 5, 1), grace=90)),
            **changes,
        }
    )


def proof(
    training: str,
    *,
    issued: date = date(2026, 5, 1),
    until: date | None = None,
    grace: int = 0,
    verified: bool = True,
) -> Proof:
    return Proof(training, issued, until, grace, verified)


def under_relief(**changes: Any) -> HelperFacts:
    """A helper whom only the Entlastungsbetrag can pay, and whom it may."""
    proofs = (*helper_facts().proofs, proof("nbh-kurs"))
    return helper_facts(**{"accepted_models": frozenset({RELIEF_AMOUNT}), "proofs": proofs, **changes})


def relief_request(**changes: Any) -> RequestFacts:
    return request_facts(**{"named_models": frozenset({RELIEF_AMOUNT, "ehrenamt"}), **changes})


def the_refusal(request: RequestFacts, helper: HelperFacts) -> Refusal:
    """The one gate that is closed between the two."""
    closed = refusals(request, helper)
    assert len(closed) == 1, closed
    assert closed[0].sentence
    return closed[0]

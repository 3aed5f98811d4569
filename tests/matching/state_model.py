"""What is allowed in the life of a match, in plain Python and written down a second time on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

ARROWS = {
    "proposed": {"accepted", "declined", "withdrawn"},
    "accepted": {"approved", "rejected", "withdrawn"},
    "approved": {"trial", "paused", "ended"},
    "trial": {"active", "paused", "ended"},
    "active": {"paused", "ended"},
    "paused": {"approved", "trial", "active", "ended"},
    "declined": set(),
    "rejected": set(),
    "withdrawn": set(),
    "ended": set(),
}
STATES = list(ARROWS)
GOING = {"approved", "trial", "active"}
RUNNING = GOING | {"paused"}
OPEN = RUNNING | {"proposed", "accepted"}
SIDES = ("municipal", "association")
PARTIES = ("helper", "seeker")
PEOPLE_UNDER_RELIEF = 2

# What belongs to a state beside its name.
APPROVED_ON = date(2026, 11, 18)
CLOSED = {"closed_on": APPROVED_ON}
FIELDS: dict[str, dict[str, Any]] = {
    "approved": {"approved_on": APPROVED_ON},
    "trial": {"first_contact_on": APPROVED_ON},
    "active": {"active_on": APPROVED_ON},
    "paused": {"paused_on": APPROVED_ON, "pause_side": "helper", "pause_reason": "wish"},
    "ended": CLOSED | {"end_reason": "done", "ended_well": True},
    "declined": CLOSED,
    "rejected": CLOSED,
    "withdrawn": CLOSED,
}
# As an office comes along: one step nearer to a match that runs.
NEXT = {"proposed": "accepted", "accepted": "approved", "approved": "trial", "trial": "active"}
ACTIONS = (
    "record_consent sign_match take_back_signature record_first_contact confirm_trial pause_match"
    " resume_match end_match withdraw_match reject_match decline_match withdraw_match_consent"
).split()

USUAL = {
    "proposed": "record_consent",
    "accepted": "sign_match",
    "approved": "record_first_contact",
    "trial": "confirm_trial",
    "active": "pause_match",
    "paused": "resume_match",
}
TOUCHES = ["consent", "withdraw_consent", "sign", "unsign", "change_terms", "delete"]
CHANGES = ["serve", "block", "relative", "seeker", "hand_over", "certify", "end_seat"]


def reachable(state: str) -> set[str]:
    """The state itself and all that its arrows lead to."""
    found, waiting = {state}, [state]
    while waiting:
        for to in ARROWS[waiting.pop()] - found:
            found.add(to)
            waiting.append(to)
    return found


@dataclass
class HelperRecord:
    max_people: int
    is_certified: bool = True


@dataclass
class SeekerRecord:
    has_care_level: bool = True
    lives_at_home: bool = True


@dataclass
class MatchRecord:
    request: int
    helper: int
    relief: bool
    principal: int | None = None
    state: str = "proposed"
    paused_from: str = ""
    # By party: given, withdrawn, or not there.
    consents: dict[str, str] = field(default_factory=dict)
    # Which help seeker said yes; the request may have become somebody else's since.
    consenting_seeker: int | None = None
    signatures: set[str] = field(default_factory=set)

    @property
    def somebody_withdrew(self) -> bool:
        return "withdrawn" in self.consents.values()


class World:
    """A few people, their requests and matches, and what the rules say about each write."""

    def __init__(self, helpers: list[HelperRecord], seekers: list[SeekerRecord], requests: list[int]) -> None:
        self.helpers = helpers
        self.seekers = seekers
        # Whose each request is.
        self.requests = requests
        self.matches: list[MatchRecord] = []
        self.blocks: set[tuple[int, int]] = set()
        self.relatives: set[tuple[int, int]] = set()
        # Sides whose seat ended before the day of approval.
        self.ended_seats: set[str] = set()

    # What is

    def seeker_of(self, match: MatchRecord) -> int:
        return self.requests[match.request]

    def running(self, *, helper: int | None = None, request: int | None = None) -> list[MatchRecord]:
        return [
            match
            for match in self.matches
            if match.state in RUNNING and helper in (None, match.helper) and request in (None, match.request)
        ]

    def served(self, helper: int) -> set[int]:
        return {self.seeker_of(match) for match in self.running(helper=helper)}

    def served_under_relief(self, helper: int) -> set[int]:
        return {self.seeker_of(match) for match in self.running(helper=helper) if match.relief}

    def substitutes_of(self, index: int) -> list[MatchRecord]:
        return [match for match in self.running() if match.principal == index]

    def relief_allowed(self, helper: int, seeker: int) -> bool:
        person = self.seekers[seeker]
        return person.has_care_level and person.lives_at_home and (helper, seeker) not in self.relatives

    def both_agree(self, match: MatchRecord) -> bool:
        given = all(match.consents.get(party) == "given" for party in PARTIES)
        return given and match.consenting_seeker == self.seeker_of(match)

    # What may be

    def may_propose(self, helper: int, request: int, principal: int | None) -> bool:
        if (helper, self.requests[request]) in self.blocks:
            return False
        if any(
            match.state in OPEN and match.helper == helper and match.request == request
            for match in self.matches
        ):
            return False
        if principal is None:
            return True
        rests = self.matches[principal]
        return rests.request == request and rests.helper != helper and rests.principal is None

    def may_move(self, index: int, to: str) -> bool:
        match = self.matches[index]
        if to not in ARROWS[match.state]:
            return False
        if to == "accepted":
            return self.both_agree(match)
        if match.state == "accepted" and to == "approved":
            return self._may_approve(match)
        if match.state == "paused":
            if self.substitutes_of(index) or to not in (match.paused_from, "ended"):
                return False
            if to != "ended" and self._somebody_else_goes(match):
                return False
        return not (to in GOING and match.somebody_withdrew)

    def _somebody_else_goes(self, match: MatchRecord) -> bool:
        return any(
            other.state in GOING and other is not match for other in self.running(request=match.request)
        )

    def _may_approve(self, match: MatchRecord) -> bool:
        helper, seeker = self.helpers[match.helper], self.seeker_of(match)
        if not self.both_agree(match) or match.signatures != set(SIDES) or self.ended_seats:
            return False
        if not helper.is_certified or len(self.served(match.helper) | {seeker}) > helper.max_people:
            return False
        if self._somebody_else_goes(match):
            return False
        if match.principal is not None and (
            self.matches[match.principal].state != "paused" or self.substitutes_of(match.principal)
        ):
            return False
        return not match.relief or (
            self.relief_allowed(match.helper, seeker)
            and len(self.served_under_relief(match.helper) | {seeker}) <= PEOPLE_UNDER_RELIEF
        )

    def may_consent(self, match: MatchRecord) -> bool:
        return match.state in ("proposed", "accepted") and not match.signatures

    def may_withdraw_consent(self, match: MatchRecord, party: str) -> bool:
        if match.state in RUNNING or match.state == "ended":
            return match.consents[party] == "given"
        return not (match.state == "accepted" and match.signatures)

    def may_sign(self, match: MatchRecord, side: str) -> bool:
        return match.state == "accepted" and side not in match.signatures and side not in self.ended_seats

    def may_unsign(self, match: MatchRecord) -> bool:
        return match.state == "accepted"

    def may_change_terms(self, match: MatchRecord) -> bool:
        return match.state in ("proposed", "accepted") and not match.signatures

    def may_serve(self, helper: int, people: int) -> bool:
        return people >= self.helpers[helper].max_people or people >= len(self.served(helper))

    def may_block(self, helper: int, seeker: int) -> bool:
        return (helper, seeker) not in self.blocks and not any(
            match.state in OPEN and match.helper == helper and self.seeker_of(match) == seeker
            for match in self.matches
        )

    def may_relate(self, helper: int, seeker: int) -> bool:
        return (helper, seeker) not in self.relatives and not any(
            match.relief and self.seeker_of(match) == seeker for match in self.running(helper=helper)
        )

    def may_change_seeker(self, seeker: int, *, has_care_level: bool, lives_at_home: bool) -> bool:
        return (has_care_level and lives_at_home) or not any(
            match.relief and self.seeker_of(match) == seeker for match in self.running()
        )

    def may_hand_over(self, request: int, seeker: int) -> bool:
        before = self.requests[request]
        if seeker != before and any(
            match.state in RUNNING or (match.state == "accepted" and match.signatures)
            for match in self.matches
            if match.request == request
        ):
            return False
        self.requests[request] = seeker
        try:
            return all(self._may_be_open(match) for match in self.matches if match.request == request)
        finally:
            self.requests[request] = before

    def _may_be_open(self, match: MatchRecord) -> bool:
        seeker = self.seeker_of(match)
        if match.state in OPEN and (match.helper, seeker) in self.blocks:
            return False
        return match.state not in RUNNING or (
            len(self.served(match.helper)) <= self.helpers[match.helper].max_people
            and (not match.relief or self.relief_allowed(match.helper, seeker))
            and (not match.relief or len(self.served_under_relief(match.helper)) <= PEOPLE_UNDER_RELIEF)
        )

    def may_end_seat(self, side: str) -> bool:
        return not any(
            side in match.signatures and (match.state in RUNNING or match.state == "ended")
            for match in self.matches
        )

    def faults(self) -> list[str]:
        """Every rule that what stands there breaks; none, whoever wrote it."""
        found = []
        for index, match in enumerate(self.matches):
            if match.state in RUNNING:
                if match.signatures != set(SIDES) or set(match.consents) != set(PARTIES):
                    found.append(f"match {index} runs without consents or signatures")
                if match.consenting_seeker != self.seeker_of(match):
                    found.append(f"match {index} runs by somebody else's yes")
                if match.principal is not None and self.matches[match.principal].state != "paused":
                    found.append(f"substitute {index} runs while its principal does not rest")
            if not self._may_be_open(match):
                found.append(f"match {index} breaks what must hold while it is open")
        for request in range(len(self.requests)):
            if sum(match.state in GOING for match in self.running(request=request)) > 1:
                found.append(f"request {request} has two running matches")
        return found

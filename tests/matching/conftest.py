"""An office at work: a tandem, an open request, and a neighbour who fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from helfer.catalogue.kinds import FirstContact
from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.help_requests.models import HelpRequest
from helfer.helpers.actions import issue_certificate
from helfer.helpers.models import HelperProfile
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Party, PauseReason, PauseSide
from helfer.notifications.doorbell import doorbell
from helfer.people.models import Channel, Office, User
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, point_near, tandem

Calls = list[tuple[str, int]]


@dataclass
class Desk:
    """One office with its two sides, one role, one request and one helper."""

    office: Office
    city: User
    association: User
    role: Role
    unpaid: CompensationModel
    request: HelpRequest
    helper: HelperProfile
    now: datetime

    def another_helper(self, **fields: object) -> HelperProfile:
        """A neighbour of the same office who offers the role, too."""
        defaults = {"active": True, "office": self.office, "roles": [self.role]}
        return HelperProfileFactory(**{**defaults, **fields})

    def another_request(self, **fields: object) -> HelpRequest:
        """A further open request of the same office."""
        defaults = {"open": True, "help_seeker__office": self.office, "role": self.role}
        return HelpRequestFactory(**{**defaults, **fields})

    def require_a_training(self) -> Training:
        """What the role asks for from now on."""
        needed: Training = TrainingFactory(slug="erste-hilfe")
        self.role.required_trainings.set([needed])
        return needed

    def certify(self, helper: HelperProfile, training: Training) -> None:
        """The city's side enters the helper's proof, of last summer."""
        issue_certificate(
            helper_id=helper.pk, training=training, issued_on=date(2026, 6, 1), by=self.city, at=self.now
        )

    def send_on_holiday(self, match: Match, *, back_on: date) -> Match:
        """The helper of a running match is away until that day."""
        return actions.pause_match(
            match_id=match.pk,
            side=PauseSide.HELPER,
            reason=PauseReason.HOLIDAY,
            by=self.city,
            at=self.now,
            expected_back_on=back_on,
        )

    def propose(self, **fields: object) -> Match:
        """The city's side picks the helper."""
        wanted = {
            "request_id": self.request.pk,
            "helper_id": self.helper.pk,
            "compensation_model": self.unpaid,
            "by": self.city,
            "at": self.now,
        }
        return actions.propose_match(**{**wanted, **fields})  # type: ignore[arg-type]

    def say_yes(self, match: Match, *parties: Party) -> Match:
        """The parties (by default both) agree on the phone."""
        for party in parties or (Party.HELPER, Party.SEEKER):
            match = actions.record_consent(
                match_id=match.pk, party=party, channel=Channel.PHONE, by=self.city, at=self.now
            )
        return match

    def sign(self, match: Match) -> Match:
        """Both sides sign."""
        for user in (self.city, self.association):
            match = actions.sign_match(match_id=match.pk, by=user, at=self.now)
        return match

    def match_in(self, state: MatchState, **fields: object) -> Match:
        """A match that walked the whole way to this state."""
        match = self.propose(**fields)
        if state is MatchState.PROPOSED:
            return match
        match = self.say_yes(match)
        if state is MatchState.ACCEPTED:
            return match
        match = self.sign(match)
        if state is MatchState.APPROVED:
            return match
        match = actions.record_first_contact(
            match_id=match.pk, on=self.now.date(), by=self.association, at=self.now
        )
        if state is MatchState.TRIAL:
            return match
        return actions.confirm_trial(match_id=match.pk, party=Party.BOTH, by=self.city, at=self.now)


@pytest.fixture
def desk(db: None, now: datetime) -> Desk:
    """One office at work."""
    office = OfficeFactory()
    city, association = tandem(office)
    role = RoleFactory(name="Besuchsdienst", first_contact=FirstContact.ACCOMPANIED)
    unpaid = CompensationModelFactory()
    request = HelpRequestFactory(open=True, help_seeker__office=office, role=role)
    helper = HelperProfileFactory(
        active=True, office=office, roles=[role], max_people=2, person__home=point_near(400)
    )
    return Desk(office, city, association, role, unpaid, request, helper, now)


@pytest.fixture
def later(now: datetime) -> Callable[[int], datetime]:
    """So many days after the tests' Monday."""
    return lambda days: now + timedelta(days=days)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the workers are called for."""
    heard: Calls = []

    def call(task: str, **ids: int) -> bool:
        heard.extend((task, number) for number in ids.values())
        return True

    monkeypatch.setattr(doorbell, "call", call)
    return heard

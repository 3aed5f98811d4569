"""Matches in every state, each having walked the whole way through the house's own actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from helfer.catalogue.models import CompensationModel
from helfer.core.days import berlin_day
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import CloseReason, HelpRequest, RequestState
from helfer.matching import actions
from helfer.matching.candidates import check_pair, survey
from helfer.matching.lifecycle import OPEN, MatchState
from helfer.matching.models import (
    EndReason,
    IncidentClass,
    IncidentSeverity,
    Match,
    Party,
    PauseReason,
    PauseSide,
)
from helfer.people.models import Channel, Office, Seat, Side, User

Story = Callable[[Match, datetime], None]


class Stories:
    """Tells one story after the other, each with the next open request that somebody fits."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._tandems: dict[int, tuple[User, User]] = {}

    def tell(self, office: Office, stories: list[tuple[int, Story]]) -> int:
        """Each story with how many days ago it began; returns how many could be told."""
        told = 0
        requests = self._waiting(office)
        for days_ago, story in stories:
            at = self._now - timedelta(days=days_ago)
            told += any(self._tell_of(request, story, at=at) for request in requests)
        return told

    def _tell_of(self, request: HelpRequest, story: Story, *, at: datetime) -> bool:
        """Whether the story could be told of this request; where a gate closes, nothing happened."""
        try:
            with transaction.atomic():
                match = self.propose(request, at=at)
                if match is not None:
                    story(match, at)
                return match is not None
        except RuleViolation:
            return False

    def _waiting(self, office: Office) -> Iterator[HelpRequest]:
        waiting = HelpRequest.objects.filter(office=office, state=RequestState.OPEN, named_helper=None)
        yield from waiting.exclude(frequency="einmalig").order_by("received_on", "pk")

    def tandem(self, office: Office) -> tuple[User, User]:
        """The two sides of the office."""
        if office.pk not in self._tandems:
            seats = {
                seat.side: seat.user
                for seat in Seat.objects.filter(office=office, is_deputy=False).select_related("user__person")
            }
            self._tandems[office.pk] = (seats[Side.MUNICIPAL], seats[Side.ASSOCIATION])
        return self._tandems[office.pk]

    def propose(
        self, request: HelpRequest, *, at: datetime, lent: bool = False, **more: object
    ) -> Match | None:
        """The best fitting helper of the own office (or of another one), or nobody."""
        day = berlin_day(at)
        found = survey(request, on=day).shortlist(limit=12)
        city, _association = self.tandem(request.office) if request.office else (None, None)
        for candidate in found.candidates:
            if candidate.shown.own_office == lent or city is None:
                continue
            assessment = check_pair(request_id=request.pk, helper_id=candidate.helper_id, on=day)
            models = [
                slug for slug in sorted(candidate.compensation_models) if not assessment.model_refusal(slug)
            ]
            try:
                return actions.propose_match(
                    request_id=request.pk,
                    helper_id=candidate.helper_id,
                    compensation_model=CompensationModel.objects.get(slug=models[-1]),
                    by=city,
                    at=at,
                    **more,  # type: ignore[arg-type]
                )
            except (RuleViolation, IndexError):
                continue
        return None

    # The stories, each going on from the one before

    def proposed(self, match: Match, at: datetime) -> None:
        """Nobody has been asked yet."""

    def half_agreed(self, match: Match, at: datetime) -> None:
        """The helper has said yes."""
        self._say_yes(match, Party.HELPER, at)

    def accepted(self, match: Match, at: datetime) -> None:
        """Both have said yes; nobody has signed."""
        for party in (Party.HELPER, Party.SEEKER):
            self._say_yes(match, party, at + timedelta(hours=1))

    def half_signed(self, match: Match, at: datetime) -> None:
        """The association has signed; the city's signature is missing."""
        self.accepted(match, at)
        _city, association = self.tandem(match.office)
        actions.sign_match(match_id=match.pk, by=association, at=at + timedelta(hours=2))

    def approved(self, match: Match, at: datetime) -> None:
        """Both sides have signed; the first visit is to come."""
        self.accepted(match, at)
        for user in self.tandem(match.office):
            if (
                actions.sign_match(match_id=match.pk, by=user, at=at + timedelta(hours=2)).state
                != MatchState.ACCEPTED
            ):
                break

    def trial(self, match: Match, at: datetime) -> None:
        """They met, accompanied; the trial runs."""
        self.approved(match, at)
        later = min(at + timedelta(days=2), self._now)
        actions.record_first_contact(
            match_id=match.pk,
            on=berlin_day(later),
            note="Gemeinsam Kaffee getrunken, beide freuen sich.",
            by=self.tandem(match.office)[1],
            at=later,
        )

    def active(self, match: Match, at: datetime) -> None:
        """It runs, with its contacts up to date."""
        self.trial(match, at)
        self._ask(match, at + timedelta(days=3))
        later = min(at + timedelta(days=15), self._now)
        actions.confirm_trial(match_id=match.pk, party=Party.BOTH, by=self.tandem(match.office)[0], at=later)
        for days in (16, 44, 100):
            if at + timedelta(days=days) <= self._now:
                self._ask(match, at + timedelta(days=days))

    def overdue(self, match: Match, at: datetime) -> None:
        """It runs, and nobody has asked for a while."""
        self.trial(match, at)
        self._ask(match, at + timedelta(days=3))
        later = min(at + timedelta(days=12), self._now)
        actions.confirm_trial(match_id=match.pk, party=Party.BOTH, by=self.tandem(match.office)[0], at=later)

    def in_hospital(self, match: Match, at: datetime) -> None:
        """It rests, and somebody else stands in."""
        self.active(match, at)
        city, association = self.tandem(match.office)
        paused_at = self._now - timedelta(days=6)
        actions.pause_match(
            match_id=match.pk,
            side=PauseSide.HELPER,
            reason=PauseReason.HOSPITAL,
            expected_back_on=berlin_day(self._now) + timedelta(days=20),
            by=association,
            at=paused_at,
        )
        stand_in = self.propose(
            match.request,
            at=paused_at,
            substitutes_for_id=match.pk,
            substitute_until=berlin_day(self._now) + timedelta(days=25),
        )
        if stand_in is not None:
            self.approved(stand_in, paused_at)

    def holiday_over(self, match: Match, at: datetime) -> None:
        """It rests, and should go on since yesterday."""
        self.active(match, at)
        actions.pause_match(
            match_id=match.pk,
            side=PauseSide.SEEKER,
            reason=PauseReason.OTHER,
            expected_back_on=berlin_day(self._now) - timedelta(days=1),
            by=self.tandem(match.office)[0],
            at=self._now - timedelta(days=9),
        )

    def incident(self, match: Match, at: datetime) -> None:
        """Something went wrong; the match rests."""
        self.active(match, at)
        happened = self._now - timedelta(days=1)
        actions.record_incident(
            match_id=match.pk,
            incident_class=IncidentClass.BOUNDARY,
            severity=IncidentSeverity.SERIOUS,
            happened_on=berlin_day(happened),
            facts="Kam ohne Absprache am Sonntagabend vorbei.",
            by=self.tandem(match.office)[1],
            at=happened,
        )

    def ended_well(self, match: Match, at: datetime) -> None:
        """It ended because all was done."""
        self.active(match, at)
        self._end(match, EndReason.DONE, well=True, close=CloseReason.HELPED)

    def ended_badly(self, match: Match, at: datetime) -> None:
        """It did not fit; the request waits again."""
        self.active(match, at)
        self._end(match, EndReason.DOES_NOT_FIT, well=False, close=None)

    def declined(self, match: Match, at: datetime) -> None:
        """The helper said no."""
        actions.decline_match(match_id=match.pk, party=Party.HELPER, by=self.tandem(match.office)[0], at=at)

    def rejected(self, match: Match, at: datetime) -> None:
        """The tandem did not approve."""
        self.accepted(match, at)
        actions.reject_match(
            match_id=match.pk,
            note="Beim Gespräch kamen Zweifel auf.",
            by=self.tandem(match.office)[1],
            at=at + timedelta(hours=3),
        )

    def withdrawn(self, match: Match, at: datetime) -> None:
        """The proposal was taken back."""
        actions.withdraw_match(match_id=match.pk, by=self.tandem(match.office)[0], at=at)

    def _say_yes(self, match: Match, party: Party, at: datetime) -> None:
        actions.record_consent(
            match_id=match.pk, party=party, channel=Channel.PHONE, by=self.tandem(match.office)[0], at=at
        )

    def _ask(self, match: Match, at: datetime) -> None:
        actions.complete_check_in(
            match_id=match.pk,
            party=Party.BOTH,
            channel=Channel.PHONE,
            goes_well=True,
            note="Alles in Ordnung.",
            by=self.tandem(match.office)[0],
            at=min(at, self._now),
        )

    def _end(self, match: Match, reason: EndReason, *, well: bool, close: CloseReason | None) -> None:
        actions.end_match(
            match_id=match.pk,
            reason=reason,
            ended_well=well,
            close_request_as=close,
            by=self.tandem(match.office)[1],
            at=self._now - timedelta(days=1),
        )

    # Stories of two

    def further_role(self, office: Office) -> Match | None:
        """A running pair takes on one role more."""
        running = Match.objects.filter(office=office, state=MatchState.ACTIVE).select_related(
            "request", "helper"
        )
        for match in running.order_by("pk"):
            role = (
                match.helper.roles.exclude(pk=match.role_id)
                .filter(signatures_required=2)
                .order_by("pk")
                .first()
            )
            if role is None:
                continue
            request = HelpRequest.objects.create(
                help_seeker=match.request.help_seeker,
                office=office,
                number=f"{match.request.number}-2",
                state=RequestState.OPEN,
                role=role,
                received_on=berlin_day(self._now) - timedelta(days=4),
            )
            try:
                addition = actions.propose_match(
                    request_id=request.pk,
                    helper_id=match.helper_id,
                    compensation_model=CompensationModel.objects.get(slug="ehrenamt"),
                    extends_id=match.pk,
                    by=self.tandem(office)[0],
                    at=self._now - timedelta(days=3),
                )
            except RuleViolation:
                request.state = RequestState.WITHDRAWN
                request.save(update_fields=["state"])
                continue
            self.approved(addition, self._now - timedelta(days=3))
            return addition
        return None

    def lent(self, office: Office) -> Match | None:
        """A helper of another office is asked for; that office has not agreed yet."""
        for request in self._waiting(office):
            if not request.matches.filter(state__in=OPEN).exists():
                match = self.propose(request, at=self._now - timedelta(hours=5), lent=True)
                if match is not None:
                    return match
        return None

    def death(self, office: Office) -> None:
        """Somebody died; a second person has yet to confirm."""
        match = (
            Match.objects.filter(office=office, state=MatchState.ACTIVE, extends=None, extended_by=None)
            .order_by("-pk")
            .first()
        )
        if match is not None:
            died_on: date = berlin_day(self._now) - timedelta(days=2)
            actions.report_death(
                person_id=match.request.help_seeker.person_id,
                died_on=died_on,
                by=self.tandem(office)[1],
                at=self._now,
            )

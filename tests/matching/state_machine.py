"""Random lives of a few matches, written raw and by actions; the database must agree with the plain model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helfer.core.errors import RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching import actions
from helfer.matching.models import EndReason, Match, Party, PauseReason, PauseSide, Signature
from helfer.people.models import Channel, Consent, HelpSeeker, Seat, Side, Tie, User
from tests.factories.matching import SIGNED_AT, STARTS_ON
from tests.matching.state_model import (
    ACTIONS,
    APPROVED_ON,
    CHANGES,
    FIELDS,
    NEXT,
    PARTIES,
    RUNNING,
    SIDES,
    STATES,
    TOUCHES,
    USUAL,
    HelperRecord,
    MatchRecord,
    SeekerRecord,
    World,
    reachable,
)

index = st.integers(0, 30)
sides, parties = st.sampled_from(SIDES), st.sampled_from(PARTIES)


class People:
    """The rows behind the model's numbers; made once, every life begins with them."""

    def __init__(
        self,
        helpers: list[HelperProfile],
        requests: list[HelpRequest],
        seekers: list[HelpSeeker],
        seats: dict[str, Seat],
        models: dict[bool, Any],
        staff: User,
    ) -> None:
        self.helpers, self.requests, self.seekers = helpers, requests, seekers
        self.seats, self.models, self.staff = seats, models, staff


class LifeOfMatches(RuleBasedStateMachine):
    """The database accepts a raw write just where the model calls it legal; actions never leave a fault."""

    people: People
    steps = 0

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.savepoint()
        self.rows: list[Match] = []
        owners = [self.people.seekers.index(request.help_seeker) for request in self.people.requests]
        self.world = World(
            [HelperRecord(helper.max_people) for helper in self.people.helpers],
            [SeekerRecord() for _ in self.people.seekers],
            owners,
        )
        for helper, request in ((0, 0), (1, 0), (1, 1), (2, 2), (2, 3)):
            self.propose(helper, request, relief=request != 1, principal=None)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # How a write is tried

    def attempt(self, legal: bool, write: Callable[[], Any]) -> bool:
        type(self).steps += 1
        try:
            with transaction.atomic():
                write()
            accepted = True
        except IntegrityError as refused:
            accepted, self.refusal = False, refused
        assert accepted == legal, "accepted, but not legal" if accepted else f"refused: {self.refusal}"
        return accepted

    def match(self, number: int) -> tuple[int, MatchRecord, Match]:
        chosen = number % len(self.rows)
        return chosen, self.world.matches[chosen], self.rows[chosen]

    def update(self, thing: Any, **fields: Any) -> None:
        type(thing).objects.filter(pk=thing.pk).update(**fields)

    def has_matches(self) -> bool:
        return bool(self.rows)

    # Raw writes

    @precondition(has_matches)
    @rule(number=index, what=st.sampled_from(TOUCHES), side=sides, party=parties, days=st.integers(1, 9))
    def touch(self, number: int, what: str, side: str, party: str, days: int) -> None:
        match what:
            case "consent":
                self.consent(number, party)
            case "withdraw_consent":
                self.withdraw_consent(number, party, days)
            case "sign":
                self.sign(number, side, on_the_other_seat=days == 1)
            case "unsign":
                self.unsign(number, side)
            case "change_terms":
                self.change_terms(number, days)
            case "delete":
                self.delete(number)

    @rule(what=st.sampled_from(CHANGES), one=index, other=index, flag=st.sampled_from([True, True, False]))
    def change(self, what: str, one: int, other: int, flag: bool) -> None:
        match what:
            case "serve":
                self.serve(one, other % 3 + 1)
            case "block" | "relative":
                self.relate(one, other, what, noted=not flag)
            case "seeker":
                self.change_seeker(one, has_care_level=flag, lives_at_home=other % 6 > 0)
            case "hand_over":
                self.hand_over(one, other)
            case "certify":
                self.certify(one, verified=flag)
            case "end_seat":
                self.end_seat(SIDES[one % 2], ended=not flag)

    @precondition(lambda self: len(self.rows) < 12)
    @rule(helper=index, request=index, relief=st.booleans(), principal=st.none() | index)
    def propose(self, helper: int, request: int, relief: bool, principal: int | None) -> None:
        helper %= len(self.people.helpers)
        request %= len(self.people.requests)
        resting = [number for number, match in enumerate(self.world.matches) if match.state == "paused"]
        substituted = resting[principal % len(resting)] if principal is not None and resting else None
        if substituted is not None and principal is not None and principal % 4:
            request = self.world.matches[substituted].request
        asked = self.people.requests[request]
        row = Match(
            request=asked,
            helper=self.people.helpers[helper],
            role=asked.role,
            compensation_model=self.people.models[relief],
            starts_on=STARTS_ON,
            office=asked.office,
            signatures_required=2,
            first_contact="accompanied",
            proposed_by=self.people.staff,
            proposed_at=SIGNED_AT,
            responsible=self.people.seats["municipal"],
            substitutes_for=None if substituted is None else self.rows[substituted],
            substitute_until=None if substituted is None else date(2027, 1, 1),
        )
        if self.attempt(self.world.may_propose(helper, request, substituted), row.save):
            self.rows.append(row)
            self.world.matches.append(MatchRecord(request, helper, relief, substituted))

    @precondition(has_matches)
    @rule(number=index, to=st.sampled_from(STATES))
    def move(self, number: int, to: str) -> None:
        chosen, record, row = self.match(number)
        if to == record.state:
            return
        paused_from = record.state if to == "paused" and record.state in RUNNING else ""
        fields = FIELDS.get(to, {})
        if to == "approved" and record.state == "paused":
            fields = {}
        if to == "paused" and not paused_from:
            paused_from = "active"
        legal = self.world.may_move(chosen, to)
        if self.attempt(legal, lambda: self.update(row, state=to, paused_from=paused_from, **fields)):
            record.state, record.paused_from = to, paused_from

    @precondition(has_matches)
    @rule(number=index, times=st.integers(1, 4))
    def come_far(self, number: int, times: int) -> None:
        self.come_along(number, times)

    @precondition(has_matches)
    @rule(number=index, times=st.just(1))
    def come_along(self, number: int, times: int) -> None:
        for _ in range(times):
            chosen, record, _row = self.match(number)
            to = record.paused_from or NEXT.get(record.state)
            if to is None:
                return
            if record.state == "proposed":
                for party in PARTIES:
                    if party not in record.consents:
                        self.consent(number, party)
            elif record.state == "accepted" and self.world.both_agree(record):
                for side in set(SIDES) - record.signatures:
                    self.sign(number, side, False)
            self.move(chosen, to)

    def consent(self, number: int, party: str) -> None:
        _, record, row = self.match(number)
        seeker = self.people.seekers[self.world.seeker_of(record)]
        person = self.people.helpers[record.helper].person_id if party == "helper" else seeker.person_id

        def write() -> None:
            yes = Consent.objects.create(
                person_id=person,
                kind="match",
                text_version="1",
                channel=Channel.PHONE,
                given_at=SIGNED_AT - timedelta(days=1),
                recorded_by=self.people.staff,
            )
            self.update(row, **{f"{party}_consent": yes})

        if self.attempt(self.world.may_consent(record), write):
            record.consents[party] = "given"
            if party == "seeker":
                record.consenting_seeker = self.world.seeker_of(record)

    def withdraw_consent(self, number: int, party: str, hour: int) -> None:
        _, record, row = self.match(number)
        if party not in record.consents:
            return
        row.refresh_from_db(fields=[f"{party}_consent"])
        yes = getattr(row, f"{party}_consent")
        at = datetime(2026, 11, 20, hour, tzinfo=UTC)
        if yes.withdrawn_at == at:
            return
        legal = self.world.may_withdraw_consent(record, party)
        if self.attempt(legal, lambda: self.update(yes, withdrawn_at=at)):
            record.consents[party] = "withdrawn"

    def sign(self, number: int, side: str, on_the_other_seat: bool) -> None:
        _, record, row = self.match(number)
        seat = self.people.seats[Side(side).other if on_the_other_seat else side]
        signature = Signature(
            match=row, seat=seat, side=side, user=seat.user, signed_at=SIGNED_AT, signed_on=APPROVED_ON
        )
        legal = self.world.may_sign(record, side) and not on_the_other_seat
        if self.attempt(legal, signature.save):
            record.signatures.add(side)

    def unsign(self, number: int, side: str) -> None:
        _, record, row = self.match(number)
        if side not in record.signatures:
            return
        signatures = Signature.objects.filter(match=row, side=side)
        if self.attempt(self.world.may_unsign(record), lambda: signatures._raw_delete("default")):
            record.signatures.discard(side)

    def change_terms(self, number: int, days: int) -> None:
        _, record, row = self.match(number)
        row.refresh_from_db(fields=["starts_on"])
        day = STARTS_ON + timedelta(days=days)
        if day != row.starts_on:
            self.attempt(self.world.may_change_terms(record), lambda: self.update(row, starts_on=day))

    def serve(self, helper: int, people: int) -> None:
        helper %= len(self.people.helpers)
        profile = self.people.helpers[helper]
        if self.attempt(
            self.world.may_serve(helper, people), lambda: self.update(profile, max_people=people)
        ):
            self.world.helpers[helper].max_people = people

    def relate(self, helper: int, seeker: int, kind: str, noted: bool) -> None:
        pair = (helper % len(self.people.helpers), seeker % len(self.people.seekers))
        persons = [self.people.helpers[pair[0]].person_id, self.people.seekers[pair[1]].person_id]
        names = {"person_a_id": min(persons), "person_b_id": max(persons), "kind": kind}
        ties = self.world.blocks if kind == "block" else self.world.relatives
        if not noted:
            self.attempt(True, lambda: Tie.objects.filter(**names)._raw_delete("default"))
            ties.discard(pair)
            return
        may = self.world.may_block if kind == "block" else self.world.may_relate
        if self.attempt(may(*pair), lambda: Tie.objects.create(**names)):
            ties.add(pair)

    def change_seeker(self, seeker: int, has_care_level: bool, lives_at_home: bool) -> None:
        seeker %= len(self.people.seekers)
        now = {"has_care_level": has_care_level, "lives_at_home": lives_at_home}
        fields = {"care_level": "2" if has_care_level else "none", "lives_at_home": lives_at_home}
        row = self.people.seekers[seeker]
        if self.attempt(self.world.may_change_seeker(seeker, **now), lambda: self.update(row, **fields)):
            self.world.seekers[seeker] = SeekerRecord(**now)

    def hand_over(self, request: int, seeker: int) -> None:
        request %= len(self.people.requests)
        seeker %= len(self.people.seekers)
        row, person = self.people.requests[request], self.people.seekers[seeker]
        if self.attempt(
            self.world.may_hand_over(request, seeker), lambda: self.update(row, help_seeker=person)
        ):
            self.world.requests[request] = seeker

    def certify(self, helper: int, verified: bool) -> None:
        helper %= len(self.people.helpers)
        proofs = Certificate.objects.filter(helper=self.people.helpers[helper])
        by = {"verified_at": SIGNED_AT, "verified_by": self.people.staff}
        values = by if verified else dict.fromkeys(by)
        self.attempt(True, lambda: proofs.update(**values))
        self.world.helpers[helper].is_certified = verified

    def end_seat(self, side: str, ended: bool) -> None:
        until = date(2026, 11, 1) if ended else None
        legal = not ended or side in self.world.ended_seats or self.world.may_end_seat(side)
        if self.attempt(legal, lambda: self.update(self.people.seats[side], until_day=until)):
            (self.world.ended_seats.add if ended else self.world.ended_seats.discard)(side)

    def delete(self, number: int) -> None:
        _, _, row = self.match(number)
        self.attempt(False, lambda: Match.objects.filter(pk=row.pk)._raw_delete("default"))

    # The same by the actions, which may be stricter and do more, but never leave a fault

    @precondition(has_matches)
    @rule(number=index, side=sides, party=parties)
    def act_as_usual(self, number: int, side: str, party: str) -> None:
        _, record, _ = self.match(number)
        if record.state in USUAL:
            self.act(number, side, party, USUAL[record.state])

    @precondition(has_matches)
    @rule(number=index, side=sides, party=parties, name=st.sampled_from(ACTIONS))
    def act(self, number: int, side: str, party: str, name: str) -> None:
        type(self).steps += 1
        chosen, _, row = self.match(number)
        more: dict[str, dict[str, Any]] = {
            "record_consent": {"party": Party(party), "channel": Channel.PHONE},
            "record_first_contact": {"on": APPROVED_ON},
            "confirm_trial": {"party": Party.BOTH},
            "pause_match": {"side": PauseSide.OFFICE, "reason": PauseReason.WISH},
            "end_match": {"reason": EndReason.DONE, "ended_well": True},
            "reject_match": {"note": "Passt nicht."},
            "decline_match": {"party": Party(party)},
            "withdraw_match_consent": {"party": Party(party)},
        }
        before = [match.state for match in self.world.matches]
        try:
            with transaction.atomic():
                by = self.people.seats[side].user
                getattr(actions, name)(match_id=row.pk, by=by, at=SIGNED_AT, **more.get(name, {}))
        except RuleViolation:
            return
        self.read()
        for was, match in zip(before, self.world.matches, strict=True):
            assert match.state in reachable(was), f"{name} went from {was} to {match.state}"

    def read(self) -> None:
        """What stands in the tables, as the model writes it."""
        for record, row in zip(self.world.matches, self.current(), strict=True):
            record.state, record.paused_from = row.state, row.paused_from
            record.signatures = {signature.side for signature in row.signatures.all()}
            record.consents = self.consents_of(row)
            if row.seeker_consent:
                people = [seeker.person_id for seeker in self.people.seekers]
                record.consenting_seeker = people.index(row.seeker_consent.person_id)

    def current(self) -> list[Match]:
        found = Match.objects.filter(pk__in=[row.pk for row in self.rows]).order_by("pk")
        return list(found.select_related("helper_consent", "seeker_consent").prefetch_related("signatures"))

    def consents_of(self, row: Match) -> dict[str, str]:
        given = {"helper": row.helper_consent, "seeker": row.seeker_consent}
        return {
            party: "withdrawn" if consent.withdrawn_at else "given"
            for party, consent in given.items()
            if consent
        }

    @invariant()
    def tables_and_model_say_the_same(self) -> None:
        for record, row in zip(self.world.matches, self.current(), strict=True):
            assert (row.state, row.paused_from) == (record.state, record.paused_from)
            assert {signature.side for signature in row.signatures.all()} == record.signatures
            assert self.consents_of(row) == record.consents

    @invariant()
    def nothing_is_broken(self) -> None:
        assert not self.world.faults()

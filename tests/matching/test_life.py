"""From the proposal to the end, as the office does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from helfer.catalogue.models import FirstContact
from helfer.core.errors import Conflict, IllegalTransition, NotAllowed, NotEligible
from helfer.help_requests.models import CloseReason, Frequency, RequestState
from helfer.helpers.models import HelperState
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import (
    CheckIn,
    CheckInKind,
    EndReason,
    IncidentClass,
    IncidentSeverity,
    Match,
    Party,
    PauseReason,
    PauseSide,
)
from helfer.notifications.models import Message
from helfer.people.models import Channel, TieKind
from tests.factories.people import RepresentativeFactory, SeatFactory, UserFactory, tandem, tie
from tests.matching.conftest import Desk

Later = Callable[[int], datetime]


def test_the_whole_way_from_a_proposal_to_a_good_end(desk: Desk, later: Later) -> None:
    match = desk.propose()
    assert match.state == MatchState.PROPOSED
    assert match.starts_on == desk.now.date()
    match = desk.say_yes(match)
    assert match.state == MatchState.ACCEPTED
    match = actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert match.state == MatchState.ACCEPTED
    match = actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
    assert match.state == MatchState.APPROVED
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.MATCHED
    match = actions.record_first_contact(
        match_id=match.pk, on=later(1).date(), by=desk.association, at=later(1), note="Sie mögen sich."
    )
    assert match.state == MatchState.TRIAL
    actions.confirm_trial(match_id=match.pk, party=Party.HELPER, by=desk.city, at=later(14))
    match = actions.confirm_trial(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=later(14))
    assert match.state == MatchState.ACTIVE
    match = actions.end_match(
        match_id=match.pk,
        reason=EndReason.DONE,
        ended_well=True,
        close_request_as=CloseReason.HELPED,
        by=desk.association,
        at=later(100),
    )
    assert (match.state, match.ended_well) == (MatchState.ENDED, True)
    desk.request.refresh_from_db()
    assert (desk.request.state, desk.request.close_reason) == (RequestState.CLOSED, CloseReason.HELPED)
    told = Message.objects.filter(kind="match_ended").values_list("recipient", flat=True)
    assert set(told) == {desk.helper.person_id, desk.request.help_seeker.person_id}


def test_only_the_tandem_of_the_request_proposes(desk: Desk) -> None:
    stranger = UserFactory(tandem=True)
    with pytest.raises(NotAllowed):
        desk.propose(by=stranger)
    assert not Match.objects.exists()


def test_a_former_seat_holder_can_do_nothing(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    desk.association.seats.update(until_day=desk.now.date() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)


def test_who_does_not_pass_the_gates_is_not_proposed(desk: Desk) -> None:
    far = desk.another_helper(radius_m=100, person__home=desk.helper.person.home)
    with pytest.raises(NotEligible) as refusal:
        desk.propose(helper_id=far.pk)
    assert refusal.value.code == "distance"
    assert refusal.value.by["metres_over"] > 0


def test_why_a_helper_of_another_office_does_not_fit_is_not_told(desk: Desk) -> None:
    elsewhere = desk.another_helper(office=SeatFactory().office, radius_m=100)
    elsewhere.person.home = desk.helper.person.home
    elsewhere.person.save(update_fields=["home"])
    with pytest.raises(NotEligible) as refusal:
        desk.propose(helper_id=elsewhere.pk)
    assert refusal.value.code == "elsewhere"
    assert refusal.value.by == {}


def test_a_lent_helper_needs_the_other_offices_agreement(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "lending_not_agreed"
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    assert desk.sign(match).state == MatchState.APPROVED


def test_the_other_office_may_refuse_and_the_asking_tandem_is_told(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(NotAllowed):
        actions.refuse_to_lend(match_id=match.pk, by=desk.city, at=desk.now, note="Nein.")
    with pytest.raises(Conflict) as refusal:
        actions.refuse_to_lend(match_id=match.pk, by=lender, at=desk.now, note="  ")
    assert refusal.value.field == "note"
    match = actions.refuse_to_lend(
        match_id=match.pk, by=lender, at=desk.now, note=" Wir brauchen sie selbst. "
    )
    assert match.state == MatchState.WITHDRAWN
    assert match.closing_note == "Wir brauchen sie selbst."
    assert not match.signatures.exists()
    told = Message.objects.filter(kind="lending_refused", subject_id=match.pk, office=desk.office)
    assert {message.recipient_id for message in told} == {desk.city.person_id, desk.association.person_id}
    assert Message.objects.filter(kind="match_declined", recipient=helper.person).exists()
    # Withdrawn is withdrawn: this pair is not proposed again for this request.
    with pytest.raises(NotEligible):
        desk.propose(helper_id=helper.pk)


def test_a_running_match_is_not_taken_away_by_refusing(desk: Desk) -> None:
    lending = SeatFactory().office
    lender, _other = tandem(lending)
    helper = desk.another_helper(office=lending, person__home=desk.helper.person.home)
    match = desk.say_yes(desk.propose(helper_id=helper.pk))
    actions.agree_to_lend(match_id=match.pk, by=lender, at=desk.now)
    desk.sign(match)
    with pytest.raises(Conflict):
        actions.refuse_to_lend(match_id=match.pk, by=lender, at=desk.now, note="Zu spät.")


def test_nobody_signs_before_both_have_said_yes(desk: Desk) -> None:
    match = desk.say_yes(desk.propose(), Party.HELPER)
    with pytest.raises(Conflict):
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)


def test_the_same_person_does_not_sign_twice(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "signed_twice"
    assert match.signatures.count() == 1


def test_a_deputy_of_the_same_side_is_not_the_second_signature(desk: Desk) -> None:
    deputy = SeatFactory(office=desk.office, deputy=True).user
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    with pytest.raises(Conflict) as refusal:
        actions.sign_match(match_id=match.pk, by=deputy, at=desk.now)
    assert refusal.value.code == "side_has_signed"


@pytest.mark.parametrize("kind", [TieKind.RELATIVE, TieKind.IN_LAW, TieKind.HOUSEHOLD])
def test_nobody_signs_for_their_own_family(desk: Desk, kind: TieKind) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    tie(desk.city.person, desk.request.help_seeker.person, kind)
    with pytest.raises(NotAllowed) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "conflict_of_interest"


def test_eligibility_is_asked_again_at_the_signature(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    desk.helper.pauses.create(from_day=desk.now.date(), until_day=desk.now.date() + timedelta(days=30))
    with pytest.raises(NotEligible) as refusal:
        actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    assert refusal.value.code == "state"


def test_an_approval_withdraws_the_other_proposals(desk: Desk) -> None:
    other = desk.propose(helper_id=desk.another_helper(person__home=desk.helper.person.home).pk)
    desk.sign(desk.say_yes(desk.propose()))
    other.refresh_from_db()
    assert other.state == MatchState.WITHDRAWN
    assert Message.objects.filter(kind="match_declined", recipient=other.helper.person).exists()


def test_a_role_for_which_one_signature_is_enough(desk: Desk) -> None:
    desk.role.signatures_required = 1
    desk.role.save()
    match = desk.say_yes(desk.propose())
    assert actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now).state == MatchState.APPROVED


def test_changed_terms_drop_the_signatures(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    match = actions.change_terms(match_id=match.pk, starts_on=later(7).date(), by=desk.city, at=desk.now)
    assert not match.signatures.exists()
    assert match.starts_on == later(7).date()


def test_a_yes_taken_back_drops_the_signatures_and_can_be_given_anew(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACCEPTED)
    actions.sign_match(match_id=match.pk, by=desk.city, at=desk.now)
    actions.withdraw_match_consent(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=desk.now)
    assert not match.signatures.exists()
    with pytest.raises(Conflict):
        actions.sign_match(match_id=match.pk, by=desk.association, at=desk.now)
    desk.say_yes(match, Party.SEEKER)
    assert desk.sign(match).state == MatchState.APPROVED


def test_a_yes_taken_back_ends_what_runs(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    match = actions.withdraw_match_consent(match_id=match.pk, party=Party.SEEKER, by=desk.city, at=desk.now)
    assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.CONSENT_WITHDRAWN)
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.OPEN


def test_a_daughter_without_papers_does_not_consent(desk: Desk) -> None:
    daughter = RepresentativeFactory(help_seeker=desk.request.help_seeker)
    match = desk.propose()
    with pytest.raises(NotAllowed) as refusal:
        actions.record_consent(
            match_id=match.pk,
            party=Party.SEEKER,
            channel=Channel.PHONE,
            representative=daughter,
            by=desk.city,
            at=desk.now,
        )
    assert refusal.value.code == "may_not_consent"


def test_the_helpers_household_does_not_consent_for_the_help_seeker(desk: Desk) -> None:
    proxy = RepresentativeFactory(help_seeker=desk.request.help_seeker, authorised=True)
    tie(proxy.person, desk.helper.person, TieKind.HOUSEHOLD)
    match = desk.propose()
    with pytest.raises(NotAllowed) as refusal:
        actions.record_consent(
            match_id=match.pk,
            party=Party.SEEKER,
            channel=Channel.PAPER,
            representative=proxy,
            by=desk.city,
            at=desk.now,
        )
    assert refusal.value.code == "helper_may_not_consent"


def test_nobody_says_yes_online_for_somebody_else(desk: Desk) -> None:
    match = desk.propose()
    with pytest.raises(NotAllowed):
        actions.record_consent(
            match_id=match.pk, party=Party.HELPER, channel=Channel.ONLINE, by=desk.city, at=desk.now
        )


def test_the_helper_says_yes_online(desk: Desk) -> None:
    account = UserFactory(helper=True, person=desk.helper.person)
    match = actions.record_consent(
        match_id=desk.propose().pk, party=Party.HELPER, channel=Channel.ONLINE, by=account, at=desk.now
    )
    assert match.helper_consent is not None
    assert match.helper_consent.recorded_by is None


def test_a_declined_pair_is_not_proposed_again(desk: Desk) -> None:
    match = actions.decline_match(match_id=desk.propose().pk, party=Party.HELPER, by=desk.city, at=desk.now)
    assert match.state == MatchState.DECLINED
    with pytest.raises(NotEligible) as refusal:
        desk.propose()
    assert refusal.value.code == "pair"


def test_the_first_contact_is_not_before_the_approval_and_not_tomorrow(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.APPROVED)
    for day in (-1, 1):
        with pytest.raises(Conflict) as refusal:
            actions.record_first_contact(match_id=match.pk, on=later(day).date(), by=desk.city, at=desk.now)
        assert refusal.value.field == "on"


def test_contacts_follow_after_two_six_and_then_every_eight_weeks(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    first = match.check_ins.get(done_on=None)
    assert (first.kind, first.due_on) == (CheckInKind.FIRST_CONTACT, later(1).date())
    planned = []
    for day in (1, 14, 42, 98):
        actions.complete_check_in(
            match_id=match.pk,
            party=Party.BOTH,
            channel=Channel.PHONE,
            goes_well=True,
            by=desk.city,
            at=later(day),
        )
        following = match.check_ins.get(done_on=None)
        planned.append((following.kind, (following.due_on - desk.now.date()).days))
    assert planned == [
        (CheckInKind.TWO_WEEKS, 14),
        (CheckInKind.SIX_WEEKS, 42),
        (CheckInKind.REGULAR, 98),
        (CheckInKind.REGULAR, 154),
    ]


def test_an_overdue_contact_goes_to_the_other_side_and_then_to_the_coordinators(
    desk: Desk, later: Later
) -> None:
    coordinator = UserFactory(coordinator=True)
    desk.match_in(MatchState.ACTIVE)
    assert actions.daily_tick(at=later(14)).escalated == 0
    assert actions.daily_tick(at=later(15)).escalated == 1
    assert actions.daily_tick(at=later(15)).escalated == 0
    told = Message.objects.filter(kind="check_in_overdue").values_list("recipient", flat=True)
    assert set(told) == {desk.association.person_id}
    assert actions.daily_tick(at=later(29)).escalated == 1
    assert Message.objects.filter(kind="check_in_overdue", recipient=coordinator.person).exists()


def test_one_member_alone_lets_a_match_rest_and_it_returns_to_where_it_was(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.TRIAL)
    match = actions.pause_match(
        match_id=match.pk,
        side=PauseSide.SEEKER,
        reason=PauseReason.HOSPITAL,
        by=desk.association,
        at=later(3),
        expected_back_on=later(20).date(),
    )
    assert match.state == MatchState.PAUSED
    match = actions.resume_match(match_id=match.pk, by=desk.city, at=later(20))
    assert match.state == MatchState.TRIAL
    call = match.check_ins.get(done_on=None)
    assert (call.kind, call.due_on) == (CheckInKind.COMING_HOME, later(20).date())


def test_a_substitute_runs_while_the_match_rests_and_ends_when_it_returns(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    wanted = {
        "helper_id": stand_in.pk,
        "substitutes_for_id": match.pk,
        "substitute_until": later(30).date(),
    }
    with pytest.raises(Conflict):
        desk.propose(**wanted)
    actions.pause_match(
        match_id=match.pk, side=PauseSide.HELPER, reason=PauseReason.HOLIDAY, by=desk.city, at=desk.now
    )
    substitute = desk.sign(desk.say_yes(desk.propose(**wanted)))
    assert substitute.state == MatchState.APPROVED
    actions.resume_match(match_id=match.pk, by=desk.city, at=later(9))
    substitute.refresh_from_db()
    assert substitute.state == MatchState.ENDED
    desk.request.refresh_from_db()
    assert desk.request.state == RequestState.MATCHED


def test_a_substitute_ends_on_its_day(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.pause_match(
        match_id=match.pk, side=PauseSide.HELPER, reason=PauseReason.ILLNESS, by=desk.city, at=desk.now
    )
    stand_in = desk.another_helper(person__home=desk.helper.person.home)
    substitute = desk.sign(
        desk.say_yes(
            desk.propose(helper_id=stand_in.pk, substitutes_for_id=match.pk, substitute_until=later(5).date())
        )
    )
    assert actions.daily_tick(at=later(5)).substitutes_ended == 0
    assert actions.daily_tick(at=later(6)).substitutes_ended == 1
    substitute.refresh_from_db()
    assert substitute.state == MatchState.ENDED


def test_a_holiday_ends_by_itself(desk: Desk, later: Later) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.pause_match(
        match_id=match.pk,
        side=PauseSide.HELPER,
        reason=PauseReason.HOLIDAY,
        by=desk.city,
        at=desk.now,
        expected_back_on=later(10).date(),
    )
    assert actions.daily_tick(at=later(9)).resumed == 0
    assert actions.daily_tick(at=later(10)).resumed == 1
    match.refresh_from_db()
    assert match.state == MatchState.ACTIVE


def test_a_serious_incident_lets_the_match_rest_at_once(desk: Desk) -> None:
    coordinator = UserFactory(coordinator=True)
    match = desk.match_in(MatchState.ACTIVE)
    actions.record_incident(
        match_id=match.pk,
        incident_class=IncidentClass.MONEY,
        severity=IncidentSeverity.SERIOUS,
        happened_on=desk.now.date(),
        facts="20 Euro fehlen.",
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    assert (match.state, match.pause_reason) == (MatchState.PAUSED, PauseReason.INCIDENT)
    told = set(Message.objects.filter(kind="incident_escalated").values_list("recipient", flat=True))
    assert told == {desk.city.person_id, desk.association.person_id, coordinator.person_id}


def test_a_minor_incident_is_recorded_and_the_match_goes_on(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.record_incident(
        match_id=match.pk,
        incident_class=IncidentClass.OTHER,
        severity=IncidentSeverity.MINOR,
        happened_on=desk.now.date(),
        facts="Eine Vase ist zerbrochen.",
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    assert match.state == MatchState.ACTIVE


def test_a_one_off_with_a_proven_helper_starts_by_call_and_ends_with_the_call_after(
    desk: Desk, later: Later
) -> None:
    first = desk.match_in(MatchState.ACTIVE)
    actions.end_match(match_id=first.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    once = desk.another_request(frequency=Frequency.ONCE)
    match = desk.propose(request_id=once.pk)
    assert match.first_contact == FirstContact.CALL
    match = desk.sign(desk.say_yes(match))
    # Friday: the next working day is Monday.
    actions.record_first_contact(match_id=match.pk, on=later(4).date(), by=desk.city, at=later(4))
    call = CheckIn.objects.get(match=match, done_on=None)
    assert (call.kind, call.due_on) == (CheckInKind.AFTER_ONE_OFF, date(2026, 11, 30))
    actions.complete_check_in(
        match_id=match.pk,
        party=Party.SEEKER,
        channel=Channel.PHONE,
        goes_well=True,
        by=desk.city,
        at=later(7),
    )
    match.refresh_from_db()
    once.refresh_from_db()
    assert (match.state, once.state) == (MatchState.ENDED, RequestState.CLOSED)


def test_a_further_role_needs_no_second_trial_and_no_second_series_of_contacts(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    further = desk.another_request(help_seeker=desk.request.help_seeker)
    addition = desk.sign(desk.say_yes(desk.propose(request_id=further.pk, extends_id=match.pk)))
    assert addition.state == MatchState.ACTIVE
    assert not addition.check_ins.exists()
    actions.end_match(match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    assert addition.check_ins.filter(done_on=None).count() == 1


def test_the_pair_that_comes_together_is_not_measured_by_distance_or_times(desk: Desk) -> None:
    far = desk.another_helper(radius_m=100, person__home=desk.helper.person.home)
    desk.request.named_helper = far
    desk.request.times = ["mo-vm"]
    desk.request.save(update_fields=["named_helper", "times"])
    match = desk.propose(helper_id=far.pk)
    assert match.is_named_pair


def test_a_match_that_is_over_does_not_move_again(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.end_match(match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now)
    with pytest.raises(IllegalTransition):
        actions.end_match(
            match_id=match.pk, reason=EndReason.DONE, ended_well=True, by=desk.city, at=desk.now
        )


def test_a_request_with_a_running_match_is_not_closed_over_its_head(desk: Desk) -> None:
    desk.match_in(MatchState.ACTIVE)
    with pytest.raises(Conflict) as refusal:
        actions.close_request(
            request_id=desk.request.pk, reason=CloseReason.NO_LONGER_NEEDED, by=desk.city, at=desk.now
        )
    assert refusal.value.code == "match_runs"


def test_a_withdrawn_request_takes_its_proposals_with_it(desk: Desk) -> None:
    match = desk.propose()
    request = actions.withdraw_request(request_id=desk.request.pk, by=desk.city, at=desk.now)
    match.refresh_from_db()
    assert (request.state, match.state) == (RequestState.WITHDRAWN, MatchState.WITHDRAWN)


def test_a_block_ends_what_is_open_between_the_two(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.block_pair(
        person=desk.helper.person, other=desk.request.help_seeker.person, by=desk.city, at=desk.now
    )
    match.refresh_from_db()
    assert match.state == MatchState.ENDED
    with pytest.raises(NotEligible) as refusal:
        desk.propose()
    assert refusal.value.code == "pair"


def test_a_helper_who_leaves_frees_the_requests(desk: Desk) -> None:
    running = desk.match_in(MatchState.ACTIVE)
    proposed = desk.propose(request_id=desk.another_request().pk)
    helper = actions.helper_leaves(helper_id=desk.helper.pk, by=desk.city, at=desk.now)
    assert helper.state == HelperState.LEFT
    running.refresh_from_db()
    proposed.refresh_from_db()
    desk.request.refresh_from_db()
    assert (running.state, proposed.state) == (MatchState.ENDED, MatchState.WITHDRAWN)
    assert desk.request.state == RequestState.OPEN


class TestDeath:
    def test_stops_mail_and_lets_matches_rest_until_a_second_person_confirms(self, desk: Desk) -> None:
        match = desk.match_in(MatchState.ACTIVE)
        person = desk.request.help_seeker.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        match.refresh_from_db()
        person.refresh_from_db()
        assert match.state == MatchState.PAUSED
        assert not person.can_get_mail
        with pytest.raises(NotAllowed):
            actions.confirm_death(person_id=person.pk, by=desk.city, at=desk.now)
        actions.confirm_death(person_id=person.pk, by=desk.association, at=desk.now)
        match.refresh_from_db()
        desk.request.refresh_from_db()
        assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.DIED)
        assert (desk.request.state, desk.request.close_reason) == (RequestState.CLOSED, CloseReason.DIED)

    def test_can_be_undone_until_it_is_confirmed(self, desk: Desk) -> None:
        match = desk.match_in(MatchState.ACTIVE)
        person = desk.request.help_seeker.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        actions.undo_death(person_id=person.pk, by=desk.association, at=desk.now)
        match = actions.resume_match(match_id=match.pk, by=desk.city, at=desk.now)
        assert match.state == MatchState.ACTIVE

    def test_of_a_helper_ends_the_profile_and_frees_the_request(self, desk: Desk) -> None:
        desk.match_in(MatchState.ACTIVE)
        person = desk.helper.person
        actions.report_death(person_id=person.pk, died_on=desk.now.date(), by=desk.city, at=desk.now)
        actions.confirm_death(person_id=person.pk, by=desk.association, at=desk.now)
        desk.helper.refresh_from_db()
        desk.request.refresh_from_db()
        assert desk.helper.state == HelperState.LEFT
        assert desk.request.state == RequestState.OPEN


def test_who_moves_away_ends_their_matches(desk: Desk) -> None:
    match = desk.match_in(MatchState.ACTIVE)
    actions.person_moves(
        person_id=desk.request.help_seeker.person_id,
        moved_on=desk.now.date(),
        address=None,
        by=desk.city,
        at=desk.now,
    )
    match.refresh_from_db()
    desk.request.refresh_from_db()
    assert (match.end_reason, desk.request.close_reason) == (EndReason.MOVED, CloseReason.MOVED)

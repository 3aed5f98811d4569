"""A need comes in, is clarified, rests, goes elsewhere, ends, or waits again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from helfer.core import numbering
from helfer.core.errors import Conflict, IllegalTransition, NotAllowed
from helfer.help_requests import actions
from helfer.help_requests.actions import HealthConsent, RequestDetails, TriageFacts
from helfer.help_requests.models import CallBack, CloseReason, HelpRequest, RequestState, Triage
from helfer.people.models import (
    Channel,
    Consent,
    ConsentKind,
    Office,
    RepresentativeArea,
    RepresentativeKind,
    User,
)
from tests.factories.catalogue import CompensationModelFactory, RoleFactory
from tests.factories.help_requests import HelpRequestFactory, TriageFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import (
    HelpSeekerFactory,
    OfficeFactory,
    RepresentativeFactory,
    UserFactory,
    tandem,
)
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db

CALLED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FACTS = TriageFacts(
    called_back_at=CALLED_AT,
    how=CallBack.PHONE,
    has_animals="yes",
    has_stairs="yes",
    safety_note=" Der Hund ist lieb. ",
    health_consent=HealthConsent(channel=Channel.PHONE, provisional_reason="kommt mit der Post"),
)


@pytest.fixture
def office() -> Office:
    return OfficeFactory()


@pytest.fixture
def staff(office: Office) -> User:
    return tandem(office)[0]


@pytest.fixture
def request_(office: Office) -> HelpRequest:
    return HelpRequestFactory(help_seeker__office=office)


def test_a_request_comes_in_and_gets_a_number(office: Office, staff: User, now: datetime) -> None:
    seeker = HelpSeekerFactory(office=office)
    role, model = RoleFactory(), CompensationModelFactory()
    details = RequestDetails(
        role=role, times=["so-ab", "mo-vm"], compensation_models=[model], remark=" leise "
    )
    request = actions.submit_request(help_seeker_id=seeker.pk, details=details, by=staff, at=now)
    request.refresh_from_db()
    assert (request.state, request.office) == (RequestState.SUBMITTED, office)
    assert re.fullmatch(r"A-[0-9]{5}", request.number)
    assert (request.times, request.remark) == (["mo-vm", "so-ab"], "leise")
    assert request.received_on == date(2026, 11, 23)
    assert list(request.compensation_models.all()) == [model]


def test_help_is_asked_for_by_oneself_or_by_whom_one_wants_to_be_told(office: Office, now: datetime) -> None:
    seeker = HelpSeekerFactory(office=office)
    told = RepresentativeFactory(help_seeker=seeker, may_be_told=True)
    silent = RepresentativeFactory(help_seeker=seeker)
    for person in (seeker.person, told.person):
        user = UserFactory(seeker=True, person=person)
        actions.submit_request(help_seeker_id=seeker.pk, details=RequestDetails(), by=user, at=now)
    for user in (UserFactory(seeker=True, person=silent.person), UserFactory(helper=True)):
        with pytest.raises(NotAllowed):
            actions.submit_request(help_seeker_id=seeker.pk, details=RequestDetails(), by=user, at=now)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"times": ["mo-xx"]}, None),
        ({"frequency": "täglich"}, "frequency"),
        ({"max_distance_m": 0}, None),
        ({"starts_on": date(2026, 12, 2), "ends_on": date(2026, 12, 1)}, None),
        ({"remark": "x", "duration_min": 99_999}, "duration_min"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    office: Office, staff: User, now: datetime, change: dict[str, Any], field: str | None
) -> None:
    seeker = HelpSeekerFactory(office=office)
    with pytest.raises(Conflict) as refusal:
        actions.submit_request(help_seeker_id=seeker.pk, details=RequestDetails(**change), by=staff, at=now)
    assert refusal.value.field == field
    assert refusal.value.message


def test_models_that_the_role_does_not_allow_are_refused(office: Office, staff: User, now: datetime) -> None:
    seeker = HelpSeekerFactory(office=office)
    details = RequestDetails(role=RoleFactory(), compensation_models=[CompensationModelFactory(relief=True)])
    with pytest.raises(Conflict) as refusal:
        actions.submit_request(help_seeker_id=seeker.pk, details=details, by=staff, at=now)
    assert refusal.value.field == "compensation_models"


def test_opening_says_who_called_back_and_what_a_helper_must_know(
    request_: HelpRequest, staff: User, now: datetime
) -> None:
    request = actions.open_request(request_id=request_.pk, facts=FACTS, by=staff, at=now)
    request.refresh_from_db()
    assert (request.state, request.has_pets, request.has_smokers) == (RequestState.OPEN, "yes", "")
    triage = Triage.objects.get()
    assert (triage.called_back_by, triage.called_back_at, triage.how) == (staff, CALLED_AT, CallBack.PHONE)
    assert (triage.has_stairs, triage.safety_note) == ("yes", "Der Hund ist lieb.")
    consent = Consent.objects.get()
    assert consent.kind == ConsentKind.KEEP_HEALTH_DATA
    assert consent.awaits_paper
    with pytest.raises(Conflict, match="schon geklärt"):
        actions.open_request(request_id=request_.pk, facts=FACTS, by=staff, at=now)


def test_the_paper_to_the_spoken_yes_follows(
    request_: HelpRequest, staff: User, now: datetime, today: date
) -> None:
    actions.open_request(request_id=request_.pk, facts=FACTS, by=staff, at=now)
    actions.record_paper_consent(request_id=request_.pk, seen_on=today, by=staff, at=now)
    assert not Consent.objects.get().awaits_paper
    with pytest.raises(Conflict, match="fehlt kein Papier"):
        actions.record_paper_consent(request_id=request_.pk, seen_on=today, by=staff, at=now)


def test_telling_the_helper_is_a_consent_of_its_own(
    request_: HelpRequest, staff: User, now: datetime
) -> None:
    consent = HealthConsent(channel=Channel.PAPER, may_tell_helper=True)
    actions.open_request(
        request_id=request_.pk, facts=replace(FACTS, health_consent=consent), by=staff, at=now
    )
    assert set(Consent.objects.values_list("kind", flat=True)) == {
        ConsentKind.KEEP_HEALTH_DATA,
        ConsentKind.TELL_HELPER,
    }


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(FACTS, health_consent=None), "health_channel"),
        (replace(FACTS, health_consent=HealthConsent(channel=Channel.PHONE)), "provisional_reason"),
        (replace(FACTS, called_back_at=datetime(2026, 11, 30, tzinfo=UTC)), "called_back_at"),
        (replace(FACTS, called_back_at=datetime(2026, 11, 1, tzinfo=UTC)), "called_back_at"),
        (replace(FACTS, how="brieftaube"), "how"),
    ],
)
def test_a_request_is_not_opened_half_clear(
    request_: HelpRequest, staff: User, now: datetime, facts: TriageFacts, field: str
) -> None:
    with pytest.raises(Conflict) as refusal:
        actions.open_request(request_id=request_.pk, facts=facts, by=staff, at=now)
    assert refusal.value.field == field
    request_.refresh_from_db()
    assert request_.state == RequestState.SUBMITTED
    assert not Consent.objects.exists()


def test_the_role_must_be_clear(office: Office, staff: User, now: datetime) -> None:
    request = HelpRequestFactory(help_seeker__office=office, role=None)
    with pytest.raises(Conflict) as refusal:
        actions.open_request(request_id=request.pk, facts=FACTS, by=staff, at=now)
    assert refusal.value.field == "role"
    opened = actions.open_request(request_id=request.pk, facts=FACTS, role=RoleFactory(), by=staff, at=now)
    assert opened.state == RequestState.OPEN


def test_only_an_authorised_representative_is_heard_instead(
    request_: HelpRequest, staff: User, now: datetime
) -> None:
    daughter = RepresentativeFactory(help_seeker=request_.help_seeker)
    with pytest.raises(NotAllowed) as refusal:
        actions.open_request(
            request_id=request_.pk, facts=replace(FACTS, heard_representative=daughter), by=staff, at=now
        )
    assert refusal.value.field == "heard_representative"
    guardian = RepresentativeFactory(
        help_seeker=request_.help_seeker,
        kind=RepresentativeKind.GUARDIAN,
        may_consent=True,
        area=RepresentativeArea.HEALTH,
        seen_on=date(2026, 1, 1),
        seen_by=staff,
    )
    actions.open_request(
        request_id=request_.pk, facts=replace(FACTS, heard_representative=guardian), by=staff, at=now
    )
    assert Consent.objects.get().representative == guardian


def test_another_office_works_on_nothing(request_: HelpRequest, now: datetime) -> None:
    foreign, _other = tandem(OfficeFactory())
    coordinator = UserFactory(coordinator=True)
    for user in (foreign, coordinator, UserFactory(training=True)):
        for work in (
            lambda by: actions.open_request(request_id=request_.pk, facts=FACTS, by=by, at=now),
            lambda by: actions.hold_request(request_id=request_.pk, reason="Urlaub", by=by, at=now),
            lambda by: actions.update_request(
                request_id=request_.pk, details=RequestDetails(), by=by, at=now
            ),
            lambda by: actions.withdraw_request(request_id=request_.pk, by=by, at=now),
        ):
            with pytest.raises(NotAllowed):
                work(user)


def test_a_request_rests_and_waits_again(
    request_: HelpRequest, staff: User, now: datetime, today: date
) -> None:
    until = today + timedelta(days=30)
    held = actions.hold_request(request_id=request_.pk, reason=" Kur ", until=until, by=staff, at=now)
    assert (held.state, held.hold_reason, held.hold_until) == ("on_hold", "Kur", until)
    with pytest.raises(Conflict, match="noch nicht geklärt"):
        actions.reopen_request(request_id=request_.pk, by=staff, at=now)
    TriageFactory(request=request_)
    opened = actions.reopen_request(request_id=request_.pk, by=staff, at=now)
    assert (opened.state, opened.hold_reason, opened.hold_until) == ("open", "", None)


def test_holding_needs_a_reason_and_a_day_ahead(
    request_: HelpRequest, staff: User, now: datetime, today: date
) -> None:
    with pytest.raises(Conflict) as refusal:
        actions.hold_request(request_id=request_.pk, reason="  ", by=staff, at=now)
    assert refusal.value.field == "reason"
    with pytest.raises(Conflict) as refusal:
        actions.hold_request(request_id=request_.pk, reason="Kur", until=today, by=staff, at=now)
    assert refusal.value.field == "until"


def test_a_request_goes_to_a_partner_with_an_outcome(
    request_: HelpRequest, staff: User, now: datetime
) -> None:
    actions.forward_request(request_id=request_.pk, to="Pflegestützpunkt", by=staff, at=now)
    noted = actions.note_outcome(request_id=request_.pk, outcome="hat angerufen", by=staff, at=now)
    assert (noted.state, noted.forwarded_to, noted.forward_outcome) == (
        "forwarded",
        "Pflegestützpunkt",
        "hat angerufen",
    )
    closed = actions.close_request(request_id=request_.pk, reason=CloseReason.HELPED, by=staff, at=now)
    assert (closed.close_reason, closed.closed_on) == ("helped", date(2026, 11, 23))


def test_a_person_takes_their_request_back_and_may_come_again(
    office: Office, staff: User, now: datetime
) -> None:
    request = HelpRequestFactory(help_seeker__office=office, open=True)
    TriageFactory(request=request)
    own = UserFactory(seeker=True, person=request.help_seeker.person)
    assert actions.withdraw_request(request_id=request.pk, by=own, at=now).state == RequestState.WITHDRAWN
    assert actions.withdraw_request(request_id=request.pk, by=own, at=now).state == RequestState.WITHDRAWN
    assert actions.reopen_request(request_id=request.pk, by=staff, at=now).state == RequestState.OPEN
    with pytest.raises(IllegalTransition, match="offen"):
        actions.reopen_request(request_id=request.pk, by=staff, at=now)


def test_for_the_dead_nothing_is_searched(office: Office, staff: User, now: datetime) -> None:
    request = HelpRequestFactory(help_seeker__office=office, open=True)
    actions.close_request(request_id=request.pk, reason=CloseReason.DIED, by=staff, at=now)
    person = request.help_seeker.person
    person.died_on = date(2026, 11, 1)
    person.save(update_fields=["died_on"])
    with pytest.raises(Conflict, match="keine Hilfe mehr"):
        actions.reopen_request(request_id=request.pk, by=staff, at=now)
    with pytest.raises(Conflict, match="keine Hilfe mehr"):
        actions.submit_request(
            help_seeker_id=request.help_seeker_id, details=RequestDetails(), by=staff, at=now
        )


def test_a_closing_has_a_reason(request_: HelpRequest, staff: User, now: datetime) -> None:
    with pytest.raises(Conflict) as refusal:
        actions.close_request(request_id=request_.pk, reason="", by=staff, at=now)  # type: ignore[arg-type]
    assert refusal.value.field == "reason"


def test_what_is_asked_for_can_be_changed_until_somebody_helps(
    office: Office, staff: User, now: datetime
) -> None:
    request = HelpRequestFactory(help_seeker__office=office, open=True)
    role = RoleFactory()
    changed = actions.update_request(
        request_id=request.pk, details=RequestDetails(role=role, duration_min=90), by=staff, at=now
    )
    assert (changed.role, changed.duration_min, changed.state) == (role, 90, RequestState.OPEN)
    with pytest.raises(Conflict) as refusal:
        actions.update_request(request_id=request.pk, details=RequestDetails(), by=staff, at=now)
    assert refusal.value.field == "role"
    HelpRequest.objects.filter(pk=request.pk).update(state=RequestState.MATCHED)
    with pytest.raises(Conflict, match="vermittelt"):
        actions.update_request(request_id=request.pk, details=RequestDetails(role=role), by=staff, at=now)


def test_the_pair_that_comes_together(request_: HelpRequest, staff: User, now: datetime) -> None:
    helper = HelperProfileFactory()
    assert actions.name_helper(request_id=request_.pk, helper=helper, by=staff, at=now).named_helper == helper
    assert actions.name_helper(request_id=request_.pk, helper=None, by=staff, at=now).named_helper is None
    oneself = HelperProfileFactory(person=request_.help_seeker.person)
    bound = HelperProfileFactory(only_for=HelpSeekerFactory())
    gone = HelperProfileFactory()
    type(gone).objects.filter(pk=gone.pk).update(state="left")
    gone.refresh_from_db()
    for each, code in ((oneself, "same_person"), (bound, "only_for"), (gone, "state")):
        with pytest.raises(Conflict) as refusal:
            actions.name_helper(request_id=request_.pk, helper=each, by=staff, at=now)
        assert (refusal.value.code, refusal.value.field) == (code, "helper")


def test_a_coordinator_gives_a_request_without_office_to_one(office: Office, now: datetime) -> None:
    request = HelpRequestFactory(help_seeker__office=None)
    coordinator = UserFactory(coordinator=True)
    moved = actions.move_request(request_id=request.pk, office=office, by=coordinator, at=now)
    assert (moved.office, moved.help_seeker.office) == (office, office)


def test_the_person_goes_along_with_their_last_open_request(
    office: Office, staff: User, now: datetime
) -> None:
    first = HelpRequestFactory(help_seeker__office=office)
    second = HelpRequestFactory(help_seeker=first.help_seeker)
    elsewhere = OfficeFactory()
    moved = actions.move_request(request_id=first.pk, office=elsewhere, by=staff, at=now)
    assert moved.help_seeker.office == office
    moved = actions.move_request(request_id=second.pk, office=elsewhere, by=staff, at=now)
    assert moved.help_seeker.office == elsewhere


def test_what_is_gone_is_said(staff: User, now: datetime) -> None:
    with pytest.raises(Conflict, match="gibt es nicht"):
        actions.withdraw_request(request_id=0, by=staff, at=now)
    with pytest.raises(Conflict, match="gibt es nicht"):
        actions.submit_request(help_seeker_id=0, details=RequestDetails(), by=staff, at=now)


@pytest.mark.django_db(transaction=True)
def test_numbers_are_never_given_twice_whoever_draws_at_the_same_time(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Everybody draws what somebody else has drawn.
    draws = iter(sorted([*range(6)] * 6))
    monkeypatch.setattr(numbering.secrets, "randbelow", lambda _: next(draws))
    office = OfficeFactory()
    staff = tandem(office)[0]
    seekers = [HelpSeekerFactory(office=office) for _n in range(6)]
    start = Barrier(len(seekers))
    problems: list[BaseException] = []

    def submit(seeker_id: int) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            actions.submit_request(help_seeker_id=seeker_id, details=RequestDetails(), by=staff, at=now)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=submit, args=[seeker.pk]) for seeker in seekers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not problems
    assert sorted(HelpRequest.objects.values_list("number", flat=True)) == [f"A-{n:05}" for n in range(6)]

"""Invariants 3 and 4, attacked: places, substitutes and certificates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from tests.factories.catalogue import TrainingFactory
from tests.factories.helpers import CertificateFactory
from tests.factories.matching import walk
from tests.factories.people import (
    HelpSeekerFactory,
)
from tests.matching.attacks import (
    APPROVED,
    WAYS,
    Attack,
    approves,
    is_refused,
    set_columns,
    succeeds_without_its_guard,
    updates,
)
from tests.matching.situations import (
    MatchFactory,
    another_for,
    match_in,
    ready,
    step,
    trained_role,
)

pytestmark = pytest.mark.django_db
APPROVED_ON = APPROVED["approved_on"]


def helper_is_full() -> Match:
    match = match_in(MatchState.ACTIVE)
    return ready(another_for(match))


def serving_two() -> HelperProfile:
    match = match_in(MatchState.ACTIVE, helper__max_people=2)
    another_for(match, to=MatchState.PAUSED)
    return match.helper


def second_request_of_the_same_person() -> HelpRequest:
    """Two requests of one person, one helper who serves one person."""
    match = match_in(MatchState.ACTIVE)
    other = another_for(match)
    HelpRequest.objects.filter(pk=other.request_id).update(help_seeker=match.request.help_seeker)
    walk(Match.objects.get(pk=other.pk), MatchState.ACTIVE)
    return HelpRequest.objects.get(pk=other.request_id)


def principal_and_substitute(principal_in: MatchState, substitute_in: MatchState) -> tuple[Match, Match]:
    principal = match_in(MatchState.PAUSED)
    substitute = MatchFactory(
        request=principal.request,
        office=principal.office,
        substitutes_for=principal,
        substitute_until=date(2026, 12, 24),
    )
    if substitute_in is MatchState.ACCEPTED:
        ready(substitute)
    else:
        walk(substitute, substitute_in)
    if principal_in is not MatchState.PAUSED:
        step(principal, principal_in)
    return principal, substitute


def certified(**certificate: Any) -> Any:
    """Ready, with one certificate for the role's one training."""

    def prepare() -> Match:
        role = trained_role()
        match = ready(request__role=role, helper__certified=False)
        training = role.required_trainings.get()
        CertificateFactory(helper=match.helper, training=training, **certificate)
        return match

    return prepare


def second_running_match() -> Match:
    match = match_in(MatchState.ACTIVE)
    return ready(MatchFactory(request=match.request, office=match.office))


ATTACKS = [
    # 3: places and substitutes
    approves("a request has two running matches", second_running_match, "request_has_one_running_match"),
    approves(
        "a helper serves more people than agreed", helper_is_full, "helper_serves_no_more_people_than_agreed"
    ),
    updates(
        "the number of people falls below those served",
        serving_two,
        "max_people_covers_the_people_served",
        max_people=1,
    ),
    Attack(
        "a request goes over to somebody else while its match runs",
        prepare=second_request_of_the_same_person,
        update=lambda request: HelpRequest.objects.filter(pk=request.pk).update(
            help_seeker=HelpSeekerFactory()
        ),
        sql=lambda request: set_columns(request, help_seeker_id=HelpSeekerFactory().pk),
        refused_by=("request_change_leaves_matches_allowed",),
    ),
    approves(
        "a substitute runs while its principal does",
        lambda: principal_and_substitute(MatchState.ENDED, MatchState.ACCEPTED)[1],
        "substitute_runs_only_while_its_principal_rests",
    ),
    updates(
        "a principal returns while its substitute rests",
        lambda: principal_and_substitute(MatchState.PAUSED, MatchState.PAUSED)[0],
        "match_leaves_its_pause_after_its_substitute",
        state="active",
        paused_from="",
    ),
    updates(
        "a principal ends while its substitute runs",
        lambda: principal_and_substitute(MatchState.PAUSED, MatchState.ACTIVE)[0],
        "match_leaves_its_pause_after_its_substitute",
        state="ended",
        paused_from="",
        end_reason="done",
        ended_well=True,
        closed_on=date(2026, 11, 22),
    ),
    # 4: certificates
    approves(
        "a required certificate is missing",
        lambda: ready(request__role=trained_role(), helper__certified=False),
        "certificates_count_at_approval_and_at_the_start",
    ),
    approves(
        "a required certificate was never verified",
        certified(unverified=True),
        "certificates_count_at_approval_and_at_the_start",
    ),
    approves(
        "a required certificate lapses before the first day",
        certified(valid_until=date(2026, 11, 22)),
        "certificates_count_at_approval_and_at_the_start",
    ),
    approves(
        "a required certificate counts only from the first day on",
        certified(issued_on=date(2026, 11, 20)),
        "certificates_count_at_approval_and_at_the_start",
    ),
]

ids = [attack.sentence for attack in ATTACKS]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_the_database_refuses(attack: Attack, way: str) -> None:
    is_refused(attack, way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_without_its_guard_the_attack_succeeds(attack: Attack, way: str) -> None:
    succeeds_without_its_guard(attack, way)


def test_a_helper_serves_the_same_person_in_two_requests_with_one_place() -> None:
    second_request_of_the_same_person()
    assert Match.objects.running().count() == 2


def test_an_including_certificate_and_the_days_of_grace_count() -> None:
    role = trained_role()
    match = ready(request__role=role, helper__certified=False)
    wider = TrainingFactory(slug="grosser-kurs", includes=[role.required_trainings.get()], grace_days=30)
    CertificateFactory(helper=match.helper, training=wider, valid_until=date(2026, 10, 25))
    Match.objects.filter(pk=match.pk).update(**APPROVED)


def test_certificates_that_go_later_leave_the_match_as_it_is() -> None:
    match = match_in(MatchState.ACTIVE, request__role=trained_role())
    before = HelperProfile.objects.get(pk=match.helper_id).version
    Certificate.objects.filter(helper=match.helper).delete()
    assert HelperProfile.objects.get(pk=match.helper_id).version > before

"""Invariant 1, attacked: a match is born proposed, moves only along the arrows, and what is over stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from helfer.help_requests.models import HelpRequest
from helfer.matching.guards.matches import FROZEN_AT_PROPOSAL
from helfer.matching.lifecycle import CLOSED, RUNNING, TRANSITIONS, MatchState
from helfer.matching.models import EndReason, Match, PauseReason, PauseSide
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, UserFactory
from tests.matching.attacks import (
    WAYS,
    Attack,
    columns_of,
    insert_row,
    is_refused,
    refuser,
    run,
    set_columns,
    succeeds_without_its_guard,
)
from tests.matching.situations import MatchFactory, consent_both, match_in, ready

pytestmark = pytest.mark.django_db


def unborn(**fields: Any) -> Match:
    """A match that nobody has written yet, with both yeses at hand."""
    match = MatchFactory()
    consent_both(match)
    consents = {"helper_consent_id": match.helper_consent_id, "seeker_consent_id": match.seeker_consent_id}
    Match.objects.filter(pk=match.pk).update(helper_consent=None, seeker_consent=None)
    match.pk = None
    match.request = HelpRequestFactory(open=True, help_seeker=match.request.help_seeker, role=match.role)
    for name, value in (consents | fields).items():
        setattr(match, name, value)
    return match


def born(sentence: str, refused_by: str, **fields: Any) -> Attack:
    return Attack(
        sentence,
        prepare=lambda: unborn(**fields),
        update=lambda match: len(Match.objects.bulk_create([match])),
        sql=lambda match: insert_row("matching_match", **columns_of(match)),
        refused_by=(refused_by,),
    )


def changed(sentence: str, refused_by: str, stands: MatchState, /, **fields: Any) -> Attack:
    """The same columns by ``.update()`` and in SQL."""
    return Attack(
        sentence,
        prepare=lambda: match_in(stands),
        update=lambda match: Match.objects.filter(pk=match.pk).update(**fields),
        sql=lambda match: set_columns(match, **fields),
        refused_by=(refused_by,),
    )


ATTACKS = [
    born(
        "a match is born approved",
        "match_is_born_proposed",
        state=MatchState.APPROVED,
        approved_on=date(2026, 11, 18),
    ),
    born(
        "a match is born closed",
        "match_is_born_proposed",
        state=MatchState.DECLINED,
        closed_on=date(2026, 11, 18),
    ),
    born(
        "a match asks for fewer signatures than its role",
        "match_asks_for_the_signatures_of_its_role",
        signatures_required=1,
    ),
    changed(
        "an accepted match is declined after all",
        "match_moves_only_along_the_arrows",
        MatchState.ACCEPTED,
        state=MatchState.DECLINED,
        closed_on=date(2026, 11, 18),
    ),
    changed(
        "an active match goes back to its trial",
        "match_moves_only_along_the_arrows",
        MatchState.ACTIVE,
        state=MatchState.TRIAL,
    ),
    changed(
        "a paused match returns elsewhere",
        "match_moves_only_along_the_arrows",
        MatchState.PAUSED,
        state=MatchState.TRIAL,
        paused_from="",
    ),
    changed(
        "a pause says it came from elsewhere",
        "match_moves_only_along_the_arrows",
        MatchState.ACTIVE,
        state=MatchState.PAUSED,
        paused_from=MatchState.TRIAL,
        paused_on=date(2026, 11, 22),
        pause_side=PauseSide.HELPER,
        pause_reason=PauseReason.WISH,
    ),
    changed(
        "a pause changes where it came from",
        "match_moves_only_along_the_arrows",
        MatchState.PAUSED,
        paused_from=MatchState.APPROVED,
    ),
    changed(
        "an ended match ends for another reason",
        "match_that_is_over_stays_as_it_was",
        MatchState.ENDED,
        end_reason=EndReason.INCIDENT,
    ),
    changed(
        "a declined match gets another note",
        "match_that_is_over_stays_as_it_was",
        MatchState.DECLINED,
        closing_note="Später dazugeschrieben.",
    ),
    changed(
        "a running match begins on another day",
        "match_keeps_its_terms_once_approved",
        MatchState.ACTIVE,
        starts_on=date(2026, 12, 24),
    ),
    changed(
        "a running match was approved on another day",
        "match_keeps_its_terms_once_approved",
        MatchState.TRIAL,
        approved_on=date(2026, 11, 2),
    ),
    changed(
        "a proposal claims a day of approval",
        "match_has_its_day_of_approval_from_approval_on",
        MatchState.PROPOSED,
        approved_on=date(2026, 11, 18),
    ),
    Attack(
        "a match goes over to another office",
        prepare=MatchFactory,
        update=lambda match: Match.objects.update(office=OfficeFactory()),
        sql=lambda match: set_columns(match, office_id=OfficeFactory().pk),
        refused_by=("match_keeps_what_was_frozen_at_the_proposal",),
    ),
    Attack(
        "a signed match begins on another day",
        prepare=ready,
        update=lambda match: Match.objects.update(starts_on=date(2026, 12, 1)),
        sql=lambda match: set_columns(match, starts_on=date(2026, 12, 1)),
        refused_by=("match_drops_signatures_before_its_terms_change",),
    ),
    Attack(
        "a signed match is for another role",
        prepare=ready,
        update=lambda match: Match.objects.update(role=RoleFactory()),
        sql=lambda match: set_columns(match, role_id=RoleFactory().pk),
        refused_by=("match_drops_signatures_before_its_terms_change",),
    ),
    Attack(
        "a match takes a role that asks for more signatures",
        prepare=lambda: MatchFactory(request__role=RoleFactory(one_signature=True)),
        update=lambda match: Match.objects.update(role=RoleFactory()),
        sql=lambda match: set_columns(match, role_id=RoleFactory().pk),
        refused_by=("match_asks_for_the_signatures_of_its_role",),
    ),
    Attack(
        "a match is deleted",
        prepare=MatchFactory,
        update=lambda match: Match.objects.filter(pk=match.pk)._raw_delete("default"),
        sql=lambda match: ("DELETE FROM matching_match WHERE id = %s", [match.pk]),
        refused_by=("match_is_never_deleted",),
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


FIELDS_OF_A_STATE: dict[MatchState, dict[str, Any]] = {
    MatchState.APPROVED: {"approved_on": date(2026, 11, 18)},
    MatchState.TRIAL: {"approved_on": date(2026, 11, 18), "first_contact_on": date(2026, 11, 19)},
    MatchState.ACTIVE: {"approved_on": date(2026, 11, 18), "first_contact_on": date(2026, 11, 19)},
    MatchState.ENDED: {"end_reason": EndReason.DONE, "ended_well": True, "closed_on": date(2026, 11, 22)},
} | {
    state: {"closed_on": date(2026, 11, 22)}
    for state in (MatchState.DECLINED, MatchState.REJECTED, MatchState.WITHDRAWN)
}


@pytest.mark.parametrize("state", MatchState)
def test_no_match_moves_but_along_the_arrows(state: MatchState) -> None:
    match = match_in(state)
    if match.helper_consent_id is None and state not in CLOSED:
        consent_both(match)
    for to in MatchState:
        if to == state or to in TRANSITIONS[state]:
            continue
        fields = {"state": to, "paused_from": ""} | FIELDS_OF_A_STATE.get(to, {})
        if to is MatchState.PAUSED:
            fields |= {"paused_from": MatchState.ACTIVE, "paused_on": date(2026, 11, 21)}
            fields |= {"pause_side": PauseSide.HELPER, "pause_reason": PauseReason.WISH}
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.filter(pk=match.pk).update(**fields)
    match.refresh_from_db()
    assert match.state == state


def test_what_was_frozen_at_the_proposal_stays() -> None:
    match = MatchFactory()
    other_values: dict[str, Any] = {
        "request_id": HelpRequestFactory().pk,
        "helper_id": HelperProfileFactory().pk,
        "office_id": OfficeFactory().pk,
        "lending_office_id": OfficeFactory().pk,
        "signatures_required": 1,
        "is_named_pair": True,
        "extends_id": MatchFactory().pk,
        "substitutes_for_id": MatchFactory().pk,
        "proposed_by_id": UserFactory().pk,
        "proposed_at": "2026-01-01T00:00:00Z",
    }
    assert set(other_values) == set(FROZEN_AT_PROPOSAL)
    for column, value in other_values.items():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Match.objects.filter(pk=match.pk).update(**{column: value})
        assert refuser(refused.value) == "match_keeps_what_was_frozen_at_the_proposal", column


def test_the_words_of_a_closed_match_may_be_blanked_when_data_are_erased() -> None:
    match = MatchFactory()
    Match.objects.filter(pk=match.pk).update(
        state=MatchState.DECLINED, closed_on=date(2026, 11, 20), closing_note="Mag keine Hunde."
    )
    Match.objects.filter(pk=match.pk).update(closing_note="")
    match.refresh_from_db()
    assert match.closing_note == ""


@pytest.mark.parametrize("table", ["matching_match", "help_requests_helprequest", "people_person"])
def test_no_match_goes_with_the_table_it_hangs_on(table: str) -> None:
    match = MatchFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        run((f"TRUNCATE {table} CASCADE", []))
    assert HelpRequest.objects.filter(pk=match.request_id).exists()


def test_a_session_cannot_switch_the_guards_off() -> None:
    match = match_in(MatchState.ACTIVE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger_match%'")
        (names,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(state=MatchState.PROPOSED)


def test_the_functions_know_the_same_states_as_the_lifecycle() -> None:
    with connection.cursor() as cursor:
        for state in MatchState:
            cursor.execute("SELECT helfer_is_running(%s), helfer_is_open(%s)", [state, state])
            assert cursor.fetchone() == (state in RUNNING, state in TRANSITIONS and state not in CLOSED)

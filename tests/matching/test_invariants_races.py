"""Invariants 1 to 6, 8 and 11, attacked by two sessions at once, in both isolation levels.

Each race is run with everything in place, and again without the place where the two meet: every guard still
looks then, but cannot see what the other session has not committed, and the rule breaks.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Signature
from helfer.notifications.models import Message
from helfer.people.models import CareLevel, HelpSeeker, Seat, Side, Tie, TieKind
from tests.factories.catalogue import RoleFactory
from tests.factories.people import HelpSeekerFactory, PersonFactory, SeatFactory
from tests.matching.attacks import (
    APPROVED,
    READ_COMMITTED,
    REPEATABLE_READ,
    Race,
    Statement,
    columns_of,
    delete_row,
    insert_row,
    race,
    set_columns,
    without,
)
from tests.matching.situations import (
    MatchFactory,
    another_for,
    match_in,
    ready,
    relief,
    relief_match,
    sign,
    step,
    trained_role,
)
from tests.matching.test_invariants_approval import signature

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = "match_change_writes_the_versions"
# Who keeps the offers writes versions too, after the guards: under REPEATABLE READ they meet there.
OFFERS = (
    "offers_follow_changed_matches",
    "offers_follow_changed_helpers",
    "offers_follow_changed_requests",
    "offers_follow_removed_proofs",
)


def approve(match: Match) -> list[Statement]:
    return [set_columns(match, **APPROVED)]


def tie_row(match: Match, kind: TieKind) -> list[Statement]:
    one, other = sorted([match.helper.person_id, match.request.help_seeker.person_id])
    columns = {"person_a_id": one, "person_b_id": other, "kind": kind}
    return [insert_row("people_tie", **columns, noted_at="2026-11-22")]


def block_row(person: int, other: int) -> list[Statement]:
    first, second = sorted([person, other])
    columns = {"person_a_id": first, "person_b_id": second, "kind": TieKind.BLOCK}
    return [insert_row("people_tie", **columns, noted_at="2026-11-22")]


def open_and_blocked(match: Match) -> bool:
    return Tie.objects.filter(kind=TieKind.BLOCK).exists() and Match.objects.open().exists()


# Situations


def signed_by_deputies(match: Match) -> Match:
    """Like ``ready``, on seats of their own: approvals on the same seat would meet there."""
    step(match, MatchState.ACCEPTED)
    for side in Side:
        sign(match, side, seat=SeatFactory(office=match.office, side=side, deputy=True))
    return match


def two_of_one_helper() -> tuple[Match, Match]:
    """Two matches ready for their approval, of a helper who serves one person."""
    one = ready()
    return one, signed_by_deputies(another_for(one))


def two_for_one_request() -> tuple[Match, Match]:
    one = ready()
    return one, signed_by_deputies(MatchFactory(request=one.request, office=one.office))


def served_and_one_more() -> Match:
    """A helper of two, who serves one person; a second one is ready."""
    match = match_in(MatchState.ACTIVE, helper__max_people=2)
    return ready(another_for(match))


def two_under_relief() -> tuple[Match, Match]:
    """The Land allows two people; one is served, two more are ready."""
    match = relief_match(to=MatchState.ACTIVE, helper__max_people=5)
    others = [another_for(match, compensation_model=relief()) for _ in range(2)]
    HelpSeeker.objects.update(care_level=CareLevel.ONE)
    return ready(others[0]), signed_by_deputies(others[1])


def principal_with_substitute_ready() -> tuple[Match, Match]:
    principal = match_in(MatchState.PAUSED)
    substitute = MatchFactory(
        request=principal.request,
        office=principal.office,
        substitutes_for=principal,
        substitute_until=date(2026, 12, 24),
    )
    return principal, ready(substitute)


def proposed_and_somebody_else() -> tuple[Match, HelpSeeker]:
    return MatchFactory(), HelpSeekerFactory()


def accepted_and_somebody_else() -> tuple[Match, HelpSeeker]:
    """One signature is enough here, and nobody has signed yet."""
    role = RoleFactory(one_signature=True)
    return match_in(MatchState.ACCEPTED, request__role=role), HelpSeekerFactory()


def signed_but_one_withdraws() -> tuple[Match, Signature]:
    match = ready()
    return match, match.signatures.get(side=Side.MUNICIPAL)


def certified_and_about_to_lose_it() -> tuple[Match, Certificate]:
    match = ready(request__role=trained_role())
    return match, Certificate.objects.get()


END = {"state": "ended", "end_reason": "done", "ended_well": True, "closed_on": date(2026, 11, 22)}
PAUSE = {
    "state": "paused",
    "paused_from": "active",
    "paused_on": date(2026, 11, 22),
    "pause_side": "helper",
    "pause_reason": "wish",
}


def signed_past_a_seat(world: tuple[Match, Seat]) -> bool:
    seat = Seat.objects.get(pk=world[1].pk)
    running = Match.objects.running().filter(pk=world[0].pk).exists()
    return running and not seat.is_valid_on(date(2026, 11, 18))


RACES = [
    Race(
        "1: one session ends a match while the other pauses it",
        prepare=lambda: match_in(MatchState.ACTIVE),
        first=lambda match: [set_columns(match, **END)],
        second=lambda match: [set_columns(match, **PAUSE)],
        broken=lambda match: Match.objects.get(pk=match.pk).state == MatchState.PAUSED,
        needs=("match_moves_only_along_the_arrows", "match_that_is_over_stays_as_it_was"),
        both_orders=False,
        # The other session's row itself is too new for a repeatable read, guard or no guard.
        lost_in=(READ_COMMITTED,),
    ),
    Race(
        "2: a match is approved while one of its signatures goes",
        prepare=signed_but_one_withdraws,
        first=lambda world: approve(world[0]),
        second=lambda world: [delete_row(world[1])],
        broken=lambda world: Match.objects.running().exists() and world[0].signatures.count() < 2,
        needs=(MEETING, "signature_removal_writes_the_versions"),
    ),
    Race(
        "2: a match is approved while a signer's seat is shortened",
        prepare=lambda: (match := ready(), match.signatures.order_by("id")[0].seat),
        first=lambda world: approve(world[0]),
        second=lambda world: [set_columns(world[1], until_day=date(2026, 11, 1))],
        broken=signed_past_a_seat,
        needs=("match_runs_only_when_signed",),
    ),
    Race(
        "2: a match changes its first day while somebody signs it",
        prepare=lambda: match_in(MatchState.ACCEPTED),
        first=lambda match: [insert_row("matching_signature", **columns_of(signature(match)))],
        second=lambda match: [set_columns(match, starts_on=date(2026, 12, 24))],
        broken=lambda match: (
            Match.objects.get(pk=match.pk).starts_on == date(2026, 12, 24) and match.signatures.exists()
        ),
        needs=(MEETING, "signature_birth_writes_the_versions"),
        both_orders=False,
    ),
    Race(
        "2: two people of one side sign at once",
        prepare=lambda: match_in(MatchState.ACCEPTED),
        first=lambda match: [insert_row("matching_signature", **columns_of(signature(match)))],
        second=lambda match: [insert_row("matching_signature", **columns_of(signature(match)))],
        broken=lambda match: match.signatures.count() > 1,
        needs=(
            "match_is_signed_once_by_a_side",
            "match_is_signed_once_by_a_person",
            "signature_birth_writes_the_versions",
        ),
        both_orders=False,
    ),
    Race(
        "3: a helper of one person is approved for two",
        prepare=two_of_one_helper,
        first=lambda matches: approve(matches[0]),
        second=lambda matches: approve(matches[1]),
        broken=lambda matches: Match.objects.running().count() > 1,
        needs=(MEETING,),
        both_orders=False,
    ),
    Race(
        "3: a further person is approved while the number of people falls",
        prepare=served_and_one_more,
        first=approve,
        second=lambda match: [set_columns(match.helper, max_people=1)],
        broken=lambda match: Match.objects.running().count() > HelperProfile.objects.get().max_people,
        needs=(MEETING,),
    ),
    Race(
        "2: a request goes over to somebody else while its match is signed and approved",
        prepare=accepted_and_somebody_else,
        first=lambda world: [set_columns(world[0].request, help_seeker_id=world[1].pk)],
        second=lambda world: [
            insert_row("matching_signature", **columns_of(signature(world[0]))),
            *approve(world[0]),
        ],
        broken=lambda world: Match.objects.running().filter(request__help_seeker=world[1]).exists(),
        needs=(MEETING, "signature_birth_writes_the_versions", "request_change_writes_the_helpers_versions"),
    ),
    Race(
        "3: a request gets two running matches",
        prepare=two_for_one_request,
        first=lambda matches: approve(matches[0]),
        second=lambda matches: approve(matches[1]),
        broken=lambda matches: Match.objects.running().count() > 1,
        needs=(MEETING, "request_has_one_running_match"),
        both_orders=False,
    ),
    Race(
        "3: a principal ends its pause while its substitute is approved",
        prepare=principal_with_substitute_ready,
        first=lambda matches: [
            set_columns(matches[0], paused_from="", **END | {"end_reason": "helper_stops"})
        ],
        second=lambda matches: approve(matches[1]),
        broken=lambda matches: (
            Match.objects.get(substitutes_for=matches[0]).is_running
            and not Match.objects.get(pk=matches[0].pk).is_running
        ),
        needs=(MEETING,),
    ),
    Race(
        "4: a match is approved while the certificate it needs goes",
        prepare=certified_and_about_to_lose_it,
        first=lambda world: [delete_row(world[1])],
        second=lambda world: approve(world[0]),
        broken=lambda world: Match.objects.running().exists(),
        needs=("certificate_removal_writes_the_helpers_version",),
        both_orders=False,
    ),
    Race(
        "5: a pair is blocked while it is proposed",
        prepare=lambda: unwritten_match(),
        first=lambda match: [insert_row("matching_match", **columns_of(match))],
        second=lambda match: tie_row(match, TieKind.BLOCK),
        broken=open_and_blocked,
        needs=("match_birth_writes_the_versions", "tie_writes_the_helpers_versions"),
    ),
    Race(
        "5: a request goes over to somebody whom the helper blocks",
        prepare=proposed_and_somebody_else,
        first=lambda world: [set_columns(world[0].request, help_seeker_id=world[1].pk)],
        second=lambda world: block_row(world[0].helper.person_id, world[1].person_id),
        broken=lambda world: (
            Tie.objects.exists() and Match.objects.open().filter(request__help_seeker=world[1]).exists()
        ),
        needs=("request_change_writes_the_helpers_versions", "tie_writes_the_helpers_versions"),
    ),
    Race(
        "5: two turn out to be relatives while their § 45b match is approved",
        prepare=lambda: ready(relief_match()),
        first=approve,
        second=lambda match: tie_row(match, TieKind.RELATIVE),
        broken=lambda match: Tie.objects.exists() and Match.objects.running().exists(),
        needs=(MEETING, "tie_writes_the_helpers_versions"),
    ),
    Race(
        "5: the care level goes while a § 45b match is approved",
        prepare=lambda: ready(relief_match()),
        first=approve,
        second=lambda match: [set_columns(match.request.help_seeker, care_level=CareLevel.NONE)],
        broken=lambda match: (
            Match.objects.running().exists() and HelpSeeker.objects.get().care_level == CareLevel.NONE
        ),
        needs=(MEETING,),
    ),
    Race(
        "5: the helper turns out to be a child while a § 45b match is approved",
        prepare=lambda: ready(relief_match()),
        first=approve,
        second=lambda match: [set_columns(match.helper.person, birth_year=2012)],
        broken=lambda match: Match.objects.running().filter(helper__person__birth_year=2012).exists(),
        needs=(MEETING,),
    ),
    Race(
        "6: two more people are approved where the Land allows one more",
        prepare=two_under_relief,
        first=lambda matches: approve(matches[0]),
        second=lambda matches: approve(matches[1]),
        broken=lambda matches: Match.objects.running().count() > 2,
        needs=(MEETING,),
        both_orders=False,
    ),
    Race(
        "8: history is rewritten while it is written",
        prepare=lambda: match_in(MatchState.ACTIVE),
        first=lambda match: [set_columns(match, **PAUSE)],
        second=lambda match: [("DELETE FROM matching_matchhistory", [])],
        broken=lambda match: match.history.count() <= 1,
        needs=("history_is_never_deleted",),
        both_orders=False,
    ),
    Race(
        "11: the same message is posted twice",
        prepare=PersonFactory,
        first=lambda person: [message_to(person)],
        second=lambda person: [message_to(person)],
        broken=lambda person: Message.objects.count() > 1,
        needs=("message_is_sent_once_for_an_occasion",),
        both_orders=False,
    ),
]


def unwritten_match() -> Match:
    match = MatchFactory()
    Match.objects.filter(pk=match.pk).update(state=MatchState.DECLINED, closed_on=date(2026, 11, 20))
    match.pk = None
    return match


def message_to(person: Any) -> Statement:
    message = Message(kind="match_ended", subject_id=1, recipient=person)
    message.created_at = message.due_at = "2026-11-22T00:00:00Z"
    return insert_row("notifications_message", **columns_of(message))


ids = [one.sentence for one in RACES]


@pytest.mark.parametrize("isolation", [READ_COMMITTED, REPEATABLE_READ])
@pytest.mark.parametrize(
    ("one", "turned"),
    [(one, turned) for one in RACES for turned in ([False, True] if one.both_orders else [False])],
    ids=lambda value: value.sentence if isinstance(value, Race) else ("and back" if value else "there"),
)
def test_two_sessions_cannot_break_it(one: Race, turned: bool, isolation: str) -> None:
    world = one.prepare()
    first, second = one.first(world), one.second(world)
    race(*((second, first) if turned else (first, second)), isolation=isolation)
    assert not one.broken(world)


@pytest.mark.parametrize(
    ("one", "isolation"),
    [(one, isolation) for one in RACES for isolation in one.lost_in],
    ids=lambda value: value.sentence if isinstance(value, Race) else value,
)
def test_without_their_meeting_place_they_break_it(one: Race, isolation: str) -> None:
    world = one.prepare()
    with without(*one.needs, *OFFERS):
        race(one.first(world), one.second(world), isolation=isolation)
        assert one.broken(world)

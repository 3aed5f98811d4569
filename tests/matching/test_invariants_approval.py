"""Invariant 2, attacked: the two yeses, the two signatures, and the seats they are given on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError

from helfer.core.days import berlin_day
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Signature
from helfer.people.models import Channel, Consent, ConsentKind, Seat, Side, TieKind
from tests.factories.catalogue import RoleFactory
from tests.factories.matching import SIGNED_AT, seat_of
from tests.factories.people import (
    RepresentativeFactory,
    SeatFactory,
    tie,
)
from tests.matching.attacks import (
    APPROVED,
    WAYS,
    Attack,
    approves,
    columns_of,
    insert_row,
    is_refused,
    succeeds_without_its_guard,
    updates,
    without,
)
from tests.matching.situations import (
    MatchFactory,
    accepted,
    match_in,
    ready,
    sign,
    trained_role,
)

pytestmark = pytest.mark.django_db
APPROVED_ON = APPROVED["approved_on"]


def signs(
    sentence: str, prepare: Any, refused_by: str = "signature_is_given_once_both_sides_agreed"
) -> Attack:
    """A signature that should not have been possible; the situation gives it unwritten."""
    return Attack(
        sentence,
        prepare=prepare,
        update=lambda signature: len(Signature.objects.bulk_create([signature])),
        sql=lambda signature: insert_row("matching_signature", **columns_of(signature)),
        refused_by=(refused_by,),
    )


def signature(match: Match, side: Side = Side.MUNICIPAL, **fields: Any) -> Signature:
    seat = fields.pop("seat", None) or seat_of(match, side)
    values = {"seat": seat, "side": side, "user": seat.user, "signed_at": SIGNED_AT}
    return Signature(match=match, **values | {"signed_on": berlin_day(SIGNED_AT)} | fields)


# Situations


def signed_by_one() -> Match:
    match = accepted()
    sign(match, Side.MUNICIPAL)
    return match


def signed_twice_by_the_city() -> Match:
    match = accepted()
    sign(match, Side.MUNICIPAL)
    with without("match_is_signed_once_by_a_side"):
        sign(match, Side.MUNICIPAL, seat=SeatFactory(office=match.office, side=Side.MUNICIPAL))
    return match


def signed_by_seat_that_ended() -> Match:
    match = ready()
    seat = match.signatures.order_by("id")[0].seat
    Seat.objects.filter(pk=seat.pk).update(until_day=date(2026, 11, 1))
    return match


def with_consents(**changes: Any) -> Any:
    """Ready to be approved, but for one thing about a consent that changed since."""

    def prepare() -> Match:
        match = accepted()
        side = changes.get("side", "helper_consent")
        Consent.objects.filter(pk=getattr(match, side).pk).update(
            **{
                name: value() if callable(value) else value
                for name, value in changes.items()
                if name != "side"
            }
        )
        return ready(match)

    return prepare


def consented_by_representative(**fields: Any) -> Any:
    def prepare() -> Match:
        match = accepted()
        representative = RepresentativeFactory(help_seeker=match.request.help_seeker, **fields)
        Consent.objects.filter(pk=match.seeker_consent_id).update(representative=representative)
        return ready(match)

    return prepare


def consented_by_the_helpers_household() -> Match:
    match = accepted()
    representative = RepresentativeFactory(help_seeker=match.request.help_seeker, authorised=True)
    tie(representative.person, match.helper.person, TieKind.HOUSEHOLD)
    Consent.objects.filter(pk=match.seeker_consent_id).update(representative=representative)
    return ready(match)


def signer_is(kind: TieKind, of: str) -> Any:
    def prepare() -> Signature:
        match = accepted()
        person = match.helper.person if of == "helper" else match.request.help_seeker.person
        mine = signature(match)
        tie(mine.user.person, person, kind)
        return mine

    return prepare


def signer_represents() -> Signature:
    match = accepted()
    mine = signature(match)
    RepresentativeFactory(help_seeker=match.request.help_seeker, person=mine.user.person)
    return mine


SIGNED = "match_runs_only_when_signed"
YES = "match_counts_only_the_yes_of_its_own_people"
STAYS = "consent_stays_as_it_was_given"

ATTACKS = [
    # Signatures
    approves("nobody has signed", accepted, SIGNED),
    approves("one side has signed, two are demanded", signed_by_one, SIGNED),
    approves("one side has signed twice", signed_twice_by_the_city, SIGNED),
    approves("a signer's seat ended before", signed_by_seat_that_ended, SIGNED),
    updates(
        "the approval is dated before the signatures",
        ready,
        SIGNED,
        ("match_counts_only_the_yes_of_its_own_people",),
        state="approved",
        approved_on=date(2026, 11, 17),
    ),
    signs("somebody signs a proposal", lambda: signature(MatchFactory())),
    signs("somebody signs from another office", lambda: signature(accepted(), seat=SeatFactory())),
    signs(
        "somebody signs for the other side",
        lambda: signature(match := accepted(), Side.ASSOCIATION, seat=seat_of(match, Side.MUNICIPAL)),
    ),
    signs("somebody signs on another one's seat", lambda: signature(accepted(), user=SeatFactory().user)),
    signs(
        "somebody signs on another day than it was",
        lambda: signature(accepted(), signed_on=date(2026, 11, 19)),
    ),
    signs("a helper's relative signs", signer_is(TieKind.RELATIVE, "helper")),
    signs("somebody of the help seeker's household signs", signer_is(TieKind.HOUSEHOLD, "seeker")),
    signs("the help seeker's representative signs", signer_represents),
    Attack(
        "the same person signs for both sides",
        prepare=lambda: [
            match := accepted(),
            sign(match, Side.MUNICIPAL).seat,
        ],
        update=lambda world: len(
            Signature.objects.bulk_create(
                [signature(world[0], Side.ASSOCIATION, seat=world[1], user=world[1].user)]
            )
        ),
        sql=lambda world: insert_row(
            "matching_signature",
            **columns_of(signature(world[0], Side.ASSOCIATION, seat=world[1], user=world[1].user)),
        ),
        refused_by=("match_is_signed_once_by_a_person",),
        held_also_by=("signature_is_given_once_both_sides_agreed",),
    ),
    updates(
        "a signature becomes somebody else's",
        lambda: match_in(MatchState.ACTIVE).signatures.first(),
        "signature_is_never_changed",
        signed_on=date(2026, 11, 1),
    ),
    Attack(
        "a signature is deleted after the approval",
        prepare=lambda: match_in(MatchState.APPROVED).signatures.first(),
        update=lambda mine: Signature.objects.filter(pk=mine.pk)._raw_delete("default"),
        sql=lambda mine: ("DELETE FROM matching_signature WHERE id = %s", [mine.pk]),
        refused_by=("signature_stays_once_its_match_is_approved",),
    ),
    # Seats
    updates(
        "a seat's period shrinks past a signature",
        lambda: match_in(MatchState.ACTIVE).signatures.first().seat,
        "seat_keeps_covering_what_was_signed_on_it",
        until_day=date(2026, 11, 1),
    ),
    updates(
        "a seat begins after a signature that was given on it",
        lambda: match_in(MatchState.ENDED).signatures.first().seat,
        "seat_keeps_covering_what_was_signed_on_it",
        from_day=date(2026, 11, 30),
    ),
    updates(
        "a seat changes sides after a signature",
        lambda: match_in(MatchState.ACTIVE).signatures.get(side=Side.MUNICIPAL).seat,
        "seat_keeps_covering_what_was_signed_on_it",
        side=Side.ASSOCIATION,
    ),
    # Consents
    approves(
        "the helper took the yes back", with_consents(withdrawn_at=datetime(2026, 11, 18, 8, tzinfo=UTC)), YES
    ),
    approves(
        "the helper's yes is somebody else's", with_consents(person=lambda: SeatFactory().user.person), YES
    ),
    approves("the yes was to something else", with_consents(kind=ConsentKind.PUBLIC_LISTING), YES),
    approves(
        "the seeker's yes is somebody else's",
        with_consents(side="seeker_consent", person=lambda: SeatFactory().user.person),
        YES,
    ),
    approves(
        "the yes came after the approval", with_consents(given_at=datetime(2026, 11, 20, tzinfo=UTC)), YES
    ),
    approves("a daughter without a paper consented", consented_by_representative(), YES),
    approves(
        "somebody authorised for money only consented",
        consented_by_representative(authorised=True, area="finances"),
        YES,
    ),
    approves(
        "somebody whose authority had ended consented",
        consented_by_representative(authorised=True, until_day=date(2026, 11, 1)),
        YES,
    ),
    approves(
        "somebody of the helper's household consented for the seeker", consented_by_the_helpers_household, YES
    ),
    updates(
        "a match is accepted with one yes",
        lambda: MatchFactory(),
        "match_is_accepted_only_with_both_consents",
        (YES,),
        state="accepted",
    ),
    updates(
        "a yes on which a match rests was given otherwise",
        lambda: match_in(MatchState.ACTIVE).helper_consent,
        STAYS,
        channel=Channel.PAPER,
    ),
    updates(
        "a yes that was taken back counts again",
        lambda: withdrawn_consent(),
        STAYS,
        withdrawn_at=None,
    ),
    updates(
        "a yes is taken back while its match is signed",
        lambda: ready().seeker_consent,
        STAYS,
        withdrawn_at=datetime(2026, 11, 19, tzinfo=UTC),
    ),
    updates(
        "a match whose yes was taken back runs on",
        lambda: Match.objects.get(helper_consent=withdrawn_consent()),
        "match_goes_on_only_while_both_agree",
        state="active",
        active_on=date(2026, 11, 22),
    ),
]


def withdrawn_consent() -> Consent:
    """Taken back while the match runs."""
    consent: Consent = match_in(MatchState.TRIAL).helper_consent
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=datetime(2026, 11, 21, tzinfo=UTC))
    return consent


ids = [attack.sentence for attack in ATTACKS]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_the_database_refuses(attack: Attack, way: str) -> None:
    is_refused(attack, way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("attack", ATTACKS, ids=ids)
def test_without_its_guard_the_attack_succeeds(attack: Attack, way: str) -> None:
    succeeds_without_its_guard(attack, way)


def test_a_match_that_keeps_all_the_rules_is_approved() -> None:
    match = ready(request__role=trained_role())
    Match.objects.filter(pk=match.pk).update(**APPROVED)
    assert Match.objects.running().count() == 1


def test_one_signature_is_enough_where_the_role_asks_for_one() -> None:
    match = ready(request__role=RoleFactory(one_signature=True))
    assert match.signatures.count() == 1
    Match.objects.filter(pk=match.pk).update(**APPROVED)


def test_an_authorised_representative_may_consent() -> None:
    match = consented_by_representative(authorised=True)()
    Match.objects.filter(pk=match.pk).update(**APPROVED)


def test_paper_that_follows_a_spoken_yes_may_be_noted_once() -> None:
    consent = match_in(MatchState.ACTIVE).helper_consent
    Consent.objects.filter(pk=consent.pk).update(paper_seen_on=date(2026, 11, 20))
    with pytest.raises(IntegrityError):
        Consent.objects.filter(pk=consent.pk).update(paper_seen_on=date(2026, 11, 21))

"""Two sessions that change different sources of the same offers, in both isolation levels.

Under READ COMMITTED the second waits and sees the first one's work; under REPEATABLE READ it fails (40001).
Without the version that both write, each computes in its own picture, and the table is wrong for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from django.db import connection

from helfer.catalogue.models import Role, Training
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Offer
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import PersonFactory, UserFactory
from tests.matching.attacks import (
    APPROVED,
    READ_COMMITTED,
    REPEATABLE_READ,
    Statement,
    another_session,
    columns_of,
    delete_row,
    insert_row,
    race,
    set_columns,
)
from tests.matching.offers import drift
from tests.matching.situations import MatchFactory, ready

pytestmark = pytest.mark.django_db(transaction=True)

SERIALIZATION_FAILURE = "40001"


@dataclass
class World:
    """A helper whose role requires two trainings, none of which they hold; a match that is about to run."""

    helper: HelperProfile
    role: Role
    one: Training
    two: Training
    proof: Certificate
    match: Match


@pytest.fixture
def world() -> World:
    one, two = TrainingFactory(slug="erste-hilfe"), TrainingFactory(slug="grundkurs")
    role = RoleFactory(required_trainings=[one, two])
    helper = HelperProfileFactory(active=True, roles=[role], max_people=3)
    # Of something that the role does not require yet.
    proof = Certificate(
        helper=helper,
        training=TrainingFactory(slug="anderes"),
        issued_on=date(2026, 6, 1),
        verified_at="2026-06-01T08:00Z",
        verified_by=UserFactory(tandem=True),
    )
    proof.save()
    match = ready(MatchFactory(helper=helper, office=helper.office, request__role=RoleFactory()))
    assert match.state == MatchState.ACCEPTED
    return World(helper, role, one, two, proof, match)


def certified(world: World, training: Training) -> list[Statement]:
    proof = Certificate(
        helper=world.helper,
        training=training,
        issued_on=date(2026, 7, 1),
        verified_at="2026-07-01T08:00Z",
        verified_by=world.proof.verified_by,
    )
    return [insert_row("helpers_certificate", **columns_of(proof))]


def pauses(world: World) -> list[Statement]:
    return [
        insert_row(
            "helpers_pause",
            helper_id=world.helper.pk,
            from_day=date(2026, 12, 1),
            until_day=date(2026, 12, 24),
            reason="",
        )
    ]


def moves(world: World) -> list[Statement]:
    return [
        (
            "UPDATE people_person SET home = ST_MakePoint(7.5, 51.5)::geography, gender = 'w' WHERE id = %s",
            [world.helper.person_id],
        )
    ]


def takes_on(world: World) -> list[Statement]:
    role = Role.objects.get(pk=world.match.role_id)
    return [insert_row("helpers_helperprofile_roles", helperprofile_id=world.helper.pk, role_id=role.pk)]


def accepts(world: World) -> list[Statement]:
    model = CompensationModelFactory(relief=True)
    return [
        insert_row(
            "helpers_helperprofile_compensation_models",
            helperprofile_id=world.helper.pk,
            compensationmodel_id=model.pk,
        )
    ]


def reaches_farther(world: World) -> list[Statement]:
    return [set_columns(world.helper, radius_m=9000)]


def leaves(world: World) -> list[Statement]:
    return [set_columns(world.helper, state="left")]


def is_approved(world: World) -> list[Statement]:
    return [set_columns(world.match, **APPROVED)]


def loses_a_proof(world: World) -> list[Statement]:
    return [delete_row(world.proof)]


Change = Callable[[World], list[Statement]]

PAIRS: dict[str, tuple[Change, Change]] = {
    "a pause and a proof": (pauses, lambda world: certified(world, world.one)),
    "two proofs, of which each alone is not enough": (
        lambda world: certified(world, world.one),
        lambda world: certified(world, world.two),
    ),
    "a move and a wider radius": (moves, reaches_farther),
    "a new role and a move": (takes_on, moves),
    "an approval and a new role": (is_approved, takes_on),
    "a pause and an approval": (pauses, is_approved),
    "a financial model and a proof that goes": (accepts, loses_a_proof),
    "a new role and leaving": (takes_on, leaves),
    "a new role and a pause": (takes_on, pauses),
    "a new role and a financial model": (takes_on, accepts),
}
BOTH_WAYS = [(sentence, turned) for sentence in PAIRS for turned in (False, True)]


def run(world: World, sentence: str, *, turned: bool, isolation: str) -> list[psycopg.Error | None]:
    one, other = (change(world) for change in PAIRS[sentence])
    return list(race(*((other, one) if turned else (one, other)), isolation=isolation))


@pytest.mark.parametrize(("sentence", "turned"), BOTH_WAYS)
def test_the_second_sees_the_first(world: World, sentence: str, turned: bool) -> None:
    assert run(world, sentence, turned=turned, isolation=READ_COMMITTED) == [None, None]
    assert not drift()


@pytest.mark.parametrize(("sentence", "turned"), BOTH_WAYS)
def test_under_repeatable_read_the_second_fails(world: World, sentence: str, turned: bool) -> None:
    first, second = run(world, sentence, turned=turned, isolation=REPEATABLE_READ)
    assert first is None
    assert second is not None
    assert second.sqlstate == SERIALIZATION_FAILURE
    assert not drift()


@contextmanager
def without_versions() -> Iterator[None]:
    """As if looking and computing were enough."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('helfer_write_offer_versions(smallint, bigint[])'::regprocedure)"
        )
        (definition,) = cursor.fetchone()
        cursor.execute(
            "CREATE OR REPLACE FUNCTION helfer_write_offer_versions(about smallint, refs bigint[])"
            " RETURNS void LANGUAGE sql AS ''"
        )
        try:
            yield
        finally:
            cursor.execute(definition)


@pytest.mark.parametrize(
    ("sentence", "isolation"),
    [
        ("two proofs, of which each alone is not enough", READ_COMMITTED),
        ("two proofs, of which each alone is not enough", REPEATABLE_READ),
        ("a move and a wider radius", READ_COMMITTED),
        ("a new role and a move", READ_COMMITTED),
        ("a new role and a move", REPEATABLE_READ),
    ],
)
def test_without_the_version_the_table_drifts(world: World, sentence: str, isolation: str) -> None:
    with without_versions():
        assert run(world, sentence, turned=False, isolation=isolation) == [None, None]
    assert drift()


# A profile that the other session cannot see


def joins(person_id: int, role: Role) -> list[Statement]:
    helper = HelperProfileFactory.build(person=None, office=None, active=True, number="")
    helper.person_id = person_id
    return [
        insert_row("helpers_helperprofile", **columns_of(helper, created_at="2026-11-22T08:00Z")),
        (
            "INSERT INTO helpers_helperprofile_roles (helperprofile_id, role_id)"
            " SELECT id, %s FROM helpers_helperprofile WHERE person_id = %s",
            [role.pk, person_id],
        ),
    ]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("isolation", [READ_COMMITTED, REPEATABLE_READ])
def test_a_person_changes_while_their_profile_is_entered(isolation: str, turned: bool) -> None:
    person, role = PersonFactory(gender=""), RoleFactory()
    one = [set_columns(person, gender="w")]
    other = joins(person.pk, role)
    refused = race(*((other, one) if turned else (one, other)), isolation=isolation)
    assert not drift()
    assert [error.sqlstate for error in refused if error] == (
        [] if isolation == READ_COMMITTED else [SERIALIZATION_FAILURE]
    )
    assert isolation == REPEATABLE_READ or Offer.objects.get().gender == "w"


# The catalogue


def requires_more(world: World) -> list[Statement]:
    return [
        insert_row(
            "catalogue_role_required_trainings", role_id=world.role.pk, training_id=world.proof.training_id
        )
    ]


def gives_grace(world: World) -> list[Statement]:
    return [set_columns(world.two, grace_days=30)]


def newcomer(world: World) -> list[Statement]:
    return joins(PersonFactory().pk, world.role)


CATALOGUE: dict[str, tuple[Change, Change]] = {
    "a role requires more while somebody takes it on": (requires_more, newcomer),
    "a role requires more while somebody is certified": (
        requires_more,
        lambda world: certified(world, world.one),
    ),
    "a training gives grace while somebody is certified": (
        gives_grace,
        lambda world: certified(world, world.two),
    ),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("sentence", CATALOGUE)
def test_a_change_of_the_catalogue_meets_everybody(world: World, sentence: str, turned: bool) -> None:
    one, other = (change(world) for change in CATALOGUE[sentence])
    refused = race(*((other, one) if turned else (one, other)), isolation=READ_COMMITTED)
    assert list(refused) == [None, None]
    assert not drift()


@pytest.mark.parametrize("sentence", CATALOGUE)
def test_under_repeatable_read_the_catalogue_stays(world: World, sentence: str) -> None:
    """It could not see who is being entered at this moment; whoever retries would fail for ever."""
    one, other = (change(world) for change in CATALOGUE[sentence])
    first, second = race(one, other, isolation=REPEATABLE_READ)
    assert first is not None
    assert first.diag.constraint_name is not None
    assert first.diag.constraint_name.startswith("offers_follow_")
    assert second is None
    assert not drift()


def test_who_looked_before_the_catalogue_changed_fails_under_repeatable_read(world: World) -> None:
    with connection.cursor() as cursor, another_session(REPEATABLE_READ) as session:
        cursor.execute(*requires_more(world)[0])
        with pytest.raises(psycopg.errors.SerializationFailure):
            session.execute(*certified(world, world.one)[0])
    assert not drift()

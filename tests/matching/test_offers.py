"""The table that the search reads follows whatever it rests on, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from helfer.catalogue.models import Role
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match, Offer, OfferVersion
from helfer.people.models import HelpSeeker
from tests.factories.catalogue import CompensationModelFactory, RoleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.people import HelpSeekerFactory, PersonFactory, UserFactory, point_near
from tests.matching.attacks import without
from tests.matching.offers import days, drift, expected_offers, found_offers, of
from tests.matching.situations import another_for, match_in, relief_match

pytestmark = pytest.mark.django_db

AUTUMN = date(2026, 9, 1)
WINTER = date(2026, 12, 1)


@pytest.fixture
def role() -> Role:
    """A role that requires two trainings."""
    trainings = [TrainingFactory(slug="erste-hilfe"), TrainingFactory(slug="grundkurs")]
    role: Role = RoleFactory(required_trainings=trainings)
    return role


@pytest.fixture
def helper(role: Role) -> HelperProfile:
    """Offers the role, holds nothing."""
    helper: HelperProfile = HelperProfileFactory(active=True, roles=[role])
    return helper


def test_an_active_helper_has_an_offer_for_each_role(role: Role) -> None:
    other = RoleFactory()
    helper = HelperProfileFactory(
        active=True, roles=[role, other], times=["mo-vm", "so-ab"], languages=["tr", "de"], max_people=3
    )
    assert {offer.role_id for offer in Offer.objects.filter(helper=helper)} == {role.pk, other.pk}
    offer = of(helper, other)
    assert offer.times == 1 | 1 << 20
    assert offer.languages == ["tr", "de"]
    assert (offer.serves, offer.relief_serves, offer.last_proposed_on) == (0, 0, None)
    assert offer.home.coords == helper.person.home.coords
    assert days(offer.qualified) == [(None, None)]
    assert days(offer.away) == []
    assert days(of(helper, role).qualified) == []
    assert found_offers() == expected_offers()


@pytest.mark.parametrize("state", [HelperState.REGISTERED, HelperState.LEFT])
def test_whoever_is_not_active_has_none(role: Role, state: HelperState) -> None:
    helper = HelperProfileFactory(active=True, roles=[role])
    HelperProfile.objects.filter(pk=helper.pk).update(state=HelperState.LEFT)
    HelperProfile.objects.filter(pk=helper.pk).update(state=state)
    assert not Offer.objects.exists()


def test_whoever_comes_back_has_them_again(helper: HelperProfile) -> None:
    for state in (
        HelperState.LEFT,
        HelperState.REGISTERED,
        HelperState.INTERVIEWED,
        HelperState.ACTIVE,
    ):
        HelperProfile.objects.filter(pk=helper.pk).update(state=state)
    assert Offer.objects.filter(helper=helper).count() == 1


def test_the_dead_and_the_merged_have_none_until_that_is_undone(helper: HelperProfile) -> None:
    person = type(helper.person).objects.filter(pk=helper.person_id)
    for fields, undone in (
        ({"died_on": AUTUMN}, {"died_on": None}),
        ({"merged_into": PersonFactory()}, {"merged_into": None}),
    ):
        person.update(**fields)
        assert not Offer.objects.exists()
        person.update(**undone)
        assert Offer.objects.count() == 1


def test_somebody_without_a_home_has_an_offer_without_a_place(role: Role) -> None:
    helper = HelperProfileFactory(active=True, roles=[role], person__homeless=True)
    assert (of(helper).home, of(helper).reach) == (None, None)


# Proofs


def test_days_count_only_while_every_required_training_does(helper: HelperProfile, role: Role) -> None:
    first, second = role.required_trainings.order_by("slug")
    CertificateFactory(helper=helper, training=first, issued_on=date(2026, 1, 1), valid_until=WINTER)
    assert days(of(helper).qualified) == []
    CertificateFactory(helper=helper, training=second, issued_on=AUTUMN, valid_until=None)
    assert days(of(helper).qualified) == [(AUTUMN, date(2026, 12, 2))]


def test_a_later_proof_fills_the_gap_or_leaves_one(helper: HelperProfile, role: Role) -> None:
    role.required_trainings.set([training := TrainingFactory(slug="erste-hilfe")])
    for issued_on, valid_until in (
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 15), date(2026, 6, 30)),
        (date(2026, 8, 1), None),
    ):
        CertificateFactory(helper=helper, training=training, issued_on=issued_on, valid_until=valid_until)
    assert days(of(helper).qualified) == [(date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 8, 1), None)]


def test_only_what_staff_verified_counts(helper: HelperProfile, role: Role) -> None:
    role.required_trainings.set([training := TrainingFactory(slug="erste-hilfe")])
    proof = CertificateFactory(helper=helper, training=training, unverified=True)
    assert days(of(helper).qualified) == []
    Certificate.objects.filter(pk=proof.pk).update(
        verified_at="2026-06-02T08:00Z", verified_by=UserFactory(tandem=True)
    )
    assert days(of(helper).qualified) == [(date(2026, 6, 1), None)]


def test_what_includes_a_training_counts_for_it_with_its_own_days_of_grace(helper: HelperProfile) -> None:
    needed, middle = TrainingFactory(grace_days=90), TrainingFactory()
    course = TrainingFactory(grace_days=10)
    role = RoleFactory(required_trainings=[needed])
    helper.roles.set([role])
    CertificateFactory(helper=helper, training=course, issued_on=AUTUMN, valid_until=WINTER)
    assert days(of(helper).qualified) == []
    course.includes.add(middle)
    middle.includes.add(needed)
    assert days(of(helper).qualified) == [(AUTUMN, date(2026, 12, 12))]
    type(course).objects.filter(pk=course.pk).update(grace_days=20)
    assert days(of(helper).qualified) == [(AUTUMN, date(2026, 12, 22))]
    needed.includes.add(course)
    assert days(of(helper).qualified) == [(AUTUMN, date(2026, 12, 22))]
    course.includes.clear()
    assert days(of(helper).qualified) == []
    assert not drift()


def test_what_the_role_requires_reaches_everybody_who_offers_it(role: Role) -> None:
    helpers = [HelperProfileFactory(active=True, roles=[role], certified=True) for _ in range(60)]
    role.required_trainings.add(TrainingFactory())
    assert {tuple(days(offer.qualified)) for offer in Offer.objects.all()} == {()}
    role.required_trainings.clear()
    assert {tuple(days(offer.qualified)) for offer in Offer.objects.all()} == {((None, None),)}
    assert Offer.objects.count() == len(helpers)


# Pauses, matches


def test_pauses_are_days_away(helper: HelperProfile) -> None:
    PauseFactory(helper=helper, from_day=AUTUMN, until_day=date(2026, 9, 8))
    PauseFactory(helper=helper, from_day=WINTER, until_day=None)
    assert days(of(helper).away) == [(AUTUMN, date(2026, 9, 8)), (WINTER, None)]
    Pause.objects.filter(until_day=None).update(until_day=date(2027, 1, 4))
    assert days(of(helper).away) == [(AUTUMN, date(2026, 9, 8)), (WINTER, date(2027, 1, 4))]
    Pause.objects.all().delete()
    assert days(of(helper).away) == []


def test_only_running_matches_fill_a_helper() -> None:
    match = match_in(MatchState.PROPOSED, helper__max_people=3, helper__active=True)
    match.helper.roles.set([match.role])
    assert (of(match.helper).serves, of(match.helper).last_proposed_on) == (0, date(2026, 11, 16))
    match_in(MatchState.ACTIVE, helper=match.helper, office=match.office)
    assert of(match.helper).serves == 1
    assert found_offers() == expected_offers()


def test_a_request_that_goes_over_to_somebody_else_is_counted_for_them() -> None:
    one = match_in(MatchState.ACTIVE, helper__max_people=3, helper__active=True)
    one.helper.roles.set([one.role])
    other = another_for(one, to=MatchState.ACTIVE)
    assert of(one.helper).serves == 2
    # Without the guard that refuses it: the table follows what is written, lawful or not.
    with without("request_change_leaves_matches_allowed"):
        type(other.request).objects.filter(pk=other.request_id).update(help_seeker=one.request.help_seeker)
        assert of(one.helper).serves == 1


def test_people_served_under_relief_are_counted_apart() -> None:
    match = relief_match(to=MatchState.ACTIVE, helper__active=True)
    match.helper.roles.set([match.role])
    assert (of(match.helper).serves, of(match.helper).relief_serves) == (1, 1)


# What touches nothing


def writes() -> int:
    """How often offers were looked after."""
    return sum(OfferVersion.objects.values_list("version", flat=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda helper: HelperProfile.objects.update(remark="ruft gern an", version=7),
        lambda helper: type(helper.person).objects.update(phone="+4923112345", town="Essen"),
        lambda helper: Pause.objects.update(reason="Kur"),
        lambda helper: Certificate.objects.update(delete_by=WINTER),
        lambda helper: Match.objects.update(closing_note="", first_contact_note="nett"),
        lambda helper: HelpSeeker.objects.update(remark="wohnt im Hinterhaus"),
        lambda helper: helper.save(),
        lambda helper: Role.objects.update(name="Anders"),
    ],
)
def test_what_an_offer_does_not_hold_costs_nothing(
    helper: HelperProfile, change: Callable[[Any], Any]
) -> None:
    PauseFactory(helper=helper)
    CertificateFactory(helper=helper)
    match_in(MatchState.PROPOSED, helper=helper, office=helper.office)
    helper.refresh_from_db()
    before = writes()
    change(helper)
    assert writes() == before


def test_rows_that_are_as_they_ought_to_be_are_not_written_again(helper: HelperProfile) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid, xmin FROM matching_offer")
        before = cursor.fetchall()
        cursor.execute("SELECT helfer_refresh_offers(%s::bigint[])", [[helper.pk]])
        cursor.execute("SELECT ctid, xmin FROM matching_offer")
        assert cursor.fetchall() == before


# Tables emptied in one go, rows written in an odd order


@pytest.mark.parametrize(
    "table",
    [
        "helpers_helperprofile_roles",
        "helpers_helperprofile_compensation_models",
        "helpers_pause",
        "helpers_certificate",
        "catalogue_role_required_trainings",
        "catalogue_training_includes",
    ],
)
def test_an_emptied_source_is_followed(helper: HelperProfile, role: Role, table: str) -> None:
    PauseFactory(helper=helper)
    including = TrainingFactory(includes=list(role.required_trainings.all()))
    CertificateFactory(helper=helper, training=including)
    assert days(of(helper).qualified) != []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert not drift()
    assert found_offers() == expected_offers()


def test_a_profile_written_before_its_person_is_followed(helper: HelperProfile) -> None:
    person = PersonFactory()
    one, both = [person.pk], [person.pk, helper.pk]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM people_person WHERE id = %s", one)
        cursor.execute("DELETE FROM people_person WHERE id = %s", one)
        cursor.execute("UPDATE helpers_helperprofile SET person_id = %s WHERE id = %s", both)
        assert not Offer.objects.exists()
        cursor.execute("INSERT INTO people_person SELECT * FROM kept")
    assert of(helper).person_id == person.pk


# Checking and repairing


def spoil() -> None:
    """As nobody should: by hand."""
    first, second, *_ = Offer.objects.order_by("id")
    Offer.objects.filter(pk=first.pk).update(serves=5)
    Offer.objects.filter(pk=second.pk).delete()
    Offer.objects.create(
        **{
            field.attname: getattr(first, field.attname)
            for field in Offer._meta.concrete_fields
            if field.attname not in ("id", "role_id")
        },
        role_id=RoleFactory().pk,
    )


def test_what_was_changed_by_hand_is_found_and_repaired(role: Role) -> None:
    helpers = [HelperProfileFactory(active=True, roles=[role]) for _ in range(3)]
    spoil()
    assert sorted(each.kind for each in drift()) == ["missing", "other", "surplus"]
    said = StringIO()
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_offers", stderr=said)
    assert "1 Angebote fehlen, 1 sind zu viel, 1 stimmen nicht." in said.getvalue()
    assert f"Helferprofile: {helpers[0].pk}, {helpers[1].pk}" in said.getvalue()
    call_command("check_offers", "--repair", stdout=StringIO(), stderr=StringIO())
    assert not drift()
    out = StringIO()
    call_command("check_offers", stdout=out)
    assert out.getvalue() == "3 Angebote, alle stimmen.\n"


def test_one_moved_by_a_hair_is_found(helper: HelperProfile) -> None:
    home = of(helper).home
    Offer.objects.update(home=Point(home.x + 1e-12, home.y, srid=4326))
    assert [each.kind for each in drift()] == ["other"]


# Very many rows


def test_offers_kept_back_are_there_when_the_block_ends(role: Role, helper: HelperProfile) -> None:
    with actions.offers_kept_back():
        PauseFactory(helper=helper)
        other = HelperProfileFactory(active=True, roles=[role])
        role.required_trainings.clear()
        assert not Offer.objects.filter(helper=other).exists()
    assert Offer.objects.filter(helper=other).exists()
    assert found_offers() == expected_offers()
    PauseFactory(helper=other)
    assert not drift()


@pytest.mark.django_db(transaction=True)
def test_offers_held_back_by_hand_are_kept_in_the_end(helper: HelperProfile) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT helfer_hold_offers_back()")
        PauseFactory(helper=helper)
        assert drift()
    assert not drift()


def test_a_new_model_of_a_helper_is_there_at_once(helper: HelperProfile) -> None:
    relief = CompensationModelFactory(relief=True)
    helper.compensation_models.add(relief)
    assert relief.pk in of(helper).models


def test_whoever_moves_takes_the_offers_along(helper: HelperProfile) -> None:
    before = of(helper).reach
    type(helper.person).objects.filter(pk=helper.person_id).update(home=point_near(east_m=9000))
    offer = of(helper)
    assert offer.home.coords == point_near(east_m=9000).coords
    assert offer.reach != before
    assert HelpSeekerFactory().pk  # somebody else, whom this does not concern
    assert not drift()


def test_whoever_is_called_otherwise_is_shown_so(helper: HelperProfile) -> None:
    HelperProfile.objects.update(number="H-77")
    type(helper.person).objects.filter(pk=helper.person_id).update(given_name="Zoë", family_name="Kovać")
    assert (of(helper).number, of(helper).given_name, of(helper).family_name) == ("H-77", "Zoë", "Kovać")


def test_a_further_role_holds_what_the_others_hold_and_its_own_proofs(
    helper: HelperProfile, role: Role
) -> None:
    first_aid, *same = TrainingFactory(slug="weiteres"), *role.required_trainings.all()
    for training in (first_aid, *same):
        CertificateFactory(helper=helper, training=training, valid_until=WINTER)
    PauseFactory(helper=helper)
    helper.compensation_models.add(CompensationModelFactory(relief=True))
    required = ([first_aid], [], same, [*same, TrainingFactory()])
    helper.roles.add(*(RoleFactory(required_trainings=trainings) for trainings in required))
    assert len({str(offer.qualified) for offer in Offer.objects.all()}) == 3
    assert found_offers() == expected_offers()
    assert not drift()


def test_a_role_and_all_else_that_one_statement_changes_are_followed(helper: HelperProfile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH a AS (UPDATE helpers_helperprofile SET radius_m = 9000 WHERE id = %(helper)s),
            b AS (UPDATE people_person SET gender = 'd' WHERE id = %(person)s),
            c AS (
                INSERT INTO helpers_pause (helper_id, from_day, until_day, reason)
                VALUES (%(helper)s, '2026-12-01', '2026-12-24', '')
            )
            INSERT INTO helpers_helperprofile_roles (helperprofile_id, role_id) VALUES (%(helper)s, %(role)s)
            """,
            {"helper": helper.pk, "person": helper.person_id, "role": RoleFactory().pk},
        )
    assert {(offer.radius_m, offer.gender, len(offer.away)) for offer in Offer.objects.all()} == {
        (9000, "d", 1)
    }
    assert not drift()

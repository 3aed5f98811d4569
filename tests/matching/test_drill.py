"""The resilience drill: who would be left without help, and that playing it through changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import Frequency, HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.drill import Drill, Fate, Outage, drill, only_looking
from helfer.matching.drill.shown import shown_to
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, Office, TieKind
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory, step
from tests.factories.people import OfficeFactory, PersonFactory, point_near, tie
from tests.factories.places import QuarterFactory, point_in

ON = date(2026, 11, 30)


@dataclass
class Neighbourhood:
    """An office, one role, and whoever a test puts there."""

    office: Office
    role: Role
    unpaid: CompensationModel

    def helper(self, **fields: Any) -> HelperProfile:
        """An active neighbour who offers the role."""
        return HelperProfileFactory(
            **{"active": True, "office": self.office, "roles": [self.role], "max_people": 9} | fields
        )

    def request(self, **fields: Any) -> HelpRequest:
        """An open request for the role."""
        seeker = {"help_seeker__office": self.office} if "help_seeker" not in fields else {}
        return HelpRequestFactory(**{"open": True, "role": self.role} | seeker | fields)

    def match(self, helper: HelperProfile, *, to: str = "active", **fields: Any) -> Match:
        """A running match of this helper."""
        of_match = {name: fields.pop(name) for name in ("is_named_pair", "starts_on") if name in fields}
        return MatchFactory(
            request=fields.pop("request", None) or self.request(**fields), helper=helper, to=to, **of_match
        )

    def without(self, *helpers: HelperProfile, on: date = ON, **more: Any) -> Drill:
        """The drill in which these drop out."""
        outage = Outage(
            on=on,
            office_ids=frozenset({self.office.pk}),
            helper_ids=frozenset(helper.pk for helper in helpers),
        )
        return drill(outage, **more)


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return Neighbourhood(OfficeFactory(), RoleFactory(name="Besuchsdienst"), CompensationModelFactory())


def fates(found: Drill) -> dict[int, Fate]:
    return {outcome.need.request_id: outcome.fate for outcome in found.outcomes}


# It changes nothing


def whole_database() -> dict[str, str]:
    """A digest of every row of every table."""
    digests = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(
                f"SELECT coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM"
                f' "{table}" AS row'
            )
            digests[table] = cursor.fetchone()[0]
    return digests


def test_the_database_is_the_same_after_a_drill(here: Neighbourhood) -> None:
    gone, stand_in = here.helper(), here.helper(max_people=1)
    for _number in range(3):
        here.match(gone)
    here.request()
    before = whole_database()
    found = here.without(gone, with_open_requests=True)
    assert whole_database() == before
    assert len(before) > 40
    # It did reckon, though.
    assert [outcome.stand_in_id for outcome in found.with_fate(Fate.SERVED)] == [stand_in.pk] or (
        found.waiting_served == 1
    )


def test_nothing_can_be_written_while_one_only_looks(here: Neighbourhood) -> None:
    helper = here.helper()
    with pytest.raises(DatabaseError, match="read-only"), only_looking():
        HelperProfile.objects.filter(pk=helper.pk).update(remark="Umfaller")
    # Afterwards the transaction around it writes again.
    assert HelperProfile.objects.filter(pk=helper.pk).update(remark="wieder da") == 1


@pytest.mark.django_db(transaction=True)
def test_by_itself_a_look_is_a_transaction_of_its_own_with_one_state_of_things() -> None:
    with only_looking(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
        with pytest.raises(DatabaseError), transaction.atomic():
            Office.objects.all().update(name="anders")
    assert not connection.in_atomic_block


# Who finds somebody again


def test_who_can_take_over_does_and_the_dropped_ones_do_not(here: Neighbourhood) -> None:
    gone, also_gone, stand_in = here.helper(), here.helper(), here.helper()
    match = here.match(gone)
    (outcome,) = here.without(gone, also_gone).outcomes
    assert (outcome.fate, outcome.stand_in_id) == (Fate.SERVED, stand_in.pk)
    assert 0 < outcome.score <= 1
    assert outcome.need.lost_match_ids == (match.pk,)


def test_as_many_as_possible_are_served_even_if_somebody_gets_the_second_best(here: Neighbourhood) -> None:
    other_role = RoleFactory()
    gone = here.helper(roles=[here.role, other_role])
    both = here.helper(roles=[here.role, other_role], max_people=1)
    first, second = here.match(gone), here.match(gone, role=other_role)
    # Farther away, and only for the first one: greedily, the nearer helper would be used up by it.
    far = here.helper(max_people=1, person__home=point_near(1500))
    found = {outcome.need.request_id: outcome.stand_in_id for outcome in here.without(gone).outcomes}
    assert found == {first.request_id: far.pk, second.request_id: both.pk}


def test_places_that_go_on_being_taken_are_not_given_away(here: Neighbourhood) -> None:
    gone, busy = here.helper(), here.helper(max_people=2)
    here.match(busy)
    lost = [here.match(gone) for _number in range(2)]
    found = here.without(gone)
    assert len(found.with_fate(Fate.SERVED)) == 1
    (left,) = found.alone
    assert left.shortages == {"taken": 1}
    assert {outcome.need.request_id for outcome in found.outcomes} == {match.request_id for match in lost}


def test_those_at_risk_are_served_first_and_named_first(here: Neighbourhood) -> None:
    gone = here.helper()
    calm = here.match(gone)
    cared_for = here.match(gone, help_seeker__care_level=CareLevel.THREE, help_seeker__office=here.office)
    urgent = here.match(gone, is_urgent=True)
    in_company = here.match(gone)
    tie(in_company.request.help_seeker.person, PersonFactory(), TieKind.HOUSEHOLD)
    order = [match.request_id for match in (urgent, cared_for, calm, in_company)]
    assert [outcome.need.request_id for outcome in here.without(gone).alone] == order
    here.helper(max_people=2)
    found = here.without(gone)
    assert [outcome.need.request_id for outcome in found.with_fate(Fate.SERVED)] == order[:2]
    assert [outcome.need.request_id for outcome in found.alone] == order[2:]


def test_the_lands_limit_under_the_relief_amount_holds(here: Neighbourhood) -> None:
    relief = CompensationModelFactory(relief=True)
    here.role.compensation_models.add(relief)
    LandRuleFactory(max_people=2)
    seeker = {"help_seeker__office": here.office, "help_seeker__care_level": CareLevel.TWO}
    gone = here.helper(compensation_models=[relief])
    here.helper(compensation_models=[relief], max_people=9)
    lost = [here.request(compensation_models=[relief], **seeker) for _number in range(3)]
    for request in lost[:2]:
        MatchFactory(request=request, helper=gone, to="active", compensation_model=relief)
    another = here.helper(compensation_models=[relief])
    MatchFactory(request=lost[2], helper=another, to="active", compensation_model=relief)
    found = here.without(gone, another)
    assert len(found.with_fate(Fate.SERVED)) == 2
    assert [outcome.shortages for outcome in found.alone] == [{"taken": 1}]


def test_open_requests_need_the_same_helpers(here: Neighbourhood) -> None:
    gone = here.helper()
    here.match(gone)
    here.helper(max_people=1)
    here.request(is_urgent=True)
    here.request(named_helper=gone)
    elsewhere = OfficeFactory()
    here.request(help_seeker__office=elsewhere)
    alone = here.without(gone)
    assert (alone.waiting, len(alone.alone)) == (None, 0)
    together = here.without(gone, with_open_requests=True)
    assert (together.waiting, together.waiting_served, len(together.alone)) == (1, 1, 1)


def test_why_nobody_is_left_is_said_by_gate_and_the_dropped_ones_are_no_near_misses(
    here: Neighbourhood,
) -> None:
    gone, also_gone = here.helper(), here.helper(languages=["tr"])
    here.match(gone)
    here.helper(languages=["tr"])
    here.helper(max_people=1)
    full = here.helper(max_people=1)
    here.match(full)
    found = here.without(gone, also_gone, full)
    assert len(found.with_fate(Fate.SERVED)) == 1
    assert [outcome.shortages for outcome in found.alone] == [{"taken": 1, "language": 1}]


# Which requests need somebody again


def test_a_helper_who_only_pauses_drops_out_too(here: Neighbourhood) -> None:
    resting = here.helper()
    PauseFactory(helper=resting, from_day=ON - timedelta(days=3), until_day=ON + timedelta(days=3))
    match = here.match(resting)
    assert fates(here.without(resting)) == {match.request_id: Fate.LEFT}


def test_the_pair_that_came_together_is_named_and_nobody_is_searched(here: Neighbourhood) -> None:
    gone = here.helper()
    here.helper()
    match = here.match(gone, named_helper=gone, is_named_pair=True)
    found = here.without(gone)
    assert fates(found) == {match.request_id: Fate.NAMED}
    assert found.alone[0].is_alone


def test_what_is_over_by_then_needs_nobody(here: Neighbourhood) -> None:
    gone = here.helper()
    here.match(gone, ends_on=ON - timedelta(days=1))
    here.match(gone, frequency=Frequency.ONCE, starts_on=ON - timedelta(days=1))
    last_day = here.match(gone, ends_on=ON)
    to_come = here.match(gone, frequency=Frequency.ONCE, starts_on=ON + timedelta(days=2))
    found = here.without(gone)
    assert found.over == 2
    assert set(fates(found)) == {last_day.request_id, to_come.request_id}


def test_nobody_looks_for_the_dead(here: Neighbourhood) -> None:
    gone = here.helper()
    match = here.match(gone)
    person = match.request.help_seeker.person
    person.died_on = ON - timedelta(days=8)
    person.save(update_fields=["died_on"])
    assert here.without(gone).outcomes == ()


@pytest.fixture
def stood_in_for(here: Neighbourhood) -> Callable[..., tuple[Match, Match]]:
    """A paused match, and the one that stands in for it."""

    def make(*, until: date, back_on: date | None = None) -> tuple[Match, Match]:
        principal = here.match(here.helper(max_people=1))
        step(principal, MatchState.PAUSED)
        if back_on is not None:
            Match.objects.filter(pk=principal.pk).update(expected_back_on=back_on)
        substitute = MatchFactory(
            request=principal.request,
            helper=here.helper(max_people=1),
            substitutes_for=principal,
            substitute_until=until,
            to="approved",
        )
        return principal, substitute

    return make


def test_who_is_stood_in_for_is_covered_until_the_substitute_ends(
    here: Neighbourhood, stood_in_for: Callable[..., tuple[Match, Match]]
) -> None:
    until = ON + timedelta(days=5)
    principal, _substitute = stood_in_for(until=until)
    (outcome,) = here.without(principal.helper).outcomes
    assert (outcome.fate, outcome.need.covered_until) == (Fate.COVERED, until)
    (outcome,) = here.without(principal.helper, on=until + timedelta(days=1)).outcomes
    assert outcome.fate is Fate.LEFT


def test_a_lost_substitute_is_needed_unless_the_other_one_is_back(
    here: Neighbourhood, stood_in_for: Callable[..., tuple[Match, Match]]
) -> None:
    until = ON + timedelta(days=20)
    principal, substitute = stood_in_for(until=until)
    assert fates(here.without(substitute.helper)) == {principal.request_id: Fate.LEFT}
    back, its_substitute = stood_in_for(until=until, back_on=ON)
    assert fates(here.without(its_substitute.helper)) == {back.request_id: Fate.COVERED}
    assert here.without(substitute.helper, on=until + timedelta(days=1)).outcomes == ()


def test_a_request_that_loses_both_is_asked_for_once(
    here: Neighbourhood, stood_in_for: Callable[..., tuple[Match, Match]]
) -> None:
    principal, substitute = stood_in_for(until=ON + timedelta(days=20))
    (outcome,) = here.without(principal.helper, substitute.helper).outcomes
    assert outcome.need.lost_match_ids == (principal.pk, substitute.pk)
    assert outcome.fate is Fate.LEFT


def test_a_helper_who_is_lent_is_missed_by_the_other_office(here: Neighbourhood) -> None:
    gone = here.helper()
    own = here.match(gone)
    lent = here.match(gone, help_seeker__office=OfficeFactory())
    found = here.without(gone)
    assert set(fates(found)) == {own.request_id, lent.request_id}
    assert [each.need.request_id for each in found.of_offices({here.office.pk})] == [own.request_id]


# Who drops out


def test_everybody_drops_out_to_whom_all_of_it_applies(here: Neighbourhood) -> None:
    quarter = QuarterFactory(district__at=(0, 0))
    inside, outside = {"person__home": point_in(0.5, 0.5)}, {"person__home": point_in(7.5, 3.5)}
    both = here.helper(languages=["de", "tr"], **inside)
    here.helper(languages=["de"], **inside)
    here.helper(languages=["tr"], roles=[RoleFactory()], **inside)
    here.helper(languages=["tr"], **outside)
    HelperProfileFactory(office=here.office, roles=[here.role], languages=["tr"], **inside)
    lent = here.helper(office=OfficeFactory(), languages=["tr"], **inside)
    named = here.helper(**outside)
    described = {"role_id": here.role.pk, "language": "tr", "office_ids": frozenset({here.office.pk})}
    for place in ({"quarter_id": quarter.pk}, {"district_id": quarter.district_id}):
        outage = Outage(on=ON, helper_ids=frozenset({named.pk}), **described, **place)  # type: ignore[arg-type]
        assert {helper.pk for helper in outage.helpers()} == {both.pk, named.pk}
        everywhere = Outage(on=ON, is_everywhere=True, **described, **place)  # type: ignore[arg-type]
        assert {helper.pk for helper in everywhere.helpers()} == {both.pk, lent.pk}


def test_a_drill_without_anybody_is_refused(here: Neighbourhood) -> None:
    here.helper()
    with pytest.raises(RuleViolation, match="wer ausfällt"):
        here.without()


def test_more_people_take_no_more_queries(here: Neighbourhood) -> None:
    gone = here.helper()
    here.helper(max_people=1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            here.without(gone, with_open_requests=True)
        return len(asked)

    for _number in range(2):
        here.match(gone)
    few = queries()
    for _number in range(6):
        here.match(gone)
        here.request()
    assert queries() == few


def test_of_another_offices_stand_in_only_first_name_and_district_show(here: Neighbourhood) -> None:
    own = here.helper(person__given_name="Ayşe", person__family_name="Demir")
    lent = here.helper(office=OfficeFactory(), person__given_name="Ole", person__family_name="Fernmann")
    shown = shown_to({here.office.pk}, helper_ids=[own.pk, lent.pk])
    assert (shown[own.pk].name, shown[own.pk].number) == ("Ayşe Demir", own.number)
    assert (shown[lent.pk].name, shown[lent.pk].number, shown[lent.pk].own_office) == ("Ole", "", False)

"""What is read for a shortlist, and what of it may be seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helfer.core.errors import Conflict, NotEligible, RuleViolation
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile, HelperState
from helfer.matching.candidates import check_pair, check_pairs, shortlist
from helfer.matching.candidates.facts_of_request import satisfying
from helfer.matching.gates import PAIR_GATES, Gate
from helfer.people.models import TieKind
from tests.factories.catalogue import (
    CompensationModelFactory,
    LandRuleFactory,
    RoleFactory,
    TrainingFactory,
)
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import OfficeFactory, point_near, tie

from .worlds import at_noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_for_visits() -> HelpRequest:
    required = [TrainingFactory(slug="einfuehrung"), TrainingFactory(slug="erste-hilfe", name="Erste Hilfe")]
    role = RoleFactory(slug="besuch", name="Besuchsdienst", required_trainings=required)
    return HelpRequestFactory(open=True, role=role)


def a_helper(request: HelpRequest, *, east_m: float = 400, **details: Any) -> HelperProfile:
    return HelperProfileFactory(
        active=True,
        roles=[request.role],
        **{"certified": True, "office": request.office, "person__home": point_near(east_m), **details},
    )


class TestShortlist:
    def test_candidates_come_nearest_first_where_nothing_else_differs(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        far, near = a_helper(request_for_visits, east_m=900), a_helper(request_for_visits, east_m=300)
        found = shortlist(request_for_visits, on=today)
        assert [candidate.helper_id for candidate in found.candidates] == [near.pk, far.pk]
        assert found.eligible == 2

    def test_neighbours_in_one_house_come_older_profile_first(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        older, younger = a_helper(request_for_visits), a_helper(request_for_visits)
        found = shortlist(request_for_visits, on=today)
        assert [candidate.helper_id for candidate in found.candidates] == [older.pk, younger.pk]

    def test_the_form_is_the_one_that_others_rely_on(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits)
        lapsed = a_helper(request_for_visits, certified=False, east_m=500)
        CertificateFactory(
            helper=lapsed, training=request_for_visits.role.required_trainings.get(slug="einfuehrung")
        )
        CertificateFactory(
            helper=lapsed,
            training=request_for_visits.role.required_trainings.get(slug="erste-hilfe"),
            issued_on=date(2024, 11, 3),
            valid_until=date(2026, 11, 3),
        )
        found = shortlist(request_for_visits, on=today).as_json()
        assert list(found) == ["request", "on", "candidates", "near_misses"]
        assert (found["request"], found["on"]) == (request_for_visits.number, "2026-11-23")
        (candidate,), (miss,) = found["candidates"], found["near_misses"]
        assert list(candidate) == ["helper", "distance_m", "score", "parts", "reasons"]
        assert candidate["helper"] == helper.number
        assert candidate["distance_m"] == pytest.approx(400, rel=0.01)
        assert list(candidate["parts"]) == [
            "nearness",
            "times",
            "language",
            "workload",
            "rotation",
            "continuity",
        ]
        assert candidate["reasons"][0] == f"{int(candidate['distance_m'])} m entfernt"
        assert miss == {
            "helper": lapsed.number,
            "gate": "trainings",
            "by": {"missing": [], "expired": {"erste-hilfe": "2026-11-03"}},
            "sentence": "„Erste Hilfe“ ist am 03.11.2026 abgelaufen.",
        }

    def test_the_lists_are_as_long_as_asked(self, request_for_visits: HelpRequest, today: date) -> None:
        for _ in range(3):
            a_helper(request_for_visits)
            a_helper(request_for_visits, languages=["tr"])
        found = shortlist(request_for_visits, on=today, limit=2, near_misses=1)
        assert (len(found.candidates), len(found.near_misses), found.eligible) == (2, 1, 3)
        assert not shortlist(request_for_visits, on=today, limit=0, near_misses=0).candidates

    def test_of_another_offices_helper_only_first_name_and_district_are_seen(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        a_helper(request_for_visits, person__given_name="Milica", person__family_name="Petrović")
        a_helper(
            request_for_visits,
            office=OfficeFactory(),
            person__given_name="Karl",
            person__family_name="Schulte",
        )
        a_helper(request_for_visits, office=OfficeFactory(), languages=["tr"])
        own = a_helper(request_for_visits, east_m=900, languages=["tr"])
        found = shortlist(request_for_visits, on=today, near_misses=1, only_own_near_misses=True)
        assert [(c.shown.name, c.shown.own_office) for c in found.candidates] == [
            ("Milica Petrović", True),
            ("Karl", False),
        ]
        assert [miss.helper_id for miss in found.near_misses] == [own.pk]
        assert found.near_misses_elsewhere == {Gate.LANGUAGE: 1}

    def test_what_nobody_asked_is_to_be_clarified(self, request_for_visits: HelpRequest, today: date) -> None:
        a_helper(request_for_visits, no_pets=True, no_smokers=True)
        (candidate,) = shortlist(request_for_visits, on=today).candidates
        assert candidate.clarify == ("Haustiere: bitte klären", "Raucher im Haushalt: bitte klären")
        assert set(candidate.clarify) <= set(candidate.reasons)

    def test_reasons_say_what_speaks_for_the_helper(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        request_for_visits.languages = ["tr", "de"]
        request_for_visits.times = ["mo-vm", "mo-nm", "di-nm"]
        request_for_visits.save()
        a_helper(
            request_for_visits,
            east_m=1460,
            languages=["de", "tr"],
            times=["mo-vm", "di-nm"],
            max_people=2,
            person__location_quality="postcode",
        )
        (candidate,) = shortlist(request_for_visits, on=today).candidates
        assert candidate.reasons == (
            "etwa 1,4 km entfernt, die genaue Adresse fehlt noch",
            "Kann an 2 von 3 gewünschten Zeiten",
            "Spricht Türkisch, Deutsch",
            "Hilft zurzeit noch niemandem",
            "Wurde noch nie vorgeschlagen",
        )

    def test_a_role_at_a_distance_is_searched_everywhere(self, today: date) -> None:
        request = HelpRequestFactory(open=True, role=RoleFactory(distant=True))
        far = a_helper(request, east_m=300_000)
        homeless = a_helper(request, person__home=None, person__location_quality="")
        found = shortlist(request, on=today)
        assert [candidate.helper_id for candidate in found.candidates] == [far.pk, homeless.pk]
        assert found.candidates[1].distance_m is None

    def test_without_the_help_seekers_home_nobody_is_near(self, today: date) -> None:
        request = HelpRequestFactory(
            open=True, help_seeker__person__home=None, help_seeker__person__location_quality=""
        )
        a_helper(request)
        found = shortlist(request, on=today)
        assert (found.candidates, found.near_misses, found.has_home) == ((), (), False)

    def test_nobody_who_died_is_shown(self, request_for_visits: HelpRequest, today: date) -> None:
        a_helper(request_for_visits, person__died_on=today)
        found = shortlist(request_for_visits, on=today)
        assert (found.candidates, found.near_misses) == ((), ())

    def test_the_number_of_queries_does_not_grow_with_the_helpers(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        a_helper(request_for_visits)
        a_helper(request_for_visits, languages=["tr"])
        with CaptureQueriesContext(connection) as few:
            shortlist(request_for_visits, on=today)
        for _ in range(5):
            helper = a_helper(request_for_visits)
            PauseFactory(helper=helper)
            tie(helper.person, request_for_visits.help_seeker.person, TieKind.RELATIVE)
            a_helper(request_for_visits, languages=["tr"])
        with CaptureQueriesContext(connection) as many:
            shortlist(request_for_visits, on=today)
        assert len(many) == len(few) <= 14

    def test_a_request_without_a_clear_role_is_refused(self, today: date) -> None:
        with pytest.raises(RuleViolation, match="klären") as refusal:
            shortlist(HelpRequestFactory(role=None), on=today)
        assert refusal.value.code == "role_unclear"

    def test_for_a_pair_that_comes_together_nobody_is_searched(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        request_for_visits.named_helper = a_helper(request_for_visits)
        with pytest.raises(RuleViolation) as refusal:
            shortlist(request_for_visits, on=today)
        assert refusal.value.code == "named_pair"


class TestCheckPair:
    def test_every_closed_gate_is_named_in_order(self, request_for_visits: HelpRequest, today: date) -> None:
        helper = HelperProfileFactory(active=True, languages=["tr"], person__home=point_near(5000))
        HelperProfile.objects.filter(pk=helper.pk).update(state=HelperState.LEFT)
        found = check_pair(request_id=request_for_visits.pk, helper_id=helper.pk, on=today)
        assert [refusal.gate for refusal in found.refusals] == [
            Gate.STATE,
            Gate.ROLE,
            Gate.DISTANCE,
            Gate.TRAININGS,
            Gate.LANGUAGE,
        ]
        assert not found.is_eligible
        with pytest.raises(NotEligible) as refusal:
            found.raise_if_refused()
        assert refusal.value.code == "state"

    def test_the_pair_that_comes_together_is_asked_less(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits, east_m=5000, languages=["tr"])
        ids = {"request_id": request_for_visits.pk, "helper_id": helper.pk, "on": today}
        assert check_pair(**ids, gates=PAIR_GATES).is_eligible
        assert not check_pair(**ids).is_eligible

    def test_the_match_that_is_being_signed_does_not_count_against_itself(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits)
        match = propose(request_for_visits, helper)
        ids = {"request_id": request_for_visits.pk, "helper_id": helper.pk, "on": today}
        assert [refusal.gate for refusal in check_pair(**ids).refusals] == [Gate.PAIR]
        assert check_pair(**ids, match_id=match).is_eligible

    def test_another_first_day_and_another_role_may_be_asked_for(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits)
        PauseFactory(helper=helper, from_day=date(2026, 12, 1), until_day=date(2026, 12, 8))
        ids = {"request_id": request_for_visits.pk, "helper_id": helper.pk, "on": today}
        assert check_pair(**ids).is_eligible
        assert check_pair(**ids, first_day=date(2026, 12, 8)).is_eligible
        away = check_pair(**ids, first_day=date(2026, 12, 7))
        assert [refusal.gate for refusal in away.refusals] == [Gate.STATE]
        other = check_pair(**ids, role_id=RoleFactory().pk)
        assert [refusal.gate for refusal in other.refusals] == [Gate.ROLE]

    def test_the_models_to_choose_from_are_those_all_three_allow(self, today: date) -> None:
        unpaid, relief = CompensationModelFactory(), CompensationModelFactory(relief=True)
        LandRuleFactory(qualifications=[TrainingFactory(slug="nbh-broschuere")])
        role = RoleFactory(compensation_models=[unpaid, relief])
        request = HelpRequestFactory(
            open=True, role=role, compensation_models=[unpaid, relief], help_seeker__care_level="2"
        )
        helper = a_helper(request, compensation_models=[unpaid, relief])
        found = check_pair(request_id=request.pk, helper_id=helper.pk, on=today)
        assert found.is_eligible
        assert found.compensation_models == {"ehrenamt", "entlastungsbetrag"}
        assert found.model_refusal("ehrenamt") is None
        refusal = found.model_refusal("entlastungsbetrag")
        assert refusal is not None
        assert refusal.by == {"why": "qualification"}

    def test_what_is_gone_is_said_so(self, request_for_visits: HelpRequest, today: date) -> None:
        with pytest.raises(Conflict, match="Helferprofil"):
            check_pair(request_id=request_for_visits.pk, helper_id=0, on=today)
        with pytest.raises(Conflict, match="Hilfeanfrage"):
            check_pair(request_id=0, helper_id=0, on=today)


def propose(request: HelpRequest, helper: HelperProfile, *, at: datetime | None = None) -> int:
    """A proposal as it stands in the table; its id."""
    from helfer.matching.models import Match
    from tests.factories.people import UserFactory

    return Match.objects.create(
        request=request,
        helper=helper,
        role=request.role,
        compensation_model=CompensationModelFactory(),
        starts_on=date(2026, 11, 23),
        office=request.office,
        signatures_required=2,
        first_contact="accompanied",
        proposed_by=UserFactory(tandem=True),
        proposed_at=at or at_noon(0),
    ).pk


def test_trainings_are_good_for_what_they_include_over_any_number_of_steps() -> None:
    brochure, course, care_course, loop = 1, 2, 3, 4
    includes = {brochure: set(), course: {brochure}, care_course: {course}, loop: {loop, care_course}}
    assert satisfying(includes) == {
        brochure: {brochure, course, care_course, loop},
        course: {course, care_course, loop},
        care_course: {care_course, loop},
        loop: {loop},
    }


class TestSeveralPairs:
    def test_each_pair_is_answered_as_if_asked_alone(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        other = HelpRequestFactory(
            open=True, role=RoleFactory(slug="garten"), starts_on=today + timedelta(days=40)
        )
        both = a_helper(request_for_visits)
        both.roles.add(other.role)
        CertificateFactory(helper=both, training=TrainingFactory(slug="demenz"))
        PauseFactory(helper=both, from_day=today, until_day=today + timedelta(days=30))
        MatchFactory(helper=both, request=other)
        near = a_helper(request_for_visits, east_m=100)
        asked = [
            (request.pk, helper.pk) for request in (request_for_visits, other) for helper in (both, near)
        ]
        found = check_pairs(asked, on=today)
        assert found == {
            (request_id, helper_id): check_pair(request_id=request_id, helper_id=helper_id, on=today)
            for request_id, helper_id in asked
        }
        closed = [[refusal.gate for refusal in each.refusals] for each in found.values()]
        assert closed == [[Gate.STATE], [], [Gate.PAIR], [Gate.ROLE]]

    def test_proofs_and_pauses_are_told_in_the_order_of_writing_whatever_the_plan(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits, certified=False)
        trainings = [TrainingFactory(slug="erste-hilfe"), TrainingFactory(slug="einfuehrung")]
        # Where they lie is the other way round: what the plan meets first was written down last.
        for later in (1, 0):
            CertificateFactory(pk=900_000 + later, helper=helper, training=trainings[later])
            from_day = today + timedelta(days=40 * later)
            PauseFactory(
                pk=900_000 + later, helper=helper, from_day=from_day, until_day=from_day + timedelta(days=7)
            )
        found = check_pair(
            request_id=request_for_visits.pk, helper_id=helper.pk, on=today - timedelta(days=1)
        )
        assert [proof.training for proof in found.helper.proofs] == ["erste-hilfe", "einfuehrung"]
        assert [off.from_day for off in found.helper.time_off] == [today, today + timedelta(days=40)]

    def test_what_is_gone_or_unclear_does_not_keep_the_others_from_their_answer(
        self, request_for_visits: HelpRequest, today: date
    ) -> None:
        helper = a_helper(request_for_visits)
        unclear = HelpRequestFactory(role=None)
        gone = [(0, helper.pk), (request_for_visits.pk, 0), (unclear.pk, helper.pk)]
        found = check_pairs([*gone, (request_for_visits.pk, helper.pk)], on=today)
        for request_id, helper_id in gone:
            with pytest.raises(RuleViolation) as refused:
                check_pair(request_id=request_id, helper_id=helper_id, on=today)
            assert str(found[request_id, helper_id]) == str(refused.value)
        assert found[request_for_visits.pk, helper.pk].is_eligible

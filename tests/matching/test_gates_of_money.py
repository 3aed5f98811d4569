"""The gates of compensation and of § 45b at their boundaries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helfer.matching.facts import LandRuleFacts
from helfer.matching.gates import (
    Gate,
    model_refusal,
    refusals,
)
from helfer.people.models import CareLevel, TieKind

from .facts import (
    SEEKER,
    helper_facts,
    relief_request,
    request_facts,
    the_refusal,
    under_relief,
)

DAY = timedelta(days=1)


class TestCompensation:
    @pytest.mark.parametrize(
        ("named", "accepted", "holds"),
        [
            ({"ehrenamt", "minijob"}, {"ehrenamt"}, True),
            ({"zeitbank"}, {"ehrenamt"}, False),
            pytest.param({"minijob"}, {"minijob"}, False, id="the role does not allow it"),
            pytest.param(set(), {"ehrenamt"}, True, id="none named means unpaid"),
            pytest.param(set(), {"zeitbank"}, False, id="none named means only unpaid"),
            pytest.param({"ehrenamt"}, set(), False, id="the helper accepts none"),
        ],
    )
    def test_all_three_must_agree(self, named: set[str], accepted: set[str], holds: bool) -> None:
        request = request_facts(named_models=frozenset(named))
        closed = refusals(request, helper_facts(accepted_models=frozenset(accepted)))
        assert [refusal.gate for refusal in closed] == ([] if holds else [Gate.COMPENSATION])
        if closed:
            assert closed[0].by == {"offered": sorted(named or {"ehrenamt"}), "accepted": sorted(accepted)}
            assert closed[0].sentence


class TestReliefAmount:
    def test_whoever_fulfils_all_conditions_passes(self) -> None:
        assert not refusals(relief_request(), under_relief())

    @pytest.mark.parametrize(
        ("request_changes", "helper_changes", "why"),
        [
            pytest.param({}, {"serves_under_relief": frozenset({1, 2})}, "people", id="no place left"),
            *[
                pytest.param({}, {"ties": frozenset({kind})}, "tie", id=f"tie {kind}")
                for kind in TieKind
                if kind != TieKind.BLOCK
            ],
            pytest.param({}, {"proofs": helper_facts().proofs}, "qualification", id="no qualification"),
            pytest.param({"land_rule": None}, {}, "qualification", id="no rule for the Land"),
            pytest.param(
                {"land_rule": LandRuleFacts("XX", individuals_allowed=False)},
                {},
                "qualification",
                id="no individuals",
            ),
            pytest.param({"care_level": CareLevel.NONE}, {}, "pflegegrad", id="no care level"),
            pytest.param({"care_level": CareLevel.APPLIED}, {}, "pflegegrad", id="applied never pays"),
            pytest.param({"lives_at_home": False}, {}, "pflegegrad", id="not at home"),
            pytest.param({}, {"birth_year": 2009}, "age", id="not of age"),
            pytest.param({}, {"birth_year": None}, "age", id="age not known"),
        ],
    )
    def test_each_condition_closes_it(
        self, request_changes: dict[str, Any], helper_changes: dict[str, Any], why: str
    ) -> None:
        refusal = the_refusal(relief_request(**request_changes), under_relief(**helper_changes))
        assert (refusal.gate, refusal.by) == (Gate.RELIEF_AMOUNT, {"why": why})

    @pytest.mark.parametrize(
        ("request_changes", "helper_changes"),
        [
            pytest.param({}, {"serves_under_relief": frozenset({1})}, id="the last place"),
            pytest.param({}, {"serves_under_relief": frozenset({1, SEEKER})}, id="this person already"),
            pytest.param({"care_level": CareLevel.ONE}, {}, id="lowest care level"),
            pytest.param({"care_level": CareLevel.FIVE}, {}, id="highest care level"),
            pytest.param({}, {"birth_year": 2008}, id="turns 18 this year"),
            pytest.param(
                {"land_rule": LandRuleFacts("XX")},
                {"serves_under_relief": frozenset(range(20, 30)), "proofs": helper_facts().proofs},
                id="a Land without limit and qualification",
            ),
        ],
    )
    def test_each_condition_holds_at_its_boundary(
        self, request_changes: dict[str, Any], helper_changes: dict[str, Any]
    ) -> None:
        helper = under_relief(max_people=50, **helper_changes)
        assert not refusals(relief_request(**request_changes), helper)

    def test_it_is_not_asked_where_another_model_is_possible(self) -> None:
        accepted = frozenset({"entlastungsbetrag", "ehrenamt"})
        helper = under_relief(accepted_models=accepted, birth_year=None, ties=frozenset({TieKind.RELATIVE}))
        assert not refusals(relief_request(care_level=CareLevel.NONE), helper)

    def test_but_that_model_may_not_be_chosen_then(self) -> None:
        helper = under_relief(accepted_models=frozenset({"entlastungsbetrag", "ehrenamt"}), birth_year=None)
        assert model_refusal("ehrenamt", relief_request(), helper) is None
        refusal = model_refusal("entlastungsbetrag", relief_request(), helper)
        assert refusal is not None
        assert refusal.by == {"why": "age"}


class TestChoosingAModel:
    def test_a_model_outside_the_common_ones_is_refused(self) -> None:
        refusal = model_refusal("zeitbank", request_facts(), helper_facts())
        assert refusal is not None
        assert refusal.gate == Gate.COMPENSATION
        assert "zeitbank" in refusal.sentence

    @pytest.mark.parametrize(
        ("care_level", "refused"),
        [(CareLevel.APPLIED, True), (CareLevel.ONE, True), (CareLevel.TWO, False), (CareLevel.FIVE, False)],
    )
    def test_respite_care_needs_level_two_to_five(self, care_level: CareLevel, refused: bool) -> None:
        model = frozenset({"verhinderungspflege"})
        request = request_facts(named_models=model, allowed_models=model, care_level=care_level)
        refusal = model_refusal("verhinderungspflege", request, helper_facts(accepted_models=model))
        assert (refusal is not None) == refused
        assert refusal is None or "Pflegegrad" in refusal.sentence

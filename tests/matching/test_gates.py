"""Each gate at its boundary: the last that holds, the first that fails."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from helfer.helpers.models import HelperState
from helfer.matching.facts import HelperFacts, RequestFacts, TimeOff
from helfer.matching.gates import (
    ALL_GATES,
    GATES,
    PAIR_GATES,
    Gate,
    near_miss,
    refusals,
)
from helfer.matching.lifecycle import MatchState
from helfer.people.models import TieKind

from .facts import (
    HELPER_PERSON,
    SEEKER,
    D,
    helper_facts,
    proof,
    request_facts,
    the_refusal,
)

DAY = timedelta(days=1)


def test_every_gate_is_asked_once() -> None:
    assert [gate for gate, _ in GATES] == list(Gate)


def test_a_helper_who_fits_in_every_way_is_refused_nothing() -> None:
    assert refusals(request_facts(), helper_facts()) == ()


class TestState:
    @pytest.mark.parametrize(
        ("from_day", "until_day"),
        [
            pytest.param(D - 9 * DAY, D, id="back today"),
            pytest.param(D + DAY, D + 9 * DAY, id="leaves tomorrow"),
            pytest.param(D + DAY, None, id="leaves tomorrow for good"),
        ],
    )
    def test_a_pause_that_does_not_contain_the_day_holds(
        self, from_day: date, until_day: date | None
    ) -> None:
        assert not refusals(request_facts(), helper_facts(time_off=(TimeOff(from_day, until_day),)))

    @pytest.mark.parametrize(
        ("from_day", "until_day"),
        [
            pytest.param(D, D + DAY, id="away just today"),
            pytest.param(D - 9 * DAY, D + DAY, id="back tomorrow"),
            pytest.param(D, None, id="away from today"),
        ],
    )
    def test_a_pause_that_contains_the_day_fails_and_says_until_when(
        self, from_day: date, until_day: date | None
    ) -> None:
        refusal = the_refusal(request_facts(), helper_facts(time_off=(TimeOff(from_day, until_day),)))
        assert refusal.gate == Gate.STATE
        assert refusal.by == {"until": until_day.isoformat() if until_day else None}

    def test_it_is_the_first_day_that_counts_not_the_asking_day(self) -> None:
        away = helper_facts(time_off=(TimeOff(D, D + 9 * DAY),))
        assert not refusals(request_facts(first_day=D + 9 * DAY), away)
        assert refusals(request_facts(first_day=D + 8 * DAY), away)

    @pytest.mark.parametrize("state", [state for state in HelperState if state != HelperState.ACTIVE])
    def test_only_active_helpers_are_proposed(self, state: HelperState) -> None:
        assert the_refusal(request_facts(), helper_facts(state=state)).gate == Gate.STATE

    def test_nobody_who_died_is_proposed(self) -> None:
        assert the_refusal(request_facts(), helper_facts(is_present=False)).gate == Gate.STATE


class TestRole:
    def test_only_who_offers_the_role_is_proposed(self) -> None:
        assert the_refusal(request_facts(), helper_facts(offers_role=False)).gate == Gate.ROLE


class TestDistance:
    @pytest.mark.parametrize(
        ("distance_m", "radius_m", "max_distance_m", "over"),
        [
            (2000.0, 2000, None, None),
            (2000.001, 2000, None, 0.001),
            (1000.0, 2000, 1000, None),
            (1680.2, 2000, 1000, 680.2),
            (1680.2, 1000, 2000, 680.2),
            (0.0, 100, 1, None),
        ],
    )
    def test_both_limits_hold_to_the_millimetre(
        self, distance_m: float, radius_m: int, max_distance_m: float | None, over: float | None
    ) -> None:
        request = request_facts(max_distance_m=max_distance_m)
        helper = helper_facts(distance_m=distance_m, radius_m=radius_m)
        if over is None:
            assert not refusals(request, helper)
        else:
            refusal = the_refusal(request, helper)
            assert refusal.gate == Gate.DISTANCE
            assert refusal.by["metres_over"] == pytest.approx(over)

    @pytest.mark.parametrize("distance_m", [None, 500_000.0])
    def test_a_role_at_a_distance_knows_no_distance(self, distance_m: float | None) -> None:
        assert not refusals(request_facts(at_a_distance=True), helper_facts(distance_m=distance_m))

    def test_an_unknown_home_is_not_near(self) -> None:
        refusal = the_refusal(request_facts(), helper_facts(distance_m=None))
        assert (refusal.gate, refusal.by) == (Gate.DISTANCE, {"metres_over": None})


class TestTrainings:
    @pytest.mark.parametrize(
        ("until", "grace", "holds"),
        [
            pytest.param(D, 0, True, id="that day included"),
            pytest.param(D - DAY, 0, False, id="ended yesterday"),
            pytest.param(D - 90 * DAY, 90, True, id="last day of grace"),
            pytest.param(D - 91 * DAY, 90, False, id="a day after grace"),
            pytest.param(None, 0, True, id="without end"),
            pytest.param(date.max, 90, True, id="the end of time"),
        ],
    )
    def test_a_proof_counts_through_its_last_day_and_the_grace(
        self, until: date | None, grace: int, holds: bool
    ) -> None:
        proofs = (proof("einfuehrung"), proof("verschwiegenheit", until=until, grace=grace))
        closed = refusals(request_facts(), helper_facts(proofs=proofs))
        assert not closed if holds else [refusal.gate for refusal in closed] == [Gate.TRAININGS]

    def test_an_expired_proof_says_since_when(self) -> None:
        proofs = (
            proof("einfuehrung"),
            proof("verschwiegenheit", issued=date(2023, 1, 1), until=date(2024, 1, 1)),
            proof("verschwiegenheit", issued=date(2024, 11, 3), until=date(2025, 11, 3)),
        )
        refusal = the_refusal(request_facts(), helper_facts(proofs=proofs))
        assert refusal.by == {"missing": [], "expired": {"verschwiegenheit": "2025-11-03"}}
        assert refusal.sentence == "„Verschwiegenheit und Datenschutz“ ist am 03.11.2025 abgelaufen."

    @pytest.mark.parametrize(
        "spoilt",
        [
            pytest.param(proof("verschwiegenheit", verified=False), id="nobody has checked it"),
            pytest.param(proof("verschwiegenheit", issued=D + DAY), id="issued tomorrow"),
            pytest.param(proof("demenz-partner"), id="another training"),
        ],
    )
    def test_what_does_not_count_is_missing(self, spoilt: Any) -> None:
        refusal = the_refusal(request_facts(), helper_facts(proofs=(proof("einfuehrung"), spoilt)))
        assert refusal.by == {"missing": ["verschwiegenheit"], "expired": {}}

    def test_a_proof_issued_that_very_day_counts(self) -> None:
        proofs = (proof("einfuehrung", issued=D), proof("verschwiegenheit", issued=D, until=D))
        assert not refusals(request_facts(), helper_facts(proofs=proofs))

    def test_an_including_training_counts_with_its_own_dates_and_grace(self) -> None:
        request = request_facts(
            required_trainings=("nbh-broschuere",),
        )
        held = helper_facts(proofs=(proof("pflegekurs-45", until=D - 5 * DAY, grace=5),))
        lapsed = helper_facts(proofs=(proof("pflegekurs-45", until=D - 6 * DAY, grace=5),))
        assert not refusals(request, held)
        assert the_refusal(request, lapsed).by["expired"] == {
            "nbh-broschuere": (D - 6 * DAY).isoformat(),
        }

    def test_it_is_the_first_day_that_counts_not_the_asking_day(self) -> None:
        proofs = (proof("einfuehrung"), proof("verschwiegenheit", until=D))
        assert not refusals(request_facts(), helper_facts(proofs=proofs))
        assert refusals(request_facts(first_day=D + DAY), helper_facts(proofs=proofs))


class TestCapacity:
    def test_a_full_helper_fails_and_says_how_many(self) -> None:
        refusal = the_refusal(request_facts(), helper_facts(max_people=2, serves=frozenset({1, 2})))
        assert (refusal.gate, refusal.by) == (Gate.CAPACITY, {"people": 2, "max_people": 2})

    def test_a_free_place_holds(self) -> None:
        assert not refusals(request_facts(), helper_facts(max_people=3, serves=frozenset({1, 2})))

    def test_one_more_request_of_a_person_already_served_takes_no_place(self) -> None:
        assert not refusals(request_facts(), helper_facts(max_people=1, serves=frozenset({SEEKER})))


class TestLanguage:
    @pytest.mark.parametrize(
        ("wished", "spoken", "holds"),
        [
            (("tr", "de"), ("de",), True),
            (("tr",), ("de",), False),
            pytest.param((), ("de", "tr"), True, id="none named means German"),
            pytest.param((), ("tr",), False, id="none named means only German"),
        ],
    )
    def test_one_language_in_common_is_enough(
        self, wished: tuple[str, ...], spoken: tuple[str, ...], holds: bool
    ) -> None:
        closed = refusals(request_facts(named_languages=wished), helper_facts(languages=spoken))
        assert [(refusal.gate, refusal.by) for refusal in closed] == (
            [] if holds else [(Gate.LANGUAGE, {"speaks": list(spoken)})]
        )

    def test_the_sentence_names_the_languages(self) -> None:
        refusal = the_refusal(
            request_facts(named_languages=("tr",)), helper_facts(languages=("de", "ku", "xx"))
        )
        assert refusal.sentence == "Keine gemeinsame Sprache: spricht Deutsch, Kurdisch, xx."


class TestTimes:
    @pytest.mark.parametrize(
        ("wished", "has", "holds"),
        [
            (set(), set(), True),
            (set(), {"mo-vm"}, True),
            ({"mo-vm", "di-nm"}, {"di-nm"}, True),
            ({"mo-vm"}, {"mo-nm"}, False),
            ({"mo-vm"}, set(), False),
        ],
    )
    def test_one_half_day_in_common_is_enough(self, wished: set[str], has: set[str], holds: bool) -> None:
        closed = refusals(request_facts(times=frozenset(wished)), helper_facts(times=frozenset(has)))
        assert [refusal.gate for refusal in closed] == ([] if holds else [Gate.TIMES])

    def test_it_says_when_the_helper_can_monday_first(self) -> None:
        request = request_facts(times=frozenset({"so-ab"}))
        refusal = the_refusal(request, helper_facts(times=frozenset({"fr-ab", "mo-nm", "mo-vm"})))
        assert refusal.by == {"has": ["mo-vm", "mo-nm", "fr-ab"]}
        assert "Montagvormittag, Montagnachmittag, Freitagabend" in refusal.sentence


class TestWishes:
    @pytest.mark.parametrize(
        ("request_changes", "helper_changes", "which"),
        [
            ({"wanted_gender": "w"}, {"gender": "m"}, "gender"),
            ({"wanted_gender": "m"}, {"gender": "d"}, "gender"),
            pytest.param({"wanted_gender": "w"}, {"gender": ""}, "gender", id="unknown gender fails"),
            ({"has_pets": "yes"}, {"no_pets": True}, "pets"),
            ({"has_smokers": "yes"}, {"no_smokers": True}, "smokers"),
        ],
    )
    def test_a_plain_contradiction_fails(
        self, request_changes: dict[str, Any], helper_changes: dict[str, Any], which: str
    ) -> None:
        refusal = the_refusal(request_facts(**request_changes), helper_facts(**helper_changes))
        assert (refusal.gate, refusal.by) == (Gate.WISHES, {"which": which})

    @pytest.mark.parametrize(
        ("request_changes", "helper_changes"),
        [
            ({"wanted_gender": "w"}, {"gender": "w"}),
            ({"wanted_gender": ""}, {"gender": ""}),
            ({"has_pets": ""}, {"no_pets": True}),
            ({"has_pets": "no"}, {"no_pets": True}),
            ({"has_pets": "yes"}, {"no_pets": False}),
            ({"has_smokers": ""}, {"no_smokers": True}),
            ({"has_smokers": "yes"}, {"no_smokers": False}),
        ],
    )
    def test_what_is_unknown_or_minded_by_nobody_passes(
        self, request_changes: dict[str, Any], helper_changes: dict[str, Any]
    ) -> None:
        assert not refusals(request_facts(**request_changes), helper_facts(**helper_changes))


class TestPair:
    @pytest.mark.parametrize(
        "changes",
        [
            {"ties": frozenset({TieKind.BLOCK})},
            {"person_id": 70},
            {"only_for_id": SEEKER + 1},
            *[
                {"pair_states": frozenset({state, MatchState.ENDED})}
                for state in MatchState
                if state != MatchState.ENDED
            ],
        ],
    )
    def test_the_two_may_not_come_together(self, changes: dict[str, Any]) -> None:
        assert the_refusal(request_facts(), helper_facts(**changes)).gate == Gate.PAIR

    @pytest.mark.parametrize(
        "changes",
        [
            {"pair_states": frozenset({MatchState.ENDED})},
            {"only_for_id": SEEKER},
            {"ties": frozenset(set(TieKind) - {TieKind.BLOCK})},
            {"person_id": HELPER_PERSON},
        ],
    )
    def test_the_two_may_come_together(self, changes: dict[str, Any]) -> None:
        assert not refusals(request_facts(), helper_facts(**changes))


class TestThePairThatComesTogether:
    def test_how_far_when_and_how_they_speak_is_their_own_affair(self) -> None:
        assert ALL_GATES - PAIR_GATES == {Gate.DISTANCE, Gate.LANGUAGE, Gate.TIMES, Gate.WISHES}
        request = request_facts(
            named_languages=("tr",), times=frozenset({"mo-vm"}), wanted_gender="w", max_distance_m=1
        )
        assert len(refusals(request, helper_facts())) == 4
        assert not refusals(request, helper_facts(), gates=PAIR_GATES)

    def test_the_other_gates_stay(self) -> None:
        closed = refusals(request_facts(), helper_facts(proofs=()), gates=PAIR_GATES)
        assert [refusal.gate for refusal in closed] == [Gate.TRAININGS]


class TestNearMiss:
    def gate(self, request: RequestFacts, helper: HelperFacts) -> Gate | None:
        found = near_miss(helper, refusals(request, helper))
        return found.gate if found else None

    def test_nobody_who_passes_is_one(self) -> None:
        assert self.gate(request_facts(), helper_facts()) is None

    def test_one_closed_gate_makes_one(self) -> None:
        assert self.gate(request_facts(), helper_facts(languages=("tr",))) == Gate.LANGUAGE

    def test_two_closed_gates_are_too_many(self) -> None:
        assert self.gate(request_facts(), helper_facts(languages=("tr",), proofs=())) is None

    @pytest.mark.parametrize(("distance_m", "is_one"), [(20_000.0, True), (20_000.001, False), (None, False)])
    def test_they_live_within_twenty_kilometres_even_for_a_role_at_a_distance(
        self, distance_m: float | None, is_one: bool
    ) -> None:
        helper = helper_facts(distance_m=distance_m, languages=("tr",))
        assert (self.gate(request_facts(at_a_distance=True), helper) is not None) == is_one
        nearby_role = self.gate(request_facts(), helper_facts(distance_m=distance_m))
        assert (nearby_role == Gate.DISTANCE) == is_one

    def test_a_pause_makes_one_but_no_other_state(self) -> None:
        assert self.gate(request_facts(), helper_facts(time_off=(TimeOff(D, None),))) == Gate.STATE
        assert self.gate(request_facts(), helper_facts(state=HelperState.REGISTERED)) is None
        left = helper_facts(state=HelperState.LEFT, time_off=(TimeOff(D, None),))
        assert self.gate(request_facts(), left) is None

    @pytest.mark.parametrize(
        "changes", [{"offers_role": False}, {"ties": frozenset({TieKind.BLOCK})}, {"only_for_id": SEEKER + 1}]
    )
    def test_role_and_pair_never_make_one(self, changes: dict[str, Any]) -> None:
        assert self.gate(request_facts(), helper_facts(**changes)) is None

"""What would help a request with few candidates, counted the plain way: the search must say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helfer.matching.facts import HelperFacts, RequestFacts, TimeOff
from helfer.matching.gates import refusals
from helfer.matching.what_if import WhatIf

from .facts import D, helper_facts, proof, relief_request, request_facts, under_relief
from .reference_survey import PlainSurvey, what_ifs


def asked(request: RequestFacts, *helpers: HelperFacts) -> dict[tuple[str, int | str], int]:
    numbered = [replace(helper, id=number) for number, helper in enumerate(helpers, start=1)]
    return what_ifs(PlainSurvey.of(request, numbered))


def test_nothing_is_said_where_nothing_would_help() -> None:
    away = helper_facts(time_off=(TimeOff(D, None),))
    assert asked(request_facts(), helper_facts(), away) == {}


def test_a_wider_way_counts_those_who_are_only_too_far() -> None:
    assert asked(
        request_facts(),
        helper_facts(distance_m=2200.0, radius_m=2000),
        helper_facts(distance_m=2200.1, radius_m=2000),
        helper_facts(distance_m=2800.0, radius_m=2000),
        helper_facts(distance_m=2801.0, radius_m=2000),
        helper_facts(distance_m=2100.0, radius_m=2000, languages=("tr",)),
    ) == {("distance", 200): 1, ("distance", 400): 2, ("distance", 800): 3}


def test_the_requests_own_limit_is_widened_too() -> None:
    assert asked(request_facts(max_distance_m=500), helper_facts(distance_m=700.0)) == {
        ("distance", 200): 1,
        ("distance", 400): 1,
        ("distance", 800): 1,
    }


def test_a_course_counts_those_who_lack_only_that_one() -> None:
    assert asked(
        request_facts(),
        helper_facts(proofs=(proof("einfuehrung"),)),
        helper_facts(proofs=(proof("einfuehrung"), proof("verschwiegenheit", verified=False))),
        helper_facts(proofs=(proof("verschwiegenheit"),)),
        helper_facts(proofs=()),
    ) == {("training", "verschwiegenheit"): 2, ("training", "einfuehrung"): 1}


def test_the_lands_qualification_is_a_course_too() -> None:
    without = under_relief(proofs=helper_facts().proofs)
    assert asked(relief_request(), without) == {("training", "nbh-broschuere"): 1}


def test_a_further_half_day_counts_those_who_have_it() -> None:
    assert asked(
        request_facts(times=frozenset({"mo-vm"})),
        helper_facts(times=frozenset({"di-nm", "so-ab"})),
        helper_facts(times=frozenset({"di-nm"})),
        helper_facts(times=frozenset()),
        helper_facts(times=frozenset({"di-nm"}), proofs=()),
    ) == {("time", "di-nm"): 2, ("time", "so-ab"): 1}


def test_a_further_model_counts_only_where_its_conditions_hold_too() -> None:
    relief = frozenset({"entlastungsbetrag"})
    assert asked(
        request_facts(named_models=frozenset({"ehrenamt"})),
        under_relief(),
        under_relief(birth_year=None),
        helper_facts(accepted_models=relief | {"zeitbank"}, birth_year=None),
        helper_facts(accepted_models=frozenset({"minijob"})),
    ) == {("model", "entlastungsbetrag"): 1, ("model", "zeitbank"): 1}


def test_a_further_model_helps_those_whom_the_relief_amount_may_not_pay() -> None:
    both = frozenset({"entlastungsbetrag", "ehrenamt"})
    request = relief_request(named_models=frozenset({"entlastungsbetrag"}))
    assert asked(request, under_relief(accepted_models=both, birth_year=None)) == {("model", "ehrenamt"): 1}


def test_each_number_is_what_the_gates_say_once_the_input_is_changed() -> None:
    request = request_facts(times=frozenset({"mo-vm"}), max_distance_m=900)
    helpers = [
        helper_facts(distance_m=distance, times=frozenset(times), accepted_models=frozenset(models))
        for distance in (400.0, 1000.0, 1200.0)
        for times in ({"mo-vm"}, {"mo-nm"}, {"di-vm", "mo-nm"})
        for models in ({"ehrenamt"}, {"zeitbank"})
    ]

    def passing(changed: RequestFacts) -> int:
        return sum(not refusals(changed, helper) for helper in helpers)

    def more(**changes: Any) -> int:
        return passing(replace(request, **changes)) - passing(request)

    found = asked(request, *helpers)
    assert found["distance", 200] == more(max_distance_m=1100)
    assert found["distance", 400] == more(max_distance_m=1300)
    assert found["time", "mo-nm"] == more(times=frozenset({"mo-vm", "mo-nm"}))
    assert found["model", "zeitbank"] == more(named_models=frozenset({"ehrenamt", "zeitbank"}))


def test_the_sentence_names_the_change_and_the_number() -> None:
    assert WhatIf("distance", 400, 3, "+400 m").sentence == "+400 m: 3 Personen mehr"
    assert WhatIf("time", "di-nm", 1, "auch Dienstagnachmittag").sentence == (
        "auch Dienstagnachmittag: 1 Person mehr"
    )

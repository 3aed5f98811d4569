"""The optimum of the city-wide run: against an independent solver, its limits, and against greedy ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from helfer.matching.assignment import Assignment, AssignmentInput, assign

Pair = tuple[int, int]


def small_case(seed: int, *, requests: int = 7, helpers: int = 5) -> AssignmentInput:
    """Up to so many requests and helpers, with scarce places, scarce places under § 45b, and many ties."""
    random = np.random.default_rng(seed)
    requests, helpers = int(random.integers(1, requests + 1)), int(random.integers(1, helpers + 1))
    possible = np.argwhere(random.random((requests, helpers)) < random.uniform(0.2, 0.9))
    relief = random.random(len(possible)) < random.choice([0.0, 0.4, 0.9])
    # The limit is the Land's of the request; 0: the Land names none.
    limit_of = random.choice([0, 1, 2, 2, 3], requests)
    scores = random.integers(0, 1_000_001, len(possible))
    if random.random() < 0.4:
        scores = scores // 250_000 * 250_000
    return AssignmentInput(
        request_ids=possible[:, 0] * 10 + 100,
        helper_ids=possible[:, 1] * 7 + 3,
        scores=scores,
        takes_relief=relief,
        relief_limit=np.where(relief, limit_of[possible[:, 0]], 0).astype(np.int32),
        urgent=np.flatnonzero(random.random(requests) < random.uniform(0, 0.8)) * 10 + 100,
        helpers=np.unique(possible[:, 1]) * 7 + 3,
        free_places=random.integers(0, 4, len(np.unique(possible[:, 1]))),
        relief_serves=random.integers(0, 3, len(np.unique(possible[:, 1]))),
    )


def aims(graph: AssignmentInput, assignment: Assignment) -> tuple[int, int, int]:
    """What it reaches, counted anew from the pairs."""
    urgent = int(np.isin(assignment.request_ids, graph.urgent).sum())
    scores = {
        (request, helper): score
        for request, helper, score in zip(
            graph.request_ids.tolist(), graph.helper_ids.tolist(), graph.scores.tolist(), strict=True
        )
    }
    return len(pairs_of(assignment)), urgent, sum(scores[pair] for pair in pairs_of(assignment))


def pairs_of(assignment: Assignment) -> list[Pair]:
    return list(zip(assignment.request_ids.tolist(), assignment.helper_ids.tolist(), strict=True))


def limits(graph: AssignmentInput) -> list[tuple[list[int], int]]:
    """Which pairs together take at most how many places."""
    places: list[tuple[list[int], int]] = []
    for request in np.unique(graph.request_ids):
        places.append((np.flatnonzero(graph.request_ids == request).tolist(), 1))
    for helper, free, serves in zip(graph.helpers, graph.free_places, graph.relief_serves, strict=True):
        of_helper = graph.helper_ids == helper
        places.append((np.flatnonzero(of_helper).tolist(), int(free)))
        under_relief = of_helper & graph.takes_relief & (graph.relief_limit > 0)
        for limit in np.unique(graph.relief_limit[under_relief]):
            within = under_relief & (graph.relief_limit <= limit)
            places.append((np.flatnonzero(within).tolist(), max(int(limit) - int(serves), 0)))
    return places


def keeps_the_limits(graph: AssignmentInput, assignment: Assignment) -> bool:
    chosen = set(pairs_of(assignment))
    all_pairs = list(zip(graph.request_ids.tolist(), graph.helper_ids.tolist(), strict=True))
    if not chosen <= set(all_pairs):
        return False
    return all(sum(all_pairs[i] in chosen for i in pairs) <= most for pairs, most in limits(graph))


def by_milp(graph: AssignmentInput) -> tuple[int, int, int]:
    """The three aims one after the other, each fixed before the next, by branch and bound."""
    count = len(graph.scores)
    if not count:
        return 0, 0, 0
    rows = []
    most = []
    for pairs, limit in limits(graph):
        row = np.zeros(count)
        row[pairs] = 1
        rows.append(row)
        most.append(float(limit))
    constraints = [LinearConstraint(np.array(rows), -np.inf, np.array(most))]
    reached = []
    for aim in (np.ones(count), np.isin(graph.request_ids, graph.urgent), graph.scores):
        solution = milp(-aim.astype(float), integrality=1, bounds=Bounds(0, 1), constraints=constraints)
        assert solution.success
        best = int(np.dot(aim.astype(np.int64), np.round(solution.x).astype(np.int64)))
        constraints.append(LinearConstraint(aim.astype(float), best, np.inf))
        reached.append(best)
    return reached[0], reached[1], reached[2]


def exhaustively(graph: AssignmentInput) -> tuple[int, int, int]:
    """Every way there is."""
    by_request: dict[int, list[int]] = defaultdict(list)
    for pair, request in enumerate(graph.request_ids.tolist()):
        by_request[request].append(pair)
    urgent = set(graph.urgent.tolist())
    places = limits(graph)
    best = (0, 0, 0)
    for way in product(*([-1, *pairs] for pairs in by_request.values())):
        chosen = {pair for pair in way if pair >= 0}
        if all(len(chosen.intersection(pairs)) <= most for pairs, most in places):
            served_urgent = sum(int(graph.request_ids[pair]) in urgent for pair in chosen)
            best = max(best, (len(chosen), served_urgent, sum(int(graph.scores[pair]) for pair in chosen)))
    return best


@pytest.mark.parametrize("seed", range(500))
def test_the_optimum_is_that_of_an_independent_solver(seed: int) -> None:
    graph = small_case(seed)
    found = assign(graph)
    assert keeps_the_limits(graph, found)
    assert aims(graph, found) == by_milp(graph) == (found.served, found.urgent_served, found.total_score)


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_no_way_at_all_is_better(seed: int) -> None:
    graph = small_case(seed, requests=5, helpers=3)
    assert aims(graph, assign(graph)) == exhaustively(graph)


def test_the_cases_are_scarce_in_every_way() -> None:
    """Otherwise the comparisons would prove little."""
    found = Counter[str]()
    for seed in range(500):
        graph = small_case(seed)
        best = assign(graph)
        asked, urgent = len(np.unique(graph.request_ids)), np.isin(graph.urgent, graph.request_ids).sum()
        found["left out"] += best.served < asked
        found["urgent left out"] += best.urgent_served < urgent
        unlimited = np.zeros_like(graph.takes_relief)
        without = assign(AssignmentInput(**{**_fields(graph), "takes_relief": unlimited}))
        found["§ 45b matters"] += (without.served, without.total_score) != (best.served, best.total_score)
        relief = graph.takes_relief & (graph.relief_limit > 0)
        limits_of = set(zip(graph.helper_ids[relief], graph.relief_limit[relief], strict=True))
        found["two limits"] += max(Counter(helper for helper, _ in limits_of).values(), default=0) > 1
    assert min(found.values()) > 50, found


def _fields(graph: AssignmentInput) -> dict[str, object]:
    return {name: getattr(graph, name) for name in AssignmentInput.__slots__}


def large_case(seed: int, *, requests: int = 400, helpers: int = 300, each: int = 12) -> AssignmentInput:
    random = np.random.default_rng(seed)
    possible = np.unique(
        np.stack(
            [
                random.integers(0, requests, requests * each),
                # Some are near to many.
                (random.beta(1, 3, requests * each) * helpers).astype(np.int64),
            ],
            axis=1,
        ),
        axis=0,
    )
    relief = random.random(len(possible)) < 0.3
    return AssignmentInput(
        request_ids=possible[:, 0],
        helper_ids=possible[:, 1],
        scores=random.integers(200_000, 1_000_001, len(possible)),
        takes_relief=relief,
        relief_limit=np.where(relief, 2, 0).astype(np.int32),
        urgent=random.choice(requests, requests // 8, replace=False),
        helpers=np.unique(possible[:, 1]),
        free_places=random.integers(0, 3, len(np.unique(possible[:, 1]))),
        relief_serves=random.integers(0, 3, len(np.unique(possible[:, 1]))),
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_same_data_give_the_same_pairs_in_whatever_order(seed: int) -> None:
    graph = large_case(seed)
    shuffled = np.random.default_rng(seed).permutation(len(graph.scores))
    per_pair = ("request_ids", "helper_ids", "scores", "takes_relief", "relief_limit")
    again = _fields(graph) | {name: getattr(graph, name)[shuffled] for name in per_pair}
    again["urgent"] = graph.urgent[::-1]
    assert pairs_of(assign(graph)) == pairs_of(assign(AssignmentInput(**again)))  # type: ignore[arg-type]


def greedily(graph: AssignmentInput, order: list[int]) -> list[int]:
    """Takes pair by pair in this order, as long as there is a place."""
    taken: list[int] = []
    used: Counter[int] = Counter()
    places = limits(graph)
    in_place: dict[int, list[int]] = defaultdict(list)
    for number, (pairs, _) in enumerate(places):
        for pair in pairs:
            in_place[pair].append(number)
    for pair in order:
        if all(used[number] < places[number][1] for number in in_place[pair]):
            used.update(in_place[pair])
            taken.append(pair)
    return taken


@pytest.mark.parametrize("seed", range(5))
def test_never_fewer_are_served_than_greedily(seed: int) -> None:
    graph = large_case(seed)
    best = assign(graph)
    by_score = greedily(graph, np.argsort(-graph.scores, kind="stable").tolist())
    by_arrival = greedily(graph, np.lexsort((-graph.scores, graph.request_ids)).tolist())
    assert best.served >= max(len(by_score), len(by_arrival))
    # Here it is really better, not only never worse.
    assert best.served > len(by_score)
    assert best.served > len(by_arrival)


def test_nothing_possible_gives_nothing() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    graph = AssignmentInput(
        nothing, nothing, nothing, nothing.astype(np.bool_), nothing, np.array([5]), nothing, nothing, nothing
    )
    found = assign(graph)
    assert (found.served, found.urgent_served, found.total_score, pairs_of(found)) == (0, 0, 0, [])


def test_an_urgent_request_goes_first_but_never_costs_another_one_its_place() -> None:
    """One helper for both: the urgent one. But two served are more than one urgent served."""
    graph = AssignmentInput(
        request_ids=np.array([1, 2]),
        helper_ids=np.array([7, 7]),
        scores=np.array([900_000, 100_000]),
        takes_relief=np.array([False, False]),
        relief_limit=np.array([0, 0]),
        urgent=np.array([2]),
        helpers=np.array([7]),
        free_places=np.array([1]),
        relief_serves=np.array([0]),
    )
    assert pairs_of(assign(graph)) == [(2, 7)]


def test_scores_of_millions_of_requests_do_not_overflow() -> None:
    """Many served at the full score, none of them by weights beyond what the solver takes."""
    many = 3_000
    ids = np.arange(many)
    graph = AssignmentInput(
        request_ids=np.repeat(ids, 2),
        helper_ids=np.stack([ids, (ids + 1) % many], axis=1).reshape(-1),
        scores=np.tile([1_000_000, 999_999], many),
        takes_relief=np.zeros(2 * many, dtype=np.bool_),
        relief_limit=np.zeros(2 * many, dtype=np.int32),
        urgent=ids[::2],
        helpers=ids,
        free_places=np.ones(many, dtype=np.int64),
        relief_serves=np.zeros(many, dtype=np.int64),
    )
    assert assign(graph).total_score == many * 1_000_000

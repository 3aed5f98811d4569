"""Who is suggested for whom, when all requests are looked at together: an exact optimum, never greedy. Pure.

In this order it maximises: requests served, urgent requests served, the sum of scores. The first two are
found by maximum flows and then fixed, so that the third needs no weights but the scores themselves (the
solver refuses large ones). That is exact: the sets of requests that can be served together form a matroid
(they are linked to places by a flow), and in a matroid every largest set of urgent requests can be completed
to a largest set of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Scores are whole numbers: millionths.
SCORE_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class AssignmentInput:
    """All possible pairs, one place in each of the first five arrays, and the places that the helpers have.

    A pair that takes a place under § 45b names the Land's limit (0: none); the helper's places under it are
    that limit less the people served so already.
    """

    request_ids: Ints
    helper_ids: Ints
    scores: Ints
    takes_relief: Flags
    relief_limit: Ints
    # Ids of urgent requests; others than those of the pairs do no harm.
    urgent: Ints
    # Every helper of the pairs, in ascending order, with free places and people served under § 45b.
    helpers: Ints
    free_places: Ints
    relief_serves: Ints


@dataclass(frozen=True)
class Assignment:
    """The chosen pairs, by request, and what they reach."""

    request_ids: Ints
    helper_ids: Ints
    # In millionths.
    scores: Ints
    urgent_served: int

    @cached_property
    def served(self) -> int:
        """How many requests get a suggestion."""
        return len(self.request_ids)

    @cached_property
    def total_score(self) -> int:
        """The sum of scores, in millionths."""
        return int(self.scores.sum())


def assign(graph: AssignmentInput) -> Assignment:
    """The best suggestions for all requests at once; the order of the pairs does not matter."""
    network = _Network(graph)
    if not len(network.scores):
        return network.choose(np.zeros(0, dtype=np.int64), urgent_served=0)
    served = network.most_served(np.ones(len(network.scores), dtype=np.bool_))
    of_urgent = network.is_urgent[network.request]
    urgent_served = served if of_urgent.all() else network.most_served(of_urgent)
    chosen = network.best_scores(served=served, urgent_served=urgent_served)
    return network.choose(chosen, urgent_served=urgent_served)


class _Network:
    """source → request → (place under § 45b →) helper → sink.

    A helper for people in Länder of different limits has a node for each, the stricter inside the wider.
    """

    def __init__(self, graph: AssignmentInput) -> None:
        order = np.lexsort((graph.helper_ids, graph.request_ids))
        helper = np.searchsorted(graph.helpers, graph.helper_ids[order])
        relief = graph.takes_relief[order] & (graph.relief_limit[order] > 0)
        limit = np.where(relief, graph.relief_limit[order].astype(np.int64), 0)
        # Pairs for which there is no place at all can be in no solution.
        has_place = graph.free_places[helper] > 0
        has_place &= ~relief | (limit > graph.relief_serves[helper])
        order, helper = order[has_place], helper[has_place]
        relief, limit = relief[has_place], limit[has_place]

        self.request_ids = graph.request_ids[order].astype(np.int64)
        self.helper_ids = graph.helper_ids[order].astype(np.int64)
        self.scores = graph.scores[order].astype(np.int64)
        self.requests, self.request = np.unique(self.request_ids, return_inverse=True)
        self.is_urgent = np.isin(self.requests, graph.urgent)

        # Nodes: requests, helpers, places under § 45b, sink, sources.
        helpers, helper = np.unique(helper, return_inverse=True)
        first_helper = len(self.requests)
        first_relief = first_helper + len(helpers)
        places, place = _places_under_relief(helper[relief], limit[relief])
        self.sink = first_relief + len(places)
        self.source = self.sink + 1
        self.urgent_source = self.sink + 2

        # Arcs: first those of the pairs.
        head = first_helper + helper
        head[relief] = first_relief + place
        owner, ceiling = places[:, 0], places[:, 1]
        # From a place to the next wider one of the same helper, from the widest to the helper.
        is_widest = np.append(owner[1:] != owner[:-1], True)[: len(places)]
        inner = first_relief + np.arange(len(places))
        outer = np.where(is_widest, first_helper + owner, inner + 1)
        all_helpers = first_helper + np.arange(len(helpers))
        self.tail = np.concatenate([self.request, inner, all_helpers])
        self.head = np.concatenate([head, outer, np.full(len(helpers), self.sink)])
        self.capacity = np.concatenate(
            [
                np.ones(len(head), dtype=np.int64),
                ceiling - graph.relief_serves[helpers[owner]],
                graph.free_places[helpers],
            ]
        )

    def most_served(self, pairs: Flags) -> int:
        """How many requests these pairs alone can serve: a maximum flow."""
        kept = np.append(pairs, np.ones(len(self.tail) - len(pairs), dtype=np.bool_))
        asking = np.unique(self.request[pairs])
        solver = max_flow.SimpleMaxFlow()
        solver.add_arcs_with_capacity(
            np.append(np.full(len(asking), self.source), self.tail[kept]),
            np.append(asking, self.head[kept]),
            np.append(np.ones(len(asking), dtype=np.int64), self.capacity[kept]),
        )
        status = solver.solve(self.source, self.sink)
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"maximum flow: {status}")
        return int(solver.optimal_flow())

    def best_scores(self, *, served: int, urgent_served: int) -> Ints:
        """The pairs with the largest sum of scores among those that serve so many, so many of them urgent."""
        asking = np.arange(len(self.requests))
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            np.append(self.tail, np.where(self.is_urgent, self.urgent_source, self.source)),
            np.append(self.head, asking),
            np.append(self.capacity, np.ones(len(asking), dtype=np.int64)),
            np.append(
                -self.scores, np.zeros(len(self.tail) - len(self.scores) + len(asking), dtype=np.int64)
            ),
        )
        solver.set_nodes_supplies(
            np.array([self.source, self.urgent_source, self.sink]),
            np.array([served - urgent_served, urgent_served, -served]),
        )
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"minimum cost flow: {status}")
        return np.flatnonzero(solver.flows(arcs[: len(self.scores)]))

    def choose(self, pairs: Ints, *, urgent_served: int) -> Assignment:
        """The result made of these pairs."""
        return Assignment(
            request_ids=self.request_ids[pairs],
            helper_ids=self.helper_ids[pairs],
            scores=self.scores[pairs],
            urgent_served=urgent_served,
        )


def _places_under_relief(helper: Ints, limit: Ints) -> tuple[Ints, Ints]:
    """The distinct (helper, limit), in ascending order, and for each pair which one it takes."""
    places, place = np.unique(np.stack([helper, limit], axis=1), axis=0, return_inverse=True)
    return places, place.reshape(-1)

"""One city-wide run in a process of its own: ``python -m tests.bench.city product|bare|greedy|workers DAY``.

Prints what it found and how long each part took, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django


def peak_gib(pid: int | str = "self") -> float:
    """The most memory that a process ever held."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    return 0.0


def product(on: date) -> dict[str, Any]:
    """What the program does: searched part by part, solved, and the reasons of whom nobody was found for.

    The reasons are counted beside: nothing in the bare form answers to them.
    """
    from helfer.matching import city_wide

    reasons = 0.0
    count = city_wide.near_miss_gates

    def counted(**asked: Any) -> Any:
        nonlocal reasons
        begun = time.perf_counter()
        try:
            return count(**asked)
        finally:
            reasons += time.perf_counter() - begun

    city_wide.near_miss_gates = counted
    started = time.perf_counter()
    chunks = city_wide.in_chunks(city_wide.waiting_requests())
    outcome = city_wide.best_outcome(on=on, chunks=chunks)
    ended = time.perf_counter()
    return {
        "seconds": ended - started,
        "reasons": reasons,
        "chunks": len(chunks),
        "unserved": len(outcome.unserved),
        "requests": len(outcome.request_ids),
        "served": outcome.assignment.served,
        "urgent_served": outcome.assignment.urgent_served,
        "score": outcome.assignment.total_score,
    }


def bare(on: date) -> dict[str, Any]:
    """One set-based query for all pairs, and nothing but the solver on the finished graph."""
    import numpy as np

    from helfer.matching import city_wide
    from helfer.matching.assignment import _Network
    from helfer.matching.candidates.edges import edges

    request_ids = sorted(city_wide.waiting_requests().values_list("pk", flat=True))
    started = time.perf_counter()
    pairs = edges(on=on, request_ids=request_ids)
    queried = time.perf_counter()
    network = _Network(city_wide.with_places(pairs, urgent=city_wide._urgent(request_ids)))
    built = time.perf_counter()
    served = network.most_served(np.ones(len(network.scores), dtype=np.bool_))
    urgent_served = network.most_served(network.is_urgent[network.request])
    chosen = network.best_scores(served=served, urgent_served=urgent_served)
    solved = time.perf_counter()
    left = sorted(set(request_ids) - set(network.request_ids[network.request[chosen]].tolist()))
    return {
        "seconds": queried - started + solved - built,
        "in_sight": in_sight(left),
        "query": queried - started,
        "solver": solved - built,
        "edges": len(pairs),
        "requests": len(request_ids),
        "served": len(chosen),
        "urgent_served": urgent_served,
        "score": int(network.scores[chosen].sum()),
    }


# Whom the reasons must look at: everybody of the role within 20 km, only counted.
IN_SIGHT = """
    WITH asked AS MATERIALIZED (
        SELECT request.id, request.role_id, person.home FROM help_requests_helprequest request
          JOIN people_helpseeker seeker ON seeker.id = request.help_seeker_id
          JOIN people_person person ON person.id = seeker.person_id
         WHERE request.id = ANY(%s) ORDER BY request.role_id, person.home::geometry
    )
    SELECT count(*) FROM asked
      JOIN matching_offer o ON o.role_id = asked.role_id AND ST_DWithin(o.home, asked.home, 20000)
     GROUP BY asked.id
"""
# It takes minutes for all of them.
ONE_IN = 20


def in_sight(request_ids: list[int]) -> float:
    """How long the bare count takes, reckoned from some of the requests."""
    from django.db import connection

    some = request_ids[::ONE_IN]
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(IN_SIGHT, [some])
        cursor.fetchall()
        return (time.perf_counter() - started) * len(request_ids) / max(len(some), 1)


def workers(on: date) -> dict[str, Any]:
    """The search of all parts, as the queue hands them out, by one process and by two."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from django.db import connections

    from helfer.matching import city_wide

    chunks = city_wide.in_chunks(city_wide.waiting_requests())
    total = sum(map(len, chunks))
    connections.close_all()
    found: dict[str, Any] = {}
    for number in (1, 2):
        with ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=django.setup) as pool:
            # Each has begun, and has planned the statement, before the clock starts.
            list(pool.map(_search, [(on, chunk, total) for chunk in chunks[:number]]))
            started = time.perf_counter()
            sizes = list(pool.map(_search, [(on, chunk, total) for chunk in chunks]))
            found[f"by_{number}"] = time.perf_counter() - started
            found[f"pairs_of_{number}"] = sum(sizes)
    return found


def _search(part: tuple[date, list[int], int]) -> int:
    from helfer.matching import city_wide

    on, request_ids, requests = part
    found = city_wide.search(on=on, request_ids=request_ids, requests=requests)
    city_wide.packed(found)
    return len(found)


def greedy(on: date) -> dict[str, Any]:
    """The same pairs, chosen one after the other: the best score first, or whoever came first."""
    import numpy as np

    from helfer.help_requests.models import HelpRequest
    from helfer.matching import city_wide
    from helfer.matching.candidates.edges import edges

    received = dict(
        HelpRequest.objects.filter(pk__in=city_wide.waiting_requests().values("pk")).values_list(
            "pk", "received_on"
        )
    )
    urgent = set(city_wide._urgent(sorted(received)))
    pairs = edges(on=on, request_ids=sorted(received))
    graph = city_wide.with_places(pairs, urgent=sorted(urgent))
    days = np.array([received[pk].toordinal() for pk in graph.request_ids.tolist()])
    by_score = np.lexsort((graph.helper_ids, graph.request_ids, -graph.scores))
    by_arrival = np.lexsort((graph.helper_ids, -graph.scores, graph.request_ids, days))
    return {
        name: _take(graph, order, urgent) for name, order in (("score", by_score), ("arrival", by_arrival))
    }


def _take(graph: Any, order: Any, urgent: set[int]) -> dict[str, int]:
    free = dict(zip(graph.helpers.tolist(), graph.free_places.tolist(), strict=True))
    relief = dict(zip(graph.helpers.tolist(), graph.relief_serves.tolist(), strict=True))
    columns = (graph.request_ids, graph.helper_ids, graph.scores, graph.takes_relief, graph.relief_limit)
    served: set[int] = set()
    score = 0
    for request, helper, points, takes_relief, limit in zip(
        *(column[order].tolist() for column in columns), strict=True
    ):
        if request in served or free[helper] < 1:
            continue
        if takes_relief and limit > 0:
            if relief[helper] >= limit:
                continue
            relief[helper] += 1
        free[helper] -= 1
        served.add(request)
        score += points
    return {"served": len(served), "urgent_served": len(served & urgent), "score": score}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    django.setup()
    from django.db import connection

    ways = {"product": product, "bare": bare, "greedy": greedy, "workers": workers}
    found = ways[sys.argv[1]](date.fromisoformat(sys.argv[2]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    found["peak_gib"] = peak_gib()
    try:
        found["backend_gib"] = peak_gib(backend)
    except OSError:
        found["backend_gib"] = None
    print(json.dumps(found))


if __name__ == "__main__":
    main()

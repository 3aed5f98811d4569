"""A city-wide run among workers that come, go and die, and a queue that repeats itself or is silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from helfer.matching import city_wide, tasks
from helfer.matching.actions import city_run
from helfer.matching.actions.city_run import (
    COMPUTE_CHUNK,
    SILENCE,
    SOLVE_RUN,
    TAKEN_UP_AT_MOST,
    compute_chunk,
    compute_run,
    solve_run,
    start_run,
    stop_run,
    sweep_runs,
)
from helfer.matching.models import CityRun, CityRunChunk, RunState, Suggestion
from helfer.notifications.doorbell import doorbell
from tests.matching.conftest import Calls, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(desk: Desk, today: date, now: datetime, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> CityRun:
    """A run of three requests in two parts, just asked for."""
    monkeypatch.setattr(city_wide, "REQUESTS_IN_A_CHUNK", 2)
    for _ in range(2):
        desk.another_request()
    return start_run(by=desk.city, office=desk.office, on=today, at=now)


def chunk_ids(run: CityRun) -> list[int]:
    return list(run.chunks.order_by("number").values_list("pk", flat=True))


def deliver(calls: Calls, *, at: datetime) -> None:
    """Work off what was called for, and what that calls for."""
    while calls:
        task, number = calls.pop(0)
        if task == COMPUTE_CHUNK:
            compute_chunk(chunk_id=number, at=at)
        else:
            solve_run(run_id=number, at=at)


@contextmanager
def somebody_works_on(chunk_id: int) -> Iterator[None]:
    """Another worker holds this part; at the end it dies, as its transaction says."""
    at_it, over = threading.Event(), threading.Event()

    def worker() -> None:
        try:
            with transaction.atomic():
                CityRunChunk.objects.select_for_update().get(pk=chunk_id)
                at_it.set()
                over.wait(30)
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=worker)
    thread.start()
    assert at_it.wait(30)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_queue_is_told_of_every_part_and_at_the_end_of_the_solution(
    waiting: CityRun, calls: Calls, now: datetime
) -> None:
    assert calls == [(COMPUTE_CHUNK, chunk_id) for chunk_id in chunk_ids(waiting)]
    deliver(calls, at=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done, waiting.suggestions.count()) == (RunState.DONE, 3, 2)


def test_tasks_that_arrive_again_and_again_double_nothing(
    waiting: CityRun, calls: Calls, now: datetime
) -> None:
    again = calls * 3
    deliver(calls, at=now)
    deliver([*again, (SOLVE_RUN, waiting.pk), (SOLVE_RUN, waiting.pk)], at=now)
    waiting.refresh_from_db()
    assert (waiting.done, waiting.suggestions.count(), waiting.unserved.count()) == (3, 2, 1)


def test_two_workers_never_do_the_same_part(waiting: CityRun, calls: Calls, now: datetime) -> None:
    first, second = chunk_ids(waiting)
    calls.clear()
    with somebody_works_on(first):
        compute_chunk(chunk_id=first, at=now)
        compute_chunk(chunk_id=second, at=now)
        assert solve_run(run_id=waiting.pk, at=now).state == RunState.RUNNING
        waiting.refresh_from_db()
        assert waiting.done == 1
        # The one that is not the last calls nobody.
        assert calls == []
    compute_chunk(chunk_id=first, at=now)
    assert calls == [(SOLVE_RUN, waiting.pk)]


def test_a_worker_that_dies_leaves_nothing_half_done(
    waiting: CityRun, calls: Calls, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = chunk_ids(waiting)
    calls.clear()
    with monkeypatch.context() as patch:
        patch.setattr(city_wide, "edges", _dies)
        with pytest.raises(MemoryError):
            compute_chunk(chunk_id=first, at=now)
    compute_chunk(chunk_id=second, at=now)
    with monkeypatch.context() as patch:
        patch.setattr(city_run, "Unserved", _dies)
        compute_chunk(chunk_id=first, at=now)
        with pytest.raises(AttributeError):
            solve_run(run_id=waiting.pk, at=now)
    assert not Suggestion.objects.exists()
    calls.clear()
    sweep_runs(at=now + SILENCE)
    assert calls == [(SOLVE_RUN, waiting.pk)]
    deliver(calls, at=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done) == (RunState.DONE, 3)


def _dies(**_: object) -> None:
    raise MemoryError


def test_the_sweep_takes_up_what_nobody_works_on(waiting: CityRun, calls: Calls, now: datetime) -> None:
    first, second = chunk_ids(waiting)
    compute_chunk(chunk_id=first, at=now)
    calls.clear()
    sweep_runs(at=now + SILENCE / 2)
    assert calls == []
    with somebody_works_on(second):
        sweep_runs(at=now + SILENCE)
        assert calls == []
    sweep_runs(at=now + SILENCE)
    sweep_runs(at=now + SILENCE)
    assert calls == [(COMPUTE_CHUNK, second)]


def test_what_is_taken_up_in_vain_again_and_again_is_given_up(
    waiting: CityRun, calls: Calls, now: datetime
) -> None:
    calls.clear()
    at = now
    for _ in range(TAKEN_UP_AT_MOST + 1):
        waiting.refresh_from_db()
        assert waiting.state == RunState.QUEUED
        at += timedelta(hours=2)
        sweep_runs(at=at)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.finished_at) == (RunState.FAILED, at)
    assert len(calls) == TAKEN_UP_AT_MOST * 2
    assert not CityRunChunk.objects.exists()
    # A late task changes nothing.
    assert compute_run(run_id=waiting.pk, at=at).state == RunState.FAILED


def test_a_silent_queue_does_not_lose_the_run(
    desk: Desk, today: date, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "silent_until", float("inf"))
    asked = start_run(by=desk.city, office=desk.office, on=today, at=now)
    assert not city_run.ring_for(asked.pk)
    assert asked.state == RunState.QUEUED
    heard: Calls = []
    monkeypatch.setattr(doorbell, "call", lambda task, **ids: heard.append((task, *ids.values())) or True)
    sweep_runs(at=now + SILENCE)
    deliver(heard, at=now)
    asked.refresh_from_db()
    assert asked.state == RunState.DONE


def test_a_run_may_be_stopped_while_a_part_is_searched(
    desk: Desk, waiting: CityRun, calls: Calls, now: datetime
) -> None:
    first, _ = chunk_ids(waiting)
    with somebody_works_on(first):
        stop_run(run_id=waiting.pk, by=desk.city, at=now)
        assert chunk_ids(waiting) == [first]
    sweep_runs(at=now)
    assert chunk_ids(waiting) == []


def test_a_run_may_be_stopped_while_it_is_solved(
    desk: Desk, waiting: CityRun, calls: Calls, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chunk_id in chunk_ids(waiting):
        compute_chunk(chunk_id=chunk_id, at=now)
    really = city_run.outcome_of
    in_another_session = _stopping(waiting, desk, at=now)

    def outcome(*args: object, **fields: object) -> city_wide.Outcome:
        in_another_session()
        return really(*args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(city_run, "outcome_of", outcome)
    assert solve_run(run_id=waiting.pk, at=now).state == RunState.STOPPED
    assert not Suggestion.objects.exists()


def _stopping(run: CityRun, desk: Desk, *, at: datetime) -> Callable[[], None]:
    def stop() -> None:
        def other() -> None:
            try:
                stop_run(run_id=run.pk, by=desk.city, at=at)
            finally:
                connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()

    return stop


def test_two_who_ask_at_once_get_one_run(desk: Desk, today: date, now: datetime, calls: Calls) -> None:
    refused: list[BaseException] = []
    together = threading.Barrier(2)

    def ask() -> None:
        try:
            together.wait(30)
            start_run(by=desk.city, office=desk.office, on=today, at=now)
        except BaseException as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert CityRun.objects.count() == 1


def test_the_doors_of_the_queue_call_the_actions(waiting: CityRun, calls: Calls, settings: object) -> None:
    assert (tasks.compute_chunk.name, tasks.solve_run.name) == (COMPUTE_CHUNK, SOLVE_RUN)
    for chunk_id in chunk_ids(waiting):
        tasks.compute_chunk(chunk_id=chunk_id)
    tasks.solve_run(run_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == RunState.DONE
    tasks.sweep_runs()
    tasks.nightly_runs()
    assert CityRun.objects.filter(by=None, office=None).count() == 1
    assert connection.in_atomic_block is False

"""What the clock and the queue ask of matching."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from helfer.core.days import berlin_day
from helfer.core.locks import advisory_lock
from helfer.matching.actions import city_drill, city_run, daily_tick, publish_offers, publish_wanted


@shared_task
def daily() -> None:
    """The day's own changes; two beats at once harm nothing."""
    with advisory_lock("matching.daily") as mine:
        if mine:
            daily_tick(at=timezone.now())


@shared_task
def compute_chunk(*, chunk_id: int) -> None:
    """Search one part of a city-wide run."""
    city_run.compute_chunk(chunk_id=chunk_id, at=timezone.now())


@shared_task
def solve_run(*, run_id: int) -> None:
    """Find the optimum of a city-wide run whose parts are all searched."""
    city_run.solve_run(run_id=run_id, at=timezone.now())


@shared_task
def play_through(*, drill_id: int) -> None:
    """Reckon a drill of the whole city."""
    city_drill.play_through(drill_id=drill_id, at=timezone.now())


@shared_task
def sweep_runs() -> None:
    """Take up the city-wide runs and drills at which nobody works any more; one sweep at a time."""
    with advisory_lock("matching.sweep_runs") as mine:
        if mine:
            at = timezone.now()
            city_run.sweep_runs(at=at)
            city_drill.sweep_drills(at=at)


@shared_task
def nightly_runs() -> None:
    """Start the night's city-wide runs, as the settings want them; two beats at once harm nothing.

    What is kept of old runs and drills is deleted first.
    """
    with advisory_lock("matching.nightly_runs") as mine:
        if mine:
            at = timezone.now()
            city_drill.forget_old_drills(at=at)
            city_run.start_nightly_runs(scope=settings.HELFER_CITY_RUN, on=berlin_day(at), at=at)


@shared_task
def publish() -> None:
    """Put listed cards and requests before the public; two beats at once harm nothing."""
    with advisory_lock("matching.publish") as mine:
        if mine:
            today = berlin_day(timezone.now())
            publish_offers(on=today)
            publish_wanted(on=today)

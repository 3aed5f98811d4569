"""A run for the whole city, as of last night, and one for each office: there is something to decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from helfer.core.days import BERLIN, berlin_day
from helfer.demo.stories import Stories
from helfer.matching.actions.city_run import compute_run, start_run
from helfer.people.models import Office

NIGHTLY_AT = time(4, 30)


def compute_runs(stories: Stories, offices: Iterable[Office], *, now: datetime) -> None:
    """Suggestions as the night and the tandems' own presses of the button would have made them."""
    today = berlin_day(now)
    nightly = min(now, datetime.combine(today, NIGHTLY_AT, tzinfo=BERLIN))
    started = [start_run(by=None, office=None, on=today, at=nightly)]
    for office in offices:
        city, _association = stories.tandem(office)
        started.append(start_run(by=city, office=office, on=today, at=now))
    for run in started:
        compute_run(run_id=run.pk, at=run.requested_at)

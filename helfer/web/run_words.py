"""What every page calls a city-wide run."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from helfer.matching.models import CityRun, RunState

TONES = {
    RunState.QUEUED: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "success",
    RunState.FAILED: "danger",
    RunState.STOPPED: "neutral",
}
# After so long without a worker somebody ought to be told that it is not their fault.
LONG_WAIT = timedelta(seconds=30)


def scope_of(run: CityRun) -> str:
    """For whom a run computes."""
    if run.district is not None:
        return run.district.name
    return run.office.name if run.office is not None else _("ganze Stadt")

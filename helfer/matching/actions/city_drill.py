"""A drill of the whole city: asked for on the page, reckoned by a worker, kept as numbers, stopped.

The reckoning itself writes nothing; its numbers are written in one transaction with the drill's end. So a
worker may be killed at any moment, and a task may arrive twice or never: the sweep finds what is left to do.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.core.locks import advisory_lock
from helfer.matching.actions.city_run import KEPT_DAYS, SILENCE, TAKEN_UP_AT_MOST
from helfer.matching.drill import Outage, drill
from helfer.matching.drill.city import figures_of, outage_of
from helfer.matching.models import UNFINISHED, CityDrill, RunState
from helfer.matching.permissions import can_run_for
from helfer.notifications.doorbell import doorbell
from helfer.people.models import User

PLAY_THROUGH = "helfer.matching.tasks.play_through"


@transaction.atomic
def start_drill(*, by: User, outage: Outage, with_open_requests: bool, at: datetime) -> CityDrill:
    """Ask for a drill of the whole city; who asks for one that is under way gets that one.

    Raises ``NotAllowed``, or ``RuleViolation`` where nobody was chosen to drop out.
    """
    can_run_for(by, office=None, at=at)
    outage.helpers()
    asked = {
        "on": outage.on,
        "role_id": outage.role_id,
        "district_id": outage.district_id,
        "quarter_id": outage.quarter_id,
        "language": outage.language,
        "with_open_requests": with_open_requests,
    }
    under_way = CityDrill.objects.unfinished().filter(**asked).first()
    if under_way is not None:
        return under_way
    started = CityDrill.objects.create(**asked, by=by, requested_at=at, touched_at=at)
    transaction.on_commit(lambda: ring_for_drill(started.pk), robust=True)
    return started


def ring_for_drill(drill_id: int) -> bool:
    """Call a worker; whether the queue heard it."""
    return doorbell.call(PLAY_THROUGH, drill_id=drill_id)


def play_through(*, drill_id: int, at: datetime) -> None:
    """Reckon a drill and keep its numbers, unless somebody else does or did, or it was stopped meanwhile."""
    with advisory_lock(_lock(drill_id)) as mine:
        if not mine:
            return
        waiting = CityDrill.objects.unfinished().filter(pk=drill_id)
        waiting.update(state=RunState.RUNNING, started_at=at, touched_at=at)
        asked = waiting.first()
        if asked is None:
            return
        found = drill(outage_of(asked), with_open_requests=asked.with_open_requests)
        with transaction.atomic():
            asked = waiting.select_for_update(of=("self",)).first()
            if asked is None:
                return
            asked.figures = figures_of(found).packed()
            asked.state, asked.finished_at, asked.touched_at = RunState.DONE, at, at
            asked.save(update_fields=["figures", "state", "finished_at", "touched_at"])


@transaction.atomic
def stop_drill(*, drill_id: int, by: User, at: datetime) -> CityDrill:
    """Stop a drill that waits or is being reckoned; nothing of it is kept.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    can_run_for(by, office=None, at=at)
    asked = CityDrill.objects.select_for_update(of=("self",)).filter(pk=drill_id).first()
    if asked is None:
        raise Conflict(_("Diese Ausfallprobe gibt es nicht mehr."))
    if not asked.is_unfinished:
        raise Conflict(_("Diese Ausfallprobe ist schon zu Ende."), code="drill_is_over")
    _end(asked, RunState.STOPPED, at=at)
    return asked


def sweep_drills(*, at: datetime) -> None:
    """Take up the drills that nobody reckons any more; give up what was taken up in vain again and again."""
    for drill_id in list(CityDrill.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
        with advisory_lock(_lock(drill_id)) as nobody_works_on_it:
            taken_up = nobody_works_on_it and _is_taken_up(drill_id, at=at)
        if taken_up:
            ring_for_drill(drill_id)


@transaction.atomic
def _is_taken_up(drill_id: int, *, at: datetime) -> bool:
    asked = CityDrill.objects.unfinished().select_for_update(of=("self",)).filter(pk=drill_id).first()
    if asked is None or at < asked.touched_at + SILENCE * 2**asked.taken_up:
        return False
    if asked.taken_up >= TAKEN_UP_AT_MOST:
        _end(asked, RunState.FAILED, at=at)
        return False
    asked.touched_at = at
    asked.taken_up += 1
    asked.save(update_fields=["touched_at", "taken_up"])
    return True


def forget_old_drills(*, at: datetime) -> None:
    """Delete those that ended as long ago as the runs that are deleted."""
    before = at - timedelta(days=KEPT_DAYS)
    CityDrill.objects.exclude(state__in=UNFINISHED).filter(finished_at__lt=before).delete()


def _end(asked: CityDrill, state: RunState, *, at: datetime) -> None:
    asked.state, asked.finished_at = state, at
    asked.save(update_fields=["state", "finished_at"])


def _lock(drill_id: int) -> str:
    return f"matching.city_drill.{drill_id}"

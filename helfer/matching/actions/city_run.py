"""A city-wide run: asked for, searched part by part by whoever is free, solved, stopped, taken up again.

Each part is committed by itself; the result is written in one transaction with the run's end. So a worker may
be killed at any moment, and a task may arrive twice or never: the sweep finds what is left to do.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.help_requests.models import HelpRequest
from helfer.matching.assignment import SCORE_UNIT
from helfer.matching.city_wide import (
    Outcome,
    Progress,
    in_chunks,
    outcome_of,
    packed,
    search,
    unpacked,
    waiting_requests,
)
from helfer.matching.models import UNFINISHED, CityRun, CityRunChunk, RunState, Suggestion, Unserved
from helfer.matching.permissions import can_run_for
from helfer.notifications.doorbell import doorbell
from helfer.people.models import Office, User
from helfer.places.models import District

COMPUTE_CHUNK = "helfer.matching.tasks.compute_chunk"
SOLVE_RUN = "helfer.matching.tasks.solve_run"

# A run at which nobody works for so long is taken up again; after each time in vain it rests twice as long.
SILENCE = timedelta(minutes=2)
TAKEN_UP_AT_MOST = 5
# Suggestions are about today; what was taken over stands in the match.
KEPT_DAYS = 90


@transaction.atomic
def start_run(
    *, by: User | None, office: Office | None, on: date, at: datetime, district: District | None = None
) -> CityRun:
    """Ask for the best suggestions for all requests that wait now: of an office, a district or the city.

    Nobody (``by=None``) starts the nightly one. Raises ``NotAllowed`` or ``Conflict``.
    """
    if by is not None:
        can_run_for(by, office=office, at=at)
    if CityRun.objects.unfinished().filter(office=office, district=district).exists():
        raise Conflict(
            _("Dafür läuft gerade schon ein Vorschlagslauf."), code="city_run_of_a_place_runs_once_at_a_time"
        )
    chunks = in_chunks(waiting_requests(office=office, district=district))
    run = CityRun.objects.create(
        on=on,
        office=office,
        district=district,
        by=by,
        requested_at=at,
        touched_at=at,
        requests=sum(map(len, chunks)),
    )
    CityRunChunk.objects.bulk_create(
        CityRunChunk(run=run, number=number, request_ids=ids) for number, ids in enumerate(chunks, start=1)
    )
    transaction.on_commit(lambda: ring_for(run.pk), robust=True)
    return run


def ring_for(run_id: int) -> bool:
    """Call workers for what is left to do; whether the queue heard it."""
    left = _left_of(run_id)
    if not left:
        return doorbell.call(SOLVE_RUN, run_id=run_id)
    return all(doorbell.call(COMPUTE_CHUNK, chunk_id=chunk_id) for chunk_id in left)


def _left_of(run_id: int) -> list[int]:
    chunks = CityRunChunk.objects.filter(run=run_id, edges=None)
    return list(chunks.order_by("number").values_list("pk", flat=True))


def compute_chunk(*, chunk_id: int, at: datetime, wait: bool = False) -> None:
    """Search one part of a run, unless somebody else does or did; the last one calls for the solution.

    ``wait`` waits for whoever is at it.
    """
    run_id = CityRunChunk.objects.filter(pk=chunk_id).values_list("run_id", flat=True).first()
    if run_id is None:
        return
    begun = CityRun.objects.filter(pk=run_id, state=RunState.QUEUED)
    begun.update(state=RunState.RUNNING, started_at=at, touched_at=at)
    with transaction.atomic():
        # The lock goes with the worker, should it be killed.
        chunk = (
            CityRunChunk.objects.select_for_update(of=("self",), skip_locked=not wait)
            .select_related("run")
            .filter(pk=chunk_id, edges=None, run__state__in=UNFINISHED)
            .first()
        )
        if chunk is None:
            return
        run = chunk.run
        found = search(on=run.on, request_ids=chunk.request_ids, requests=run.requests)
        chunk.edges = packed(found)
        chunk.save(update_fields=["edges"])
        CityRun.objects.filter(pk=run_id).update(
            done=F("done") + len(chunk.request_ids), touched_at=at, taken_up=0
        )
    if not wait and not _left_of(chunk.run_id):
        doorbell.call(SOLVE_RUN, run_id=chunk.run_id)


@transaction.atomic
def solve_run(*, run_id: int, at: datetime, wait: bool = False) -> CityRun:
    """Find the optimum over all parts and keep it, unless a part is missing, or somebody else does or did.

    ``wait`` waits for whoever is at it.
    """
    chunks = CityRunChunk.objects.select_for_update(skip_locked=not wait).filter(run=run_id)
    parts = list(chunks.order_by("number"))
    run = CityRun.objects.get(pk=run_id)
    request_ids = sorted(request_id for part in parts for request_id in part.request_ids)
    found = [unpacked(bytes(part.edges)) for part in parts if part.edges is not None]
    if not run.is_unfinished or len(request_ids) != run.requests or len(found) != len(parts):
        return run
    outcome = outcome_of(found, on=run.on, request_ids=request_ids)
    # Only now, so that somebody may stop the run meanwhile.
    run = CityRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.is_unfinished:
        _keep(run, outcome, at=at)
    return run


def _keep(run: CityRun, outcome: Outcome, *, at: datetime) -> None:
    chosen = outcome.assignment
    pairs = zip(chosen.request_ids.tolist(), chosen.helper_ids.tolist(), chosen.scores.tolist(), strict=True)
    Suggestion.objects.bulk_create(
        (
            Suggestion(run=run, request_id=request_id, helper_id=helper_id, score=_points(score))
            for request_id, helper_id, score in pairs
        ),
        batch_size=2000,
    )
    Unserved.objects.bulk_create(
        (
            Unserved(run=run, request_id=request_id, gates=dict(gates))
            for request_id, gates in outcome.unserved.items()
        ),
        batch_size=2000,
    )
    run.state = RunState.DONE
    run.started_at = run.started_at or at
    run.finished_at = run.touched_at = at
    run.served, run.total_score = chosen.served, _points(chosen.total_score)
    run.urgent, run.urgent_served = outcome.urgent, chosen.urgent_served
    run.save()
    run.chunks.all().delete()


def _points(millionths: int) -> Decimal:
    return Decimal(millionths) / SCORE_UNIT


def compute_run(*, run_id: int, at: datetime, progress: Progress | None = None) -> CityRun:
    """Do here and now what is left to do of a run.

    ``progress`` hears how many requests of how many are searched.
    """
    run = CityRun.objects.get(pk=run_id)
    for chunk_id in _left_of(run_id):
        compute_chunk(chunk_id=chunk_id, at=at, wait=True)
        run.refresh_from_db()
        if progress is not None:
            progress(run.done, run.total)
        if not run.is_unfinished:
            return run
    return solve_run(run_id=run_id, at=at, wait=True)


@transaction.atomic
def stop_run(*, run_id: int, by: User, at: datetime) -> CityRun:
    """Stop a run that waits or is being computed; nothing of it is shown.

    Raises ``NotAllowed`` or ``Conflict``.
    """
    run = CityRun.objects.select_for_update(of=("self",)).select_related("office").filter(pk=run_id).first()
    if run is None:
        raise Conflict(_("Diesen Vorschlagslauf gibt es nicht mehr."))
    can_run_for(by, office=run.office, at=at)
    if not run.is_unfinished:
        raise Conflict(_("Dieser Vorschlagslauf ist schon zu Ende."), code="run_is_over")
    _end(run, RunState.STOPPED, at=at)
    return run


def _end(run: CityRun, state: RunState, *, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])
    _forget_chunks(run)


def _forget_chunks(run: CityRun) -> None:
    """Those at which nobody works; the others go with the next sweep."""
    idle = list(run.chunks.select_for_update(skip_locked=True).values_list("pk", flat=True))
    CityRunChunk.objects.filter(pk__in=idle).delete()


def sweep_runs(*, at: datetime) -> None:
    """Take up what nobody works on any more; give up what was taken up in vain again and again."""
    for run_id in list(CityRun.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
        if _is_to_be_taken_up(run_id, at=at):
            ring_for(run_id)
    for run in CityRun.objects.exclude(state__in=UNFINISHED).filter(chunks__isnull=False).distinct():
        with transaction.atomic():
            _forget_chunks(run)


@transaction.atomic
def _is_to_be_taken_up(run_id: int, *, at: datetime) -> bool:
    idle = CityRunChunk.objects.select_for_update(skip_locked=True).filter(run=run_id)
    if len(idle.values_list("pk")) < CityRunChunk.objects.filter(run=run_id).count():
        return False
    run = CityRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if not run.is_unfinished or at < run.touched_at + SILENCE * 2**run.taken_up:
        return False
    if run.taken_up >= TAKEN_UP_AT_MOST:
        _end(run, RunState.FAILED, at=at)
        return False
    run.touched_at = at
    run.taken_up += 1
    run.save(update_fields=["touched_at", "taken_up"])
    return True


def start_nightly_runs(*, scope: str, on: date, at: datetime) -> list[CityRun]:
    """Start the night's runs: ``"city"`` one for all, ``"office"`` one for each.

    Twice a day changes nothing.
    """
    _forget_old(on=on)
    offices: list[Office | None] = [None] if scope == "city" else []
    if scope == "office":
        waiting = HelpRequest.objects.filter(pk__in=waiting_requests().values("pk"))
        offices = list(Office.objects.filter(pk__in=waiting.values("office")).order_by("pk"))
    started = []
    for office in offices:
        if CityRun.objects.filter(by=None, on=on, office=office, district=None).exists():
            continue
        try:
            started.append(start_run(by=None, office=office, on=on, at=at))
        except (Conflict, IntegrityError):
            # Somebody has just asked for the same.
            continue
    return started


def _forget_old(*, on: date) -> None:
    CityRun.objects.exclude(state__in=UNFINISHED).filter(on__lt=on - timedelta(days=KEPT_DAYS)).delete()

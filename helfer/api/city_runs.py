"""City-wide runs: their figures, and what they suggest for the own offices' requests."""

# Annotations are read when the interface is described, past the wrapper of the pages: no lazy ones here.
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from helfer.api.access import viewer
from helfer.api.limits import Id, Paging
from helfer.api.requests import REFUSALS
from helfer.matching.models import CityRun, CityRunQuerySet, RunState
from helfer.matching.run_reports import report_of_run

router = Router(tags=["Vorschlagsläufe"])


class CityRunOut(Schema):
    """A run and its figures; one that is not done has none but how many requests are searched."""

    id: int
    on: date
    office: str | None = Field(None, alias="office.slug")
    district: str | None = Field(None, alias="district.name")
    state: RunState
    requested_at: datetime
    finished_at: datetime | None
    done: int
    requests: int
    served: int
    urgent: int
    urgent_served: int
    total_score: float


class PairOut(Schema):
    """Who is suggested for which request."""

    request: str
    helper: str
    score: float


class UnservedOut(Schema):
    """A request without a suggestion: near misses by gate, and by `taken` the candidates needed elsewhere."""

    request: str
    gates: dict[str, int]


class RunReportOut(Schema):
    """A run in the shape of `propose_matches --json`: figures of all, pairs of the own offices' requests."""

    id: int
    on: date
    state: RunState
    requests: int
    served: int
    total_score: float
    pairs: list[PairOut]
    unserved: list[UnservedOut]


def _visible(request: HttpRequest) -> CityRunQuerySet:
    return CityRun.objects.visible_to(viewer(request)).select_related("office", "district")


@router.get("", response={200: list[CityRunOut], **REFUSALS}, summary="Vorschlagsläufe")
@paginate(Paging)
def list_city_runs(request: HttpRequest) -> Any:
    return _visible(request).order_by("-requested_at", "-pk")


@router.get(
    "/{run_id}", response={200: RunReportOut, **REFUSALS}, summary="Was ein Vorschlagslauf vorschlägt"
)
def read_city_run(request: HttpRequest, run_id: Id) -> dict[str, Any]:
    run = _visible(request).filter(pk=run_id).first()
    if run is None:
        raise Http404
    found = report_of_run(run, viewer=viewer(request))
    return {"id": run.pk, "on": run.on, "state": run.state, **found.as_json()}

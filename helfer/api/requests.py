"""Help requests and their candidates."""

# Annotations are read when the interface is described, past the wrapper of the pages: no lazy ones here.
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from helfer.api.access import Refusal, today, viewer
from helfer.api.limits import Day, Id, Paging, Slug
from helfer.help_requests.models import HelpRequest, HelpRequestQuerySet, RequestState
from helfer.matching.candidates import shortlist

router = Router(tags=["Anfragen"])
REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}


class RequestOut(Schema):
    """A request as staff of its office see it; times are half-days, distances metres."""

    id: int
    number: str
    state: RequestState
    role: str | None = Field(None, alias="role.slug")
    office: str | None = Field(None, alias="office.slug")
    district: str | None = Field(None, alias="help_seeker.person.district.name")
    starts_on: date | None
    ends_on: date | None
    frequency: str
    duration_min: int | None
    languages: list[str]
    times: list[str]
    max_distance_m: int | None
    is_urgent: bool
    received_on: date


class CandidateOut(Schema):
    """A candidate with score and parts; of another office's helper no more than this."""

    helper: str
    helper_id: int
    name: str
    district: str
    distance_m: float | None
    score: float
    parts: dict[str, float]
    reasons: list[str]
    compensation_models: list[str]


class NearMissOut(Schema):
    """A helper of the own office who fails exactly one gate, and by how much."""

    helper: str
    helper_id: int
    gate: str
    by: dict[str, Any]
    sentence: str


class ShortlistOut(Schema):
    """The best candidates in order; near misses of other offices only as numbers by gate."""

    request: str
    on: date
    candidates: list[CandidateOut]
    near_misses: list[NearMissOut]
    near_misses_elsewhere: dict[str, int]


class RequestFilter(Schema):
    """Which requests."""

    state: RequestState | None = None
    role: Slug | None = None


class ShortlistWish(Schema):
    """How many, and asked on which day."""

    limit: int = Field(20, ge=1, le=100)
    near_misses: int = Field(10, ge=0, le=100)
    on: Day | None = None


def _visible(request: HttpRequest) -> HelpRequestQuerySet:
    return HelpRequest.objects.visible_to(viewer(request)).select_related(
        "role", "office", "help_seeker__person__district"
    )


def _one(request: HttpRequest, request_id: Id) -> HelpRequest:
    found = _visible(request).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


@router.get("", response={200: list[RequestOut], **REFUSALS}, summary="Anfragen des eigenen Büros")
@paginate(Paging)
def list_requests(request: HttpRequest, wanted: Query[RequestFilter]) -> Any:
    rows = _visible(request).order_by("-received_on", "-pk")
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.role is not None:
        rows = rows.filter(role__slug=wanted.role)
    return rows


@router.get("/{request_id}", response={200: RequestOut, **REFUSALS}, summary="Eine Anfrage")
def read_request(request: HttpRequest, request_id: Id) -> HelpRequest:
    return _one(request, request_id)


@router.get(
    "/{request_id}/candidates",
    response={200: ShortlistOut, **REFUSALS},
    summary="Wer in Frage kommt, und wer beinahe",
)
def list_candidates(request: HttpRequest, request_id: Id, wish: Query[ShortlistWish]) -> dict[str, Any]:
    found = shortlist(
        _one(request, request_id),
        on=wish.on or today(),
        limit=wish.limit,
        near_misses=wish.near_misses,
        only_own_near_misses=True,
    )
    return {
        "request": found.request,
        "on": found.on,
        "candidates": [
            {
                **candidate.as_json(),
                "helper_id": candidate.helper_id,
                "name": candidate.shown.name,
                "district": candidate.shown.district,
                "compensation_models": sorted(candidate.compensation_models),
            }
            for candidate in found.candidates
        ],
        "near_misses": [{**miss.as_json(), "helper_id": miss.helper_id} for miss in found.near_misses],
        "near_misses_elsewhere": {str(gate): count for gate, count in found.near_misses_elsewhere.items()},
    }

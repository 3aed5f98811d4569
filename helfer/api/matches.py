"""Matches: propose, consent, sign, end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import AwareDatetime, Field

from helfer.api.access import Refusal, now, viewer
from helfer.api.requests import REFUSALS
from helfer.catalogue.models import CompensationModel
from helfer.core.errors import RuleViolation
from helfer.help_requests.models import CloseReason, HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import EndReason, Match, MatchQuerySet, Party, Signature
from helfer.people.models import Channel, Representative

router = Router(tags=["Vermittlungen"])
LARGEST_ID = 2**63 - 1


class SignatureOut(Schema):
    """One side's yes."""

    side: str
    signed_on: date


class MatchOut(Schema):
    """A match as staff see it: states, days and ids; people are read at the request and at the helper."""

    id: int
    request_id: int
    request: str = Field(alias="request.number")
    helper_id: int
    helper: str = Field(alias="helper.number")
    role: str = Field(alias="role.slug")
    compensation_model: str = Field(alias="compensation_model.slug")
    office: str = Field(alias="office.slug")
    state: MatchState
    starts_on: date
    signatures_required: int
    signatures: list[SignatureOut]
    helper_consented: bool
    seeker_consented: bool
    approved_on: date | None
    first_contact_on: date | None
    active_on: date | None
    closed_on: date | None
    end_reason: str

    @staticmethod
    def resolve_signatures(match: Match) -> list[Signature]:
        return list(match.signatures.all())

    @staticmethod
    def resolve_helper_consented(match: Match) -> bool:
        return match.helper_consent is not None and match.helper_consent.withdrawn_at is None

    @staticmethod
    def resolve_seeker_consented(match: Match) -> bool:
        return match.seeker_consent is not None and match.seeker_consent.withdrawn_at is None


class ProposalIn(Schema):
    """Which helper for which request, and under which financial model."""

    request_id: int = Field(ge=1, le=LARGEST_ID)
    helper_id: int = Field(ge=1, le=LARGEST_ID)
    compensation_model: str = Field(max_length=50)
    starts_on: date | None = None


class ConsentIn(Schema):
    """Who said yes, in which channel, and when (by default now)."""

    party: Literal[Party.HELPER, Party.SEEKER]
    channel: Literal[Channel.PHONE, Channel.PAPER, Channel.HOME_VISIT, Channel.OFFICE]
    given_at: AwareDatetime | None = None
    representative_id: int | None = Field(None, ge=1, le=LARGEST_ID)


class EndIn(Schema):
    """Why it ends, and what becomes of the request: closed with a reason, or open again."""

    reason: EndReason
    ended_well: bool
    close_request_as: CloseReason | None = None
    note: str = Field("", max_length=2000)


class MatchFilter(Schema):
    """Which matches."""

    state: MatchState | None = None


def _visible(request: HttpRequest) -> MatchQuerySet:
    return (
        Match.objects.visible_to(viewer(request))
        .select_related(
            "request", "helper", "role", "compensation_model", "office", "helper_consent", "seeker_consent"
        )
        .prefetch_related("signatures")
    )


def _one(request: HttpRequest, match_id: int) -> Match:
    found = _visible(request).filter(pk=match_id).first() if match_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


@router.get("", response={200: list[MatchOut], **REFUSALS}, summary="Vermittlungen des eigenen Büros")
@paginate(LimitOffsetPagination)
def list_matches(request: HttpRequest, wanted: Query[MatchFilter]) -> Any:
    rows = _visible(request).order_by("-proposed_at", "-pk")
    return rows.filter(state=wanted.state) if wanted.state is not None else rows


@router.get("/{int:match_id}", response={200: MatchOut, **REFUSALS}, summary="Eine Vermittlung")
def read_match(request: HttpRequest, match_id: int) -> Match:
    return _one(request, match_id)


@router.post("", response={201: MatchOut, 400: Refusal, **REFUSALS}, summary="Vorschlagen")
def propose(request: HttpRequest, payload: ProposalIn) -> tuple[int, Match]:
    if not HelpRequest.objects.visible_to(viewer(request)).filter(pk=payload.request_id).exists():
        raise Http404
    if not HelperProfile.objects.filter(pk=payload.helper_id).exists():
        raise Http404
    model = CompensationModel.objects.filter(slug=payload.compensation_model).first()
    if model is None:
        raise RuleViolation(
            _("Dieses finanzielle Modell gibt es nicht."), code="unknown", field="compensation_model"
        )
    match = actions.propose_match(
        request_id=payload.request_id,
        helper_id=payload.helper_id,
        compensation_model=model,
        starts_on=payload.starts_on,
        by=viewer(request),
        at=now(),
    )
    return 201, _one(request, match.pk)


@router.post(
    "/{int:match_id}/consents",
    response={200: MatchOut, 400: Refusal, **REFUSALS},
    summary="Ein Ja festhalten",
)
def consent(request: HttpRequest, match_id: int, payload: ConsentIn) -> Match:
    match = _one(request, match_id)
    representative = None
    if payload.representative_id is not None:
        representative = Representative.objects.filter(
            pk=payload.representative_id, help_seeker=match.request.help_seeker_id
        ).first()
        if representative is None:
            raise RuleViolation(
                _("Diese Vertretung gibt es hier nicht."), code="unknown", field="representative_id"
            )
    given_at: datetime | None = payload.given_at
    actions.record_consent(
        match_id=match.pk,
        party=Party(payload.party),
        channel=Channel(payload.channel),
        representative=representative,
        given_at=given_at,
        by=viewer(request),
        at=now(),
    )
    return _one(request, match_id)


@router.post("/{int:match_id}/signatures", response={200: MatchOut, **REFUSALS}, summary="Freigeben")
def sign(request: HttpRequest, match_id: int) -> Match:
    actions.sign_match(match_id=_one(request, match_id).pk, by=viewer(request), at=now())
    return _one(request, match_id)


@router.post("/{int:match_id}/end", response={200: MatchOut, 400: Refusal, **REFUSALS}, summary="Beenden")
def end(request: HttpRequest, match_id: int, payload: EndIn) -> Match:
    actions.end_match(
        match_id=_one(request, match_id).pk,
        reason=payload.reason,
        ended_well=payload.ended_well,
        close_request_as=payload.close_request_as,
        note=payload.note,
        by=viewer(request),
        at=now(),
    )
    return _one(request, match_id)

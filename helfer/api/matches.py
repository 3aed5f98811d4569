"""Matches: propose, consent, sign, end."""

# Annotations are read when the interface is described, past the wrapper of the pages: no lazy ones here.
from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.pagination import paginate
from pydantic import Field

from helfer.api.access import Refusal, now, viewer
from helfer.api.limits import Day, Id, Moment, Note, Paging, Slug
from helfer.api.requests import REFUSALS
from helfer.catalogue.models import CompensationModel
from helfer.core.errors import NotEligible, RuleViolation
from helfer.help_requests.models import CloseReason, HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching import actions
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import EndReason, Match, MatchQuerySet, Party, Signature
from helfer.people.models import Channel, Representative

router = Router(tags=["Vermittlungen"])


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

    request_id: Id
    helper_id: Id
    compensation_model: Slug
    starts_on: Day | None = None


class ConsentIn(Schema):
    """Who said yes, in which channel, and when (by default now)."""

    party: Literal[Party.HELPER, Party.SEEKER]
    channel: Literal[Channel.PHONE, Channel.PAPER, Channel.HOME_VISIT, Channel.OFFICE]
    given_at: Moment | None = None
    representative_id: Id | None = None


class EndIn(Schema):
    """Why it ends, and what becomes of the request: closed with a reason, or open again."""

    reason: EndReason
    ended_well: bool
    close_request_as: CloseReason | None = None
    note: Note = ""


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


def _one(request: HttpRequest, match_id: Id) -> Match:
    found = _visible(request).filter(pk=match_id).first()
    if found is None:
        raise Http404
    return found


@router.get("", response={200: list[MatchOut], **REFUSALS}, summary="Vermittlungen des eigenen Büros")
@paginate(Paging)
def list_matches(request: HttpRequest, wanted: Query[MatchFilter]) -> Any:
    rows = _visible(request).order_by("-proposed_at", "-pk")
    return rows.filter(state=wanted.state) if wanted.state is not None else rows


@router.get("/{match_id}", response={200: MatchOut, **REFUSALS}, summary="Eine Vermittlung")
def read_match(request: HttpRequest, match_id: Id) -> Match:
    return _one(request, match_id)


@router.post("", response={201: MatchOut, 400: Refusal, **REFUSALS}, summary="Vorschlagen")
def propose(request: HttpRequest, payload: ProposalIn) -> Status[Match]:
    wanted = HelpRequest.objects.visible_to(viewer(request)).filter(pk=payload.request_id).first()
    helper = HelperProfile.objects.filter(pk=payload.helper_id).first()
    if wanted is None or helper is None:
        raise Http404
    model = CompensationModel.objects.filter(slug=payload.compensation_model).first()
    if model is None:
        raise RuleViolation(
            _("Dieses finanzielle Modell gibt es nicht."), code="unknown", field="compensation_model"
        )
    try:
        match = actions.propose_match(
            request_id=payload.request_id,
            helper_id=payload.helper_id,
            compensation_model=model,
            starts_on=payload.starts_on,
            by=viewer(request),
            at=now(),
        )
    except NotEligible:
        if helper.office_id != wanted.office_id:
            # What another office's helper lacks is not told: as if there were nobody.
            raise Http404 from None
        raise
    return Status(201, _one(request, match.pk))


@router.post(
    "/{match_id}/consents",
    response={200: MatchOut, 400: Refusal, **REFUSALS},
    summary="Ein Ja festhalten",
)
def consent(request: HttpRequest, match_id: Id, payload: ConsentIn) -> Match:
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


@router.post("/{match_id}/signatures", response={200: MatchOut, **REFUSALS}, summary="Freigeben")
def sign(request: HttpRequest, match_id: Id) -> Match:
    actions.sign_match(match_id=_one(request, match_id).pk, by=viewer(request), at=now())
    return _one(request, match_id)


@router.post("/{match_id}/end", response={200: MatchOut, 400: Refusal, **REFUSALS}, summary="Beenden")
def end(request: HttpRequest, match_id: Id, payload: EndIn) -> Match:
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

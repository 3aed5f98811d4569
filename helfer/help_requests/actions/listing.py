"""A help seeker's separate yes to a request being read by everybody, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.help_requests.actions.details import locked_request
from helfer.help_requests.listings import TEXT_VERSION, listing_of
from helfer.help_requests.models import HelpRequest, RequestListing, RequestState
from helfer.help_requests.permissions import can_withdraw, can_work_on
from helfer.people.actions import give_consent, withdraw_consent
from helfer.people.models import Channel, ConsentKind, Representative, User

LISTED = frozenset({RequestState.SUBMITTED, RequestState.OPEN, RequestState.ON_HOLD})


@transaction.atomic
def list_request(
    *,
    request_id: int,
    seen: str,
    channel: Channel,
    by: User,
    at: datetime,
    given_at: datetime | None = None,
    representative: Representative | None = None,
) -> RequestListing:
    """The person has seen or heard what everybody would read, and said yes.

    ``seen`` is the digest of what was shown. Raises ``NotAllowed`` or ``Conflict``.
    """
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    if request.state not in LISTED:
        raise Conflict(_("Diese Anfrage wartet nicht mehr."), code="not_waiting")
    if request.import_digest:
        raise Conflict(_("Eingelesene Anfragen werden nicht öffentlich gezeigt."), code="imported")
    if request.named_helper_id is not None:
        raise Conflict(_("Für diese Anfrage steht schon fest, wer hilft."), code="named")
    contents = listing_of(request)
    if contents is None:
        raise Conflict(_("Dafür fehlen Tätigkeit und Stadtbezirk."), code="unclear")
    if contents.digest != seen:
        raise Conflict(
            _("Die Anfrage hat sich geändert. Bitte sehen Sie sich die Vorschau noch einmal an."),
            code="changed",
        )
    _take_back(request, by=by, at=at)
    consent = give_consent(
        person=request.help_seeker.person,
        kind=ConsentKind.PUBLIC_LISTING,
        text_version=TEXT_VERSION,
        channel=channel,
        by=by,
        at=at,
        given_at=given_at,
        representative=representative,
    )
    return RequestListing.objects.create(
        request=request,
        consent=consent,
        role=contents.role,
        district=contents.district,
        half_days=list(contents.half_days),
        languages=list(contents.languages),
    )


@transaction.atomic
def unlist_request(*, request_id: int, by: User, at: datetime) -> HelpRequest:
    """The yes is taken back: nobody reads it any more, at once; taking it back twice changes nothing."""
    request = locked_request(request_id)
    can_withdraw(by, request, on=berlin_day(at))
    _take_back(request, by=by, at=at)
    return request


def _take_back(request: HelpRequest, *, by: User, at: datetime) -> None:
    listing = RequestListing.objects.filter(request=request).first()
    if listing is not None:
        withdraw_consent(consent_id=listing.consent_id, by=by, at=at)
        listing.delete()

"""Somebody asks for the help of a public offer; the gates and the tandem decide all the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.help_requests.actions import AskedForHelp, ask_for_help, record_call
from helfer.help_requests.models import HelpRequest
from helfer.matching.models import PublicOffer, PublicOfferMember, Wish
from helfer.people.models import User


@transaction.atomic
def ask_for_help_there(
    *, asked: AskedForHelp, public_id: UUID | None, at: datetime
) -> tuple[HelpRequest, str]:
    """As ``ask_for_help``, perhaps because of an offer; one that has gone meanwhile is passed over."""
    request, code = ask_for_help(asked=asked, at=at)
    offer = PublicOffer.objects.filter(public_id=public_id).first() if public_id else None
    if offer is not None:
        _note(request, offer, at=at)
    return request, code


@transaction.atomic
def record_call_about(*, offer_number: str, by: User, at: datetime, **call: Any) -> HelpRequest:
    """As ``record_call``, whose other arguments it takes; the caller may have read the number of an offer.

    Raises ``Conflict`` where no offer has that number any more, and whatever ``record_call`` does.
    """
    request = record_call(by=by, at=at, **call)
    offers = list(PublicOffer.objects.numbered(offer_number))
    if offer_number and not offers:
        raise Conflict(
            _("Ein Angebot mit dieser Nummer steht nicht mehr auf der Seite. Bitte leeren Sie das Feld."),
            code="gone",
            field="offer_number",
        )
    for offer in offers:
        _note(request, offer, at=at)
    return request


def _note(request: HelpRequest, offer: PublicOffer, *, at: datetime) -> None:
    behind = PublicOfferMember.objects.filter(offer=offer).order_by("helper_id")
    wishes = [
        Wish(request=request, helper_id=helper, offer_number=offer.short_number, said_at=at)
        for helper in behind.values_list("helper_id", flat=True)
    ]
    # Who stands behind two of them is wished for once.
    Wish.objects.bulk_create(wishes, ignore_conflicts=True)

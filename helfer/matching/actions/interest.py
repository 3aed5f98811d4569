"""A helper says "Das kann ich" to what they read in public; the office takes it from there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict, NotAllowed
from helfer.help_requests.permissions import can_work_on
from helfer.helpers.actions import OfferedHelp, offer_help
from helfer.helpers.models import HelperProfile, HelperState
from helfer.matching.models import Interest, PublicWanted, PublicWantedMember, Volunteering
from helfer.people.models import User


@transaction.atomic
def say_interest(*, public_id: UUID, by: User, at: datetime) -> int:
    """The helper would like to: noted for the requests behind it; how many of them are new.

    Nobody is told which ones these are. Raises ``NotAllowed`` or ``Conflict``.
    """
    helper = (
        HelperProfile.objects.select_for_update(of=("self",))
        .filter(person__user=by, person__user__is_active=True)
        .first()
    )
    if helper is None:
        raise NotAllowed(_("Das kann nur sagen, wer selbst hilft."), code="no_profile")
    if helper.state in (HelperState.LEFT, HelperState.REJECTED):
        raise Conflict(
            _("Ihr Profil ist nicht aktiv. Bitte rufen Sie Ihr Seniorenbüro an."), code="not_there"
        )
    wanted = PublicWanted.objects.filter(public_id=public_id).first()
    if wanted is None:
        raise Conflict(_("Diese Suche steht nicht mehr hier."), code="gone")
    return _note(helper, wanted, at=at)


@transaction.atomic
def offer_help_here(*, offered: OfferedHelp, public_id: UUID | None, at: datetime) -> HelperProfile:
    """Somebody without an account offers help, perhaps because of what is wanted there.

    What has been taken off the page meanwhile is passed over. Raises ``Conflict``.
    """
    helper = offer_help(offered=offered, at=at)
    wanted = PublicWanted.objects.filter(public_id=public_id).first() if public_id else None
    if wanted is not None:
        _note(helper, wanted, at=at)
    return helper


def _note(helper: HelperProfile, wanted: PublicWanted, *, at: datetime) -> int:
    Volunteering.objects.create(helper=helper, said_at=at)
    requests = PublicWantedMember.objects.filter(wanted=wanted).exclude(
        request__help_seeker__person=helper.person_id
    )
    known = set(Interest.objects.filter(helper=helper).values_list("request_id", flat=True))
    new = [
        Interest(helper=helper, request_id=request, said_at=at)
        for request in requests.order_by("request_id").values_list("request_id", flat=True)
        if request not in known
    ]
    Interest.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def settle_interest(*, interest_id: int, by: User, at: datetime) -> Interest:
    """The office has spoken with the helper, or proposed them: off the desk."""
    interest = (
        Interest.objects.select_for_update(of=("self",))
        .select_related("request__office")
        .filter(pk=interest_id)
        .first()
    )
    if interest is None:
        raise Conflict(_("Das gibt es nicht."))
    can_work_on(by, interest.request, on=berlin_day(at))
    if interest.settled_at is None:
        interest.settled_at, interest.settled_by = at, by
        interest.save(update_fields=["settled_at", "settled_by"])
    return interest

"""In which order rows are locked: helper, help seeker, request, match. Everywhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.models import Match
from helfer.people.models import HelpSeeker


def lock_pair(*, request_id: int, helper_id: int) -> tuple[HelpRequest, HelperProfile]:
    """The request and the helper, read again under their locks.

    Raises ``Conflict`` where one of them is gone.
    """
    helper = HelperProfile.objects.select_for_update(of=("self",)).filter(pk=helper_id).first()
    seeker_id = HelpRequest.objects.filter(pk=request_id).values_list("help_seeker_id", flat=True).first()
    if seeker_id is not None:
        HelpSeeker.objects.select_for_update(of=("self",)).filter(pk=seeker_id).first()
    request = HelpRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if helper is None or request is None:
        raise Conflict(_("Diese Anfrage oder dieses Profil gibt es nicht mehr."))
    return request, helper


def lock_match(match_id: int) -> Match:
    """The match, read again under its lock, with helper, help seeker and request locked before it."""
    ids = Match.objects.filter(pk=match_id).values_list("request_id", "helper_id").first()
    if ids is None:
        raise Conflict(_("Diese Vermittlung gibt es nicht."))
    lock_pair(request_id=ids[0], helper_id=ids[1])
    return (
        Match.objects.select_for_update(of=("self",))
        .select_related(
            "request__help_seeker__person",
            "helper__person",
            "role",
            "compensation_model",
            "office",
            "helper_consent",
            "seeker_consent",
        )
        .get(pk=match_id)
    )

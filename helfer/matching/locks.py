"""In which order rows are locked: helper, help seeker, request, match. Everywhere.

Without the key: whoever only refers to such a row (a run keeps its suggestions) need not wait for it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.lifecycle import OPEN
from helfer.matching.models import Match
from helfer.people.models import HelpSeeker


def lock_pair(*, request_id: int, helper_id: int) -> tuple[HelpRequest, HelperProfile]:
    """The request and the helper, read again under their locks.

    Raises ``Conflict`` where one of them is gone.
    """
    helper = HelperProfile.objects.select_for_update(of=("self",), no_key=True).filter(pk=helper_id).first()
    seeker_id = HelpRequest.objects.filter(pk=request_id).values_list("help_seeker_id", flat=True).first()
    if seeker_id is not None:
        HelpSeeker.objects.select_for_update(of=("self",), no_key=True).filter(pk=seeker_id).first()
    request = HelpRequest.objects.select_for_update(of=("self",), no_key=True).filter(pk=request_id).first()
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
        Match.objects.select_for_update(of=("self",), no_key=True)
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


def lock_match_with_rivals(match_id: int) -> Match:
    """Like ``lock_match``, with the helpers of the request's other open matches: to approve, resume or end.

    Setting a rival aside or ending a substitute writes its helper's version. That helper's lock, taken only
    then, would come after the help seeker's, and two who work on the same request would stop each other.
    """
    while True:
        helpers = _helpers_of_the_request(match_id)
        attempt = transaction.savepoint()
        # One after the other, in the order of their ids.
        list(
            HelperProfile.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=helpers)
            .order_by("pk")
        )
        match = lock_match(match_id)
        if _helpers_of_the_request(match_id) <= helpers:
            transaction.savepoint_commit(attempt)
            return match
        # Somebody was proposed before the request was locked: give the locks back and begin again.
        transaction.savepoint_rollback(attempt)


def _helpers_of_the_request(match_id: int) -> set[int]:
    request = Match.objects.filter(pk=match_id).values("request")
    rivals = Match.objects.filter(request__in=request, state__in=OPEN)
    return set(rivals.values_list("helper", flat=True))

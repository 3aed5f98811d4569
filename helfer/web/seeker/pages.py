"""Meine Anfragen: how they stand, who helps, and first of all whom to call."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.matching.lifecycle import OPEN
from helfer.matching.models import Match, Party
from helfer.people.models import HelpSeeker, Kind, Office, Representative, User
from helfer.web.kinds import KindRequired
from helfer.web.own_matches import Side, matches_as_seeker

KINDS = {Kind.SEEKER}

STATES = {
    RequestState.SUBMITTED: ("info", _("Das Seniorenbüro ruft Sie bald an.")),
    RequestState.OPEN: ("info", _("Wir suchen jemanden für Sie.")),
    RequestState.MATCHED: ("success", _("Wir haben jemanden für Sie gefunden.")),
    RequestState.ON_HOLD: ("warning", _("Die Suche ruht zurzeit.")),
    RequestState.FORWARDED: ("neutral", _("Eine andere Stelle kümmert sich darum.")),
    RequestState.WITHDRAWN: ("neutral", _("Sie haben die Anfrage zurückgezogen.")),
    RequestState.CLOSED: ("neutral", _("Die Anfrage ist abgeschlossen.")),
}


def requests_of(user: User) -> QuerySet[HelpRequest]:
    """One's own requests and those of whom one speaks for; a seat in an office shows no more here."""
    told = HelpSeeker.objects.filter(representatives__person__user=user, representatives__may_be_told=True)
    seekers = HelpSeeker.objects.filter(Q(person__user=user) | Q(pk__in=told.values("pk")))
    return HelpRequest.objects.filter(help_seeker__in=seekers)


def speaker_for(match: Match, user: User, today: date) -> Representative | None:
    """This account as somebody who may say yes for the help seeker."""
    speaker = Representative.objects.filter(
        help_seeker=match.request.help_seeker_id, person__user=user
    ).first()
    return speaker if speaker is not None and speaker.may_consent_on(today) else None


class MyRequests(KindRequired, TemplateResponseMixin):
    """One's own requests, and those of whom one speaks for."""

    kinds = KINDS
    template_name = "web/seeker/requests.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        requests = list(
            requests_of(self.user)
            .select_related("help_seeker__person", "office", "role")
            .order_by("-received_on", "-pk")
        )
        sides: dict[int, list[Side]] = {}
        for match in matches_as_seeker(self.user).filter(state__in=OPEN).order_by("pk"):
            sides.setdefault(match.request_id, []).append(Side(match, Party.SEEKER))
        offices: dict[int, Office] = {each.office.pk: each.office for each in requests if each.office}
        rows = []
        for each in requests:
            tone, sentence = STATES[RequestState(each.state)]
            rows.append(
                {"request": each, "tone": tone, "sentence": sentence, "sides": sides.get(each.pk, [])}
            )
        context = {"rows": rows, "offices": list(offices.values()), "own_id": self.user.person_id}
        return self.render_to_response(context)


class MyMatch(KindRequired, TemplateResponseMixin):
    """Who would help, or who helps."""

    kinds = KINDS
    template_name = "web/seeker/match.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        match: Match = get_object_or_404(matches_as_seeker(self.user), pk=pk)
        context = {
            "match": match,
            "side": Side(match, Party.SEEKER),
            "is_own": match.request.help_seeker.person_id == self.user.person_id,
            "may_say_yes": match.request.help_seeker.person_id == self.user.person_id
            or speaker_for(match, self.user, self.today) is not None,
        }
        return self.render_to_response(context)

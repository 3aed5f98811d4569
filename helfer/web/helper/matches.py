"""Meine Vermittlungen: whom I am asked to help, and whom I help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic.base import TemplateResponseMixin

from helfer.matching.lifecycle import OPEN
from helfer.matching.models import Match, Party
from helfer.web.helper.own_profile import KINDS
from helfer.web.kinds import KindRequired
from helfer.web.own_matches import Side, matches_as_helper

PAST_SHOWN = 20


class MyMatches(KindRequired, TemplateResponseMixin):
    """What waits for an answer first, then what runs, then what is over."""

    kinds = KINDS
    template_name = "web/helper/matches.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = matches_as_helper(self.user)
        present = [
            Side(match, Party.HELPER) for match in mine.filter(state__in=OPEN).order_by("-proposed_at")
        ]
        past = mine.exclude(state__in=OPEN).order_by("-closed_on", "-pk")[:PAST_SHOWN]
        context = {
            "asked": [side for side in present if side.is_asked],
            "present": [side for side in present if not side.is_asked],
            "past": [Side(match, Party.HELPER) for match in past],
        }
        return self.render_to_response(context)


class MyMatch(KindRequired, TemplateResponseMixin):
    """One match: the question with two big buttons, or how it stands."""

    kinds = KINDS
    template_name = "web/helper/match.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        match: Match = get_object_or_404(matches_as_helper(self.user), pk=pk)
        return self.render_to_response({"match": match, "side": Side(match, Party.HELPER)})


class MySheet(KindRequired, TemplateResponseMixin):
    """A sheet to take along."""

    kinds = KINDS
    template_name = "web/helper/sheet.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        match: Match = get_object_or_404(matches_as_helper(self.user), pk=pk)
        return self.render_to_response({"match": match, "side": Side(match, Party.HELPER)})

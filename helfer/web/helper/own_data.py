"""Meine Daten and Meine Nachrichten: what is kept of me, and what I was told."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic.base import TemplateResponseMixin

from helfer.helpers.models import HelperProfile
from helfer.helpers.notices import CERTIFICATE_RUNS_OUT
from helfer.matching.own_data import own_data
from helfer.notifications.kinds import letter_for
from helfer.notifications.models import Message, MessageState
from helfer.web.action_view import SeeOther
from helfer.web.helper.own_profile import KINDS, profile_of
from helfer.web.kinds import KindRequired

MESSAGES_SHOWN = 20
# What helpers are told as such; what somebody hears in an office is read there.
SAID_TO_HELPERS = (
    CERTIFICATE_RUNS_OUT,
    "offer_received",
    "match_proposed",
    "match_declined",
    "match_approved",
    "match_paused",
    "match_resumed",
    "match_ended",
)


@method_decorator(never_cache, name="dispatch")
class _OfOneself(KindRequired, ABC):
    """A page about one's own profile; without one, it leads to where it says whom to call."""

    kinds = KINDS

    def get(self, request: HttpRequest) -> HttpResponse:
        helper = profile_of(self.user)
        return SeeOther(reverse("helper:profile")) if helper is None else self.answer(helper)

    @abstractmethod
    def answer(self, helper: HelperProfile) -> HttpResponse:
        """What this page says of the helper."""


class MyData(_OfOneself, TemplateResponseMixin):
    """Everything that is kept, to read and to print."""

    template_name = "web/helper/data.html"

    def answer(self, helper: HelperProfile) -> HttpResponse:
        return self.render_to_response({"helper": helper, "parts": own_data(helper)})


class MyDataFile(_OfOneself):
    """The same as a file that another program can read."""

    def answer(self, helper: HelperProfile) -> HttpResponse:
        content = {part.title: part.entries for part in own_data(helper)}
        answer = HttpResponse(
            json.dumps(content, ensure_ascii=False, indent=2), content_type="application/json"
        )
        answer["Content-Disposition"] = f'attachment; filename="meine-daten-{self.today:%Y-%m-%d}.json"'
        return answer


class MyMessages(_OfOneself, TemplateResponseMixin):
    """What one was told lately, in the words of the letter; what is over says so."""

    template_name = "web/helper/messages.html"

    def answer(self, helper: HelperProfile) -> HttpResponse:
        told = (
            Message.objects.visible_to(self.user)
            .filter(recipient=helper.person, kind__in=SAID_TO_HELPERS)
            .exclude(state=MessageState.CANCELLED)
            .select_related("recipient")
            .order_by("-created_at", "-pk")
        )
        lines = [(message, letter_for(message)) for message in told[:MESSAGES_SHOWN]]
        return self.render_to_response({"helper": helper, "lines": lines})

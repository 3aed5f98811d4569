"""Mitmachen: a neighbour registers, one question to a page, without an account and without JavaScript."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from uuid import UUID

import qrcode
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin
from qrcode.image.svg import SvgPathImage

from helfer.catalogue.models import Role
from helfer.core.days import berlin_day
from helfer.matching import actions
from helfer.people.call_back import call_back_by
from helfer.web.public.answers import Answers
from helfer.web.public.journeys import (
    Begin,
    DonePage,
    Journey,
    QuestionPage,
    Sent,
    SummaryPage,
    office_to_call,
)
from helfer.web.public.later import GoOn, Later
from helfer.web.public.offered import offered
from helfer.web.public.register_questions import QUESTIONS

JOURNEY = Journey(url="register", questions=QUESTIONS, key="mitmachen")


class Register(Begin):
    """What comes, whom to call instead, and whose computer it is."""

    journey = JOURNEY
    template_name = "web/public/register.html"

    def led_here(self, answers: Answers) -> None:
        """What somebody wants to help with whom they read of under „Hier wird Hilfe gesucht“."""
        if about := self.request.POST.get("fuer", "")[:36]:
            answers.about = about
            answers.keep()


class RegisterQuestion(QuestionPage):
    """One question."""

    journey = JOURNEY
    template_name = "web/public/register_question.html"


class RegisterSummary(SummaryPage):
    """Everything once more, and off it goes."""

    journey = JOURNEY
    template_name = "web/public/register_summary.html"

    def contacts(self) -> Collection[str]:
        contact = self.forms["kontakt"].cleaned_data
        return [
            each
            for each in (contact["phone"].as_e164 if contact["phone"] else "", contact["email"].lower())
            if each
        ]

    def send(self, *, at: datetime) -> Sent:
        helper = actions.offer_help_here(
            offered=offered(self.forms, self.known, confirm=self.is_to_confirm()),
            public_id=_public_id(self.known.about),
            at=at,
        )
        by = call_back_by(helper.office, received_on=berlin_day(at))
        how = self.forms["kontakt"].cleaned_data["how"]
        shown = {"number": helper.number, "how": how, "by": date_format(by, "l, j. F Y")}
        return Sent(shown, helper.office_id)


def _public_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


class RegisterDone(DonePage):
    """The number, who gets in touch by when, and what comes then."""

    journey = JOURNEY
    template_name = "web/public/register_done.html"


class RegisterLater(Later):
    """Go on another day."""

    journey = JOURNEY


class RegisterGoOn(GoOn):
    """Go on now."""

    journey = JOURNEY


class RegisterSheet(TemplateResponseMixin, View):
    """The questions on paper, for whoever would rather write; the office types it in."""

    template_name = "web/public/register_sheet.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        address = request.build_absolute_uri(reverse("public:register"))
        roles = Role.objects.filter(is_active=True).order_by("name", "pk")
        return self.render_to_response(
            {
                "call": office_to_call(None),
                "address": address,
                "qr_code": _qr_code(address),
                "roles": [role.text("name") for role in roles],
            }
        )


def _qr_code(address: str) -> str:
    """A picture of the address that a phone's camera reads."""
    stream = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=0).save(stream)
    svg = stream.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])

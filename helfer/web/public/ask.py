"""Hilfe suchen: one question to a page, without an account and without JavaScript."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from helfer.matching.actions import ask_for_help_there
from helfer.matching.models import PublicOffer
from helfer.people.call_back import call_back_by
from helfer.web.public.answers import Answers
from helfer.web.public.ask_questions import QUESTIONS
from helfer.web.public.asked_for import asked_for
from helfer.web.public.journeys import Begin, DonePage, Journey, QuestionPage, Sent, SummaryPage
from helfer.web.public.later import GoOn, Later
from helfer.web.public.uncopied import leave_no_copy

JOURNEY = Journey(url="ask", questions=QUESTIONS, key="hilfe-suchen")


class Ask(Begin):
    """What comes, whom to call instead, and whose computer it is."""

    journey = JOURNEY
    template_name = "web/public/ask.html"

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        about = _offer(self.request.GET.get("angebot", ""))
        answer = super().page(status=status, offer=about, **context)
        if about is not None:
            leave_no_copy(answer)
        return answer

    def led_here(self, answers: Answers) -> None:
        """Which offer somebody read of: its kind of help is proposed as the answer, and may be changed."""
        offer = _offer(self.request.POST.get("angebot", ""))
        if offer is not None:
            answers.about = str(offer.public_id)
            answers.typed.setdefault("hilfe", {"situation": [offer.role.slug]})
            answers.keep()


class AskQuestion(QuestionPage):
    """One question."""

    journey = JOURNEY
    template_name = "web/public/ask_question.html"


class AskSummary(SummaryPage):
    """Everything once more, and off it goes."""

    journey = JOURNEY
    template_name = "web/public/ask_summary.html"

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return super().page(status=status, offer=_offer(self.known.about), **context)

    def contacts(self) -> Collection[str]:
        phone = self.forms["telefon"].cleaned_data["phone"].as_e164
        email = self.forms["bestaetigung"].cleaned_data["email"].lower()
        return [phone, email] if email else [phone]

    def send(self, *, at: datetime) -> Sent:
        offer = _offer(self.known.about)
        asked, code = ask_for_help_there(
            asked=asked_for(self.forms, confirm=self.is_to_confirm()),
            public_id=offer.public_id if offer else None,
            at=at,
        )
        by = call_back_by(asked.office, received_on=asked.received_on)
        shown = {"number": asked.number, "code": code, "by": date_format(by, "l, j. F Y")}
        return Sent(shown, asked.office_id)


class AskDone(DonePage):
    """The number, who calls by when, and a sheet to take along."""

    journey = JOURNEY
    template_name = "web/public/ask_done.html"


class AskLater(Later):
    """Go on another day."""

    journey = JOURNEY


class AskGoOn(GoOn):
    """Go on now."""

    journey = JOURNEY


def _offer(public_id: str) -> PublicOffer | None:
    """The offer that led here, if it still stands there."""
    try:
        known = UUID(public_id)
    except ValueError:
        return None
    return PublicOffer.objects.in_use().select_related("role").filter(public_id=known).first()

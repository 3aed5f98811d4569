"""Hilfe suchen: one question to a page, without an account and without JavaScript."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from helfer.help_requests.actions import ask_for_help
from helfer.people.call_back import call_back_by
from helfer.web.public.ask_questions import QUESTIONS
from helfer.web.public.asked_for import asked_for
from helfer.web.public.journeys import Begin, DonePage, Journey, QuestionPage, Sent, SummaryPage
from helfer.web.public.later import GoOn, Later

JOURNEY = Journey(url="ask", questions=QUESTIONS, key="hilfe-suchen")


class Ask(Begin):
    """What comes, whom to call instead, and whose computer it is."""

    journey = JOURNEY
    template_name = "web/public/ask.html"


class AskQuestion(QuestionPage):
    """One question."""

    journey = JOURNEY
    template_name = "web/public/ask_question.html"


class AskSummary(SummaryPage):
    """Everything once more, and off it goes."""

    journey = JOURNEY
    template_name = "web/public/ask_summary.html"
    too_often = gettext_lazy(
        "Von hier oder mit dieser Telefonnummer kamen gerade schon mehrere Anfragen. Bitte rufen Sie uns an."
    )

    def contacts(self) -> Collection[str]:
        return [self.forms["telefon"].cleaned_data["phone"].as_e164]

    def send(self, *, at: datetime) -> Sent:
        asked, code = ask_for_help(asked=asked_for(self.forms), at=at)
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

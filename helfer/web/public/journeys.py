"""A journey of one question to a page, without an account and without JavaScript."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.core.errors import RuleViolation
from helfer.people.models import Office
from helfer.places.models import District
from helfer.web.action_view import SeeOther
from helfer.web.public.answers import Answers, Raw, answers_of, begin, forget
from helfer.web.public.limits import (
    DAY,
    HOUR,
    QUICKEST_SECONDS,
    TRAP,
    address_of_visitor,
    is_too_often,
)
from helfer.web.public.questions import NO, PlaceQuestion, Question

# A library's or a hospital's visitors share one address.
MOST_BY_ADDRESS_AN_HOUR = 10
MOST_CONFIRMATIONS_BY_CONTACT_A_DAY = 3
MOST_FILES_BY_ADDRESS_AN_HOUR = 30
NOT_SENT = "csrfmiddlewaretoken", "form_key", "go"


@dataclass(frozen=True)
class Journey:
    """The questions, and where their pages are: ``url`` begins the name of each of them."""

    url: str
    questions: tuple[type[Question], ...]
    # Kept in the session under this name.
    key: str

    def asked_of(self, answers: Answers) -> list[type[Question]]:
        """The questions that this person is asked."""
        return [question for question in self.questions if question.is_asked(answers)]

    def question_on(self, page: str) -> type[Question] | None:
        """The question of this page."""
        return next((question for question in self.questions if question.page == page), None)

    @property
    def beginning(self) -> str:
        return reverse(f"public:{self.url}")

    @property
    def summary(self) -> str:
        return reverse(f"public:{self.url}_summary")

    @property
    def later(self) -> str:
        return reverse(f"public:{self.url}_later")

    @property
    def end(self) -> str:
        return reverse(f"public:{self.url}_done")

    def page(self, question: type[Question]) -> str:
        """The address of a question."""
        return reverse(f"public:{self.url}_question", args=[question.page])

    def where_to_go(self, answers: Answers) -> str:
        """The first question without an answer; the summary where none is left."""
        for question in self.asked_of(answers):
            if question.page not in answers.done:
                return self.page(question)
        return self.summary


def form_for(question: type[Question], answers: Answers, raw: Raw | None = None) -> Question:
    """The page's form: checked where ``raw`` says so, else filled with what was typed before."""
    if raw is not None:
        return question(data=_as_data(raw), answers=answers)
    form = question(answers=answers)
    typed = answers.typed.get(question.page)
    if typed is not None:
        data = _as_data(typed)
        form.initial = {
            name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()
        }
    return form


def _as_data(raw: Raw) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in raw.items():
        data.setlist(name, values)
    return data


def office_to_call(answers: Answers | None) -> Office | None:
    """The office of the place, else one that answers everybody."""
    offices = Office.objects.filter(is_active=True).exclude(phone="")
    own = offices.filter(pk=answers.office_id).first() if answers and answers.office_id else None
    return own or offices.order_by("pk").first()


@method_decorator(never_cache, name="dispatch")
class JourneyPage(TemplateResponseMixin, View):
    """A page of a journey; nothing of it is kept by the browser."""

    journey: ClassVar[Journey]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.answers = answers_of(request, self.journey.key)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        common = {
            "answers": self.answers,
            "call": office_to_call(self.answers),
            "trap": TRAP,
            "beginning": self.journey.beginning,
            "later": self.journey.later,
        }
        return self.render_to_response(common | context, status=status)

    def gone(self) -> HttpResponse:
        """To the beginning; whoever just answered is told why."""
        if self.request.method == "POST":
            messages.warning(
                self.request,
                _("Ihre Antworten sind nicht mehr da, weil länger nichts geschah. Bitte fangen Sie neu an."),
            )
        return SeeOther(self.journey.beginning)


class Begin(JourneyPage):
    """What comes, whom to call instead, and whose computer it is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        going_on = ""
        if self.answers is not None and not self.answers.sent and self.answers.typed:
            going_on = self.journey.where_to_go(self.answers)
        return self.page(going_on=going_on)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin, go on, or go away and leave nothing behind."""
        if request.POST.get("go") == "forget":
            forget(request, self.journey.key)
            return SeeOther(self.journey.beginning)
        answers = self.answers if request.POST.get("go") == "on" else None
        if answers is None:
            answers = begin(
                request,
                self.journey.key,
                is_elsewhere=request.POST.get("elsewhere") == "yes",
                at=timezone.now().timestamp(),
            )
        if not answers.sent:
            self.led_here(answers)
        return SeeOther(self.journey.where_to_go(answers))

    def led_here(self, answers: Answers) -> None:
        """What else is to be kept: what somebody came by, now or on an earlier day."""


class QuestionPage(JourneyPage):
    """One question. "Zurück" keeps what stands in the fields, right or wrong."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        question = self.journey.question_on(kwargs["page"])
        if question is None:
            raise Http404
        if self.answers is None:
            return self.gone()
        if self.answers.sent:
            return SeeOther(self.journey.end)
        asked = self.journey.asked_of(self.answers)
        before = asked[: asked.index(question)] if question in asked else asked
        if question not in asked or any(each.page not in self.answers.done for each in before):
            return SeeOther(self.journey.where_to_go(self.answers))
        self.question, self.known, self.before = question, self.answers, before
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        return self.show(form_for(self.question, self.known))

    def post(self, request: HttpRequest, page: str) -> HttpResponse:
        typed = {name: values for name, values in request.POST.lists() if name not in NOT_SENT}
        self.known.typed[page] = typed
        if request.POST.get("go") == "back":
            self.known.done.discard(page)
            self.known.keep()
            return SeeOther(self.journey.page(self.before[-1]) if self.before else self.journey.beginning)
        form = form_for(self.question, self.known, typed)
        if request.FILES:
            self._take_files(form)
        if not form.is_valid():
            self.known.done.discard(page)
            self.known.keep()
            return self.show(form, status=422)
        self.known.done.add(page)
        if isinstance(form, PlaceQuestion):
            self.known.office_id = _office_at(form)
        self.known.keep()
        if self.known.is_at_summary:
            return SeeOther(self.journey.where_to_go(self.known))
        rest = self.journey.asked_of(self.known)
        following = rest[rest.index(self.question) + 1 :]
        return SeeOther(self.journey.page(following[0]) if following else self.journey.summary)

    def _take_files(self, form: Question) -> None:
        visitor = address_of_visitor(self.request)
        if is_too_often("files", visitor, most=MOST_FILES_BY_ADDRESS_AN_HOUR, seconds=HOUR):
            form.add_error(
                None, _("Von hier kamen gerade schon viele Dateien. Bitte bringen Sie die Nachweise mit.")
            )
        else:
            form.take_files(self.request.FILES)

    def show(self, form: Question, *, status: int = 200) -> HttpResponse:
        asked = self.journey.asked_of(self.known)
        return self.page(
            form=form,
            title=self.question.title,
            lead=self.question.lead_for(self.known),
            number=asked.index(self.question) + 1,
            of=len(asked),
            status=status,
        )


def _office_at(form: PlaceQuestion) -> int | None:
    place = form.chosen_address.search().best
    district = District.objects.containing(place.point) if place is not None else None
    if district is None:
        return None
    office = Office.objects.filter(officedistrict__district=district, is_active=True).first()
    return office.pk if office else None


@dataclass(frozen=True)
class Answered:
    """A line of the summary."""

    question: type[Question]
    words: str
    url: str


@dataclass(frozen=True)
class Sent:
    """What the last page shows, and which office has it now."""

    shown: Mapping[str, str]
    office_id: int | None


class SummaryPage(JourneyPage, ABC):
    """Everything once more, and off it goes."""

    @abstractmethod
    def contacts(self) -> Collection[str]:
        """The numbers and addresses that were typed, whosever they are."""

    def is_to_confirm(self) -> bool:
        """Whether a confirmation is wanted and goes; counted, so that nobody has somebody else flooded.

        Whatever comes of it, the visitor sees the same: they do not learn how often somebody else was here.
        """
        return self.forms["bestaetigung"].cleaned_data["how"] != NO and not any(
            is_too_often(
                f"{self.journey.url}-confirmation",
                contact,
                most=MOST_CONFIRMATIONS_BY_CONTACT_A_DAY,
                seconds=DAY,
            )
            for contact in self.contacts()
        )

    @abstractmethod
    def send(self, *, at: datetime) -> Sent:
        """Hand everything over. Raises ``RuleViolation``."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.answers is None:
            return self.gone()
        if self.answers.sent:
            return SeeOther(self.journey.end)
        self.forms = dict(self._checked(self.answers))
        wrong = [page for page, form in self.forms.items() if not form.is_valid()]
        if wrong:
            # Never answered, or no longer an answer: a role that has gone from the catalogue.
            self.answers.done.difference_update(wrong)
            self.answers.keep()
            return SeeOther(self.journey.where_to_go(self.answers))
        self.known = self.answers
        return super().dispatch(request, *args, **kwargs)

    def _checked(self, answers: Answers) -> Iterator[tuple[str, Question]]:
        for question in self.journey.asked_of(answers):
            typed = answers.typed.get(question.page, {}) if question.page in answers.done else {}
            yield question.page, form_for(question, answers, typed)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.known.is_at_summary = True
        self.known.keep()
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if request.POST.get(TRAP) or now.timestamp() - self.known.started_at < QUICKEST_SECONDS:
            return self.show(
                refusal=_(
                    "Das ging schneller, als ein Mensch lesen kann. Bitte lesen Sie alles noch einmal durch "
                    "und senden Sie dann."
                ),
                status=422,
            )
        visitor = address_of_visitor(request)
        if is_too_often(self.journey.url, visitor, most=MOST_BY_ADDRESS_AN_HOUR, seconds=HOUR):
            return self.show(
                refusal=_(
                    "Von hier wurde gerade schon mehrmals etwas abgeschickt. Ihre Antworten sind noch da. "
                    "Bitte rufen Sie uns an."
                ),
                status=429,
            )
        try:
            with transaction.atomic():
                self._wait_for_the_same_press()
                again = answers_of(request, self.journey.key)
                if again is None or again.sent:
                    return SeeOther(self.journey.end)
                if again.is_sent_already:
                    return self.show(
                        refusal=_(
                            "Das haben Sie an einem anderen Gerät schon abgeschickt. Wollen Sie etwas "
                            "ändern, rufen Sie uns bitte an."
                        ),
                        status=409,
                    )
                self._after(self.send(at=now)).keep()
        except RuleViolation as refusal:
            return self.show(refusal=str(refusal.message), status=409)
        except DatabaseError:
            # Constraints may speak as late as the commit: then nothing has been sent.
            self.known.keep()
            raise
        self.known.note_sent()
        self.known.forget_files()
        return SeeOther(self.journey.end)

    def _wait_for_the_same_press(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [self.known.first_name])

    def _after(self, sent: Sent) -> Answers:
        """What was typed goes, what the last page says stays a while."""
        return Answers(
            name=self.known.name,
            started_at=self.known.started_at,
            is_elsewhere=self.known.is_elsewhere,
            office_id=sent.office_id,
            sent=dict(sent.shown),
        )

    def show(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        lines = [
            Answered(type(form), form.in_words(), self.journey.page(type(form)))
            for form in self.forms.values()
        ]
        return self.page(lines=lines, refusal=refusal, status=status)


class DonePage(JourneyPage):
    """The number, who calls by when, and a sheet to take along."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.answers is None or not self.answers.sent:
            return SeeOther(self.journey.beginning)
        own = None
        if self.answers.office_id is not None:
            own = Office.objects.filter(pk=self.answers.office_id, is_active=True).first()
        return self.page(sent=self.answers.sent, own_office=own)

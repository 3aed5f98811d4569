"""Hilfe suchen: one question to a page, without an account and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.core.errors import RuleViolation
from helfer.help_requests.actions import ask_for_help
from helfer.help_requests.call_back import call_back_by
from helfer.help_requests.models import HelpRequest
from helfer.people.models import Office
from helfer.places.models import District
from helfer.web.action_view import SeeOther
from helfer.web.public.answers import Answers, Raw, answers_of, begin, forget
from helfer.web.public.ask_questions import BY_PAGE, Confirmation, Place, asked_of
from helfer.web.public.asked_for import asked_for
from helfer.web.public.limits import (
    DAY,
    HOUR,
    QUICKEST_SECONDS,
    TRAP,
    address_of_visitor,
    is_too_often,
)
from helfer.web.public.questions import Question

JOURNEY = "hilfe-suchen"
# A library's or a hospital's visitors share one address.
MOST_BY_ADDRESS_AN_HOUR = 10
MOST_BY_NUMBER_A_DAY = 3
NOT_SENT = "csrfmiddlewaretoken", "form_key", "go"


def form_for(question: type[Question], answers: Answers, raw: Raw | None = None) -> Question:
    """The page's form: checked where ``raw`` says so, else filled with what was typed before."""
    more: dict[str, Any] = {"answers": answers} if question is Confirmation else {}
    if raw is not None:
        return question(data=_as_data(raw), **more)
    form = question(**more)
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
class _AskPage(TemplateResponseMixin, View):
    """A page of the journey; nothing of it is kept by the browser."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.answers = answers_of(request, JOURNEY)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        common = {"answers": self.answers, "call": office_to_call(self.answers), "trap": TRAP}
        return self.render_to_response(common | context, status=status)


class Ask(_AskPage):
    """What comes, whom to call instead, and whose computer it is."""

    template_name = "web/public/ask.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        going_on = ""
        if self.answers is not None and not self.answers.sent and self.answers.typed:
            going_on = where_to_go(self.answers)
        return self.page(going_on=going_on)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin, or go away and leave nothing behind."""
        if request.POST.get("go") == "forget":
            forget(request, JOURNEY)
            return SeeOther(reverse("public:ask"))
        answers = begin(
            request,
            JOURNEY,
            is_elsewhere=request.POST.get("elsewhere") == "yes",
            at=timezone.now().timestamp(),
        )
        return SeeOther(where_to_go(answers))


def where_to_go(answers: Answers) -> str:
    """The first question without an answer; the summary where none is left."""
    for question in asked_of(answers):
        if question.page not in answers.done:
            return reverse("public:ask_question", args=[question.page])
    return reverse("public:ask_summary")


def gone(request: HttpRequest) -> HttpResponse:
    """To the beginning; whoever just answered is told why."""
    if request.method == "POST":
        messages.warning(
            request,
            _("Ihre Antworten sind nicht mehr da, weil länger nichts geschah. Bitte fangen Sie neu an."),
        )
    return SeeOther(reverse("public:ask"))


class AskQuestion(_AskPage):
    """One question. "Zurück" keeps what stands in the fields, right or wrong."""

    template_name = "web/public/ask_question.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        question = BY_PAGE.get(kwargs["page"])
        if question is None:
            raise Http404
        if self.answers is None:
            return gone(request)
        if self.answers.sent:
            return SeeOther(reverse("public:ask_done"))
        asked = asked_of(self.answers)
        before = asked[: asked.index(question)] if question in asked else asked
        if question not in asked or any(each.page not in self.answers.done for each in before):
            return SeeOther(where_to_go(self.answers))
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
            back = self.before[-1].page if self.before else ""
            return SeeOther(reverse("public:ask_question", args=[back]) if back else reverse("public:ask"))
        form = form_for(self.question, self.known, typed)
        if not form.is_valid():
            self.known.done.discard(page)
            self.known.keep()
            return self.show(form, status=422)
        self.known.done.add(page)
        if isinstance(form, Place):
            self.known.office_id = _office_at(form)
        self.known.keep()
        if self.known.is_at_summary:
            return SeeOther(where_to_go(self.known))
        rest = asked_of(self.known)
        following = rest[rest.index(self.question) + 1 :]
        if following:
            return SeeOther(reverse("public:ask_question", args=[following[0].page]))
        return SeeOther(reverse("public:ask_summary"))

    def show(self, form: Question, *, status: int = 200) -> HttpResponse:
        asked = asked_of(self.known)
        return self.page(
            form=form,
            title=self.question.title,
            lead=self.question.lead_for(self.known),
            number=asked.index(self.question) + 1,
            of=len(asked),
            status=status,
        )


def _office_at(form: Place) -> int | None:
    place = form.chosen_address.search().best
    district = District.objects.containing(place.point) if place is not None else None
    if district is None:
        return None
    office = Office.objects.filter(officedistrict__district=district, is_active=True).first()
    return office.pk if office else None


@dataclass(frozen=True)
class Answered:
    """A line of the summary."""

    question: Any
    words: str
    url: str


class AskSummary(_AskPage):
    """Everything once more, and off it goes."""

    template_name = "web/public/ask_summary.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.answers is None:
            return gone(request)
        if self.answers.sent:
            return SeeOther(reverse("public:ask_done"))
        self.forms = dict(self._checked(self.answers))
        wrong = [page for page, form in self.forms.items() if not form.is_valid()]
        if wrong:
            # Never answered, or no longer an answer: a role that has gone from the catalogue.
            self.answers.done.difference_update(wrong)
            self.answers.keep()
            return SeeOther(where_to_go(self.answers))
        self.known = self.answers
        return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def _checked(answers: Answers) -> Iterator[tuple[str, Question]]:
        for question in asked_of(answers):
            typed = answers.typed.get(question.page, {}) if question.page in answers.done else {}
            yield question.page, form_for(question, answers, typed)

    def get(self, request: HttpRequest) -> HttpResponse:
        self.known.is_at_summary = True
        self.known.keep()
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        phone = self.forms["telefon"].cleaned_data["phone"].as_e164
        if request.POST.get(TRAP) or now.timestamp() - self.known.started_at < QUICKEST_SECONDS:
            return self.show(
                refusal=_(
                    "Das ging schneller, als ein Mensch lesen kann. Bitte lesen Sie alles noch einmal durch "
                    "und senden Sie dann."
                ),
                status=422,
            )
        visitor = address_of_visitor(request)
        if is_too_often("ask", visitor, most=MOST_BY_ADDRESS_AN_HOUR, seconds=HOUR) or is_too_often(
            "ask", phone, most=MOST_BY_NUMBER_A_DAY, seconds=DAY
        ):
            return self.show(
                refusal=_(
                    "Von hier oder mit dieser Telefonnummer kamen gerade schon mehrere Anfragen. Bitte rufen "
                    "Sie uns an."
                ),
                status=429,
            )
        try:
            with transaction.atomic():
                self._wait_for_the_same_press()
                again = answers_of(request, JOURNEY)
                if again is None or again.sent:
                    return SeeOther(reverse("public:ask_done"))
                asked, code = ask_for_help(asked=asked_for(self.forms), at=now)
                self._after(asked, code).keep()
        except RuleViolation as refusal:
            return self.show(refusal=str(refusal.message), status=409)
        except DatabaseError:
            # Constraints may speak as late as the commit: then nothing has been sent.
            self.known.keep()
            raise
        return SeeOther(reverse("public:ask_done"))

    def _wait_for_the_same_press(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [self.known.name])

    def _after(self, asked: HelpRequest, code: str) -> Answers:
        """What was typed goes, what the last page says stays a while."""
        by = call_back_by(asked.office, received_on=asked.received_on)
        return Answers(
            name=self.known.name,
            started_at=self.known.started_at,
            is_elsewhere=self.known.is_elsewhere,
            office_id=asked.office_id,
            sent={"number": asked.number, "code": code, "by": date_format(by, "l, j. F Y")},
        )

    def show(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        lines = [
            Answered(BY_PAGE[page], form.in_words(), reverse("public:ask_question", args=[page]))
            for page, form in self.forms.items()
        ]
        return self.page(lines=lines, refusal=refusal, status=status)


class AskDone(_AskPage):
    """The number, who calls by when, and a sheet to take along."""

    template_name = "web/public/ask_done.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.answers is None or not self.answers.sent:
            return SeeOther(reverse("public:ask"))
        own = None
        if self.answers.office_id is not None:
            own = Office.objects.filter(pk=self.answers.office_id, is_active=True).first()
        return self.page(sent=self.answers.sent, own_office=own)

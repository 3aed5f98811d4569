"""To stop in the midst of a journey and go on another day or elsewhere, by a mailed link."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.web.action_view import SeeOther
from helfer.web.public.answers import KEPT_DAYS, Answers, answers_named, kept_for_later, take_up
from helfer.web.public.journeys import JourneyPage
from helfer.web.public.limits import DAY, HOUR, address_of_visitor, is_too_often

logger = logging.getLogger(__name__)

MOST_BY_ADDRESS_AN_HOUR = 5
MOST_BY_MAIL_A_DAY = 3
SALT = "helfer.web.public.later"


class LaterForm(forms.Form):
    """Where the link goes."""

    email = forms.EmailField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        error_messages={
            "required": gettext_lazy("Bitte schreiben Sie Ihre E-Mail-Adresse."),
            "invalid": gettext_lazy("Diese E-Mail-Adresse ist nicht vollständig."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class Later(JourneyPage):
    """Have a link mailed to oneself; without e-mail, the answers wait on the own device, or one calls."""

    template_name = "web/public/later.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.answers is None:
            return self.gone()
        if self.answers.sent:
            return SeeOther(self.journey.end)
        self.known = self.answers
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(LaterForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LaterForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        email = form.cleaned_data["email"]
        visitor = address_of_visitor(request)
        if is_too_often("later", visitor, most=MOST_BY_ADDRESS_AN_HOUR, seconds=HOUR):
            form.add_error(None, _("Wir haben gerade schon mehrere Links geschickt. Bitte rufen Sie uns an."))
            return self.show(form, status=429)
        try:
            # Whoever has had many already gets no more; only they see it.
            if not is_too_often("later", email.lower(), most=MOST_BY_MAIL_A_DAY, seconds=DAY):
                self._send(email)
        except (SMTPException, OSError, ValueError):
            logger.exception("a link for later could not be sent")
            form.add_error(
                "email",
                _("Der Link geht gerade nicht hinaus. Ihre Antworten sind noch da. Bitte rufen Sie uns an."),
            )
            return self.show(form, status=503)
        return self.page(sent_to=email, days=KEPT_DAYS, going_on=self.journey.where_to_go(self.known))

    def _send(self, email: str) -> None:
        token = signing.dumps([self.journey.key, kept_for_later(self.known)], salt=SALT)
        words = {
            "link": f"{settings.SITE_URL}{reverse(f'public:{self.journey.url}_go_on', args=[token])}",
            "days": KEPT_DAYS,
        }
        EmailMessage(
            subject=_("Ihr Link zum Weitermachen"),
            body=render_to_string("web/public/later_mail.txt", words),
            to=[email],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        ).send()

    def show(self, form: LaterForm, *, status: int = 200) -> HttpResponse:
        return self.page(
            form=form, days=KEPT_DAYS, going_on=self.journey.where_to_go(self.known), status=status
        )


class GoOn(JourneyPage):
    """Where the mailed link leads. Opening it changes nothing: mail programs open links by themselves."""

    template_name = "web/public/go_on.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.waiting = self._named(kwargs["token"])
        return super().dispatch(request, *args, **kwargs)

    def _named(self, token: str) -> Answers | None:
        try:
            key, name = signing.loads(token, salt=SALT, max_age=KEPT_DAYS * DAY)
        except signing.BadSignature:
            return None
        return answers_named(name) if key == self.journey.key else None

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page(waiting=self.waiting, days=KEPT_DAYS, status=200 if self.waiting else 410)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.waiting is None:
            return self.get(request, token)
        answers = take_up(
            request, self.journey.key, self.waiting, is_elsewhere=request.POST.get("elsewhere") == "yes"
        )
        return SeeOther(self.journey.end if answers.sent else self.journey.where_to_go(answers))

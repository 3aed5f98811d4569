"""Wie steht es: the state of a request for whoever has its code and phone number, and nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.help_requests.models import HelpRequest, RequestState
from helfer.help_requests.status_codes import digest_of_code, request_of
from helfer.web.person_forms import BAD_PHONE, phone_field
from helfer.web.public.journeys import office_to_call
from helfer.web.public.limits import HOUR, address_of_visitor, give_back, is_too_often

MOST_BY_ADDRESS_AN_HOUR = 20
MOST_WRONG_BY_CODE_AN_HOUR = 6

SENTENCES = {
    RequestState.SUBMITTED: gettext_lazy("Ihre Anfrage ist angekommen. Wir rufen Sie an."),
    RequestState.OPEN: gettext_lazy("Wir suchen jemanden für Sie."),
    RequestState.MATCHED: gettext_lazy("Wir haben jemanden für Sie gefunden. Alles Weitere am Telefon."),
    RequestState.ON_HOLD: gettext_lazy("Die Suche ruht zurzeit. Rufen Sie uns gern an."),
    RequestState.FORWARDED: gettext_lazy("Eine andere Stelle kümmert sich darum. Rufen Sie uns gern an."),
    RequestState.WITHDRAWN: gettext_lazy("Die Anfrage ist zurückgezogen."),
    RequestState.CLOSED: gettext_lazy("Die Anfrage ist abgeschlossen."),
}


class StatusForm(forms.Form):
    """Both belong together."""

    code = forms.CharField(
        label=gettext_lazy("Ihr Code"),
        help_text=gettext_lazy("Er steht auf dem Blatt, das Sie am Ende bekommen haben."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie den Code ab.")},
    )
    phone = phone_field(
        gettext_lazy("Ihre Telefonnummer"),
        help_text=gettext_lazy("Die Nummer, unter der wir anrufen sollen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True
        self.fields["phone"].error_messages["required"] = BAD_PHONE


@method_decorator(never_cache, name="dispatch")
class Status(TemplateResponseMixin, View):
    """By POST only is anything looked up: neither code nor number ever stands in an address."""

    template_name = "web/public/status.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(StatusForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StatusForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        visitor = address_of_visitor(request)
        if is_too_often("status", visitor, most=MOST_BY_ADDRESS_AN_HOUR, seconds=HOUR):
            form.add_error(None, _("Das waren viele Versuche. Bitte rufen Sie uns an."))
            return self.page(form, status=429)
        found = self._found(code=form.cleaned_data["code"], phone=form.cleaned_data["phone"].as_e164)
        if found is None:
            form.add_error(
                None,
                _(
                    "Code und Telefonnummer passen nicht zusammen, oder es waren zu viele Versuche. "
                    "Bitte prüfen Sie beides oder rufen Sie an."
                ),
            )
            return self.page(form, status=422)
        sentence = SENTENCES[RequestState(found.state)]
        return self.page(form, sentence=sentence, own_office=found.office)

    def _found(self, *, code: str, phone: str) -> HelpRequest | None:
        """The request, unless too many numbers were tried with its code: then not even with the right one.

        Only wrong tries stay counted, and one too many looks like any other: nobody learns who else looked.
        """
        tried = digest_of_code(code)
        guessed = is_too_often("status-code", tried, most=MOST_WRONG_BY_CODE_AN_HOUR, seconds=HOUR)
        found = request_of(code=code, phone=phone)
        if guessed or found is None:
            return None
        give_back("status-code", tried)
        return found

    def page(self, form: StatusForm, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response({"form": form, "call": office_to_call(None)} | context, status=status)

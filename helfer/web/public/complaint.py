"""Etwas stimmt nicht: to say so without a name, to somebody outside the tandem."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View
from django.views.generic.base import TemplateResponseMixin

from helfer.people.actions import complain
from helfer.web.action_view import SeeOther
from helfer.web.public.journeys import office_to_call
from helfer.web.public.limits import HOUR, TRAP, address_of_visitor, is_too_often

MOST_BY_ADDRESS_AN_HOUR = 5


class ComplaintForm(forms.Form):
    """What is wrong, and perhaps how to answer."""

    text = forms.CharField(
        label=gettext_lazy("Was stimmt nicht?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, was nicht stimmt.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("Wie erreichen wir Sie?"),
        help_text=gettext_lazy("Telefon oder E-Mail. Ohne diese Angabe bleiben Sie namenlos."),
        max_length=160,
        required=False,
    )


@method_decorator(never_cache, name="dispatch")
class Complain(TemplateResponseMixin, View):
    """The page stands in the footer of every other one."""

    template_name = "web/public/complaint.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ComplaintForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ComplaintForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        if request.POST.get(TRAP):
            form.add_error(None, _("Das hat nicht geklappt. Bitte rufen Sie uns an."))
            return self.page(form, status=422)
        visitor = address_of_visitor(request)
        if is_too_often("complaint", visitor, most=MOST_BY_ADDRESS_AN_HOUR, seconds=HOUR):
            form.add_error(
                None, _("Von hier kamen gerade schon mehrere Nachrichten. Bitte rufen Sie uns an.")
            )
            return self.page(form, status=429)
        complain(text=form.cleaned_data["text"], contact=form.cleaned_data["contact"], at=timezone.now())
        messages.success(
            request, _("Danke. Die Geschäftsstelle liest Ihre Nachricht und kümmert sich darum.")
        )
        return SeeOther(reverse("public:complaint"))

    def page(self, form: ComplaintForm, *, status: int = 200) -> HttpResponse:
        return self.render_to_response(
            {"form": form, "call": office_to_call(None), "trap": TRAP}, status=status
        )

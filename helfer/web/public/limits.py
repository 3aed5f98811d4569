"""How often a stranger may try something: by network address and by phone number, without a captcha."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.generic import View

from helfer.core.limits import DAY, HOUR, MINUTE, give_back, is_too_often, reads_too_often
from helfer.people.models import Office

__all__ = [
    "DAY",
    "HOUR",
    "QUICKEST_SECONDS",
    "TRAP",
    "LimitedReading",
    "address_of_visitor",
    "give_back",
    "is_too_often",
]

# Filled in by programs only; people do not see it.
TRAP = "homepage"
# Nobody reads and answers all the questions sooner.
QUICKEST_SECONDS = 20


def address_of_visitor(request: HttpRequest) -> str:
    """The network address, behind our own proxies the one that they name."""
    return str(get_adapter().get_client_ip(request))


class LimitedReading(View):
    """A page that searches for everybody: whoever asks as only programs do is asked to wait a minute."""

    limited_as: ClassVar[str]
    too_often_template: ClassVar[str] = "web/public/too_often.html"

    def is_asked(self) -> bool:
        """Whether this request searches; the empty page costs nothing."""
        return self.request.method == "POST"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not self.is_asked() or not reads_too_often(self.limited_as, lambda: address_of_visitor(request)):
            return super().dispatch(request, *args, **kwargs)
        offices = Office.objects.filter(is_active=True).exclude(phone="")
        context = {"call": offices.order_by("pk").first()}
        answer = render(request, self.too_often_template, context, status=429)
        answer["Retry-After"] = str(MINUTE)
        return answer

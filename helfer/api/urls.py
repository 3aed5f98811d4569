"""The interface for machines, version 1: one for the offices' own programs, one for everybody's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from helfer.api import city_runs, matches, requests
from helfer.api.access import StaffSession, StaffToken, answer_refusals, staff_only
from helfer.api.public import contents
from helfer.api.public.open_door import knows_nobody, open_door, refusal

api = NinjaAPI(
    title="Helfer",
    version="1",
    description="Anfragen, Vorschläge und Vermittlungen eines Seniorenbüros. Alle Tage sind Tage in Berlin.",
    auth=[StaffToken(), StaffSession()],
    # Without an address of a validator, the page asks no foreign host.
    docs=Swagger(settings={"validatorUrl": None}),
    docs_decorator=staff_only,
    urls_namespace="api-1",
)
answer_refusals(api)
api.add_router("/requests", requests.router)
api.add_router("/matches", matches.router)
api.add_router("/city-runs", city_runs.router)

public_api = NinjaAPI(
    title="Helfer für andere Seiten",
    version="1",
    description=(
        "Tätigkeiten, Seniorenbüros, Quartiere mit Zahlen, Neuigkeiten und Termine: ohne Zugang, nur zum "
        "Lesen, von jeder Seite aus. Antworten gelten eine Minute."
    ),
    docs=Swagger(settings={"validatorUrl": None}),
    urls_namespace="api-public-1",
)
answer_refusals(public_api)
public_api.add_router("", contents.router)


def missing(request: HttpRequest, rest: str) -> HttpResponse:
    """Programs are told in their own words that there is no such door."""
    return refusal(404, "not_found", _("Das gibt es nicht."))


def _open(pattern: URLPattern | URLResolver) -> URLPattern:
    if not isinstance(pattern, URLPattern):
        raise TypeError(pattern)
    if pattern.name == "api-root":
        pattern.callback = knows_nobody(RedirectView.as_view(pattern_name="api-public-1:openapi-view"))
    elif pattern.name == "openapi-view":
        pattern.callback = knows_nobody(pattern.callback)
    else:
        pattern.callback = open_door(pattern.callback)
    return pattern


_patterns, _app, _namespace = public_api.urls
_public = [*map(_open, _patterns), path("<path:rest>", open_door(missing), name="missing")]

urlpatterns = [path("v1/public/", (_public, _app, _namespace)), path("v1/", api.urls)]

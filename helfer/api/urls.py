"""The interface for machines, version 1."""

from __future__ import annotations

from django.urls import path
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from helfer.api import city_runs, matches, requests
from helfer.api.access import StaffSession, StaffToken, answer_refusals, staff_only

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

urlpatterns = [path("v1/", api.urls)]

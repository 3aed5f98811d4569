"""Doors of the tandem, under buero/."""

from __future__ import annotations

from helfer.web.tandem.urls_helpers import urlpatterns as of_helpers
from helfer.web.tandem.urls_matches import urlpatterns as of_matches
from helfer.web.tandem.urls_office import urlpatterns as of_the_office
from helfer.web.tandem.urls_people import urlpatterns as of_people
from helfer.web.tandem.urls_requests import urlpatterns as of_requests
from helfer.web.tandem.urls_runs import urlpatterns as of_runs

app_name = "tandem"
urlpatterns = [
    *of_people,
    *of_requests,
    *of_helpers,
    *of_matches,
    *of_runs,
    *of_the_office,
]

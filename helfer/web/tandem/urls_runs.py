"""Addresses of the runs for the whole office or city, and of what they suggest."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import city_runs, suggestions, uncovered

urlpatterns = [
    path("vorschlagslauf/", city_runs.RunList.as_view(), name="city_runs"),
    path("vorschlagslauf/starten/", city_runs.StartRun.as_view(), name="city_run_start"),
    path("vorschlagslauf/<int:pk>/", suggestions.RunPage.as_view(), name="city_run"),
    path("vorschlagslauf/<int:pk>/stand/", city_runs.Progress.as_view(), name="city_run_progress"),
    path("vorschlagslauf/<int:pk>/anhalten/", city_runs.StopRun.as_view(), name="city_run_stop"),
    path(
        "vorschlagslauf/<int:pk>/ohne-vorschlag/", uncovered.UncoveredPage.as_view(), name="city_run_unserved"
    ),
    path(
        "vorschlagslauf/<int:pk>/vergleich/", city_runs.ComparisonPage.as_view(), name="city_run_comparison"
    ),
    path("vorschlagslauf/vorschlag/<int:pk>/", suggestions.TakeSuggestion.as_view(), name="suggestion"),
    path(
        "vorschlagslauf/vorschlag/<int:pk>/zuruecklegen/",
        suggestions.DismissSuggestion.as_view(),
        name="suggestion_dismiss",
    ),
]

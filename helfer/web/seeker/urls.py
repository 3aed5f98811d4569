"""Doors of help seekers, under meine-anfragen/."""

from __future__ import annotations

from django.urls import path

from helfer.web.seeker import pages, steps

app_name = "seeker"
urlpatterns = [
    path("", pages.MyRequests.as_view(), name="requests"),
    path("hilfe/<int:pk>/", pages.MyMatch.as_view(), name="match"),
    path("hilfe/<int:pk>/ja/", steps.SayYes.as_view(), name="match_yes"),
    path("hilfe/<int:pk>/nein/", steps.SayNo.as_view(), name="match_no"),
    path("hilfe/<int:pk>/weiter/", steps.ConfirmTrial.as_view(), name="match_go_on"),
]

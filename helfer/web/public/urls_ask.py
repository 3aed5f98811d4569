"""Doors to asking for help."""

from __future__ import annotations

from django.urls import path

from helfer.web.public import ask, complaint, status

urlpatterns = [
    path("hilfe-suchen/", ask.Ask.as_view(), name="ask"),
    path("hilfe-suchen/uebersicht/", ask.AskSummary.as_view(), name="ask_summary"),
    path("hilfe-suchen/fertig/", ask.AskDone.as_view(), name="ask_done"),
    path("hilfe-suchen/spaeter/", ask.AskLater.as_view(), name="ask_later"),
    path("hilfe-suchen/weiter/<str:token>/", ask.AskGoOn.as_view(), name="ask_go_on"),
    path("hilfe-suchen/<slug:page>/", ask.AskQuestion.as_view(), name="ask_question"),
    path("etwas-stimmt-nicht/", complaint.Complain.as_view(), name="complaint"),
    path("stand/", status.Status.as_view(), name="status"),
]

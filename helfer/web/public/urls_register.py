"""Doors to offering help."""

from __future__ import annotations

from django.urls import path

from helfer.web.public import register

urlpatterns = [
    path("mitmachen/", register.Register.as_view(), name="register"),
    path("mitmachen/blatt/", register.RegisterSheet.as_view(), name="register_sheet"),
    path("mitmachen/uebersicht/", register.RegisterSummary.as_view(), name="register_summary"),
    path("mitmachen/fertig/", register.RegisterDone.as_view(), name="register_done"),
    path("mitmachen/spaeter/", register.RegisterLater.as_view(), name="register_later"),
    path("mitmachen/weiter/<str:token>/", register.RegisterGoOn.as_view(), name="register_go_on"),
    path("mitmachen/<slug:page>/", register.RegisterQuestion.as_view(), name="register_question"),
]

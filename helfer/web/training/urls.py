"""Doors of the training team, under schulung/."""

from __future__ import annotations

from django.urls import path

from helfer.web.training import helpers, steps

app_name = "training"
urlpatterns = [
    path("", helpers.HelperList.as_view(), name="helpers"),
    path("kurs/", steps.Bulk.as_view(), name="bulk"),
    path("helfer/<int:pk>/", helpers.HelperPage.as_view(), name="helper"),
    path("helfer/<int:pk>/nachweis/", steps.Issue.as_view(), name="issue"),
    path("nachweise/<int:pk>/pruefen/", steps.Verify.as_view(), name="verify"),
    path("nachweise/<int:pk>/loeschen/", steps.Revoke.as_view(), name="revoke"),
    path("nachweise/<int:pk>/datei/", helpers.ProofFile.as_view(), name="file"),
]

"""Doors of the catalogue."""

from __future__ import annotations

from django.urls import path

from helfer.web.coordination import catalogue, rates
from helfer.web.coordination.translations import TranslateModel, TranslateRole, TranslateTraining

urlpatterns = [
    path("katalog/", catalogue.Catalogue.as_view(), name="catalogue"),
    path("katalog/taetigkeiten/neu/", catalogue.CreateRole.as_view(), name="role_new"),
    path("katalog/taetigkeiten/<int:pk>/", catalogue.EditRole.as_view(), name="role"),
    path("katalog/taetigkeiten/<int:pk>/sprachen/", TranslateRole.as_view(), name="role_languages"),
    path("katalog/schulungen/neu/", catalogue.CreateTraining.as_view(), name="training_new"),
    path("katalog/schulungen/<int:pk>/", catalogue.EditTraining.as_view(), name="training"),
    path(
        "katalog/schulungen/<int:pk>/sprachen/",
        TranslateTraining.as_view(),
        name="training_languages",
    ),
    path("katalog/modelle/neu/", catalogue.CreateModel.as_view(), name="model_new"),
    path("katalog/modelle/<int:pk>/", catalogue.EditModel.as_view(), name="model"),
    path("katalog/modelle/<int:pk>/sprachen/", TranslateModel.as_view(), name="model_languages"),
    path("katalog/modelle/<int:pk>/betraege/neu/", rates.AddRate.as_view(), name="rate_new"),
    path("katalog/betraege/<int:pk>/", rates.EditRate.as_view(), name="rate"),
    path("katalog/betraege/<int:pk>/loeschen/", rates.RemoveRate.as_view(), name="rate_remove"),
    path("katalog/laender/neu/", rates.CreateRule.as_view(), name="rule_new"),
    path("katalog/laender/<int:pk>/", rates.EditRule.as_view(), name="rule"),
]

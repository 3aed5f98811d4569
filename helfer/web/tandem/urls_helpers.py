"""Addresses of the office's helpers."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import helper_steps, helpers, public_card

urlpatterns = [
    path("helfende/", helpers.HelperList.as_view(), name="helpers"),
    path("helfende/neu/", helper_steps.Register.as_view(), name="helper_new"),
    path("helfende/<int:pk>/", helpers.HelperPage.as_view(), name="helper"),
    path("helfende/<int:pk>/aendern/", helper_steps.EditProfile.as_view(), name="helper_edit"),
    path("helfende/<int:pk>/gespraech/", helper_steps.Interview.as_view(), name="helper_interview"),
    path("helfende/<int:pk>/aktiv/", helper_steps.Activate.as_view(), name="helper_activate"),
    path("helfende/<int:pk>/nicht-aufnehmen/", helper_steps.Reject.as_view(), name="helper_reject"),
    path("helfende/<int:pk>/aufhoeren/", helper_steps.Leave.as_view(), name="helper_leave"),
    path("helfende/<int:pk>/pause/", helper_steps.TakeBreak.as_view(), name="helper_pause"),
    path("helfende/<int:pk>/nachweis/", helper_steps.IssueCertificate.as_view(), name="certificate_new"),
    path("helfende/<int:pk>/karte/", public_card.Card.as_view(), name="helper_card"),
    path("helfende/<int:pk>/karte/vorschau/", public_card.Preview.as_view(), name="helper_card_preview"),
    path("helfende/<int:pk>/karte/nicht-zeigen/", public_card.Hide.as_view(), name="helper_card_hide"),
    path("pausen/<int:pk>/", helper_steps.EndBreak.as_view(), name="pause_end"),
    path("nachweise/<int:pk>/pruefen/", helper_steps.VerifyCertificate.as_view(), name="certificate_verify"),
]

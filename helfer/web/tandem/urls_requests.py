"""Addresses of requests and their candidates."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import candidates, intake, public_listing, request_steps, requests

urlpatterns = [
    path("anfragen/", requests.RequestList.as_view(), name="requests"),
    path("anfragen/neu/", intake.NewRequest.as_view(), name="request_new"),
    path("anfragen/<int:pk>/", requests.RequestPage.as_view(), name="request"),
    path("anfragen/<int:pk>/aendern/", intake.EditRequest.as_view(), name="request_edit"),
    path("anfragen/<int:pk>/klaeren/", request_steps.Clarify.as_view(), name="request_clarify"),
    path("anfragen/<int:pk>/papier/", request_steps.PaperArrived.as_view(), name="request_paper"),
    path("anfragen/<int:pk>/zurueckstellen/", request_steps.Hold.as_view(), name="request_hold"),
    path("anfragen/<int:pk>/weiterleiten/", request_steps.Forward.as_view(), name="request_forward"),
    path("anfragen/<int:pk>/zurueckziehen/", request_steps.Withdraw.as_view(), name="request_withdraw"),
    path("anfragen/<int:pk>/wieder-oeffnen/", request_steps.Reopen.as_view(), name="request_reopen"),
    path("anfragen/<int:pk>/abschliessen/", request_steps.Close.as_view(), name="request_close"),
    path("anfragen/<int:pk>/abgeben/", request_steps.Move.as_view(), name="request_move"),
    path("anfragen/<int:pk>/wunsch/", request_steps.NameHelper.as_view(), name="request_name_helper"),
    path("anfragen/<int:pk>/oeffentlich/", public_listing.ListPublicly.as_view(), name="request_listing"),
    path("anfragen/<int:pk>/oeffentlich/nicht-mehr/", public_listing.Unlist.as_view(), name="request_unlist"),
    path("interesse/<int:pk>/", public_listing.InterestPage.as_view(), name="interest"),
    path("anfragen/<int:pk>/wer-passt/", candidates.Candidates.as_view(), name="candidates"),
    path("anfragen/<int:pk>/vorschlagen/<int:helper_id>/", candidates.Propose.as_view(), name="propose"),
]

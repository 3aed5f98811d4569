"""Doors of accounts and of people entered twice."""

from __future__ import annotations

from django.urls import path

from helfer.web.coordination import accounts, merging

urlpatterns = [
    path("zugaenge/", accounts.AccountList.as_view(), name="people"),
    path("zugaenge/neu/", accounts.CreateAccount.as_view(), name="account_new"),
    path("zugaenge/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("zugaenge/<int:pk>/arten/", accounts.ChangeKinds.as_view(), name="account_kinds"),
    path("zugaenge/<int:pk>/schliessen/", accounts.Deactivate.as_view(), name="account_close"),
    path("zugaenge/<int:pk>/oeffnen/", accounts.Reactivate.as_view(), name="account_open"),
    path("zugaenge/<int:pk>/einladen/", accounts.Invite.as_view(), name="account_invite"),
    path("zugaenge/<int:pk>/zweiter-faktor/", accounts.ResetFactor.as_view(), name="account_reset"),
    path("doppelte/", merging.Merge.as_view(), name="merge"),
]

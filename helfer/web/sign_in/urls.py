"""Doors of the sign-in, under anmelden/."""

from __future__ import annotations

from django.urls import include, path, re_path

from helfer.web.sign_in import views

urlpatterns = [
    # Accounts and their addresses are kept by the office: nobody signs up, nobody moves an account
    # to another mailbox.
    path("signup/", views.closed),
    path("email/", views.closed),
    re_path(r"^confirm-email/", views.closed),
    path("password/set/", views.closed),
    # The same addresses and names as allauth's, which come after.
    path("login/code/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("password/reset/", views.AskForNewPassword.as_view(), name="account_reset_password"),
    path("2fa/totp/activate/", views.ActivateTOTP.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.AddWebAuthn.as_view(), name="mfa_add_webauthn"),
    path("", include("allauth.urls")),
]

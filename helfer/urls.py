"""Where every door is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", include("allauth.urls")),
    path("", include("helfer.web.urls")),
]

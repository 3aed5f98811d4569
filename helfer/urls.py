"""Where every door is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", include("helfer.web.sign_in.urls")),
    path("api/", include("helfer.api.urls")),
    path("", include("helfer.web.urls")),
    # Wagtail answers at every address that is left.
    path("", include("cms.urls")),
]

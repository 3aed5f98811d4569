"""Doors of helpers, under mein-profil/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "helper"
urlpatterns: list[URLPattern] = []

"""Doors of the tandem, under buero/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "tandem"
urlpatterns: list[URLPattern] = []

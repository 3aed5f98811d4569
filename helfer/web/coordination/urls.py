"""Doors of the Geschäftsstelle, under geschaeftsstelle/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "coordination"
urlpatterns: list[URLPattern] = []

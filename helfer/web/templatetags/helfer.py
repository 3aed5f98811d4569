"""What the components in templates/cotton compute for their drawing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from helfer.catalogue.models import LoadedFromDefaults
from helfer.core.languages import isolated, language_name
from helfer.core.slots import DAY_NAMES, DAYS, HALF_DAY_NAMES, HALF_DAYS, slot_name
from helfer.web.lists import Heading, Listing

register = template.Library()

# How many patterns of bars the style sheet knows (h-score__part--1 …).
BAR_PATTERNS = 6


@register.simple_tag
def week(has: Collection[str] | None, wished: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The week's rows: for each half-day whether it is offered, wished, or both."""
    has, wished = set(has or ()), set(wished or ())

    def state(slot: str) -> str:
        if slot in wished:
            return "both" if slot in has else "wished"
        return "has" if slot in has else "none"

    return [
        {
            "day": DAY_NAMES[day],
            "cells": [
                {"name": slot_name(f"{day}-{half}"), "state": state(f"{day}-{half}")} for half in HALF_DAYS
            ],
        }
        for day in DAYS
    ]


@register.simple_tag
def half_days() -> list[Any]:
    """The three half-days' names."""
    return [HALF_DAY_NAMES[half] for half in HALF_DAYS]


@register.simple_tag(takes_context=True)
def address_in(context: Mapping[str, Any], language: str) -> str:
    """This page's path in another language: a content page has one for each, all others one for all."""
    pages = context.get("in_languages") or {}
    page = pages.get(language) or pages.get(settings.LANGUAGE_CODE)
    path: str = urlsplit(page).path if page else context["request"].get_full_path()
    return path


@register.filter
def text(entry: LoadedFromDefaults | None, field: str) -> str:
    """What an entry of the catalogue says in the reader's language; nothing where there is no entry."""
    return entry.text(field) if entry else ""


register.filter(isolated)


@register.filter
def half_day_names(halves: Iterable[str]) -> str:
    """Half-days without a weekday in words, the morning first."""
    return ", ".join(str(HALF_DAY_NAMES[half]) for half in HALF_DAYS if half in halves)


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Languages in words."""
    return ", ".join(str(language_name(code)) for code in codes)


@register.simple_tag
def bars(parts: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """The parts of a score as pieces of one bar that is 100 wide."""
    drawn: list[dict[str, Any]] = []
    start = 0.0
    for index, part in enumerate(parts or ()):
        width = round(max(0.0, float(part["value"])) * 100, 3)
        drawn.append(
            {**part, "start": f"{start:g}", "width": f"{width:g}", "pattern": index % BAR_PATTERNS + 1}
        )
        start = round(start + width, 3)
    return drawn


@register.filter
def heading(listing: Listing[Any], key: str) -> Heading:
    """The list's heading of this key."""
    return listing.headings[key]


@register.filter
def short(name: Any) -> str:
    """The usual short form of a day or a half-day: in many languages not its first letters."""
    shortened = {_("Vormittag"): _("Vorm."), _("Nachmittag"): _("Nachm."), _("Abend"): _("Abend")}
    days = {str(DAY_NAMES[day]): str(WEEKDAYS_ABBR[nth]) for nth, day in enumerate(DAYS)}
    return (shortened | days)[str(name)]

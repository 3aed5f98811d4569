"""What the components in templates/cotton compute for their drawing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from helfer.catalogue.models import LoadedFromDefaults
from helfer.core.languages import isolated, language_name
from helfer.core.slots import DAY_NAMES, DAYS, HALF_DAY_NAMES, HALF_DAYS, slot_name
from helfer.web.lists import Heading, Listing
from helfer.web.reader_language import language_of_path, what_follows

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
    """This page's address in another language: a content page has one for each, all others one for all."""
    request = context["request"]
    pages, here = context.get("in_languages") or {}, request.path_info
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    if page := pages.get(language) or pages.get(settings.LANGUAGE_CODE):
        # What follows a page's address is the page's own: what a form answers with.
        shown = (urlsplit(one).path for one in pages.values())
        rest = next(filter(None, (what_follows(one, here) for one in shown if one != "/")), "")
        return f"{urlsplit(page).path}{rest}{query}"
    if named := language_of_path(here):
        here = here.removeprefix(f"/{named}")
        here = here if language == settings.LANGUAGE_CODE else f"/{language}{here}"
    return f"{quote(here)}{query}"


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

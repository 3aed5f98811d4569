"""Finding people by what somebody says on the phone: names, a phone number, or a file's number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from helfer.web.naming import is_called

SHORTEST_PHONE = 4


def said(text: str, *, people: Sequence[str], numbers: Sequence[str]) -> Q:
    """Every word names one of these people or is one of these numbers; digits alone are a phone number.

    ``people`` are the ways to a person (``"help_seeker__person__"``), ``numbers`` those to a number.
    """
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) >= SHORTEST_PHONE and not any(letter.isalpha() for letter in text):
        # Numbers are kept with the country's code in front.
        ending = digits.removeprefix("00").removeprefix("49").lstrip("0") or digits
        found = Q(pk__in=[])
        for person in people:
            found |= Q(**{f"{person}phone__contains": ending}) | Q(**{f"{person}mobile__contains": ending})
        return found
    wanted = Q()
    for word in text.split():
        found = Q(pk__in=[])
        for person in people:
            found |= is_called(word, person)
        for number in numbers:
            found |= Q(**{f"{number}__iexact": word})
        wanted &= found
    return wanted


def asked_for(wanted: Mapping[str, Any], *, request: str = "") -> Q:
    """The requests that a list's filter asks for: by role, district or quarter, urgency, and what was said.

    ``request`` is the way to the request (``"request__"``) where the list's rows are others.
    """
    person = f"{request}help_seeker__person__"
    found = said(wanted.get("text") or "", people=[person], numbers=[f"{request}number"])
    if wanted.get("role"):
        found &= Q(**{f"{request}role": wanted["role"]})
    for place in ("district", "quarter"):
        if wanted.get(place):
            found &= Q(**{f"{person}{place}": wanted[place]})
    if wanted.get("urgent"):
        found &= Q(**{f"{request}is_urgent": True})
    return found

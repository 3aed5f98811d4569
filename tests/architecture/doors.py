"""Every door of the house, found in the resolver, and how its answers are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.encoding import iri_to_uri

# What a person can get.
OPEN, LOGIN, HIDDEN, REFUSED, NOT_THAT_WAY = "open", "login", "hidden", "refused", "not that way"

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>")


@dataclass(frozen=True)
class Door:
    """One address: its URL name (with namespaces), or the address itself where nobody named it."""

    name: str
    parameters: tuple[str, ...]
    route: str


def every_door(
    patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "", spaces: str = ""
) -> Iterator[Door]:
    """Walk the whole resolver: our doors, and those of allauth, Wagtail and the API."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from every_door(pattern.url_patterns, route, spaces + inner)
        else:
            found = tuple(match["name"] or match["group"] for match in PARAMETER.finditer(route))
            yield Door(spaces + pattern.name if pattern.name else f"/{route}", found, route)


def answer_of(response: HttpResponseBase) -> str:
    """What somebody got, in one word."""
    status = response.status_code
    if status in (301, 302, 303):
        where = iri_to_uri(response["Location"])
        if where.startswith(resolve_url(settings.LOGIN_URL)):
            return LOGIN
        return re.sub(r"/\d+/", "/N/", f"to {where.split('?')[0]}")
    words = {401: LOGIN, 403: REFUSED, 404: HIDDEN, 405: NOT_THAT_WAY}
    # A form that is not filled in, a rule that says no: whoever hears that stands inside.
    words |= dict.fromkeys((200, 201, 204, 400, 409, 422), OPEN)
    return words.get(status, str(status))


def without_its_own(response: HttpResponseBase | None, path: str) -> str:
    """A page without its address and its one-time values, to be held against another one."""
    assert isinstance(response, HttpResponse)
    text = response.content.decode()
    for written in (path, quote(path, safe="")):
        text = text.replace(written, "ADDRESS")
    return re.sub(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*', r"\1", text)


def ask(client: Client, method: str, path: str, **more: Any) -> HttpResponse:
    """Knock with the cookies that the client came with, whatever an answer before did to them."""
    cookies = client.cookies.copy()
    try:
        return client.generic(method, path, **more) if more else getattr(client, method.lower())(path)
    finally:
        client.cookies = cookies

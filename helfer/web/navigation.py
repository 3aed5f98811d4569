"""What a person finds in the navigation: only what exists and what they may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helfer.people.models import Kind
from helfer.web.kinds import open_kinds_today


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    url_name: str
    label: str | Promise
    kinds: tuple[Kind, ...]


ENTRIES = (
    Entry("tandem:desk", _("Schreibtisch"), (Kind.TANDEM,)),
    Entry("tandem:requests", _("Anfragen"), (Kind.TANDEM,)),
    Entry("tandem:helpers", _("Helferinnen und Helfer"), (Kind.TANDEM,)),
    Entry("tandem:matches", _("Vermittlungen"), (Kind.TANDEM,)),
    Entry("tandem:city_runs", _("Vorschlagslauf"), (Kind.TANDEM,)),
    Entry("tandem:drill", _("Ausfallprobe"), (Kind.TANDEM,)),
    Entry("tandem:letters", _("Briefe"), (Kind.TANDEM,)),
    Entry("tandem:import", _("Listen einlesen"), (Kind.TANDEM,)),
    Entry("coordination:desk", _("Geschäftsstelle"), (Kind.COORDINATOR,)),
    Entry("coordination:city_runs", _("Vorschlagslauf"), (Kind.COORDINATOR,)),
    Entry("coordination:drill", _("Ausfallprobe"), (Kind.COORDINATOR,)),
    Entry("coordination:offices", _("Seniorenbüros"), (Kind.COORDINATOR,)),
    Entry("coordination:seats", _("Tandemstellen"), (Kind.COORDINATOR,)),
    Entry("coordination:people", _("Personen und Zugänge"), (Kind.COORDINATOR, Kind.ADMINISTRATOR)),
    Entry("coordination:catalogue", _("Katalog"), (Kind.COORDINATOR,)),
    Entry("coordination:events", _("Verlauf"), (Kind.DPO,)),
    Entry("coordination:consents", _("Einwilligungen"), (Kind.DPO,)),
    Entry("training:helpers", _("Nachweise"), (Kind.TRAINING,)),
    Entry("training:bulk", _("Kurs eintragen"), (Kind.TRAINING,)),
    Entry("seeker:requests", _("Meine Anfragen"), (Kind.SEEKER,)),
    Entry("helper:profile", _("Mein Profil"), (Kind.HELPER,)),
    Entry("helper:matches", _("Meine Vermittlungen"), (Kind.HELPER,)),
    Entry("helper:proofs", _("Meine Nachweise"), (Kind.HELPER,)),
    Entry("helper:pause", _("Pause"), (Kind.HELPER,)),
    Entry("wagtailadmin_home", _("Redaktion"), (Kind.EDITOR,)),
)


# What everybody finds at the top of the public pages. An entry shows as soon as its page exists.
PUBLIC_ENTRIES = (
    Entry("public:offers", _("Angebote"), ()),
    Entry("public:wanted", _("Hier wird Hilfe gesucht"), ()),
    Entry("public:register", _("Mitmachen"), ()),
    Entry("public:ask", _("Hilfe suchen"), ()),
)


@dataclass(frozen=True)
class Link:
    """An entry as it stands on this page."""

    label: str | Promise
    url: str
    is_current: bool


@cache
def address_of(url_name: str) -> str:
    """Where the page is; nothing while it does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links_for(request: HttpRequest) -> Iterator[Link]:
    """The navigation of the person who looks; the longest address that fits is the current one."""
    kinds = open_kinds_today(request)
    found = [
        (entry, address)
        for entry in ENTRIES
        if kinds.intersection(entry.kinds) and (address := address_of(entry.url_name))
    ]
    fitting = [address for _entry, address in found if request.path.startswith(address)]
    current = max(fitting, key=len, default="")
    for entry, address in found:
        yield Link(entry.label, address, address == current)


def public_links_for(request: HttpRequest) -> Iterator[Link]:
    """The public pages of the program that exist."""
    for entry in PUBLIC_ENTRIES:
        if address := address_of(entry.url_name):
            yield Link(entry.label, address, request.path.startswith(address))


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation`` and ``public_navigation`` for base.html."""
    public = list(public_links_for(request))
    if not hasattr(request, "user"):
        return {"navigation": [], "public_navigation": public}
    return {"navigation": list(links_for(request)), "public_navigation": public}

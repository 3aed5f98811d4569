"""Everything that is kept of a helper, for the helper: to read, to print and to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.languages import language_name
from helfer.core.slots import HALF_DAY_NAMES, slot_name
from helfer.helpers.models import HelperProfile, PublicCard
from helfer.matching.models import Match, Volunteering
from helfer.notifications.models import Message

Entry = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of things, each with its labels and values; empty values are left out."""

    title: str
    entries: Sequence[Entry]


def own_data(helper: HelperProfile) -> list[Part]:
    """All of it in the reader's language. Other people's names and the office's own remark are not in it."""
    parts = [
        Part(_("Person"), [_person(helper)]),
        Part(_("Angebot"), [_offer(helper)]),
        Part(_("Pausen"), list(_pauses(helper))),
        Part(_("Nachweise"), list(_proofs(helper))),
        Part(_("Öffentliche Karte"), list(_card(helper))),
        Part(_("Einwilligungen"), list(_consents(helper))),
        Part(_("Vermittlungen"), list(_matches(helper))),
        Part(_("„Das kann ich“"), list(_interests(helper))),
        Part(_("Nachrichten"), list(_messages(helper))),
    ]
    return [Part(part.title, [_said(entry) for entry in part.entries]) for part in parts if part.entries]


def _said(entry: dict[str, Any]) -> Entry:
    return {label: words for label, value in entry.items() if (words := _words(value))}


def _words(value: Any) -> str:
    match value:
        case bool():
            return _("ja") if value else _("nein")
        case datetime():
            return date_format(berlin_day(value), "j. F Y")
        case date():
            return date_format(value, "j. F Y")
        case list() | tuple():
            return ", ".join(str(each) for each in value)
        case None:
            return ""
    return str(value)


def _person(helper: HelperProfile) -> dict[str, Any]:
    person = helper.person
    return {
        _("Vorname"): person.given_name,
        _("Nachname"): person.family_name,
        _("Geburtsjahr"): person.birth_year,
        _("Geschlecht"): person.get_gender_display(),
        _("Telefon"): person.phone.as_national if person.phone else "",
        _("Mobiltelefon"): person.mobile.as_national if person.mobile else "",
        _("E-Mail"): person.email,
        _("Adresse"): person.address_line,
        _("Stadtbezirk"): person.district,
        _("Quartier"): person.quarter,
        _("Sprache für Briefe"): language_name(person.language),
    }


def _offer(helper: HelperProfile) -> dict[str, Any]:
    return {
        _("Nummer"): helper.number,
        _("Stand"): helper.get_state_display(),
        _("Seniorenbüro"): helper.office,
        _("Dabei seit"): helper.helper_since,
        _("Gespräch am"): helper.interviewed_on,
        _("Tätigkeiten"): [role.text("name") for role in helper.roles.order_by("name", "pk")],
        _("Zeiten"): [slot_name(slot) for slot in helper.times],
        _("Wie weit"): _("%(metres)s Meter") % {"metres": number_format(helper.radius_m)},
        _("Sprachen"): [language_name(code) for code in helper.languages],
        _("Höchstens wie viele Menschen"): helper.max_people,
        _("Finanzielle Modelle"): [
            model.text("name") for model in helper.compensation_models.order_by("name", "pk")
        ],
        _("Lieber ohne Haustiere"): helper.no_pets,
        _("Lieber ohne Raucherhaushalt"): helper.no_smokers,
    }


def _pauses(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    for pause in helper.pauses.order_by("from_day"):
        yield {
            _("Pause ab"): pause.from_day,
            _("Zurück am"): pause.until_day,
            _("Grund"): pause.reason,
        }


def _proofs(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    for proof in helper.certificates.select_related("training").order_by("issued_on", "pk"):
        yield {
            _("Nachweis"): proof.training.text("name"),
            _("Ausgestellt am"): proof.issued_on,
            _("Gültig bis"): proof.valid_until,
            _("Geprüft am"): proof.verified_at,
            _("Datei aufbewahrt"): bool(proof.file),
        }


def _card(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    for card in PublicCard.objects.filter(helper=helper).select_related("district", "quarter"):
        yield {
            _("Gezeigter Name"): card.name,
            _("Stadtbezirk"): card.district,
            _("Quartier"): card.quarter,
            _("Tageszeiten"): [HALF_DAY_NAMES[half] for half in card.half_days],
            _("Sprachen"): [language_name(code) for code in card.languages],
        }


def _consents(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    for consent in helper.person.consents.order_by("given_at", "pk"):
        yield {
            _("Wozu"): consent.get_kind_display(),
            _("Auf welchem Weg"): consent.get_channel_display(),
            _("Gegeben am"): consent.given_at,
            _("Widerrufen am"): consent.withdrawn_at,
        }


def _matches(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    """Without those who are helped: their data are theirs."""
    found = Match.objects.filter(helper=helper).select_related("role", "compensation_model", "office")
    for match in found.order_by("proposed_at", "pk"):
        yield {
            _("Tätigkeit"): match.role.text("name"),
            _("Stand"): match.get_state_display(),
            _("Seniorenbüro"): match.office,
            _("Finanzielles Modell"): match.compensation_model.text("name"),
            _("Vorgeschlagen am"): match.proposed_at,
            _("Beginn"): match.starts_on,
            _("Ende"): match.closed_on,
        }


def _interests(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    """When it was said, never to whom, for what and how many: that is not public."""
    for said in Volunteering.objects.filter(helper=helper).order_by("said_at", "pk"):
        yield {_("Gesagt am"): said.said_at}


def _messages(helper: HelperProfile) -> Iterator[dict[str, Any]]:
    for message in Message.objects.filter(recipient=helper.person).order_by("created_at", "pk"):
        yield {
            _("Angelegt am"): message.created_at,
            _("Weg"): message.get_channel_display(),
            _("Gesendet am"): message.sent_at,
            _("Stand"): message.get_state_display(),
        }

"""A coordinator writes in other languages what residents read of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helfer.catalogue.actions.editing import locked
from helfer.catalogue.models import CompensationModel, LoadedFromDefaults, Role, Training
from helfer.catalogue.permissions import can_change_catalogue
from helfer.core.errors import Conflict
from helfer.people.models import User

Translated = TypeVar("Translated", Role, Training, CompensationModel)

# Texts whose lines are a list: what falls out of it in another language is a limit that nobody reads.
LISTS = {"does", "does_not"}


@transaction.atomic
def translate_entry(
    *,
    kind: type[Translated],
    entry_id: int,
    german: Mapping[str, str],
    translations: Mapping[str, Mapping[str, str]],
    by: User,
) -> Translated:
    """Keep the words of an entry in other languages; an empty text is shown in German.

    ``german``: {field: text}, what was translated. ``translations``: {language: {field: text}}; a language
    that is not named keeps what it has. Raises ``NotAllowed``, or ``Conflict`` where the German has changed
    meanwhile or a list lacks a line; its field is "language__field".
    """
    can_change_catalogue(by)
    entry = locked(kind, entry_id)
    for name, text in german.items():
        if _lines(text) != _lines(getattr(entry, name)):
            raise Conflict(
                _("Der deutsche Text hat sich inzwischen geändert. Bitte vergleichen Sie noch einmal."),
                code="outdated",
            )
    for language, texts in translations.items():
        known = entry.translations.setdefault(language, {})
        for name in entry.TEXTS:
            words = "\n".join(_lines(texts.get(name, known.get(name, ""))))
            if name in LISTS and words:
                _must_have_every_line(entry, language, name, words)
            if words:
                known[name] = words
            else:
                known.pop(name, None)
    entry.save(update_fields=["translations"])
    return entry


def _must_have_every_line(entry: LoadedFromDefaults, language: str, name: str, words: str) -> None:
    count = len(_lines(getattr(entry, name)))
    if len(words.splitlines()) != count:
        raise Conflict(
            ngettext(
                "Auf Deutsch ist es %(count)s Zeile. Bitte schreiben Sie hier ebenso viele.",
                "Auf Deutsch sind es %(count)s Zeilen. Bitte schreiben Sie hier ebenso viele.",
                count,
            )
            % {"count": count},
            code="lines",
            field=f"{language}__{name}",
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines() if line.strip()]

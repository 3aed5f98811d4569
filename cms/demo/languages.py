"""The pages that a city begins with, in further languages: one file of sentences for each, in locale/."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from cms.models import Banner, SiteNotes, TranslatedNote
from helfer.people.models import Office

FOLDER = Path(__file__).parent / "locale"


@cache
def sentences_in(language: str) -> Mapping[str, str]:
    """German → the language."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(FOLDER / f"{language}.po"))}


def translate_pages(
    languages: Iterable[str] | None = None, *, say: Callable[[str], Any] = lambda sentence: None
) -> int:
    """Publish each German page that a language's file knows whole; what is there stays. Returns how many."""
    made = 0
    for language in languages or sorted(path.stem for path in FOLDER.glob("*.po")):
        locale = Locale.objects.get_or_create(language_code=language)[0]
        # Copies that hold a place are none.
        translated = Page.objects.filter(locale=locale, alias_of=None).values("translation_key")
        pages = Page.objects.live().filter(depth__gt=1, locale__language_code=settings.LANGUAGE_CODE)
        waiting = pages.exclude(translation_key__in=translated).order_by("path").specific()
        if waiting:
            say(f"Die Seiten werden übersetzt: {dict(settings.LANGUAGES)[language]} …")
        for page in waiting:
            made += _translate(page, locale)
        _translate_notes(language)
    return made


def _translate(page: Any, locale: Locale) -> int:
    """The page as its editors would translate it, sentence by sentence; not where one is not known."""
    # An office is called what it is called.
    names = Office.objects.values_list("name", flat=True)
    known = {name: name for name in names} | dict(sentences_in(locale.language_code))
    source, _is_new = TranslationSource.get_or_create_from_instance(page)
    source.update_from_db()
    segments = list(segments_of(source))
    if not segments or any(segment.string.data not in known for segment in segments):
        return 0
    entries = polib.POFile()
    for segment in segments:
        german, place = segment.string.data, segment.context.path
        entries.append(polib.POEntry(msgid=german, msgctxt=place, msgstr=known[german]))
    translation = Translation.objects.get_or_create(source=source, target_locale=locale)[0]
    translation.import_po(entries)
    translation.save_target()
    return 1


def segments_of(source: TranslationSource) -> Any:
    """What there is to translate of a page, in order."""
    return StringSegment.objects.filter(source=source).select_related("string", "context").order_by("order")


def _translate_notes(language: str) -> None:
    known = sentences_in(language)
    notes = SiteNotes.for_site(Site.objects.get(is_default_site=True))
    banners = Banner.objects.filter(notes=notes).values_list("text", flat=True)
    for german in (notes.emergency, notes.phone_hours, notes.complaints, notes.footer, *banners):
        if german in known:
            TranslatedNote.objects.get_or_create(
                notes=notes, language=language, german=german, defaults={"words": known[german]}
            )

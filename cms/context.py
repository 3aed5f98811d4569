"""What the editors' settings put on every page, the product's own pages too; all of it by one query."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from cms.models import SiteNotes
from helfer.core.days import berlin_day

# By hand, because every page of the house reads it: to build it from models costs more than the answer.
# The root has depth 1 and the first page 2; what lies right below may stand in the menu, if not closed.
# Every page stands in the reader's language where it has been translated, else in German.
_STATEMENT = """
WITH reader AS (
    SELECT id FROM wagtailcore_locale WHERE language_code = %(language)s
), german AS (
    SELECT id FROM wagtailcore_locale WHERE language_code = %(source)s
), closed AS (
    SELECT page_id FROM wagtailcore_pageviewrestriction
), chosen AS (
    SELECT id, translation_key AS key FROM wagtailcore_page
), page AS (
    SELECT page.translation_key AS key, page.path, page.show_in_menus, page.depth, page.live,
        page.id NOT IN (SELECT page_id FROM closed) AS is_open,
        jsonb_build_object(
            'label', COALESCE(own.title, page.title), 'path', COALESCE(own.url_path, page.url_path),
            'live', page.live, 'language', CASE WHEN own.id IS NULL THEN %(source)s ELSE %(language)s END
        ) AS link
    FROM wagtailcore_page page
    LEFT JOIN wagtailcore_page own ON own.translation_key = page.translation_key
        AND own.live AND own.alias_of_id IS NULL
        AND own.locale_id = (SELECT id FROM reader) AND own.id NOT IN (SELECT page_id FROM closed)
    WHERE page.locale_id = (SELECT id FROM german)
)
SELECT to_jsonb(notes),
    (SELECT jsonb_agg(page.link ORDER BY page.path) FROM page
        WHERE page.live AND page.show_in_menus AND page.depth = 3 AND page.is_open),
    (SELECT jsonb_agg(
            COALESCE(page.link, '{"path": "", "live": false}') || jsonb_build_object('label', banner.text)
            ORDER BY banner.sort_order, banner.id)
        FROM cms_banner banner LEFT JOIN page ON page.key = (SELECT key FROM chosen WHERE id = banner.page_id)
        WHERE banner.notes_id = notes.id AND %(today)s BETWEEN banner.from_day AND banner.until_day),
    (SELECT jsonb_agg(page.link ORDER BY legal.place)
        FROM unnest(ARRAY[notes.imprint_id, notes.privacy_id, notes.accessibility_id])
                WITH ORDINALITY legal (page_id, place)
            JOIN page ON page.key = (SELECT key FROM chosen WHERE id = legal.page_id)
        WHERE page.live),
    (SELECT jsonb_object_agg(note.german, note.words) FROM cms_translatednote note
        WHERE note.notes_id = notes.id AND note.language = %(language)s)
FROM wagtailcore_site site LEFT JOIN cms_sitenotes notes ON notes.site_id = site.id
WHERE site.is_default_site
"""
# What editors write once for all pages.
_NOTES = ("phone_hours", "emergency", "complaints", "footer")


def words_of_the_site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: numbers, notices and the menu; asked for only where a page shows them."""
    site: Any = SimpleLazyObject(_site)

    def links(name: str) -> Any:
        return SimpleLazyObject(lambda: [_link(one, request) for one in site[name]])

    return {
        "site_notes": SimpleLazyObject(lambda: site["notes"]),
        "untranslated_notes": SimpleLazyObject(lambda: site["foreign"]),
        "content_menu": links("menu"),
        "banners": links("banners"),
        "legal_pages": links("legal"),
    }


def _site() -> dict[str, Any]:
    """What the editors of this installation's one site have written; where there is nothing, nothing."""
    spoken = get_language() or settings.LANGUAGE_CODE
    known = {"language": spoken, "source": settings.LANGUAGE_CODE, "today": berlin_day(timezone.now())}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, known)
        notes, *links, words = (json.loads(one or "null") for one in cursor.fetchone() or [None] * 5)
    menu, banners, legal = (rows or [] for rows in links)
    words, notes = words or {}, SiteNotes(**notes or {})
    # Screen readers change their voice where a note is not in the page's language.
    is_german = spoken == settings.LANGUAGE_CODE
    foreign = {name for name in _NOTES if not is_german and getattr(notes, name) not in words}
    for name in _NOTES:
        setattr(notes, name, words.get(getattr(notes, name), getattr(notes, name)))
    for banner in banners:
        # The words may be translated where the page behind them is not, and the other way round.
        banner["label_language"] = spoken if banner["label"] in words else settings.LANGUAGE_CODE
        banner["label"] = words.get(banner["label"], banner["label"])
    return {"notes": notes, "foreign": foreign, "menu": menu, "banners": banners, "legal": legal}


def _link(found: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The page's address: "/start/termine/" stands at "/termine/", "/start-tr/termine/" at "/tr/termine/".

    None where it cannot be read; the language only where the page around it speaks another one.
    """
    spoken, written = get_language(), found.get("language") or settings.LANGUAGE_CODE
    prefix = "" if written == settings.LANGUAGE_CODE else f"{written}/"
    url = f"/{prefix}" + found["path"].split("/", 2)[2] if found["live"] else ""
    said = found.get("label_language", written)
    return {
        "label": found["label"],
        "url": url,
        "language": said if said != spoken else "",
        "is_current": bool(url) and request.path.startswith(url),
    }

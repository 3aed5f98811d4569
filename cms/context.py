"""What the editors' settings put on every page, the product's own pages too; all of it by one query."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cms.models import SiteNotes
from helfer.core.days import berlin_day

# By hand, because every page of the house reads it: to build it from models costs more than the answer.
# The root has depth 1 and the first page 2; what lies right below may stand in the menu, if not closed.
_STATEMENT = """
SELECT to_jsonb(notes),
    (SELECT jsonb_agg(jsonb_build_object('label', page.title, 'path', page.url_path, 'live', page.live)
            ORDER BY page.path)
        FROM wagtailcore_page page
        WHERE page.live AND page.show_in_menus AND page.depth = 3
            AND page.id NOT IN (SELECT page_id FROM wagtailcore_pageviewrestriction)),
    (SELECT jsonb_agg(jsonb_build_object('label', banner.text, 'path', page.url_path, 'live', page.live)
            ORDER BY banner.sort_order, banner.id)
        FROM cms_banner banner LEFT JOIN wagtailcore_page page ON page.id = banner.page_id
        WHERE banner.notes_id = notes.id AND %s BETWEEN banner.from_day AND banner.until_day),
    (SELECT jsonb_agg(jsonb_build_object('label', page.title, 'path', page.url_path, 'live', page.live)
            ORDER BY legal.place)
        FROM unnest(ARRAY[notes.imprint_id, notes.privacy_id, notes.accessibility_id])
                WITH ORDINALITY legal (page_id, place)
            JOIN wagtailcore_page page ON page.id = legal.page_id
        WHERE page.live)
FROM wagtailcore_site site LEFT JOIN cms_sitenotes notes ON notes.site_id = site.id
WHERE site.is_default_site
"""


def words_of_the_site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: numbers, notices and the menu; asked for only where a page shows them."""
    site: Any = SimpleLazyObject(_site)

    def links(name: str) -> Any:
        return SimpleLazyObject(lambda: [_link(one, request) for one in site[name]])

    return {
        "site_notes": SimpleLazyObject(lambda: site["notes"]),
        "content_menu": links("menu"),
        "banners": links("banners"),
        "legal_pages": links("legal"),
    }


def _site() -> dict[str, Any]:
    """What the editors of this installation's one site have written; where there is nothing, nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [berlin_day(timezone.now())])
        notes, *links = (json.loads(one or "null") for one in cursor.fetchone() or [None] * 4)
    menu, banners, legal = (rows or [] for rows in links)
    return {"notes": SiteNotes(**notes or {}), "menu": menu, "banners": banners, "legal": legal}


def _link(found: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The page's address: "/start/termine/" stands at "/termine/"; none where it cannot be read."""
    url = "/" + found["path"].split("/", 2)[2] if found["live"] else ""
    return {"label": found["label"], "url": url, "is_current": bool(url) and request.path.startswith(url)}

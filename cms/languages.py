"""Which version of a page a reader is shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page

# Where a page is translated, Wagtail fills the places above it with copies of the German pages. Those are not
# translations, and nobody is led to them.
IS_WRITTEN = Q(locale__language_code=settings.LANGUAGE_CODE) | Q(alias_of=None)


def versions_of(page: Page) -> QuerySet[Any]:
    """The page in all languages in which somebody may read it, itself among them."""
    pages: QuerySet[Any] = page.get_translations(inclusive=True).live().public().filter(IS_WRITTEN)
    return pages.select_related("locale")


def for_reader(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Of each page the version in the reader's language, or else the German one."""
    source = settings.LANGUAGE_CODE
    spoken = get_language() or source
    if spoken == source:
        return pages.filter(locale__language_code=source)
    translated = (
        Page.objects.live()
        .public()
        .filter(IS_WRITTEN, locale__language_code=spoken, translation_key=OuterRef("translation_key"))
    )
    return (
        pages.filter(IS_WRITTEN)
        .filter(Q(locale__language_code=spoken) | Q(locale__language_code=source) & ~Exists(translated))
        .select_related("locale")
    )


def below(page: Page, kind: type[Any] = Page) -> Any:
    """What stands below the page, in whichever language, as ``for_reader`` has it."""
    places = Q(pk=None)
    for path, depth in page.get_translations(inclusive=True).values_list("path", "depth"):
        places |= Q(path__startswith=path, depth=depth + 1)
    return for_reader(kind.objects.live().public().filter(places))


def as_ordered(pages: Any) -> Any:
    """The pages in the editors' order, which is that of the German ones whatever was translated first."""
    german = Page.objects.filter(
        locale__language_code=settings.LANGUAGE_CODE, translation_key=OuterRef("translation_key")
    )
    return pages.order_by(Coalesce(Subquery(german.values("path")[:1]), "path"))


def direction_of(language: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"

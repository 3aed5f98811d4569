"""One field that searches all public pages, in German: "Hilfen" finds "Hilfe"."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.views.generic import TemplateView
from wagtail.models import Page

from cms.languages import for_reader
from helfer.web.public.limits import LimitedReading

ON_ONE_PAGE = 10
LONGEST = 100


class Search(LimitedReading, TemplateView):
    """What the pages say about the words that somebody types."""

    limited_as = "search"
    template_name = "cms/search_page.html"

    def is_asked(self) -> bool:
        return bool(self.request.GET.get("q"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        words = " ".join(self.request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
        context["words"] = words
        context["is_public_page"] = True
        if words:
            pages = Paginator(found(words, self.request), ON_ONE_PAGE)
            context["found"] = pages.get_page(self.request.GET.get("seite"))
        return context


def found(words: str, request: HttpRequest) -> list[Any]:
    """The pages that say all of these words, or else those that say some of them; the best first."""
    pages = Page.objects.live().public().filter(depth__gt=1)
    for operator in ("and", "or"):
        hits = pages.search(words, operator=operator)
        order: dict[Any, int] = {}
        for place, key in enumerate(hit.translation_key for hit in hits):
            order.setdefault(key, place)
        # Read again, because the index of the search cannot tell which version is the reader's: the words may
        # stand in another one.
        readable = Page.objects.live().public().filter(translation_key__in=order)
        specific: Any = for_reader(readable)
        if results := sorted(specific.specific(), key=lambda page: order[page.translation_key]):
            return results
    return []

"""One field that searches all public pages, in German: "Hilfen" finds "Hilfe"."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.views.generic import TemplateView
from wagtail.models import Page

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
    results = list(pages.search(words)) or list(pages.search(words, operator="or"))
    order = {page.pk: index for index, page in enumerate(results)}
    specific = Page.objects.filter(pk__in=order).specific()
    return sorted(specific, key=lambda page: order[page.pk])

"""Pages with many rows: filtered, sorted and turned by the address, with a constant number of queries."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from helfer.web.kinds import KindRequired

SORT_PARAMETER = "sortierung"
PAGE_PARAMETER = "seite"

Words = str | Promise
RowT = TypeVar("RowT", bound=Model)


class Sort:
    """A way to order a list: its name in the address, its heading, and the fields."""

    def __init__(self, key: str, label: Words, *fields: str) -> None:
        self.key = key
        self.label = label
        self.fields = fields

    def order(self, *, descending: bool) -> list[OrderBy]:
        """The fields in this order; empty values always come last, and the id decides ties."""
        ordered = []
        for field in self.fields:
            down = field.startswith("-") != descending
            name = field.removeprefix("-")
            ordered.append(F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True))
        ordered.append(F("pk").desc() if descending else F("pk").asc())
        return ordered


@dataclass(frozen=True)
class Heading:
    """A column's heading that orders the list when followed."""

    key: str
    label: Words
    url: str
    is_current: bool
    is_descending: bool

    @property
    def aria_sort(self) -> str:
        """What a screen reader says about this column."""
        if not self.is_current:
            return "none"
        return "descending" if self.is_descending else "ascending"


@dataclass(frozen=True)
class PageLink:
    """One step of the page turner; without a number it stands for those left out."""

    number: int | None
    url: str
    is_current: bool


class Listing(Generic[RowT]):
    """What a list page shows: rows, headings, filter and page turner."""

    def __init__(
        self,
        *,
        page: Page[RowT],
        query: QueryDict,
        filter_form: forms.Form | None,
        sorts: Sequence[Sort],
        sort: Sort | None,
        is_descending: bool,
    ) -> None:
        self.page = page
        self.rows: Sequence[RowT] = list(page.object_list)
        self.total: int = page.paginator.count
        self.filter_form = filter_form
        self.query = query
        self._sort = sort
        self._is_descending = is_descending
        self.headings: Mapping[str, Heading] = {each.key: self._heading(each) for each in sorts}

    @property
    def is_filtered(self) -> bool:
        """Whether the reader sees less than everything."""
        form = self.filter_form
        return bool(form and any(self.query.get(form.add_prefix(name)) for name in form.fields))

    @property
    def clear_url(self) -> str:
        """The same list without any filter."""
        names = (
            [self.filter_form.add_prefix(name) for name in self.filter_form.fields]
            if self.filter_form
            else []
        )
        return self._url(without=[*names, PAGE_PARAMETER])

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form must carry along to keep the order."""
        wanted = self.query.get(SORT_PARAMETER)
        return [(SORT_PARAMETER, wanted)] if wanted else []

    @property
    def previous_url(self) -> str:
        return self._page_url(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def page_links(self) -> list[PageLink]:
        """First, last and the neighbours of this page."""
        links = []
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            known = number if isinstance(number, int) else None
            links.append(PageLink(known, self._page_url(known) if known else "", known == self.page.number))
        return links

    def _heading(self, sort: Sort) -> Heading:
        current = self._sort is sort
        # Following the current heading turns the order round.
        prefix = "-" if current and not self._is_descending else ""
        url = self._url({SORT_PARAMETER: prefix + sort.key}, without=[PAGE_PARAMETER])
        return Heading(sort.key, sort.label, url, current, current and self._is_descending)

    def _page_url(self, number: int) -> str:
        return self._url({PAGE_PARAMETER: str(number)})

    def _url(self, values: Mapping[str, str] | None = None, *, without: Iterable[str] = ()) -> str:
        query = self.query.copy()
        for name in without:
            query.pop(name, None)
        for name, value in (values or {}).items():
            query[name] = value
        return f"?{query.urlencode()}"


class ListPage(KindRequired, TemplateResponseMixin, ContextMixin, Generic[RowT]):
    """A list that can be filtered, sorted and paged; the template gets it as ``listing``."""

    filter_form_class: ClassVar[type[forms.Form] | None] = None
    sorts: ClassVar[Sequence[Sort]] = ()
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 25

    @abstractmethod
    def get_queryset(self) -> QuerySet[RowT]:
        """The rows this person may see, with everything a row shows."""

    def filter_rows(self, rows: QuerySet[RowT], wanted: dict[str, Any]) -> QuerySet[RowT]:
        """The rows that answer the filter."""
        return rows

    def get_filter_form(self) -> forms.Form | None:
        """The filter as the address says it."""
        return self.filter_form_class(self.request.GET) if self.filter_form_class else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(listing=self.get_listing()))

    def get_listing(self) -> Listing[RowT]:
        """The rows of this page in the wanted order."""
        rows = self.get_queryset()
        form = self.get_filter_form()
        if form is not None and form.is_valid():
            rows = self.filter_rows(rows, form.cleaned_data)
        sort, is_descending = self._wanted_order()
        if sort is not None:
            rows = rows.order_by(*sort.order(descending=is_descending))
        elif not rows.ordered:
            rows = rows.order_by("pk")
        # An unknown page is the first or the last one, never an error.
        page = Paginator(rows, self.page_size).get_page(self.request.GET.get(PAGE_PARAMETER))
        return Listing(
            page=page,
            query=self.request.GET,
            filter_form=form,
            sorts=self.sorts,
            sort=sort,
            is_descending=is_descending,
        )

    def _wanted_order(self) -> tuple[Sort | None, bool]:
        for wanted in (self.request.GET.get(SORT_PARAMETER, ""), self.default_sort):
            for sort in self.sorts:
                if wanted.removeprefix("-") == sort.key:
                    return sort, wanted.startswith("-")
        return None, False

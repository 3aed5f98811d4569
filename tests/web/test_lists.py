"""Lists that are filtered, sorted and paged by the address alone."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from helfer.people.models import Office
from helfer.web.lists import ListPage, Sort
from tests.factories.people import OfficeFactory, UserFactory, sign_in
from tests.web.cotton import draw

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PAGE = """
{% extends "base.html" %}
{% block content %}
  <c-filter :listing="listing" />
  <c-table :listing="listing" caption="Büros">
    <c-slot name="head"><c-sort :listing="listing" key="name" /></c-slot>
    {% for row in listing.rows %}<tr><th scope="row">{{ row.name }}</th></tr>{% endfor %}
  </c-table>
  <c-pagination :listing="listing" />
{% endblock %}
"""


class OfficeFilter(forms.Form):
    text = forms.CharField(label="Name", required=False)
    number = forms.IntegerField(label="Zahl", required=False)


class OfficeList(ListPage[Office]):
    filter_form_class = OfficeFilter
    sorts = (Sort("name", "Name", "name"), Sort("ort", "Ort", "town", "-name"))
    default_sort = "-name"
    page_size = 3

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.select_related("municipality")

    def filter_rows(self, rows: QuerySet[Office], wanted: dict[str, Any]) -> QuerySet[Office]:
        return rows.filter(name__icontains=wanted["text"])

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        self.request.listing = context["listing"]  # type: ignore[attr-defined]
        return HttpResponse(draw(PAGE, context, self.request))


urlpatterns = [
    path("", include("helfer.web.urls")),
    path("anmelden/", include("allauth.urls")),
    path("bueros/", OfficeList.as_view(), name="offices"),
]


@pytest.fixture
def reader(client: Client) -> Client:
    for name in "ABCDEFG":
        OfficeFactory(name=f"Büro {name}")
    return sign_in(client, UserFactory(helper=True))


def names(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/bueros/{query}")
    assert answer.status_code == 200
    return [row.name for row in answer.wsgi_request.listing.rows]  # type: ignore[attr-defined]


def test_list_is_sorted_and_paged_by_the_address(reader: Client) -> None:
    assert names(reader) == ["Büro G", "Büro F", "Büro E"]
    assert names(reader, "?sortierung=name") == ["Büro A", "Büro B", "Büro C"]
    assert names(reader, "?sortierung=name&seite=3") == ["Büro G"]
    assert names(reader, "?sortierung=ort") == ["Büro G", "Büro F", "Büro E"]
    assert names(reader, "?sortierung=-ort") == ["Büro A", "Büro B", "Büro C"]


def test_filter_narrows_and_is_kept_when_sorting_and_paging(reader: Client) -> None:
    assert names(reader, "?text=b%C3%BCro+d") == ["Büro D"]
    answer = reader.get("/bueros/?text=B%C3%BCro&seite=2")
    listing = answer.wsgi_request.listing  # type: ignore[attr-defined]
    assert listing.headings["name"].url == "?text=B%C3%BCro&sortierung=name"
    assert listing.headings["name"].aria_sort == "descending"
    assert listing.next_url == "?text=B%C3%BCro&seite=3"
    assert listing.clear_url == "?"
    assert "7 Einträge gefunden" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?seite=0", "?seite=-1", "?seite=zwei", "?sortierung=nichts", "?sortierung=", "?seite=%00"],
)
def test_nonsense_in_the_address_shows_the_first_page(reader: Client, query: str) -> None:
    assert len(names(reader, query)) in (1, 3)


def test_nonsense_in_the_filter_is_said_at_the_filter(reader: Client) -> None:
    answer = reader.get("/bueros/?number=viele")
    assert "Bitte eine ganze Zahl eingeben." in answer.content.decode()


def test_number_of_queries_does_not_grow_with_the_rows(reader: Client) -> None:
    with CaptureQueriesContext(connection) as one:
        assert len(names(reader, "?text=D")) == 1
    with CaptureQueriesContext(connection) as many:
        assert len(names(reader)) == 3
    assert len(one) == len(many)

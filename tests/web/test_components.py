"""The components say what they should to a screen reader."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from helfer.core.slots import SLOTS
from helfer.web.fields import DayField, SlotsField
from helfer.web.maps import Area, CityMap, Pin
from tests.web.cotton import draw


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="Wie im Ausweis")
    remark = forms.CharField(label="Bemerkung", required=False, widget=forms.Textarea)
    how = forms.ChoiceField(
        label="Wie?", choices=[("t", "Telefon"), ("b", "Brief")], widget=forms.RadioSelect
    )
    times = SlotsField(label="Zeiten", required=False)
    day = DayField(label="Tag", required=False)
    agreed = forms.BooleanField(label="Einverstanden")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def field(form: forms.Form, name: str) -> str:
    return re.sub(r"\s+", " ", form[name].as_field_group())


def test_every_field_has_label_hint_and_error_tied_together() -> None:
    form = Sample({"name": ""})
    html = field(form, "name")
    assert '<label class="kern-label" for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_fields_say_so_in_words() -> None:
    assert "(freiwillig)" in field(Sample(), "remark")
    assert "(freiwillig)" not in field(Sample(), "name")


def test_choices_are_a_group_with_a_legend() -> None:
    html = field(Sample({}), "how")
    assert re.search(r'<fieldset [^>]*aria-describedby="id_how_error"', html)
    assert '<legend class="kern-label">Wie?</legend>' in html
    assert html.count('type="radio"') == 2
    assert 'for="id_how_0"' in html


def test_week_of_checkboxes_keeps_what_was_ticked_in_week_order() -> None:
    form = Sample({"times": ["so-ab", "mo-vm"], "name": "x", "how": "t", "agreed": "on"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["times"] == ["mo-vm", "so-ab"]
    html = field(form, "times")
    assert html.count('type="checkbox"') == len(SLOTS)
    assert html.count(" checked") == 2
    assert "Dienstagnachmittag" in html


@pytest.mark.parametrize("typed", ["3.4.2026", "03.04.26", "2026-04-03"])
def test_day_is_typed_as_it_is_said(typed: str) -> None:
    assert DayField().clean(typed).isoformat() == "2026-04-03"


def test_day_that_does_not_exist_is_refused_and_kept() -> None:
    html = field(Sample({"day": "31.2.2026"}), "day")
    assert "Das ist kein Tag im Kalender." in html
    assert 'value="31.2.2026"' in html


def test_whole_form_is_drawn_by_the_same_templates() -> None:
    html = Sample({"name": ""}).as_div()
    assert 'role="alert"' in html
    assert 'href="#id_how_0"' in html
    assert html.count('type="hidden"') == 1


def test_map_is_drawn_with_names_and_prints_without_scripts() -> None:
    square = Polygon(((7.4, 51.5), (7.5, 51.5), (7.5, 51.6), (7.4, 51.6), (7.4, 51.5)), srid=4326)
    city = CityMap(
        areas=[Area("a", "<b>Nord</b>", MultiPolygon(square, srid=4326), href="/a/")],
        pins=[Pin("Ayşe", Point(7.45, 51.55, srid=4326), number="1", href="/1/")],
    )
    html = draw('<c-map :map="city" label="Karte" />', {"city": city})
    assert 'aria-label="&lt;b&gt;Nord&lt;/b&gt;"' in html
    assert 'aria-label="1 Ayşe"' in html
    assert "<b>Nord" not in html
    assert re.search(r'd="M[-\d. L]+Z"', html)


def test_map_of_nothing_is_still_a_map() -> None:
    empty = CityMap()
    assert empty.drawn_areas == []
    assert empty.drawn_pins == []
    assert empty.height > 0


def test_map_of_one_house_shows_its_surroundings() -> None:
    west, south, east, north = CityMap(pins=[Pin("x", Point(7.45, 51.55, srid=4326))]).bounds
    assert east - west > 0.005
    assert north - south > 0.005


@pytest.mark.django_db
def test_gallery_shows_everything_without_inline_style_or_script(client: Client) -> None:
    answer = client.get("/_galerie/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert "{{" not in html
    assert "{#" not in html
    assert "<c-" not in html

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.images.tests.utils import get_test_image_file

from cms.demo import create_pages
from cms.models import ContentPage
from helfer.people.models import User
from tests.factories.people import UserFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editors() -> tuple[User, User]:
    return UserFactory(editor=True), UserFactory(editor=True)


def test_a_second_editor_approves_and_nobody_their_own(editors: tuple[User, User]) -> None:
    writer, reader = editors
    create_pages([])
    page = ContentPage.objects.get(slug="datenschutz")
    page.intro = "Ganz neue Worte"
    page.save_revision(user=writer)
    page.get_workflow().start(page, writer)
    task_state = page.current_workflow_task_state
    address = f"/redaktion/pages/workflow/action/{page.pk}/approve/{task_state.pk}/"
    sign_in(Client(), writer).post(address)
    page.refresh_from_db()
    assert page.intro != "Ganz neue Worte"
    sign_in(Client(), reader).post(address)
    page.refresh_from_db()
    assert page.intro == "Ganz neue Worte"


def test_a_picture_needs_words_for_those_who_do_not_see_it() -> None:
    form_class = get_image_form(get_image_model())
    fields: dict[str, Any] = {"title": "Hof", "collection": 1, "tags": ""}
    form = form_class(fields, {"file": get_test_image_file()})
    assert "description" in form.errors
    assert {"focal_point_x", "focal_point_y"} <= set(form.fields)


def test_the_preview_brings_the_checks_for_barriers(editors: tuple[User, User]) -> None:
    create_pages([])
    page = ContentPage.objects.get(slug="datenschutz")
    desk = sign_in(Client(), editors[0])
    form = {
        "title": "Datenschutz",
        "slug": "datenschutz",
        "intro": "So sieht es aus",
        "drawing": "",
        "picture": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    address = f"/redaktion/pages/{page.pk}/edit/preview/"
    assert desk.post(address, form).json()["is_valid"]
    shown = desk.get(address).content.decode()
    assert "So sieht es aus" in shown
    assert "wagtail-userbar" in shown
    assert "wagtail-userbar" not in desk.get("/datenschutz/").content.decode()

"""Lists, letters and keys, as the office sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helfer.catalogue.actions import load_catalogue
from helfer.matching.lifecycle import MatchState
from tests.e2e.conftest import NewPage
from tests.factories.matching import MatchFactory
from tests.factories.notifications import MessageFactory
from tests.factories.people import OfficeFactory, tandem
from tests.helpers.lists import HELPER, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(new_page: NewPage, settings: Any, tmp_path: Path) -> Page:
    """The window of a tandem member with a letter to print and a message that did not arrive."""
    settings.MEDIA_ROOT = str(tmp_path)
    load_catalogue(land="NW")
    office = OfficeFactory()
    user, _other = tandem(office)
    for trait in ("to_print", "failed"):
        match = MatchFactory(to=MatchState.PROPOSED, request__help_seeker__office=office)
        MessageFactory(
            kind="match_proposed",
            subject_id=match.pk,
            recipient=match.helper.person,
            office=office,
            **{trait: True},
        )
    return new_page(user)


def test_a_list_is_read_in_without_a_barrier(
    here: Page, axe_everywhere: Callable[[Page], None], look_everywhere: Callable[[Page, str], None]
) -> None:
    here.goto("/buero/einlesen/")
    axe_everywhere(here)
    look_everywhere(here, "office-import")
    rows = [HELPER, HELPER | {"nummer": "H-2", "nachname": "Zweite", "geburtsjahr": "gestern"}]
    list_file = {"name": "helfer.csv", "mimeType": "text/csv", "buffer": text_of(rows).encode()}
    here.get_by_label("Helferinnen und Helfer").check()
    here.set_input_files("input[type=file]", files=[list_file])  # type: ignore[list-item]
    here.get_by_role("button", name="Prüfen").click()
    expect(here.get_by_role("heading", name="Liste prüfen")).to_be_visible()
    axe_everywhere(here)
    look_everywhere(here, "office-import-preview")
    here.get_by_role("button", name="Nur die guten Zeilen übernehmen").click()
    expect(here.get_by_text("1 neu")).to_be_visible()
    axe_everywhere(here)


def test_letters_and_keys_have_no_barrier(
    here: Page, axe_everywhere: Callable[[Page], None], look_everywhere: Callable[[Page, str], None]
) -> None:
    here.goto("/buero/briefe/")
    axe_everywhere(here)
    look_everywhere(here, "office-letters")
    here.get_by_role("button", name="Alle drucken").click()
    expect(here.get_by_role("link", name="PDF herunterladen")).to_be_visible()
    axe_everywhere(here)
    here.goto("/buero/schluessel/")
    here.get_by_label("Wofür").fill("Wochenbericht")
    here.get_by_role("button", name="Schlüssel anlegen").click()
    expect(here.get_by_text("helfer_")).to_be_visible()
    axe_everywhere(here)
    look_everywhere(here, "office-keys")


def test_the_description_of_the_interface_runs_under_our_content_policy(here: Page) -> None:
    asked: list[str] = []
    here.on("request", lambda request: asked.append(request.url))
    here.goto("/api/v1/docs")
    expect(here.get_by_text("Anfragen des eigenen Büros")).to_be_visible()
    foreign = [url for url in asked if "localhost" not in url and not url.startswith("data:")]
    assert not foreign

"""What the catalogue says in other languages is written beside the German, and never says less."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from helfer.catalogue.actions.translating import translate_entry
from helfer.catalogue.models import Role, Training
from helfer.core.errors import Conflict, NotAllowed
from helfer.people.models import User
from tests.factories.catalogue import RoleFactory, TrainingFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

GERMAN = {"name": "Schach", "does": "spielen\nreden", "does_not": "wetten"}


@pytest.fixture
def coordinator() -> User:
    return UserFactory(coordinator=True)


@pytest.fixture
def role() -> Role:
    return RoleFactory(slug="schach", instruction="", **GERMAN)


def written(
    role: Role, by: User, texts: dict[str, dict[str, str]], german: dict[str, str] | None = None
) -> Any:
    translate_entry(kind=Role, entry_id=role.pk, german=german or GERMAN, translations=texts, by=by)
    role.refresh_from_db()
    return role.translations


def test_words_are_read_in_their_language_and_the_other_languages_stay(role: Role, coordinator: User) -> None:
    turkish = {"name": "Satranç", "does": "oynamak\r\n\r\nkonuşmak ", "does_not": "iddiaya girmek"}
    written(role, coordinator, {"tr": turkish})
    both = written(role, coordinator, {"en": {"name": "Chess"}})
    assert both["tr"] == {"name": "Satranç", "does": "oynamak\nkonuşmak", "does_not": "iddiaya girmek"}
    assert both["en"] == {"name": "Chess"}
    with translation.override("tr"):
        assert role.text("does") == "oynamak\nkonuşmak"
    assert {"English", "Türkçe"} & set(role.not_translated()) == {"English"}
    assert "name" not in written(role, coordinator, {"en": {"name": " "}})["en"]


@pytest.mark.parametrize("field", ["does", "does_not"])
def test_no_limit_falls_out_of_a_list(role: Role, coordinator: User, field: str) -> None:
    one_line_less = {"does": "play", "does_not": "bet\nlend money"}
    with pytest.raises(Conflict) as refusal:
        written(role, coordinator, {"en": {field: one_line_less[field]}})
    assert (refusal.value.code, refusal.value.field) == ("lines", f"en__{field}")
    role.refresh_from_db()
    assert role.translations == {}


def test_words_of_a_german_text_that_has_changed_meanwhile_are_not_kept(
    role: Role, coordinator: User
) -> None:
    Role.objects.filter(pk=role.pk).update(does_not="wetten oder um Geld spielen")
    with pytest.raises(Conflict) as refusal:
        written(role, coordinator, {"en": {"does_not": "bet"}})
    assert refusal.value.code == "outdated"


def test_only_coordinators_translate(role: Role) -> None:
    training = TrainingFactory()
    for by in (UserFactory(helper=True), UserFactory(seeker=True)):
        with pytest.raises(NotAllowed):
            translate_entry(kind=Training, entry_id=training.pk, german={}, translations={}, by=by)

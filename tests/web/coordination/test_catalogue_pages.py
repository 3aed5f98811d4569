"""The catalogue as the Geschäftsstelle keeps it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from helfer.catalogue.actions.loading import load_catalogue
from helfer.catalogue.models import CompensationModel, LandRule, Role, Training
from tests.factories.catalogue import CompensationModelFactory, CompensationRateFactory, RoleFactory

from .conftest import at

pytestmark = pytest.mark.django_db


def test_the_catalogue_says_what_was_changed_and_keeps_the_rest(here: Client) -> None:
    load_catalogue(land="NW")
    assert "vom Standard geändert" not in here.get(at("catalogue")).content.decode()
    role = Role.objects.order_by("pk")[0]
    before = role.translations
    form = here.get(at("role", pk=role.pk)).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    typed = {
        name: [getattr(each, "pk", each) for each in value] if isinstance(value, list) else value
        for name, value in typed.items()
    }
    assert here.post(at("role", pk=role.pk), typed | {"name": ""}).status_code == 422
    assert here.post(at("role", pk=role.pk), typed | {"name": "Neu benannt"}).status_code == 303
    role.refresh_from_db()
    # Of what was renamed, the old name does not go on in another language.
    kept = {
        language: {field: text for field, text in words.items() if field != "name"}
        for language, words in before.items()
    }
    assert (role.name, role.translations) == ("Neu benannt", kept)
    page = here.get(at("catalogue")).content.decode()
    assert page.count("vom Standard geändert") == 1


def test_whoever_adds_a_role_says_whether_its_name_may_be_read_by_everybody(here: Client) -> None:
    model = CompensationModelFactory()
    RoleFactory(slug="besuch", name="Besuchsdienst")
    typed = {
        "name": "Parkinsonbegleitung",
        "slug": "parkinson",
        "signatures_required": "2",
        "first_contact": "accompanied",
        "compensation_models": [model.pk],
        "is_active": "on",
    }
    refused = here.post(at("role_new"), typed)
    assert refused.status_code == 422
    assert "unter welchem Namen öffentlich gesucht wird" in refused.content.decode()
    assert here.post(at("role_new"), typed | {"shown_publicly_as": "besuch"}).status_code == 303
    role = Role.objects.get(slug="parkinson")
    assert role.shown_publicly_as is not None and role.shown_publicly_as.slug == "besuch"
    assert "öffentlich gesucht als „Besuchsdienst“" in here.get(at("catalogue")).content.decode()
    assert here.post(at("role", pk=role.pk), typed | {"shown_publicly_as": "-"}).status_code == 303
    role.refresh_from_db()
    assert role.shown_publicly_as is None


def test_words_in_other_languages_are_written_beside_the_german(here: Client) -> None:
    role = RoleFactory(name="Schach", does="spielen\nreden", does_not="", instruction="")
    page = here.get(at("catalogue")).content.decode()
    assert "</span>fehlt: Leichte Sprache, English, Türkçe, العربية" in page
    address = at("role_languages", pk=role.pk)
    form = here.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert typed["german__does"] == "spielen\nreden" and "en__does_not" not in typed
    short = typed | {"en__name": "Chess", "en__does": "play", "tr__name": "Satranç"}
    refused = here.post(address, short)
    assert refused.status_code == 409
    assert refused.context["form"].errors["en__does"] == [
        "Auf Deutsch sind es 2 Zeilen. Bitte schreiben Sie hier ebenso viele."
    ]
    assert 'value="Satranç"' in refused.content.decode()
    assert here.post(address, short | {"en__does": "play\ntalk"}).status_code == 303
    role.refresh_from_db()
    assert role.translations["en"] == {"name": "Chess", "does": "play\ntalk"}
    assert "</span>fehlt: Leichte Sprache, Türkçe, العربية" in here.get(at("catalogue")).content.decode()


def test_whoever_translated_an_older_german_compares_and_loses_nothing(here: Client) -> None:
    role = RoleFactory(name="Schach", does="spielen", does_not="", instruction="")
    address = at("role_languages", pk=role.pk)
    form = here.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"en__does": "play"}
    Role.objects.filter(pk=role.pk).update(does="spielen und reden")
    refused = here.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 409 and "hat sich inzwischen geändert" in page
    assert "spielen und reden" in page and ">\nplay</textarea>" in page
    form = refused.context["form"]
    again = {name: form[name].value() for name in form.fields} | {"en__does": "play and talk"}
    assert here.post(address, again).status_code == 303
    role.refresh_from_db()
    assert role.translations["en"]["does"] == "play and talk"


def test_trainings_do_not_include_each_other_in_a_circle(here: Client) -> None:
    typed = {"name": "Kurs A", "slug": "kurs-a", "evidence_type": "document", "grace_days": "0"}
    assert here.post(at("training_new"), typed).status_code == 303
    first = Training.objects.get()
    second = typed | {"name": "Kurs B", "slug": "kurs-b", "includes": [first.pk]}
    assert here.post(at("training_new"), second).status_code == 303
    circle = here.post(
        at("training", pk=first.pk), typed | {"includes": [Training.objects.get(slug="kurs-b").pk]}
    )
    assert circle.status_code == 409 and "Kreis" in circle.content.decode()
    assert here.post(at("training_new"), typed).status_code == 409


def test_amounts_follow_each_other(here: Client) -> None:
    old = CompensationRateFactory()
    typed = {
        "unit": old.unit,
        "amount_eur": "1.000,50",
        "valid_from": "1.1.2027",
        "checked_on": "22.11.2026",
        "source_url": "gesetze",
    }
    refused = here.post(at("rate_new", pk=old.model_id), typed)
    assert refused.status_code == 422 and "1.000,50" in refused.content.decode()
    typed["source_url"] = "https://www.gesetze-im-internet.de/estg/__3.html"
    assert here.post(at("rate_new", pk=old.model_id), typed).status_code == 303
    old.refresh_from_db()
    new = old.model.rates.get(valid_from=date(2027, 1, 1))
    assert (str(new.amount_eur), old.valid_until) == ("1000.50", date(2026, 12, 31))
    assert here.post(at("rate", pk=new.pk), typed | {"amount_eur": "0"}).status_code == 409
    assert here.post(at("rate_remove", pk=new.pk)).status_code == 303
    assert old.model.rates.count() == 1


def test_models_and_rules_of_the_laender_are_kept(here: Client) -> None:
    assert here.post(at("model_new"), {"name": "Fonds", "slug": "fonds"}).status_code == 303
    model = CompensationModel.objects.get(slug="fonds")
    assert here.post(at("model", pk=model.pk), {"name": "Stadtfonds", "slug": "fonds"}).status_code == 303
    typed = {
        "land": "NW",
        "valid_from": "1.1.2027",
        "min_age": "18",
        "max_people": "3",
        "checked_on": "22.11.2026",
        "source_urls": "https://recht.nrw.de/a\nkeine-adresse",
        "individuals_allowed": "on",
    }
    refused = here.post(at("rule_new"), typed)
    assert refused.status_code == 422 and "keine-adresse" in refused.content.decode()
    typed["source_urls"] = "https://recht.nrw.de/a\nhttps://recht.nrw.de/b"
    assert here.post(at("rule_new"), typed).status_code == 303
    rule = LandRule.objects.get()
    assert len(rule.source_urls) == 2
    assert here.post(at("rule", pk=rule.pk), typed | {"max_people": "2"}).status_code == 303
    rule.refresh_from_db()
    assert rule.max_people == 2


def test_the_catalogue_asks_a_constant_number_of_questions(
    here: Client, django_assert_max_num_queries: Any
) -> None:
    RoleFactory(compensation_models=[CompensationModelFactory()])
    with django_assert_max_num_queries(25) as few:
        here.get(at("catalogue"))
    for _each in range(5):
        RoleFactory()
    with django_assert_max_num_queries(len(few)):
        here.get(at("catalogue"))

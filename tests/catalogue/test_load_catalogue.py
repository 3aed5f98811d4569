"""The default catalogue comes in once, and again without undoing what an office has changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from helfer.catalogue import default_catalogue
from helfer.catalogue.actions import load_catalogue
from helfer.catalogue.models import CompensationModel, EvidenceType, LandRule, Role, Training
from helfer.core.errors import Conflict
from tests.factories.catalogue import RoleFactory

pytestmark = pytest.mark.django_db


def test_the_defaults_hold_what_the_facts_say() -> None:
    load_catalogue()
    assert Role.objects.count() == 12
    assert Training.objects.count() == 12
    assert CompensationModel.objects.count() == 8
    phone = Role.objects.get(slug="telefon")
    assert (phone.signatures_required, phone.at_a_distance, phone.first_contact) == (1, True, "call")
    assert sorted(phone.compensation_models.values_list("slug", flat=True)) == [
        "auslagen",
        "ehrenamt",
        "ehrenamtspauschale",
        "zeitbank",
    ]
    driving = Role.objects.get(slug="fahrdienst")
    assert sorted(driving.required_trainings.values_list("slug", flat=True)) == [
        "einfuehrung",
        "erste-hilfe",
        "fuehrerschein",
        "verschwiegenheit",
    ]
    assert not Role.objects.exclude(slug="telefon").filter(signatures_required=1).exists()
    named_otherwise = Role.objects.exclude(shown_publicly_as=None)
    assert list(named_otherwise.values_list("slug", "shown_publicly_as__slug")) == [("demenz", "besuch")]
    discretion = Training.objects.get(slug="verschwiegenheit")
    assert (discretion.validity_months, discretion.grace_days) == (12, 90)
    seen = Training.objects.filter(evidence_type=EvidenceType.INSPECTION).order_by("slug")
    assert [training.slug for training in seen] == ["fuehrerschein", "fuehrungszeugnis"]


def test_the_rule_of_nrw_is_there_with_source_and_day() -> None:
    load_catalogue()
    rule = LandRule.objects.in_force("NW", date(2026, 11, 23)).get()
    assert (rule.max_people, rule.min_age, rule.individuals_allowed) == (2, 18, True)
    assert [training.slug for training in rule.qualifications.all()] == ["nbh-broschuere"]
    assert rule.source_urls
    assert rule.checked_on == date(2026, 11, 22)
    assert LandRule.objects.count() == 16
    assert not LandRule.objects.get(land="HB").individuals_allowed


def test_amounts_are_dated() -> None:
    load_catalogue()
    rates = CompensationModel.objects.get(slug="ehrenamtspauschale").rates.order_by("valid_from")
    assert [(rate.amount_eur, rate.valid_until) for rate in rates] == [
        (Decimal("840.00"), date(2025, 12, 31)),
        (Decimal("960.00"), None),
    ]


def test_including_is_transitive() -> None:
    load_catalogue()
    brochure = Training.objects.get(slug="nbh-broschuere")
    course = Training.objects.get(slug="pflegekurs-45")
    names = {"nbh-broschuere", "nbh-kurs", "pflegekurs-45"}
    assert set(Training.objects.satisfying(brochure).values_list("slug", flat=True)) == names
    assert set(Training.objects.contained_in(course).values_list("slug", flat=True)) == names
    assert Training.objects.satisfying(course).get() == course


def test_loading_again_changes_nothing() -> None:
    first = load_catalogue()
    assert not first.updated
    assert not first.kept
    again = load_catalogue()
    assert (again.added, again.updated, again.kept) == ([], [], [])
    assert again.unchanged == len(first.added)


def test_what_an_office_changed_stays() -> None:
    load_catalogue()
    Role.objects.filter(slug="besuch").update(name="Besuche am Nachmittag")
    Role.objects.get(slug="telefon").compensation_models.remove(
        CompensationModel.objects.get(slug="zeitbank")
    )
    CompensationModel.objects.get(slug="minijob").rates.filter(unit="hour").update(amount_eur=15)
    LandRule.objects.filter(land="NW").update(max_people=1)
    report = load_catalogue()
    assert sorted(report.kept) == [
        "Besuchsdienst",
        "Minijob im Privathaushalt",
        "NW 2024-01-01",
        "Telefonkette",
    ]
    assert Role.objects.get(slug="besuch").name == "Besuche am Nachmittag"
    assert LandRule.objects.get(land="NW").max_people == 1
    assert Role.objects.get(slug="telefon").compensation_models.count() == 3


def test_what_nobody_changed_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogue()
    renewed = default_catalogue.roles()
    visiting = next(role for role in renewed if role["slug"] == "besuch")
    visiting["does"] = "zu Besuch kommen"
    visiting["required_trainings"] = ["einfuehrung"]
    monkeypatch.setattr(default_catalogue, "roles", lambda: renewed)
    assert load_catalogue().updated == ["Besuchsdienst"]
    role = Role.objects.get(slug="besuch")
    assert role.does == "zu Besuch kommen"
    assert [training.slug for training in role.required_trainings.all()] == ["einfuehrung"]
    assert load_catalogue().updated == []


def test_an_offices_own_entry_of_the_same_short_name_stays() -> None:
    RoleFactory(slug="besuch", name="Unser Besuchsdienst")
    assert "Besuchsdienst" in load_catalogue().kept
    assert Role.objects.get(slug="besuch").name == "Unser Besuchsdienst"


def test_an_entry_out_of_use_stays_out_of_use() -> None:
    load_catalogue()
    Role.objects.filter(slug="garten").update(is_active=False)
    load_catalogue()
    assert not Role.objects.get(slug="garten").is_active


def test_one_lands_rules_alone() -> None:
    load_catalogue(land="nw")
    assert [rule.land for rule in LandRule.objects.all()] == ["NW"]


def test_a_land_that_does_not_exist_is_refused_with_the_possible_ones() -> None:
    with pytest.raises(Conflict, match="XX.*NW"):
        load_catalogue(land="XX")
    with pytest.raises(CommandError, match="gibt es nicht"):
        call_command("load_catalogue", "--land", "Preußen")


def test_the_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert "Neu: Einführung" in out.getvalue()
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert out.getvalue().strip() == "Unverändert: 48."


def test_what_an_office_changed_gets_the_new_languages_of_what_it_did_not_change() -> None:
    load_catalogue()
    role = Role.objects.get(slug="vorlesen")
    known = role.translations
    role.translations, role.does = {"en": {"name": "Our own words"}}, "aus der Zeitung lesen"
    role.save()
    report = load_catalogue()
    assert (report.kept, report.translated) == ([role.name], [role.name])
    assert "Übersetzungen ergänzt: Vorlesen." in report.lines()
    role.refresh_from_db()
    assert role.translations["en"]["name"] == "Our own words"
    assert role.translations["tr"] == {name: text for name, text in known["tr"].items() if name != "does"}
    assert load_catalogue().translated == []


def test_texts_come_in_the_readers_language() -> None:
    from django.utils import translation

    load_catalogue()
    role = Role.objects.get(slug="vorlesen")
    assert role.text("name") == "Vorlesen"
    with translation.override("en"):
        assert role.text("name") == "Reading aloud"
    with translation.override("uk"):
        assert role.text("name") == "Vorlesen"


def test_every_default_is_complete_in_every_language_and_knows_when_it_was_checked() -> None:
    shown = {
        "role": ("name", "does", "does_not", "instruction"),
        "training": ("name", "description"),
        "model": ("name", "description", "conditions"),
    }
    further = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    for kind, entries in (
        ("role", default_catalogue.roles()),
        ("training", default_catalogue.trainings()),
        ("model", default_catalogue.compensation_models()),
    ):
        for entry in entries:
            assert set(entry["translations"]) == further, entry["slug"]
            for language, words in entry["translations"].items():
                assert set(words) == set(shown[kind]), (entry["slug"], language)
                # As many things that are done, and above all that are not done, as in German.
                for field in {"does", "does_not"} & set(words):
                    lines = words[field].splitlines()
                    assert len(lines) == len(entry[field].splitlines()), (entry["slug"], language, field)
                    assert all(lines)
    for model in default_catalogue.compensation_models():
        assert all(rate["source_url"] and rate["checked_on"] for rate in model["rates"])
    assert all(rule["source_urls"] and rule["checked_on"] for rule in default_catalogue.land_rules())

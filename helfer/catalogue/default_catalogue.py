"""The default catalogue, read from the data files beside this module."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DEFAULTS = Path(__file__).parent / "defaults"
# One file for each further language: its name is the language.
LANGUAGES = DEFAULTS / "languages"

# What of an entry is compared with what an office made of it.
Values = dict[str, Any]


@cache
def _entries(file: str, heading: str) -> tuple[Values, ...]:
    with (DEFAULTS / file).open("rb") as stream:
        return tuple(tomllib.load(stream)[heading])


def trainings() -> list[Values]:
    """The trainings, those that are included before those that include them."""
    return [
        {
            "slug": entry["slug"],
            "name": entry["name"],
            "description": entry["description"],
            "evidence_type": entry["evidence_type"],
            "validity_months": entry.get("validity_months"),
            "grace_days": entry.get("grace_days", 0),
            "includes": sorted(entry.get("includes", [])),
            "translations": _translations("training", entry["slug"]),
        }
        for entry in _entries("trainings.toml", "training")
    ]


def compensation_models() -> list[Values]:
    """The financial models, each with its dated amounts."""
    return [
        {
            "slug": entry["slug"],
            "name": entry["name"],
            "description": entry["description"],
            "conditions": entry["conditions"],
            "rates": sorted(
                (
                    {
                        "unit": rate["unit"],
                        "amount_eur": rate["amount_eur"],
                        "valid_from": _day(rate["valid_from"]),
                        "valid_until": _day(rate.get("valid_until")),
                        "source_url": rate["source_url"],
                        "checked_on": _day(rate["checked_on"]),
                    }
                    for rate in entry.get("rate", [])
                ),
                key=lambda rate: (rate["unit"], rate["valid_from"]),
            ),
            "translations": _translations("model", entry["slug"]),
        }
        for entry in _entries("compensation_models.toml", "model")
    ]


def roles() -> list[Values]:
    """The roles; "all" models are all that the file names."""
    every_model = [model["slug"] for model in compensation_models()]
    return [
        {
            "slug": entry["slug"],
            "name": entry["name"],
            "does": _lines(entry["does"]),
            "does_not": _lines(entry["does_not"]),
            "instruction": entry["instruction"],
            "required_trainings": sorted(entry["required_trainings"]),
            "compensation_models": sorted(
                every_model if entry["compensation_models"] == "all" else entry["compensation_models"]
            ),
            "signatures_required": entry.get("signatures_required", 2),
            "at_a_distance": entry.get("at_a_distance", False),
            "shown_publicly_as": entry.get("shown_publicly_as", ""),
            "first_contact": entry.get("first_contact", "accompanied"),
            "translations": _translations("role", entry["slug"]),
        }
        for entry in _entries("roles.toml", "role")
    ]


def land_rules(land: str = "") -> list[Values]:
    """The Länder's rules, or those of one Land."""
    return [
        {
            "land": entry["land"],
            "valid_from": _day(entry["valid_from"]),
            "valid_until": _day(entry.get("valid_until")),
            "individuals_allowed": entry.get("individuals_allowed", True),
            "max_people": entry.get("max_people"),
            "min_age": entry["min_age"],
            "qualifications": sorted(entry.get("qualifications", [])),
            "max_hours_month": entry.get("max_hours_month"),
            "hour_cap_eur": entry.get("hour_cap_eur"),
            "source_urls": entry["source_urls"],
            "checked_on": _day(entry["checked_on"]),
            "note": entry["note"],
        }
        for entry in _entries("land_rules.toml", "rule")
        if entry["land"] == land or not land
    ]


def _lines(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(text)


@cache
def _further_languages() -> dict[str, Values]:
    return {path.stem: tomllib.loads(path.read_text()) for path in sorted(LANGUAGES.glob("*.toml"))}


def _translations(heading: str, slug: str) -> dict[str, dict[str, str]]:
    """By language, then by field."""
    found = {language: texts.get(heading, {}).get(slug) for language, texts in _further_languages().items()}
    return {
        language: {field: _lines(text) for field, text in texts.items()}
        for language, texts in found.items()
        if texts
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

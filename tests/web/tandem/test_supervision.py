"""Looking after a match: contacts, who is responsible, and incidents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import User

from .conftest import at

pytestmark = pytest.mark.django_db

Make = Callable[..., Match]


def test_contact_is_noted_once_and_the_next_one_planned(here: Client, make_match: Make) -> None:
    match = make_match("active")
    said = {"party": "both", "channel": "phone", "goes_well": "ja", "note": "Alles gut.", "form_key": "k"}
    for _press in range(2):
        assert here.post(at("match_check_in", pk=match.pk), said).status_code == 303
    assert match.check_ins.filter(done_on__isnull=False).count() == 1
    assert here.post(at("match_plan", pk=match.pk), {"due_on": "24.11.2026"}).status_code == 303
    assert str(match.check_ins.get(done_on=None).due_on) == "2026-11-24"


def test_responsibility_goes_over_to_the_other_side(
    here: Client, association: User, make_match: Make
) -> None:
    match = make_match("active")
    seat = association.seats.get()
    assert here.post(at("match_hand_over", pk=match.pk), {"seat": seat.pk}).status_code == 303
    match.refresh_from_db()
    assert match.responsible == seat


def test_serious_incident_pauses_and_is_closed_with_what_was_done(here: Client, make_match: Make) -> None:
    match = make_match("active")
    said = {
        "incident_class": "money", "severity": "serious", "happened_on": "22.11.2026",
        "facts": "20 Euro fehlen.",
        "form_key": "k",
    }  # fmt: skip
    for _press in range(2):
        assert here.post(at("match_incident", pk=match.pk), said).status_code == 303
    match.refresh_from_db()
    incident = match.incidents.get()
    assert match.state == MatchState.PAUSED
    assert list(here.post(at("incident_close", pk=incident.pk), {"done": " "}).context["form"].errors) == [
        "done"
    ]
    assert here.post(at("incident_close", pk=incident.pk), {"done": "Gefunden."}).status_code == 303
    incident.refresh_from_db()
    assert incident.closed_at is not None


def test_other_offices_cannot_look_after_it(elsewhere: Client, make_match: Make) -> None:
    match = make_match("active")
    for name in ("match_check_in", "match_plan", "match_hand_over", "match_incident"):
        assert elsewhere.post(at(name, pk=match.pk)).status_code == 404

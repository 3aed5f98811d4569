"""A match from proposal to end, step by step as the tandem takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helfer.matching.lifecycle import MatchState
from helfer.matching.models import EndReason, Match
from helfer.people.models import CareLevel, Office
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import SeatFactory, sign_in

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db

Make = Callable[..., Match]


def send(client: Client, name: str, match: Match, party: str = "", **sent: Any) -> Match:
    where = {"pk": match.pk} | ({"party": party} if party else {})
    answer = client.post(at(name, **where), sent)
    assert answer.status_code == 303, answer.context["form"].errors
    return Match.objects.get(pk=match.pk)


def test_list_takes_as_many_queries_for_many(here: Client, make_match: Make) -> None:
    for _each in range(3):
        make_match()
    few = queries_of(here, at("matches"))
    for _each in range(12):
        make_match()
    assert queries_of(here, at("matches")) == few


def test_two_people_take_a_match_from_proposal_to_end(here: Client, there: Client, make_match: Make) -> None:
    match = make_match()
    for party in ("helfer", "anfrage"):
        page = here.get(at("match", pk=match.pk)).content.decode()
        assert "Es fehlt noch das Ja von" in page
        match = send(here, "match_consent", match, party, channel="phone", given_on="20.11.2026")
    assert match.state == MatchState.ACCEPTED
    for _press in range(2):
        match = send(here, "match_sign", match, form_key="k")
    assert (match.state, match.signatures.count()) == (MatchState.ACCEPTED, 1)
    match = send(here, "match_unsign", match)
    assert match.signatures.count() == 0
    send(here, "match_sign", match)
    assert send(there, "match_sign", match).state == MatchState.APPROVED
    assert send(here, "match_first_contact", match, on="23.11.2026", note="gut").state == MatchState.TRIAL
    send(here, "match_confirm_trial", match, "helfer")
    assert send(there, "match_confirm_trial", match, "anfrage").state == MatchState.ACTIVE
    paused = send(here, "match_pause", match, side="helper", reason="holiday", expected_back_on="1.12.2026")
    assert paused.state == MatchState.PAUSED
    assert send(here, "match_resume", match).state == MatchState.ACTIVE
    ended = send(here, "match_end", match, reason=EndReason.values[0], ended_well="ja", request_goes_on="")
    assert (ended.state, ended.ended_well) == (MatchState.ENDED, True)
    assert "Abschluss" in here.get(at("match", pk=match.pk)).content.decode()


def test_every_way_out_before_the_approval(here: Client, make_match: Make) -> None:
    assert send(here, "match_decline", make_match(), "helfer", note="keine Zeit").state == MatchState.DECLINED
    assert send(here, "match_withdraw", make_match()).state == MatchState.WITHDRAWN
    assert send(here, "match_reject", make_match("accepted"), note="zu weit").state == MatchState.REJECTED
    taken_back = send(here, "match_withdraw_consent", make_match("accepted"), "anfrage")
    assert taken_back.state not in (MatchState.APPROVED,)
    changed = make_match()
    sent = {"compensation_model": changed.compensation_model_id, "starts_on": "1.12.2026"}
    assert str(send(here, "match_terms", changed, **sent).starts_on) == "2026-12-01"


@pytest.mark.parametrize(
    ("state", "name", "party", "sent", "field"),
    [
        ("proposed", "match_consent", "helfer", {"channel": "phone", "given_on": "24.11.2026"}, "given_on"),
        ("proposed", "match_consent", "helfer", {"channel": "phone", "given_on": "31.2.2026"}, "given_on"),
        ("proposed", "match_consent", "helfer", {"channel": "online", "given_on": "20.11.2026"}, "channel"),
        ("accepted", "match_reject", "", {"note": "  "}, "note"),
        ("proposed", "match_withdraw", "", {"note": "a\x00"}, "note"),
        ("proposed", "match_terms", "",
         {"starts_on": "1.12.2026", "compensation_model": "9" * 30}, "compensation_model"),
        ("approved", "match_first_contact", "", {"on": "24.11.2026"}, "on"),
        ("approved", "match_first_contact", "", {"on": "1.11.2026"}, "on"),
        ("active", "match_pause", "",
         {"side": "helper", "reason": "holiday", "expected_back_on": "1.11.2026"}, "expected_back_on"),
        ("active", "match_pause", "", {"side": "nobody", "reason": "holiday"}, "side"),
        ("active", "match_end", "", {"reason": EndReason.values[0]}, "ended_well"),
        ("active", "match_check_in", "", {"party": "both", "channel": "phone", "note": "x"}, "goes_well"),
        ("active", "match_plan", "", {"due_on": "1.11.2026"}, "due_on"),
        ("active", "match_incident", "", {"incident_class": "emergency", "severity": "minor", "facts": "x",
                                          "happened_on": "24.11.2026"}, "happened_on"),
        ("active", "match_hand_over", "", {"seat": "0"}, "seat"),
    ],
)  # fmt: skip
def test_bad_answer_is_said_at_its_field(
    here: Client, make_match: Make, state: str, name: str, party: str, sent: dict[str, str], field: str
) -> None:
    match = make_match(state)
    where = {"pk": match.pk} | ({"party": party} if party else {})
    answer = here.post(at(name, **where), sent)
    assert answer.status_code in (409, 422)
    assert list(answer.context["form"].errors) == [field]
    assert Match.objects.get(pk=match.pk).state == state


def test_step_that_comes_too_late_is_refused_in_words(here: Client, make_match: Make) -> None:
    match = make_match("ended")
    for name in ("match_sign", "match_withdraw", "match_resume", "match_unsign"):
        answer = here.post(at(name, pk=match.pk))
        assert answer.status_code in (403, 409, 422), name
        assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("state", ["proposed", "accepted", "approved", "active", "paused", "ended"])
def test_sheets_show_contact_data_only_while_the_match_runs(
    here: Client, make_match: Make, state: str
) -> None:
    match = make_match(state)
    seeker, helper = match.request.help_seeker, match.helper.person
    seeker.care_level, seeker.remark = CareLevel.FOUR, "GEHEIM-V"
    seeker.save(update_fields=["care_level", "remark"])
    match.request.remark = "GEHEIM-B"
    match.request.save(update_fields=["remark"])
    sheet = here.get(at("match_sheet", pk=match.pk, party="helfer")).content.decode()
    assert "GEHEIM" not in sheet
    assert "Pflegegrad" not in sheet
    own = here.get(at("match_sheet", pk=match.pk, party="anfrage")).content.decode()
    for page, person in ((sheet, seeker.person), (own, helper)):
        shown = [each in page for each in (person.family_name, person.phone.as_national)]
        assert shown == [match.is_running] * 2, state
    assert (seeker.person.street in sheet) == match.is_running


def test_helper_of_another_office_has_a_first_name_until_they_agree(
    here: Client, office: Office, make_match: Make
) -> None:
    lent = HelperProfileFactory(active=True, person__family_name="Fernmann", person__given_name="Ole")
    foreign = MatchFactory(request=make_match("ended").request, helper=lent, lending_office=lent.office)
    for address in (
        at("match", pk=foreign.pk), at("matches"), at("desk"), at("request", pk=foreign.request_id),
        at("match_sign", pk=foreign.pk), at("match_consent", pk=foreign.pk, party="helfer"),
        at("match_sheet", pk=foreign.pk, party="anfrage"),
    ):  # fmt: skip
        page = here.get(address).content.decode()
        assert "Fernmann" not in page, address
        assert lent.person.phone.as_national not in page, address


def test_lending_office_agrees_once(here: Client, office: Office) -> None:
    lent = MatchFactory(lending_office=office, helper=HelperProfileFactory(active=True, office=office))
    assert "Zustimmen" in here.get(at("match", pk=lent.pk)).content.decode()
    assert send(here, "match_lend", lent).lending_agreed_at is not None
    assert here.get(at("match_sign", pk=lent.pk)).status_code == 404


def test_refusing_to_lend_reaches_the_asking_office_with_its_reason(
    here: Client, office: Office, make_match: Make
) -> None:
    lender = sign_in(Client(), SeatFactory().user)
    lending = Office.objects.exclude(pk=office.pk).get()
    lent = make_match(
        helper=HelperProfileFactory(active=True, office=lending, person__family_name="Fernmann"),
        lending_office=lending,
    )
    assert "Ablehnen" in lender.get(at("match", pk=lent.pk)).content.decode()
    silent = lender.post(at("match_refuse_to_lend", pk=lent.pk), {"note": " "})
    assert silent.status_code == 422
    assert "Bitte schreiben Sie dem anfragenden Büro kurz, warum." in silent.content.decode()
    refused = send(lender, "match_refuse_to_lend", lent, note="Sie ist bei uns fest verplant.")
    assert refused.state == MatchState.WITHDRAWN
    kept = lender.get(at("match", pk=lent.pk)).content.decode()
    assert "abgelehnt" in kept
    assert "Ablehnen" not in kept
    piles = {pile["waiting"].key: pile["rows"] for pile in here.get(at("desk")).context["piles"]}
    assert [row["href"] for row in piles["abgelehnt"]] == [at("match", pk=lent.pk)]
    page = here.get(at("match", pk=lent.pk)).content.decode()
    assert "Sie ist bei uns fest verplant." in page
    assert at("candidates", pk=lent.request_id) in page
    assert "Fernmann" not in page
    # As soon as somebody else is proposed, nothing waits there any more.
    MatchFactory(request=lent.request)
    keys = [pile["waiting"].key for pile in here.get(at("desk")).context["piles"]]
    assert "abgelehnt" not in keys


def test_page_takes_as_many_queries_for_a_long_story(here: Client, make_match: Make) -> None:
    match = make_match("active")
    few = queries_of(here, at("match", pk=match.pk))
    for _each in range(4):
        sent = {"incident_class": "emergency", "severity": "minor", "facts": "x", "happened_on": "22.11.2026"}
        send(here, "match_incident", match, **sent)
        said = {"party": "both", "channel": "phone", "goes_well": "ja", "note": "gut"}
        assert here.post(at("match_check_in", pk=match.pk), said).status_code == 303
    assert queries_of(here, at("match", pk=match.pk)) <= few + 2

"""The desk: what waits, in as many queries whatever the piles hold; and finding people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from helfer.help_requests.models import RequestState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, Office, TieKind, User
from helfer.web.tandem.desk import Pile
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import CheckInFactory, MatchFactory
from tests.factories.people import ConsentFactory, HelpSeekerFactory, PersonFactory, tie

from .conftest import at, queries_of

pytestmark = pytest.mark.django_db


def fill(office: Office, make_match: Callable[..., Match], times: int) -> None:
    """So many of everything on the desk."""
    for _each in range(times):
        for state in ("proposed", "accepted", "approved", "paused"):
            match = make_match(state)
        Match.objects.filter(pk=match.pk).update(expected_back_on=date(2026, 11, 22))
        CheckInFactory(match=make_match("accepted"), due_on=date(2026, 11, 20))
        CheckInFactory(match=make_match("accepted"), due_on=date(2026, 11, 25))
        MatchFactory(lending_office=office, helper=HelperProfileFactory(active=True, office=office))
        HelperProfileFactory(office=office)
        seeker = HelpSeekerFactory(office=office, person__location_to_confirm=True)
        HelpRequestFactory(help_seeker=seeker)
        HelpRequestFactory(help_seeker=seeker, open=True)
        ConsentFactory(person=seeker.person, provisional_reason="Brief ist unterwegs")
        dead = HelpSeekerFactory(office=office, person__died_on=date(2026, 11, 20)).person
        tie(dead, seeker.person, TieKind.HOUSEHOLD)


def test_desk_takes_as_many_queries_whatever_waits(
    here: Client, office: Office, make_match: Callable[..., Match]
) -> None:
    empty = queries_of(here, at("desk"))
    fill(office, make_match, 1)
    few = queries_of(here, at("desk"))
    fill(office, make_match, 3)
    assert queries_of(here, at("desk")) == few == empty


def test_piles_say_how_many_wait_and_show_the_first(
    here: Client, office: Office, make_match: Callable[..., Match]
) -> None:
    fill(office, make_match, 8)
    piles = {pile["waiting"].key: pile for pile in here.get(at("desk")).context["piles"]}
    for key in (
        "eingegangen",
        "angemeldet",
        "offen",
        "adressen",
        "papiere",
        "hinterbliebene",
        "todesfaelle",
        "pausen",
        "ausleihen",
    ):
        assert (piles[key]["count"], len(piles[key]["rows"]), piles[key]["more"]) == (8, 6, 2), key
    assert piles["nachfragen"]["count"] == piles["bald"]["count"] - 0 == 8
    assert piles["freigaben"]["count"] == 8 * 3


def test_every_pile_leads_to_all_that_waits_there(
    here: Client, office: Office, make_match: Callable[..., Match], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pile, "page_size", 6)
    fill(office, make_match, 7)
    desk = here.get(at("desk"))
    for pile in desk.context["piles"]:
        address = at("pile", key=pile["waiting"].key)
        whole = here.get(address)
        assert whole.context["listing"].total == pile["count"], address
        assert whole.context["rows"][:6] == pile["rows"], address
        if pile["count"] > 6:
            assert f'href="{address}"' in desk.content.decode()
    last = here.get(at("pile", key="eingegangen"), {"seite": 2})
    assert len(last.context["rows"]) == 1
    assert last.context["rows"][0]["href"].endswith("/klaeren/")


def test_a_pile_takes_as_many_queries_whatever_waits(
    here: Client, office: Office, make_match: Callable[..., Match]
) -> None:
    fill(office, make_match, 1)
    few = queries_of(here, at("pile", key="ausleihen"))
    fill(office, make_match, 3)
    assert queries_of(here, at("pile", key="ausleihen")) == few


def test_an_empty_pile_says_so_and_an_unknown_one_is_not_there(here: Client) -> None:
    assert "Hier wartet nichts mehr." in here.get(at("pile", key="pausen")).content.decode()
    assert here.get(at("pile", key="unfug")).status_code == 404


def test_desk_of_another_office_is_empty(
    elsewhere: Client, office: Office, make_match: Callable[..., Match]
) -> None:
    fill(office, make_match, 1)
    page = elsewhere.get(at("desk"))
    assert page.context["piles"] == []


def test_who_reported_a_death_does_not_confirm_it(
    here: Client, there: Client, city: User, office: Office
) -> None:
    HelpSeekerFactory(office=office, person__died_on=date(2026, 11, 20), person__death_reported_by=city)
    assert "todesfaelle" not in [pile["waiting"].key for pile in here.get(at("desk")).context["piles"]]
    assert "todesfaelle" in [pile["waiting"].key for pile in there.get(at("desk")).context["piles"]]


def test_lending_office_is_not_told_for_whom(here: Client, office: Office) -> None:
    lent = MatchFactory(lending_office=office, helper=HelperProfileFactory(active=True, office=office))
    seeker = lent.request.help_seeker.person
    for address in (at("desk"), at("match", pk=lent.pk), at("match_lend", pk=lent.pk)):
        page = here.get(address).content.decode()
        assert seeker.family_name not in page
        assert lent.helper.person.family_name in page or address == at("match_lend", pk=lent.pk)


@pytest.mark.parametrize(
    "said",
    [
        "bergermann",
        "Erika Bergermann",
        "erika",
        "0231 555 99-99",
        "+49 231 5559999",
        "0231/5559999",
        "A-777",
        "Bergermänn",
    ],
)
def test_search_finds_by_name_phone_and_number(here: Client, office: Office, said: str) -> None:
    name = "Bergermänn" if said == "Bergermänn" else "Bergermann"
    seeker = HelpSeekerFactory(
        office=office, person__family_name=name, person__given_name="Erika", person__phone="+492315559999"
    )
    HelpRequestFactory(help_seeker=seeker, number="A-777")
    for page, listed in (("search", "found"), ("requests", "listing")):
        answer = here.get(at(page), {"suche": said, "text": said})
        found = answer.context[listed]
        assert len(found if page == "search" else found.rows) == 1, (page, said)


def test_search_is_silent_about_what_another_office_keeps(here: Client, office: Office) -> None:
    """Who helps here and is helped elsewhere: here nobody reads of that."""
    helper = HelperProfileFactory(office=office, person__family_name="Zwiefach")
    seeker = HelpSeekerFactory(person=helper.person, care_level=CareLevel.FOUR, remark="GEHEIM")
    request = HelpRequestFactory(help_seeker=seeker, state=RequestState.OPEN)
    for address in (at("search") + "?suche=Zwiefach", at("person", pk=helper.person_id)):
        page = here.get(address).content.decode()
        assert "Zwiefach" in page
        assert "GEHEIM" not in page
        assert "Pflegegrad" not in page
        assert request.number not in page
    assert here.get(at("seeker_care", pk=seeker.pk)).status_code == 404


def test_search_takes_as_many_queries_for_many(here: Client, office: Office) -> None:
    for number in (3, 12):
        for _each in range(number):
            seeker = HelpSeekerFactory(office=office, person=PersonFactory(family_name="Vielfach"))
            HelpRequestFactory(help_seeker=seeker)
        if number == 3:
            few = queries_of(here, at("search") + "?suche=Vielfach")
    assert queries_of(here, at("search") + "?suche=Vielfach") == few


def test_one_letter_and_nobody_are_answered_in_words(here: Client) -> None:
    assert "mindestens zwei Zeichen" in here.get(at("search"), {"suche": "x"}).content.decode()
    assert "Niemand gefunden" in here.get(at("search"), {"suche": "Unbekannt"}).content.decode()

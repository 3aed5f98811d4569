"""Every page opens for the own tandem; foreign and missing look the same; nothing that is sent breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helfer.people.models import Office, TieKind, User
from helfer.web.tandem.urls import urlpatterns
from tests.factories.city_runs import CityRunFactory, SuggestionFactory, UnservedFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import IncidentFactory, MatchFactory
from tests.factories.people import (
    ConsentFactory,
    HelpSeekerFactory,
    OfficeFactory,
    RepresentativeFactory,
    sign_in,
    tandem,
    tie,
)
from tests.kept_world import kept_world

from .conftest import MONDAY

pytestmark = pytest.mark.django_db

NAMES = [pattern.name for pattern in urlpatterns]
WITHOUT_OBJECT = {"desk", "search", "requests", "request_new", "helpers", "helper_new", "matches", "pile"} | {
    "city_runs",
    "city_run_start",
}
# Pages of other chapters have tests of their own.
OURS = [
    name
    for name in NAMES
    if name
    # A piece of a page.
    and name != "city_run_progress"
    and name.split("_")[0]
    in {"city", "suggestion"}
    | {"desk", "pile", "search", "request", "requests", "candidates", "propose", "helper", "helpers"}
    | {"pause", "certificate", "match", "matches", "incident", "person", "tie", "seeker", "representative"}
]
NONSENSE = (
    "?seite=abc&sortierung=xx&suche=%00&text=%00&vertretung=9999999999999999&state=%00&role=-1&district=x"
)
HUGE = 10**30


def world(office: Office) -> dict[str, Any]:
    """One of everything that belongs to this office."""
    seeker = HelpSeekerFactory(office=office)
    match = MatchFactory(request=HelpRequestFactory(help_seeker=seeker, open=True), to="active")
    helper = match.helper
    other = HelpSeekerFactory(office=office)
    waiting = HelpRequestFactory(help_seeker=other, open=True)
    representative = RepresentativeFactory(help_seeker=other, authorised=True)
    run = CityRunFactory(office=office)
    UnservedFactory(run=run, request=HelpRequestFactory(help_seeker=other, open=True))
    lent = MatchFactory(lending_office=office, helper=HelperProfileFactory(active=True, office=office))
    things = {
        "request": waiting, "candidates": waiting, "propose": waiting, "helper": helper,
        "certificate": CertificateFactory(helper=helper), "pause": PauseFactory(helper=helper),
        "match": match, "incident": IncidentFactory(match=match), "person": other.person,
        "tie": tie(other.person, helper.person, TieKind.RELATIVE), "seeker": other,
        "representative": representative, "lent": lent,
        "city": run, "suggestion": SuggestionFactory(run=run, request=waiting),
    }  # fmt: skip
    ConsentFactory(person=other.person)
    return things


@dataclass
class Kept:
    """What the tests of this module share."""

    city: User
    own: dict[str, Any]
    foreign: dict[str, Any]


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
    with pytest.MonkeyPatch.context() as patch, kept_world(django_db_blocker):
        patch.setattr("django.utils.timezone.now", lambda: MONDAY)
        office = OfficeFactory(name="Seniorenbüro Mitte")
        city, _association = tandem(office)
        yield Kept(city, world(office), world(OfficeFactory()))


@pytest.fixture
def here(client: Client, kept: Kept) -> Client:
    """The browser of the municipal side."""
    return sign_in(client, kept.city)


def addresses(name: str, things: dict[str, Any], pk: int | None = None) -> list[str]:
    """Where this page is for what belongs to the office (or for ``pk``)."""
    if name == "pile":
        return [reverse("tandem:pile", kwargs={"key": key}) for key in ("offen", "ausleihen", "pausen")]
    if name in WITHOUT_OBJECT:
        return [reverse(f"tandem:{name}")]
    thing = things["helper" if name == "certificate_new" else name.split("_")[0]]
    if name == "representative_add":
        thing = things["seeker"]
    if name in ("match_lend", "match_refuse_to_lend"):
        thing = things["lent"]
    where: dict[str, Any] = {"pk": pk or thing.pk}
    if name == "propose":
        where["helper_id"] = things["helper"].pk
    pattern = next(each for each in urlpatterns if each.name == name)
    if "party" in pattern.pattern.converters:
        return [reverse(f"tandem:{name}", kwargs=where | {"party": party}) for party in ("helfer", "anfrage")]
    return [reverse(f"tandem:{name}", kwargs=where)]


def plain(html: bytes) -> str:
    """A page without what differs from request to request."""
    return re.sub(
        r'(name="csrfmiddlewaretoken" value|name="form_key" value|nonce)="[^"]*"', "", html.decode()
    )


@pytest.mark.parametrize("name", OURS)
def test_page_opens_for_the_own_tandem_whatever_the_address_asks(here: Client, kept: Kept, name: str) -> None:
    for address in addresses(name, kept.own):
        for asked in ("", NONSENSE):
            answer = here.get(address + asked)
            assert answer.status_code == 200, address + asked
            assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name in OURS if name not in WITHOUT_OBJECT])
def test_foreign_and_missing_look_the_same(here: Client, kept: Kept, name: str) -> None:
    things = kept.foreign
    foreign = addresses(name, things)
    for address, missing, huge in zip(
        foreign, addresses(name, things, 99_999_999), addresses(name, things, HUGE), strict=True
    ):
        for call in (here.get, here.post):
            answers = [call(each) for each in (address, missing, huge)]
            # Pages that only show something take no POST at all, whatever they are about.
            codes = {answer.status_code for answer in answers}
            assert codes == {404} or (call == here.post and codes == {405}), (address, codes)
            asked = (address, missing, huge)
            pages = {
                plain(answer.content).replace(own, "") for own, answer in zip(asked, answers, strict=True)
            }
            assert len(pages) == 1


@pytest.mark.parametrize("name", OURS)
def test_nothing_sent_to_a_page_breaks_it(here: Client, kept: Kept, name: str) -> None:
    """Every field filled with what no field can be."""
    for address in addresses(name, kept.own):
        page = here.get(address)
        form = "listing" not in page.context and page.context.get("form")
        # A choice that only leads to another page is not sent to its own.
        if not form or "POST" not in here.options(address).headers["Allow"]:
            continue
        for value in ("\x00", "9" * 400, "-1", "31.2.2026", "1.1.9999", "1.1.0001", "'\"<>", str(HUGE)):
            answer = here.post(address, dict.fromkeys(form.fields, value))
            assert answer.status_code in (303, 403, 409, 422, 200), (address, value)
            if answer.status_code == 303:
                break


def test_own_side_of_a_match_that_does_not_exist_is_missing(here: Client, kept: Kept) -> None:
    match = kept.own["match"]
    for name in (
        "match_consent",
        "match_decline",
        "match_withdraw_consent",
        "match_confirm_trial",
        "match_sheet",
    ):
        for call in (here.get, here.post):
            address = reverse(f"tandem:{name}", kwargs={"pk": match.pk, "party": "nachbar"})
            expected = (404, 405) if name == "match_sheet" else (404,)
            assert call(address).status_code in expected

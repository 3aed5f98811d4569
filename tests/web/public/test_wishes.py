"""„Diese Hilfe anfragen“: what somebody read of reaches the office; it opens nothing, tells nobody else."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import publish_offers
from helfer.matching.candidates import shortlist
from helfer.matching.models import PublicOffer, Wish
from helfer.people.models import Office, OfficeDistrict, Side
from helfer.web.public import journeys
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.people import OfficeFactory, SeatFactory, sign_in
from tests.matching.public_town import TODAY, build_town, home_in, listed
from tests.web.public.walking import Pages, walk_through

pytestmark = pytest.mark.django_db

START = "/hilfe-suchen/"
ASKED: Pages = [
    ("fuer-wen", {"who": "self"}),
    ("hilfe", {"situation": "besuch"}),
    ("jemand", {"has_somebody": "no"}),
    ("name", {"given_name": "Erna", "family_name": "Müller"}),
    ("wo", {"street": "", "house_number": "", "postcode": "99999", "town": ""}),
    ("wann", {}),
    ("wie-oft", {"frequency": "woechentlich"}),
    ("seit-wann", {"since": "weeks"}),
    ("sprachen", {"languages": ["de"], "another": ""}),
    ("wuensche", {"wanted_gender": "unsure", "wishes": ""}),
    ("gesundheitsangaben", {"answer": "no"}),
    ("telefon", {"phone": "0231 5550101"}),
    ("anruf", {"best_time": "any"}),
    ("bestaetigung", {"how": "no", "email": ""}),
    ("weitergabe", {"answer": "no"}),
    ("aushang", {"answer": "no"}),
]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Of the town with two districts."""
    cache.clear()
    monkeypatch.setattr(journeys, "QUICKEST_SECONDS", 0)
    quarters = build_town()
    office: Office = OfficeFactory(name="Büro am Markt", phone="+4923112345")
    OfficeDistrict.objects.create(office=office, district=quarters[0].district)
    return office


@pytest.fixture
def role(office: Office) -> Role:
    return RoleFactory(slug="besuch", name="Besuchsdienst")


@pytest.fixture
def offer(office: Office, role: Role) -> PublicOffer:
    """Two helpers of the office and one of another stand behind it."""
    for family_name in ("Ahrens", "Brandt"):
        listed(role, office=office, person__family_name=family_name)
    listed(role, office=OfficeFactory(name="Büro anderswo"), person__family_name="Fernau")
    publish_offers(on=TODAY)
    return PublicOffer.objects.get()


def desk_of(office: Office) -> Client:
    city = SeatFactory(office=office, side=Side.MUNICIPAL).user
    SeatFactory(office=office, side=Side.ASSOCIATION)
    return sign_in(Client(), city)


def test_whoever_reads_an_offer_asks_for_it_and_the_office_sees_the_wish(
    client: Client, offer: PublicOffer, office: Office
) -> None:
    page = client.get(reverse("public:offer", args=[offer.public_id])).content.decode()
    assert f'href="{START}?angebot={offer.public_id}"' in page
    begin = client.get(START, {"angebot": str(offer.public_id)}).content.decode()
    assert f"Sie fragen nach: Besuchsdienst, Angebot {offer.short_number}" in begin
    walk_through(client, START, ASKED, angebot=str(offer.public_id))
    client.post(f"{START}uebersicht/", follow=True)
    request = HelpRequest.objects.get()
    assert set(Wish.objects.filter(request=request).values_list("helper", flat=True)) == set(
        HelperProfile.objects.values_list("pk", flat=True)
    )
    HelpRequest.objects.update(office=office)
    shown = desk_of(office).get(reverse("tandem:request", args=[request.pk])).content.decode()
    assert f"{offer.short_number}: " in shown
    assert "Ahrens" in shown and "Brandt" in shown
    # Of the third one knows only what the page of the public says.
    assert "Fernau" not in shown
    assert "jemand aus einem anderen Büro" in shown


def test_the_kind_of_help_is_proposed_and_may_be_changed(
    client: Client, offer: PublicOffer, role: Role
) -> None:
    RoleFactory(slug="einkauf", name="Einkaufen")
    client.post(START, {"angebot": str(offer.public_id)})
    client.post(f"{START}fuer-wen/", {"who": "self"})
    assert client.get(f"{START}hilfe/").context["form"]["situation"].value() == "besuch"
    changed = [(page, {"situation": "einkauf"} if page == "hilfe" else said) for page, said in ASKED]
    walk_through(client, START, changed, angebot=str(offer.public_id))
    client.post(f"{START}uebersicht/", follow=True)
    request = HelpRequest.objects.get()
    assert request.role is not None and request.role.slug == "einkauf"
    assert request.wishes.count() == 3


def test_whoever_goes_on_with_earlier_answers_keeps_them_and_asks_for_what_they_read_of(
    client: Client, offer: PublicOffer
) -> None:
    RoleFactory(slug="einkauf", name="Einkaufen")
    client.post(START)
    for page, said in ASKED[:3]:
        client.post(f"{START}{page}/", {"situation": "einkauf"} if page == "hilfe" else said)
    begin = client.get(START, {"angebot": str(offer.public_id)}).content.decode()
    assert "Ihre Antworten sind noch da." in begin
    shown = client.post(START, {"angebot": str(offer.public_id), "go": "on"}, follow=True)
    assert shown.request["PATH_INFO"] == f"{START}name/"
    for page, said in ASKED[3:]:
        shown = client.post(f"{START}{page}/", said, follow=True)
    assert f"Angebot {offer.short_number}" in shown.content.decode()
    client.post(f"{START}uebersicht/", follow=True)
    request = HelpRequest.objects.get()
    assert request.role is not None and request.role.slug == "einkauf"
    assert request.wishes.count() == 3


@pytest.mark.parametrize(
    "typed", ["00000000-0000-4000-8000-000000000000", "kein-angebot", "'; DROP TABLE", "\x00"]
)
def test_an_offer_that_is_gone_keeps_nobody_from_asking(client: Client, role: Role, typed: str) -> None:
    assert "Sie fragen nach" not in client.get(START, {"angebot": typed}).content.decode()
    walk_through(client, START, ASKED, angebot=typed)
    client.post(f"{START}uebersicht/", follow=True)
    assert HelpRequest.objects.count() == 1
    assert not Wish.objects.exists()


def test_an_offer_that_goes_while_somebody_types_loses_only_the_wish(
    client: Client, offer: PublicOffer
) -> None:
    walk_through(client, START, ASKED, angebot=str(offer.public_id))
    PublicOffer.objects.all().delete()
    client.post(f"{START}uebersicht/", follow=True)
    assert HelpRequest.objects.count() == 1
    assert not Wish.objects.exists()


def test_a_wish_changes_neither_who_is_suggested_nor_in_which_order(
    offer: PublicOffer, office: Office, role: Role
) -> None:
    request = HelpRequestFactory(open=True, role=role, office=office, help_seeker__person__home=home_in(0))
    before = shortlist(request, on=TODAY)
    assert len(before.candidates) == 3
    last = HelperProfile.objects.get(pk=before.candidates[-1].helper_id)
    Wish.objects.create(request=request, helper=last, offer_number="ABC123", said_at="2026-11-02T10:00Z")
    assert shortlist(request, on=TODAY) == before
    shown = desk_of(office).get(reverse("tandem:candidates", args=[request.pk])).content.decode()
    assert shown.count("Das Angebot wurde auf der Seite gelesen.") == 1


def test_the_number_said_on_the_phone_finds_who_stands_behind(offer: PublicOffer, office: Office) -> None:
    desk = desk_of(office)
    found = desk.get(reverse("tandem:search"), {"suche": offer.short_number.lower()}).content.decode()
    assert "Ahrens" in found and "Brandt" in found
    assert "Fernau" not in found


def test_the_number_is_noted_during_the_call(offer: PublicOffer, office: Office, role: Role) -> None:
    desk = desk_of(office)
    call = {
        "family_name": "Bergermann", "given_name": "Erika", "phone": "0231 5559999",
        "frequency": "woechentlich", "care_level": "none", "office": office.pk, "role": role.pk,
        "offer_number": f" {offer.short_number.lower()} ", "form_key": "k1",
    }  # fmt: skip
    assert desk.post(reverse("tandem:request_new"), call).status_code == 303
    assert Wish.objects.filter(request__help_seeker__person__family_name="Bergermann").count() == 3
    wrong = desk.post(
        reverse("tandem:request_new"),
        call | {"offer_number": "FFFFFF", "family_name": "Zweite", "phone": "0231 5558888", "form_key": "k2"},
    )
    assert wrong.status_code == 409
    assert "steht nicht mehr auf der Seite" in wrong.content.decode()
    assert "Zweite" in wrong.content.decode()
    assert HelpRequest.objects.count() == 1

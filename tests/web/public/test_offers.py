"""Angebote: for everybody, from the public table alone, with links that hold a quarter at most."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helfer.helpers.models import HelperProfile, PublicCard
from helfer.matching.actions import publish_offers
from helfer.matching.models import PublicOffer
from helfer.people.models import Consent, OfficeDistrict
from helfer.places.models import Address, Municipality, Quarter
from helfer.places.normalise import street_key
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in
from tests.matching.public_town import TODAY, build_town, home_in, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> list[Quarter]:
    """Nine helpers in the first quarter, three in the last one, four speak Turkish."""
    cache.clear()
    quarters = build_town()
    office = OfficeFactory(phone="+4923112345")
    OfficeDistrict.objects.create(office=office, district=quarters[0].district)
    visits, shopping = (
        RoleFactory(slug="besuch", name="Besuche"),
        RoleFactory(slug="einkauf", name="Einkaufen"),
    )
    for at in range(9):
        listed(
            visits if at < 6 else shopping,
            0,
            languages=["de", "tr"] if at < 4 else ["de"],
            times=["mo-vm", "di-nm"],
            person__home=home_in(0, 0.1 * (at + 1), 0.3),
            person__family_name="Geheimhausen",
        )
    for _ in range(3):
        listed(visits, 3, times=["so-ab"])
    publish_offers(on=TODAY)
    return quarters


def body(client: Client, url_name: str = "offers", **query: str) -> str:
    shown = client.get(reverse(f"public:{url_name}"), query)
    assert shown.status_code == 200
    return shown.content.decode()


def test_everybody_reads_what_is_listed_and_nothing_else(client: Client, town: list[Quarter]) -> None:
    text = body(client)
    assert "12 Angebote" in text
    assert "Besuche (9)" in text
    # Four speak it; three stand together, the fourth stands with two who do not.
    assert "Türkisch (3)" in text
    assert "Geheimhausen" not in text
    assert "Musterweg" not in text


def test_filters_places_and_pages_stand_in_the_address(client: Client, town: list[Quarter]) -> None:
    here = f"q{town[0].pk}"
    assert "9 Angebote" in body(client, ort=here, umkreis="hier")
    assert "3 Angebote" in body(client, sprache="tr")
    assert "3 Angebote" in body(client, zeit="ab", taetigkeit="besuch")
    assert "0 Angebote" in body(client, zeit="ab", taetigkeit="einkauf")
    far = body(client, ort=here, taetigkeit="besuch")
    assert "in Ihrem Quartier" in far
    assert "etwa 2,1 km entfernt" in far
    # What makes no sense is left out, not an error.
    assert "12 Angebote" in body(client, ort="q1;drop", umkreis="99", seite="-4", sprache="x" * 400)


def test_a_street_becomes_a_quarter_and_is_kept_nowhere(client: Client, town: list[Quarter]) -> None:
    Address.objects.create(
        municipality=Municipality.objects.default(),
        street="Kaiserstraße",
        street_norm=street_key("Kaiserstraße"),
        house_number="7",
        postcode="44135",
        point=home_in(2),
    )
    answer = client.post(reverse("public:offers_place"), {"wo": "Kaiserstr. 7", "taetigkeit": "besuch"})
    assert answer.status_code == 303
    assert answer["Location"] == f"/angebote/?ort=q{town[2].pk}&taetigkeit=besuch"
    assert "Kaiser" not in str(dict(client.session))
    unknown = client.post(reverse("public:offers_place"), {"wo": "Nirgendwogasse"})
    assert unknown.status_code == 422
    assert "Diesen Ort kennen wir nicht" in unknown.content.decode()
    # Two quarters of this name: the visitor chooses.
    both = client.post(reverse("public:offers_place"), {"wo": "quartier 0"}).content.decode()
    assert f"ort=q{town[0].pk}" in both
    assert f"ort=q{town[2].pk}" in both


def test_two_addresses_in_one_quarter_get_the_same_answer(client: Client, town: list[Quarter]) -> None:
    """No number of places narrows anybody down: an answer depends on the quarter asked from alone."""
    texts = set()
    for at in range(40):
        Address.objects.create(
            municipality=Municipality.objects.default(),
            street="Lange Straße",
            street_norm=street_key("Lange Straße"),
            house_number=str(at + 1),
            postcode="44135",
            point=Point(*home_in(1, (at % 8 + 0.5) / 8, (at // 8 + 0.5) / 5), srid=4326),
        )
        answer = client.post(reverse("public:offers_place"), {"wo": f"Lange Straße {at + 1}"})
        texts.add(answer["Location"])
    assert texts == {f"/angebote/?ort=q{town[1].pk}"}


def test_an_offer_leads_to_the_office_and_one_that_is_gone_says_so(
    client: Client, town: list[Quarter]
) -> None:
    offer = PublicOffer.objects.filter(quarter=town[0]).first()
    assert offer is not None
    shown = client.get(reverse("public:offer", args=[offer.public_id])).content.decode()
    assert offer.short_number in shown
    assert "0231 12345" in shown
    gone = client.get(reverse("public:offer", args=[uuid4()]))
    assert gone.status_code == 404
    assert "steht nicht mehr hier" in gone.content.decode()


def test_map_and_sheet_show_quarters_with_their_numbers(client: Client, town: list[Quarter]) -> None:
    drawn = body(client, "offers_map")
    assert "9 Angebote" in drawn
    assert f"ort=q{town[0].pk}" in drawn
    sheet = body(client, "offers_sheet")
    assert "0231 12345" in sheet
    assert all(offer.short_number in sheet for offer in PublicOffer.objects.all())


@pytest.mark.parametrize("page", ["offers", "offers_map", "offers_sheet"])
def test_more_offers_cost_no_more_queries_and_no_page_reads_about_people(
    page: str, client: Client, town: list[Quarter]
) -> None:
    def asked() -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            body(client, page, ort=f"q{town[1].pk}", umkreis="5")
        return [query["sql"] for query in captured]

    few = asked()
    for _ in range(6):
        listed(RoleFactory(), 1)
    publish_offers(on=TODAY)
    many = asked()
    assert len(many) == len(few) <= 16
    for table in ("people_person", "helpers_", "help_requests_", "publicoffermember", "people_consent"):
        assert not [query for query in many if table in query], table


# The helper's and the office's side


def test_a_helper_chooses_sees_the_preview_says_yes_and_takes_it_back(client: Client) -> None:
    user = UserFactory(helper=True, person__given_name="Milica", person__family_name="Geheim")
    helper: HelperProfile = HelperProfileFactory(
        person=user.person, active=True, roles=[RoleFactory(name="Besuche")], languages=["de", "sr"]
    )
    sign_in(client, user)
    assert "Zurzeit sieht Sie niemand" in client.get(reverse("helper:card")).content.decode()
    preview = client.get(reverse("helper:card_preview"), {"name": "given_name", "languages": "on"})
    text = preview.content.decode()
    assert "Milica" in text and "Serbisch" in text
    assert "Geheim" not in text.split("<main")[1].split("<footer")[0]
    assert not PublicCard.objects.exists()
    hidden = dict(preview.context["hidden"])
    said = client.post(reverse("helper:card_preview"), hidden)
    assert said.status_code == 303
    card = PublicCard.objects.get(helper=helper)
    assert (card.name, card.languages, card.consent.channel) == ("Milica", ["de", "sr"], "online")
    # What was not in the preview needs another yes.
    HelperProfile.objects.filter(pk=helper.pk).update(languages=["de", "sr", "hr"])
    assert client.post(reverse("helper:card_preview"), hidden).status_code == 409
    assert client.post(reverse("helper:card_hide")).status_code == 303
    assert not PublicCard.objects.exists()
    assert Consent.objects.get().withdrawn_at is not None


def test_staff_write_down_a_yes_that_they_were_told(client: Client) -> None:
    seat = SeatFactory()
    helper = HelperProfileFactory(active=True, office=seat.office, roles=[RoleFactory()])
    sign_in(client, seat.user)
    where = {"pk": helper.pk}
    assert "wird nichts gezeigt" in client.get(reverse("tandem:helper_card", kwargs=where)).content.decode()
    preview = client.get(reverse("tandem:helper_card_preview", kwargs=where), {"half_days": "on"})
    sent = dict(preview.context["hidden"]) | {"channel": "phone", "given_on": "1.1.2026"}
    assert client.post(reverse("tandem:helper_card_preview", kwargs=where), sent).status_code == 303
    consent = PublicCard.objects.get(helper=helper).consent
    assert (consent.channel, consent.recorded_by, consent.text_version) == ("phone", seat.user, "karte-1")
    assert consent.given_at.date().isoformat() == "2026-01-01"
    assert client.post(reverse("tandem:helper_card_hide", kwargs=where)).status_code == 303
    assert not PublicCard.objects.exists()

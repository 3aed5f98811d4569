"""Mitmachen: one question to a page, from the first to the number at the end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from helfer.catalogue.models import CompensationModel, EvidenceType
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile, HelperState, PublicCard
from helfer.matching.actions import publish_wanted
from helfer.matching.models import Interest, PublicWanted
from helfer.notifications.models import Message
from helfer.people.models import Consent, Office, Person
from helfer.web.public import journeys, limits
from tests.factories.catalogue import (
    CompensationModelFactory,
    CompensationRateFactory,
    RoleFactory,
    TrainingFactory,
)
from tests.factories.people import SeatFactory, sign_in
from tests.matching.public_town import TODAY, listed_request
from tests.web.public.walking import Pages, walk_through

START = "/mitmachen/"
SUMMARY, DONE = f"{START}uebersicht/", f"{START}fertig/"
OWN: Pages = [
    ("name", {"given_name": "Jasna", "family_name": "Kovać"}),
    ("kontakt", {"how": "phone", "phone": "0231 5550102", "email": ""}),
    ("wo", {"street": "Lindenhof", "house_number": "3", "postcode": "", "town": ""}),
    ("ueber-sie", {"birth_year": "1966", "gender": "w"}),
    ("taetigkeiten", {"roles": ["einkauf", "besuch"]}),
    ("wann", {"times": ["di-nm", "mo-vm"]}),
    ("weite", {"radius_m": "1000"}),
    ("sprachen", {"languages": ["de", "pl"], "another": "Sorbisch"}),
    ("grenzen", {"max_people": "2", "no_pets": "on"}),
    ("geld", {"compensation_models": ["ehrenamt", "ehrenamtspauschale"]}),
    ("schulungen", {"trainings": []}),
    ("karte", {"answer": "yes"}),
    ("noch-etwas", {"remark": "Ich habe einen Hund."}),
    ("bestaetigung", {"how": "letter"}),
]


@pytest.fixture(autouse=True)
def town(journey_town: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    for slug, name in (("einkauf", "Einkaufshilfe"), ("besuch", "Besuch")):
        RoleFactory(slug=slug, name=name, does="Reden\nZuhören", does_not="Pflegen")
    CompensationModelFactory()
    yearly = CompensationModelFactory(slug="ehrenamtspauschale", name="Ehrenamtspauschale")
    CompensationRateFactory(model=yearly)
    TrainingFactory(slug="erste-hilfe", name="Erste Hilfe")
    TrainingFactory(slug="fz", name="Führungszeugnis", evidence_type=EvidenceType.INSPECTION)


def walk(client: Client, said: Pages, **begin: str) -> None:
    walk_through(client, START, said, **begin)


def changed(**pages: dict[str, Any]) -> Pages:
    """The same with other answers on these pages."""
    return [(page, pages.get(page.replace("-", "_"), answers)) for page, answers in OWN]


def send(client: Client, **more: str) -> Any:
    return client.post(SUMMARY, more, follow=True)


def photo() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", stream.getvalue(), content_type="image/jpeg")


def test_a_neighbour_registers_and_the_office_of_her_district_has_her(client: Client) -> None:
    walk(client, OWN)
    summary = client.get(SUMMARY).content.decode()
    for words in ("Jasna Kovać", "Lindenhof 3", "Dienstagnachmittag", "zwei Menschen, lieber ohne Haustiere"):
        assert words in summary
    done = send(client)
    helper = HelperProfile.objects.get()
    assert done.request["PATH_INFO"] == DONE
    assert (helper.state, helper.office) == (HelperState.REGISTERED, Office.objects.get())
    assert (helper.person.full_name, helper.person.phone.as_e164) == ("Jasna Kovać", "+492315550102")
    assert helper.person.home is not None
    assert {role.slug for role in helper.roles.all()} == {"einkauf", "besuch"}
    assert (helper.times, helper.radius_m, helper.languages) == (["mo-vm", "di-nm"], 1000, ["de", "pl"])
    assert (helper.max_people, helper.no_pets, helper.no_smokers) == (2, True, False)
    assert helper.compensation_models.count() == 2
    for words in ("Bitte anrufen.", "Möchte auf der Seite stehen", "Sorbisch", "Ich habe einen Hund."):
        assert words in helper.remark
    # A yes to being asked about the card is none to the card.
    assert not PublicCard.objects.exists() and not Consent.objects.exists()
    assert Message.objects.get().recipient == helper.person
    text = done.content.decode()
    for words in (helper.number, "Seniorenbüro Hafen", "Wir rufen Sie an"):
        assert words in text
    # Sent twice, it is there once; done means gone.
    send(client)
    assert HelperProfile.objects.count() == 1
    client.post(START, {"go": "forget"})
    assert client.get(DONE, follow=True).request["PATH_INFO"] == START


def test_the_desk_sees_who_has_registered(client: Client) -> None:
    walk(client, OWN)
    send(client)
    staff = SeatFactory(office=Office.objects.get()).user
    page = sign_in(Client(), staff).get(reverse("tandem:desk")).content.decode()
    assert "Neu angemeldete" in page
    assert "Jasna Kovać" in page


def test_without_phone_and_mail_one_is_written_to_and_needs_a_whole_address(client: Client) -> None:
    said = changed(kontakt={"how": "letter", "phone": "", "email": ""})
    walk_to = dict(said)
    client.post(START)
    for page in ("name", "kontakt"):
        client.post(f"{START}{page}/", walk_to[page])
    refused = client.post(f"{START}wo/", {"street": "", "house_number": "", "postcode": "44137", "town": ""})
    assert refused.status_code == 422
    assert "Für einen Brief brauchen wir" in refused.content.decode()
    walk(client, changed(kontakt=walk_to["kontakt"], wo=dict(walk_to["wo"], postcode="44137")))
    assert "Wir schreiben Ihnen" in send(client).content.decode()
    assert "Bitte einen Brief schreiben." in HelperProfile.objects.get().remark


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("phone", "Bitte schreiben Sie Ihre Telefonnummer."),
        ("email", "Bitte schreiben Sie Ihre E-Mail-Adresse."),
        ("", "Bitte wählen Sie eine Antwort."),
    ],
)
def test_who_wants_to_be_called_or_written_to_says_where(client: Client, how: str, sentence: str) -> None:
    client.post(START)
    client.post(f"{START}name/", OWN[0][1])
    refused = client.post(f"{START}kontakt/", {"how": how, "phone": "", "email": ""})
    assert refused.status_code == 422
    assert sentence in refused.content.decode()


def test_roles_say_what_they_are_and_are_not_and_money_by_example(client: Client) -> None:
    client.post(START)
    for page, answers in OWN[:4]:
        client.post(f"{START}{page}/", answers)
    roles = client.get(f"{START}taetigkeiten/").content.decode()
    for words in ("Das gehört dazu", "Zuhören", "Das gehört nicht dazu", "Pflegen"):
        assert words in roles
    for page, answers in OWN[4:9]:
        client.post(f"{START}{page}/", answers)
    money = client.get(f"{START}geld/").content.decode()
    assert "Höchstens 960 Euro" in money


def test_a_proof_is_sent_along_or_brought_along(client: Client) -> None:
    said = changed(schulungen={"trainings": ["erste-hilfe", "fz"]})
    asked = [page for page, _answers in said].index("karte")
    proofs = ("nachweise", {"file_erste-hilfe": photo(), "day_erste-hilfe": "3.4.2025"})
    client.post(START)
    for page, answers in said[:asked]:
        client.post(f"{START}{page}/", answers)
    # What is only looked at, is not asked for here.
    shown = client.get(f"{START}nachweise/").content.decode()
    assert "Erste Hilfe: Foto oder PDF" in shown
    assert "Führungszeugnis" not in shown
    without_day = client.post(f"{START}nachweise/", {"file_erste-hilfe": photo(), "day_erste-hilfe": ""})
    assert without_day.status_code == 422
    assert "das Datum, das auf dem Nachweis steht" in without_day.content.decode()
    # The file need not be chosen again.
    client.post(f"{START}nachweise/", {"day_erste-hilfe": proofs[1]["day_erste-hilfe"]})
    for page, answers in said[asked:]:
        client.post(f"{START}{page}/", answers)
    assert "Erste Hilfe" in client.get(SUMMARY).content.decode()
    send(client)
    certificate = Certificate.objects.get()
    assert (certificate.training.slug, certificate.verified_at) == ("erste-hilfe", None)
    with certificate.file.open() as kept:
        assert kept.read().startswith(b"\xff\xd8")
    assert "Hat nach eigenen Worten: Erste Hilfe, Führungszeugnis" in HelperProfile.objects.get().remark


def test_a_file_that_is_no_picture_is_refused_in_a_sentence_and_too_many_are_not_taken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = changed(schulungen={"trainings": ["erste-hilfe"]})
    client.post(START)
    for page, answers in said[:11]:
        client.post(f"{START}{page}/", answers)
    wrong = SimpleUploadedFile("lebenslauf.doc", b"\xd0\xcf\x11\xe0")
    refused = client.post(f"{START}nachweise/", {"file_erste-hilfe": wrong, "day_erste-hilfe": "3.4.2025"})
    assert refused.status_code == 422
    assert 'value="3.4.2025"' in refused.content.decode()
    monkeypatch.setattr(journeys, "MOST_FILES_BY_ADDRESS_AN_HOUR", 1)
    too_many = client.post(f"{START}nachweise/", {"file_erste-hilfe": photo()})
    assert "kamen gerade schon viele Dateien" in too_many.content.decode()


def test_who_cannot_say_where_they_live_is_kept_for_the_coordinators(client: Client) -> None:
    far = {"street": "", "house_number": "", "postcode": "99999", "town": ""}
    walk(client, changed(wo=far, bestaetigung={"how": "no"}))
    assert "die Geschäftsstelle" in send(client).content.decode()
    assert HelperProfile.objects.get().office is None


def test_who_is_known_already_is_a_record_of_its_own_until_the_desk_says_otherwise(client: Client) -> None:
    walk(client, OWN)
    send(client)
    walk(client, OWN)
    send(client)
    assert Person.objects.filter(family_name="Kovać").count() == 2
    assert HelperProfile.objects.values("number").distinct().count() == 2


def test_what_led_here_is_an_interest_at_the_desk(client: Client) -> None:
    office = Office.objects.get()
    staff = SeatFactory(office=office).user
    role = RoleFactory(slug="garten", name="Gartenhilfe")
    for _number in range(3):
        listed_request(role, staff)
    publish_wanted(on=TODAY)
    wanted = PublicWanted.objects.get()
    page = client.get(reverse("public:wanted_page", args=[wanted.public_id])).content.decode()
    begin = f"{START}?fuer={wanted.public_id}"
    assert begin in page
    assert str(wanted.public_id) in client.get(begin).content.decode()
    walk(client, OWN, fuer=str(wanted.public_id))
    send(client)
    assert {each.helper for each in Interest.objects.all()} == {HelperProfile.objects.get()}
    assert Interest.objects.count() == HelpRequest.objects.filter(role=role).count() == 3


@pytest.mark.parametrize("about", ["00000000-0000-4000-8000-000000000000", "Unfug", "\x00"])
def test_what_is_gone_or_never_was_stops_nobody(client: Client, about: str) -> None:
    walk(client, OWN, fuer=about)
    send(client)
    assert HelperProfile.objects.count() == 1
    assert not Interest.objects.exists()


def test_programs_and_the_impatient_are_not_let_through(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(client, OWN)
    assert send(client, **{limits.TRAP: "https://spam.example"}).status_code == 422
    assert not HelperProfile.objects.exists()
    monkeypatch.setattr(journeys, "MOST_BY_ADDRESS_AN_HOUR", 1)
    walk(client, OWN)
    send(client)
    walk(client, OWN)
    refused = send(client)
    assert refused.status_code == 429
    assert "Lindenhof" in refused.content.decode()


def test_nobody_is_refused_because_of_what_others_sent_and_nobody_is_flooded() -> None:
    for turn in range(journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY + 2):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{turn}")
        walk(visitor, OWN)
        assert send(visitor).request["PATH_INFO"] == DONE
    assert HelperProfile.objects.count() == journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY + 2
    assert Message.objects.count() == journeys.MOST_CONFIRMATIONS_BY_CONTACT_A_DAY


def test_a_role_that_goes_from_the_catalogue_is_asked_for_again(client: Client) -> None:
    walk(client, OWN)
    CompensationModel.objects.filter(slug="ehrenamtspauschale").update(is_active=False)
    assert client.get(SUMMARY, follow=True).request["PATH_INFO"] == f"{START}geld/"


def test_the_questions_are_also_a_sheet_of_paper(client: Client) -> None:
    sheet = client.get(reverse("public:register_sheet")).content.decode()
    for words in ("Einkaufshilfe", "<svg", f"http://testserver{START}", "0231 12345"):
        assert words in sheet

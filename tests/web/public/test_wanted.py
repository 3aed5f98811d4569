"""Hier wird Hilfe gesucht: for everybody, without a person or an illness; "Das kann ich" reaches the desk."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helfer.help_requests.models import RequestListing
from helfer.matching.actions import publish_wanted
from helfer.matching.models import Interest, PublicWanted
from helfer.people.models import Office, OfficeDistrict, User
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import SeatFactory, UserFactory, sign_in
from tests.matching.public_town import TODAY, build_town
from tests.matching.test_public_wanted import asked, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    """Whose office looks for visits: three in one district, dementia among them, one in the other."""
    cache.clear()
    quarters = build_town()
    staff: User = SeatFactory(office__phone="+4923112345").user
    office = Office.objects.of_tandem(staff).get()
    OfficeDistrict.objects.create(office=office, district=quarters[0].district)
    visits = RoleFactory(slug="besuch", name="Besuch")
    dementia = RoleFactory(slug="demenz", name="Demenzbegleitung", shown_publicly_as=visits)
    for role in (visits, visits, dementia):
        listed(
            role, staff, languages=["tr"], times=["mo-vm"], help_seeker__person__family_name="Geheimhausen"
        )
    listed(visits, staff, quarter=2, languages=["pl"], times=["so-ab"])
    publish_wanted(on=TODAY)
    return staff


def test_everybody_reads_what_is_sought_and_nothing_of_anybody(client: Client, staff: User) -> None:
    text = client.get(reverse("public:wanted")).content.decode().split("<main")[1]
    assert "Drei Menschen suchen das" in text
    assert "Türkisch" in text
    assert "Hier sucht jemand" in text
    # Two fewer than three: neither language nor time, and no illness in any line.
    assert "Polnisch" not in text and "Abend" not in text
    assert "Geheimhausen" not in text
    assert "Demenz" not in text
    row = PublicWanted.objects.get(number=3)
    narrowed = client.get(reverse("public:wanted"), {"ort": f"b{row.district_id}", "taetigkeit": "besuch"})
    assert "Hier sucht jemand" not in narrowed.content.decode()
    assert client.get(reverse("public:wanted_page", args=[uuid4()])).status_code == 404


def test_the_list_asks_the_same_number_of_questions_whatever_it_shows(client: Client, staff: User) -> None:
    def questions() -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("public:wanted"))
        return [query["sql"] for query in captured]

    few = questions()
    for _ in range(4):
        listed(RoleFactory(), staff)
    publish_wanted(on=TODAY)
    many = questions()
    assert len(many) == len(few) <= 8
    assert not [query for query in many if "people_person" in query or "help_requests_" in query]


def test_i_can_is_said_by_helpers_and_lies_on_the_desk(client: Client, staff: User) -> None:
    row = PublicWanted.objects.get(number=3)
    door = reverse("public:wanted_interest", args=[row.public_id])
    page = client.get(reverse("public:wanted_page", args=[row.public_id])).content.decode()
    assert "0231 12345" in page
    assert client.get(door).status_code == 302
    helper = HelperProfileFactory(active=True, person__given_name="Milica", person__family_name="Fremdner")
    here = sign_in(Client(), UserFactory(helper=True, person=helper.person))
    assert "Geheimhausen" not in here.get(door).content.decode()
    assert here.post(door).status_code == 303
    assert Interest.objects.count() == 3
    desk = sign_in(Client(), staff)
    assert "Das kann ich" in desk.get(reverse("tandem:desk")).content.decode()
    interest = Interest.objects.order_by("pk").first()
    assert interest is not None
    shown = desk.get(reverse("tandem:interest", kwargs={"pk": interest.pk})).content.decode()
    # A helper of another office: first name and district, until they are lent.
    assert "Milica" in shown and "Fremdner" not in shown
    assert desk.post(reverse("tandem:interest", kwargs={"pk": interest.pk})).status_code == 303
    interest.refresh_from_db()
    assert interest.settled_by == staff


def test_staff_read_the_preview_out_and_write_the_yes_down(staff: User) -> None:
    desk = sign_in(Client(), staff)
    request = asked(RoleFactory(name="Einkaufen"), staff, times=["mo-vm"])
    where = {"pk": request.pk}
    assert (
        reverse("tandem:request_listing", kwargs=where)
        in desk.get(reverse("tandem:request", kwargs=where)).content.decode()
    )
    page = desk.get(reverse("tandem:request_listing", kwargs=where))
    assert "Vormittag" in page.content.decode()
    sent = dict(page.context["hidden"]) | {"channel": "phone", "given_on": "1.1.2026"}
    stale = desk.post(reverse("tandem:request_listing", kwargs=where), sent | {"seen": "x"})
    assert stale.status_code == 409
    assert desk.post(reverse("tandem:request_listing", kwargs=where), sent).status_code == 303
    assert RequestListing.objects.get(request=request).consent.recorded_by == staff
    assert desk.post(reverse("tandem:request_unlist", kwargs=where)).status_code == 303
    assert not RequestListing.objects.filter(request=request).exists()

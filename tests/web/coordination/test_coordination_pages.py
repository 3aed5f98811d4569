"""The Geschäftsstelle: counts of the city, offices and seats; nobody's request or match."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from helfer.help_requests.models import RequestState
from helfer.matching.figures import shown, total_shown
from helfer.people.models import Kind, Office, Seat, Side
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import (
    HelpSeekerFactory,
    OfficeFactory,
    SeatFactory,
    UserFactory,
    sign_in,
)
from tests.factories.places import DistrictFactory, point_in

from .conftest import at

pytestmark = pytest.mark.django_db


COORDINATOR_PAGES = (
    "desk",
    "offices",
    "office_new",
    "seats",
    "seat_new",
    "unplaced",
    "merge",
    "catalogue",
    "role_new",
    "training_new",
    "model_new",
    "rule_new",
)


ACCOUNT_PAGES = ("people", "account_new")


DPO_PAGES = ("events", "consents")


@pytest.mark.parametrize(
    ("kind", "pages", "hidden"),
    [
        ("coordinator", COORDINATOR_PAGES + ACCOUNT_PAGES, DPO_PAGES),
        ("administrator", ACCOUNT_PAGES, COORDINATOR_PAGES + DPO_PAGES),
        ("dpo", DPO_PAGES, COORDINATOR_PAGES + ACCOUNT_PAGES),
        ("helper", (), COORDINATOR_PAGES + ACCOUNT_PAGES + DPO_PAGES),
        ("tandem", (), COORDINATOR_PAGES + ACCOUNT_PAGES + DPO_PAGES),
        ("training", (), COORDINATOR_PAGES + ACCOUNT_PAGES + DPO_PAGES),
    ],
)
def test_each_kind_finds_its_own_pages_only(
    kind: str, pages: tuple[str, ...], hidden: tuple[str, ...], client: Client
) -> None:
    sign_in(client, UserFactory(**{kind: True}))
    assert {page: client.get(at(page)).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert {page: client.get(at(page)).status_code for page in hidden} == dict.fromkeys(hidden, 404)


def test_small_counts_are_not_shown_and_cannot_be_worked_out() -> None:
    assert [shown(count) for count in (0, 2, 3, 12)] == ["unter 3", "unter 3", "3", "12"]
    assert total_shown([3, 4]) == "7"
    assert total_shown([3, 4, 2]) == "mindestens 7"
    assert total_shown([1, 2]) == "unter 3"


def test_the_overview_counts_by_district_and_names_nobody(here: Client) -> None:
    district = DistrictFactory(name="Hörde", at=(0, 0))
    office = OfficeFactory(name="Büro Süd", districts=[district])
    home = point_in(0.5, 0.5)
    for _each in range(3):
        seeker = HelpSeekerFactory(person__home=home, person__family_name="Bergermann", office=office)
        HelpRequestFactory(help_seeker=seeker, open=True)
    late = MatchFactory(to="active").check_ins.get()
    late.escalated_to_coordinator_on = date(2026, 11, 1)
    late.save(update_fields=["escalated_to_coordinator_on"])
    text = here.get(at("desk")).content.decode()
    assert "3 offene Anfragen, unter 3 laufende Vermittlungen" in text
    assert late.match.office.name in text
    assert "Bergermann" not in text and late.match.helper.person.family_name not in text


def test_the_overview_asks_a_constant_number_of_questions(
    here: Client, django_assert_max_num_queries: Any
) -> None:
    DistrictFactory()
    here.get(at("desk"))
    with django_assert_max_num_queries(30) as few:
        here.get(at("desk"))
    for _each in range(4):
        OfficeFactory(districts=[DistrictFactory()])
        MatchFactory(to="active")
    with django_assert_max_num_queries(len(few)):
        here.get(at("desk"))


OFFICE = {
    "name": "Seniorenbüro Aplerbeck",
    "street": "Am Markt 1",
    "postcode": "44137",
    "town": "Dortmund",
    "phone": "0231 50-0",
    "email": "",
    "opening_hours": "Mo 9–12",
}


def test_an_office_is_opened_with_its_districts(here: Client) -> None:
    free, taken = DistrictFactory(), DistrictFactory()
    other = OfficeFactory(districts=[taken])
    shown_form = here.get(at("office_new")).content.decode()
    assert f"jetzt: {other.name}" in shown_form and "noch kein Büro" in shown_form
    typed = OFFICE | {"municipality": free.municipality_id, "districts": [free.pk, taken.pk]}
    refused = here.post(at("office_new"), typed)
    assert refused.status_code == 409 and "Seniorenbüro Aplerbeck" in refused.content.decode()
    assert here.post(at("office_new"), typed | {"districts": [free.pk]}).status_code == 303
    office = Office.objects.get(name="Seniorenbüro Aplerbeck")
    assert list(office.districts.all()) == [free]


def test_an_office_is_changed_and_closed(here: Client) -> None:
    office = OfficeFactory()
    refused = here.post(at("office_edit", pk=office.pk), OFFICE | {"postcode": "4413"})
    assert refused.status_code == 422 and 'value="4413"' in refused.content.decode()
    assert here.post(at("office_edit", pk=office.pk), OFFICE).status_code == 303
    office.refresh_from_db()
    assert (office.is_active, office.opening_hours) == (False, "Mo 9–12")
    assert here.get(at("office", pk=99_999_999)).status_code == 404


def test_districts_and_days_off_of_an_office_change(here: Client) -> None:
    district = DistrictFactory()
    office = OfficeFactory(municipality=district.municipality)
    assert here.post(at("office_districts", pk=office.pk), {"districts": [district.pk]}).status_code == 303
    assert list(office.districts.all()) == [district]
    backwards = {"from_day": "24.12.2026", "until_day": "23.12.2026", "reason": "Weihnachten"}
    refused = here.post(at("holiday_new", pk=office.pk), backwards)
    assert refused.status_code == 409 and "Das Ende liegt vor dem Anfang" in refused.content.decode()
    typed = backwards | {"until_day": "31.12.2026"}
    assert here.post(at("holiday_new", pk=office.pk), typed).status_code == 303
    assert "Weihnachten" in here.get(at("office", pk=office.pk)).content.decode()
    assert here.post(at("holiday_remove", pk=office.holidays.get().pk)).status_code == 303
    assert not office.holidays.exists()


def test_nobody_gets_both_sides_of_a_tandem(here: Client) -> None:
    seat = SeatFactory()
    typed = {
        "office": seat.office_id,
        "side": "association",
        "user": seat.user_id,
        "carrier": "Verband",
        "from_day": "1.12.2026",
        "until_day": "",
    }
    refused = here.post(at("seat_new"), typed)
    assert refused.status_code == 409
    assert "Niemand darf beide Seiten zugleich vertreten" in refused.content.decode()
    assert Seat.objects.count() == 1


def test_a_seat_is_given_ended_and_handed_over(here: Client) -> None:
    office, holder, next_one = OfficeFactory(), UserFactory(tandem=True), UserFactory(editor=True)
    typed = {"office": office.pk, "side": "association", "user": holder.pk, "from_day": "1.12.2026"}
    refused = here.post(at("seat_new"), typed)
    assert refused.status_code == 409 and "Träger" in refused.content.decode()
    assert here.post(at("seat_new"), typed | {"carrier": "Verband"}).status_code == 303
    seat = Seat.objects.get()
    over = {"to": next_one.pk, "from_day": "1.2.2027"}
    assert here.post(at("seat_hand_over", pk=seat.pk), over).status_code == 303
    seat.refresh_from_db()
    new = Seat.objects.get(user=next_one)
    assert (seat.until_day, new.side, new.carrier) == (date(2027, 1, 31), Side.ASSOCIATION, "Verband")
    assert here.post(at("seat_end", pk=new.pk), {"until_day": "1.1.2027"}).status_code == 409
    assert here.post(at("seat_end", pk=new.pk), {"until_day": "1.3.2027"}).status_code == 303


def test_whoever_has_no_office_gets_one(here: Client) -> None:
    office = OfficeFactory()
    helper = HelperProfileFactory(office=None, active=True)
    request = HelpRequestFactory(help_seeker__office=None, open=True)
    page = here.get(at("unplaced")).content.decode()
    assert helper.person.full_name in page and request.help_seeker.person.full_name in page
    assert here.post(at("place_helper", pk=helper.pk), {"office": ""}).status_code == 422
    assert here.post(at("place_helper", pk=helper.pk), {"office": office.pk}).status_code == 303
    assert here.post(at("place_request", pk=request.pk), {"office": office.pk}).status_code == 303
    helper.refresh_from_db()
    request.refresh_from_db()
    assert (helper.office, request.office, request.help_seeker.office) == (office, office, office)
    assert request.state == RequestState.OPEN
    # From now on they are the office's own.
    assert here.get(at("place_helper", pk=helper.pk)).status_code == 404


def test_people_entered_twice_become_one(here: Client) -> None:
    kept = UserFactory(tandem=True, person__family_name="Doppel").person
    twice = HelperProfileFactory(office=None, person__family_name="Doppel").person
    foreign = HelperProfileFactory(person__family_name="Doppel").person
    assert kept is not None
    page = here.get(at("merge"), {"text": "Doppel"}).content.decode()
    assert page.count(f'value="{kept.pk}"') == 2 and f'value="{foreign.pk}"' not in page
    url = at("merge") + "?text=Doppel"
    assert here.post(url, {"survivor": kept.pk, "duplicate": kept.pk}).status_code == 409
    assert here.post(url, {"survivor": kept.pk, "duplicate": foreign.pk}).status_code == 422
    assert here.post(url, {"survivor": kept.pk, "duplicate": twice.pk}).status_code == 303
    twice.refresh_from_db()
    assert twice.merged_into == kept


def test_data_protection_sees_numbers_and_no_names(client: Client) -> None:
    officer = sign_in(client, UserFactory(dpo=True))
    match = MatchFactory(to="accepted")
    names = {match.helper.person.family_name, match.request.help_seeker.person.family_name}
    for thing in ("", "vermittlung", "einwilligung", "anfrage", "zugang", "unsinn"):
        shown_page = officer.get(at("events"), {"thing": thing})
        assert shown_page.status_code == 200
        assert not any(name in shown_page.content.decode() for name in names)
    page = officer.get(at("events"), {"number": match.pk}).content.decode()
    assert "vorgeschlagen" in page and "beide einverstanden" in page
    consents = officer.get(at("consents"), {"kind": "match"}).content.decode()
    assert "diese Vermittlung" in consents and not any(name in consents for name in names)
    assert officer.get(at("consents"), {"state": "withdrawn"}).status_code == 200
    assert officer.get(at("events"), {"actor": "99", "from_day": "1.1.2026"}).status_code == 200


def test_kinds_may_add_up(client: Client) -> None:
    both = UserFactory(coordinator=True, dpo=True)
    assert both.kinds == [Kind.COORDINATOR, Kind.DPO]
    sign_in(client, both)
    assert client.get(at("desk")).status_code == client.get(at("events")).status_code == 200

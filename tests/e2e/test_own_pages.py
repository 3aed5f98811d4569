"""Pages of helpers, help seekers, Geschäftsstelle and training team in a real browser, at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from helfer.catalogue.actions.loading import load_catalogue
from helfer.catalogue.models import Role
from tests.e2e.conftest import NewPage
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory
from tests.factories.places import DistrictFactory, point_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

Look = Callable[[Page, str], None]
Axe = Callable[[Page], None]


def walk(page: Page, name: str, urls: dict[str, str], axe_everywhere: Axe, look_everywhere: Look) -> None:
    for key, url in urls.items():
        answer = page.goto(url)
        assert answer is not None and answer.status == 200, url
        axe_everywhere(page)
        look_everywhere(page, f"{name}-{key}")


def test_helpers_find_their_way(new_page: NewPage, axe_everywhere: Axe, look_everywhere: Look) -> None:
    load_catalogue(land="NW")
    user = UserFactory(helper=True)
    role = Role.objects.order_by("pk")[0]
    helper = HelperProfileFactory(
        person=user.person, active=True, roles=[role], max_people=3, times=["mo-vm", "di-nm"]
    )
    PauseFactory(helper=helper)
    CertificateFactory(helper=helper)
    asked, running = MatchFactory(helper=helper), MatchFactory(helper=helper, to="trial")
    page = new_page(user)
    urls = {name: reverse(f"helper:{name}") for name in ("profile", "matches", "pause", "proofs", "leave")}
    urls["offer"] = reverse("helper:offer")
    urls["asked"] = reverse("helper:match", kwargs={"pk": asked.pk})
    urls["running"] = reverse("helper:match", kwargs={"pk": running.pk})
    urls["stop"] = reverse("helper:match_stop", kwargs={"pk": running.pk})
    urls["sheet"] = reverse("helper:match_sheet", kwargs={"pk": running.pk})
    walk(page, "helper", urls, axe_everywhere, look_everywhere)

    page.goto(urls["asked"])
    page.get_by_role("button", name="Ja, ich möchte helfen").click()
    page.get_by_text("Jetzt fragen wir noch die andere Seite").wait_for()


def test_help_seekers_and_training_team(
    new_page: NewPage, axe_everywhere: Axe, look_everywhere: Look
) -> None:
    match = MatchFactory()
    seeker = UserFactory(seeker=True, person=match.request.help_seeker.person)
    urls = {"requests": reverse("seeker:requests"), "match": reverse("seeker:match", kwargs={"pk": match.pk})}
    walk(new_page(seeker), "seeker", urls, axe_everywhere, look_everywhere)

    proof = CertificateFactory(unverified=True)
    urls = {
        "helpers": reverse("training:helpers"),
        "helper": reverse("training:helper", kwargs={"pk": proof.helper_id}),
        "bulk": reverse("training:bulk"),
        "verify": reverse("training:verify", kwargs={"pk": proof.pk}),
    }
    walk(new_page(UserFactory(training=True)), "training", urls, axe_everywhere, look_everywhere)


def test_the_geschaeftsstelle_looks_over_the_city(
    new_page: NewPage, axe_everywhere: Axe, look_everywhere: Look
) -> None:
    load_catalogue(land="NW")
    districts = [DistrictFactory(at=(number % 3, number // 3)) for number in range(6)]
    office = OfficeFactory(districts=districts[:4])
    seat = SeatFactory(office=office)
    for _each in range(3):
        HelperProfileFactory(active=True, office=office, person__home=point_in(0.5, 0.5))
    HelperProfileFactory(office=None)
    HelpRequestFactory(open=True, help_seeker__office=None)
    names = (
        "desk",
        "offices",
        "seats",
        "seat_new",
        "people",
        "account_new",
        "unplaced",
        "merge",
        "catalogue",
    )
    urls = {name: reverse(f"coordination:{name}") for name in names}
    for name in ("office", "office_edit", "office_districts"):
        urls[name] = reverse(f"coordination:{name}", kwargs={"pk": office.pk})
    urls["account"] = reverse("coordination:account", kwargs={"pk": seat.user_id})
    for name in ("role", "role_languages"):
        urls[name] = reverse(f"coordination:{name}", kwargs={"pk": Role.objects.order_by("pk")[0].pk})
    urls["rule_new"] = reverse("coordination:rule_new")
    walk(new_page(UserFactory(coordinator=True)), "coordination", urls, axe_everywhere, look_everywhere)

    urls = {name: reverse(f"coordination:{name}") for name in ("events", "consents")}
    MatchFactory(to="accepted")
    walk(new_page(UserFactory(dpo=True)), "dpo", urls, axe_everywhere, look_everywhere)

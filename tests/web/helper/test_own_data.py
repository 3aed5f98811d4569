"""What helpers read and take along of what is kept of them, and what they were told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from helfer.matching.models import Interest, Volunteering
from tests.factories.catalogue import RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.notifications import MessageFactory
from tests.factories.people import UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_helpers_read_and_take_along_what_is_kept_of_them_and_nobody_elses(client: Client) -> None:
    user = UserFactory(helper=True)
    helper = HelperProfileFactory(
        person=user.person,
        active=True,
        remark="GEHEIM-H",
        times=["di-nm"],
        roles=[RoleFactory(name="Einkaufshilfe")],
    )
    PauseFactory(helper=helper, from_day=date(2040, 1, 1), until_day=date(2040, 2, 1), reason="Reise")
    CertificateFactory(helper=helper, training__name="Kurs Erste Hilfe")
    match = MatchFactory(helper=helper, to="active")
    seeker = match.request.help_seeker.person
    seeker.family_name = "Bergermann"
    seeker.save()
    # In public a request because of dementia is one for visits; the helper does not learn it here either.
    dementia = HelpRequestFactory(role=RoleFactory(slug="demenz", name="Demenzbegleitung"))
    said_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    Interest.objects.create(helper=helper, request=dementia, said_at=said_at)
    Volunteering.objects.create(helper=helper, said_at=said_at)
    sign_in(client, user)
    page = client.get(reverse("helper:data")).content.decode()
    file = client.get(reverse("helper:data_file"))
    content = json.loads(file.content)
    assert "attachment" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert content["Person"][0]["Nachname"] == user.person.family_name
    assert content["Angebot"][0]["Zeiten"] == "Dienstagnachmittag"
    assert content["Pausen"][0]["Zurück am"] == "1. Februar 2040"
    assert content["Nachweise"][0]["Nachweis"] == "Kurs Erste Hilfe"
    assert content["Vermittlungen"][0]["Tätigkeit"] == match.role.name
    assert content["„Das kann ich“"] == [{"Gesagt am": "20. November 2026"}]
    assert content["Einwilligungen"]
    for text in (page, file.content.decode()):
        assert "Einkaufshilfe" in text
        for hidden in ("GEHEIM", "Bergermann", "Demenz"):
            assert hidden not in text


def test_helpers_read_what_they_were_told_and_contact_data_only_while_it_holds(client: Client) -> None:
    user = UserFactory(helper=True)
    helper = HelperProfileFactory(person=user.person, active=True)
    running = MatchFactory(helper=helper, to="active")
    seeker = running.request.help_seeker.person
    seeker.family_name, seeker.phone = "Bergermann", "+492315559999"
    seeker.save()
    over = MatchFactory(helper=helper, to="proposed")
    for match, kind in ((running, "match_approved"), (over, "match_approved"), (over, "signature_asked")):
        MessageFactory(kind=kind, subject_id=match.pk, recipient=user.person)
    MessageFactory(kind="match_approved", subject_id=running.pk)
    page = sign_in(client, user).get(reverse("helper:messages")).content.decode()
    assert page.count("Ihre Vermittlung ist freigegeben") == 1
    assert "Bergermann" in page
    # One that no longer holds says so; what a tandem is told is not read here.
    assert page.count("Diese Nachricht hat sich erledigt") == 1
    assert "Freigabe" not in page


def test_without_a_profile_both_pages_lead_to_whom_to_call(client: Client) -> None:
    sign_in(client, UserFactory(helper=True))
    for name in ("data", "data_file", "messages"):
        assert client.get(reverse(f"helper:{name}"))["Location"] == reverse("helper:profile")

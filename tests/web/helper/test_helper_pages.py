"""What helpers see and do: their own, in plain words, contact data only while a match runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helfer.core.days import berlin_day
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, User
from tests.factories.catalogue import RoleFactory, TrainingFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import OfficeFactory, SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db

OWN_PAGES = ("profile", "offer", "contact", "leave", "pause", "proofs", "proof_new", "matches")
OWN_MATCH_PAGES = ("match", "match_sheet", "match_yes", "match_no", "match_go_on", "match_pause")


@pytest.fixture
def user() -> User:
    return UserFactory(helper=True)


@pytest.fixture
def helper(user: User) -> HelperProfile:
    return HelperProfileFactory(person=user.person, active=True, office=OfficeFactory(), remark="GEHEIM-H")


@pytest.fixture
def here(client: Client, user: User, helper: HelperProfile) -> Client:
    return sign_in(client, user)


def match_for(helper: HelperProfile, to: str = "proposed") -> Match:
    match = MatchFactory(helper=helper, to=to)
    seeker = match.request.help_seeker
    seeker.person.family_name, seeker.person.given_name = "Bergermann", "Erika"
    seeker.person.street, seeker.person.phone = "Lindenhorstweg", "+492315559999"
    seeker.person.save()
    seeker.care_level, seeker.remark = CareLevel.THREE, "GEHEIM-S"
    seeker.save(update_fields=["care_level", "remark"])
    return match


def at(name: str, **where: Any) -> str:
    return reverse(f"helper:{name}", kwargs=where or None)


@pytest.mark.parametrize("page", OWN_PAGES)
def test_helpers_open_their_own_pages_and_others_find_nothing(page: str, here: Client) -> None:
    shown = here.get(at(page))
    assert shown.status_code == 200
    assert "GEHEIM" not in shown.content.decode()
    for stranger in (UserFactory(seeker=True), SeatFactory().user, UserFactory(coordinator=True)):
        assert sign_in(Client(), stranger).get(at(page)).status_code == 404
    assert Client().get(at(page)).status_code == 302


@pytest.mark.parametrize("page", OWN_MATCH_PAGES)
def test_a_foreign_match_looks_like_a_missing_one(page: str, here: Client) -> None:
    foreign = MatchFactory()
    shown = here.get(at(page, pk=foreign.pk))
    missing = here.get(at(page, pk=99_999_999))
    assert (shown.status_code, missing.status_code) == (404, 404)


def test_a_helper_without_a_profile_is_told_whom_to_call(client: Client) -> None:
    shown = sign_in(client, UserFactory(helper=True)).get(at("profile"))
    assert "noch kein Profil" in shown.content.decode()
    assert client.get(at("offer")).status_code == 404


@pytest.mark.parametrize("state", ["proposed", "accepted", "ended", "declined"])
@pytest.mark.parametrize("page", ["match", "match_sheet"])
def test_before_and_after_a_match_only_the_first_name_is_shown(
    page: str, state: str, here: Client, helper: HelperProfile
) -> None:
    match = match_for(helper, state)
    text = here.get(at(page, pk=match.pk)).content.decode() + here.get(at("matches")).content.decode()
    assert "Erika" in text
    for hidden in ("Bergermann", "Lindenhorstweg", "5559999", "555 9999", "Pflegegrad", "GEHEIM"):
        assert hidden not in text, hidden


@pytest.mark.parametrize("state", ["approved", "trial", "active", "paused"])
def test_contact_data_show_while_the_match_runs_and_never_care_or_remarks(
    state: str, here: Client, helper: HelperProfile
) -> None:
    match = match_for(helper, state)
    for page in ("match", "match_sheet"):
        text = here.get(at(page, pk=match.pk)).content.decode()
        assert "Erika Bergermann" in text and "Lindenhorstweg" in text and "5559999" in text.replace(" ", "")
        assert "Pflegegrad" not in text and "GEHEIM" not in text


def test_a_yes_is_kept_as_given_online(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper)
    assert "Möchten Sie Erika helfen?" in here.get(at("match", pk=match.pk)).content.decode()
    assert here.post(at("match_yes", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.helper_consent is not None and match.helper_consent.channel == "online"
    assert "Jetzt fragen wir noch die andere Seite" in here.get(at("match", pk=match.pk)).content.decode()


def test_a_no_ends_the_proposal(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper)
    assert here.post(at("match_no", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.state == MatchState.DECLINED
    assert here.post(at("match_yes", pk=match.pk)).status_code == 409


def test_the_trial_is_confirmed_for_the_own_side_only(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper, "trial")
    assert here.post(at("match_go_on", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.trial_confirmed_by_helper_on and not match.trial_confirmed_by_seeker_on
    assert match.state == MatchState.TRIAL


def test_a_helper_pauses_a_running_match(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper, "active")
    refused = here.post(at("match_pause", pk=match.pk), {"reason": "", "expected_back_on": "32.13.2026"})
    assert refused.status_code == 422 and "32.13.2026" in refused.content.decode()
    assert here.post(at("match_pause", pk=match.pk), {"reason": "holiday"}).status_code == 303
    match.refresh_from_db()
    assert (match.state, match.pause_side) == (MatchState.PAUSED, "helper")


def test_stopping_takes_the_yes_back_and_ends_the_match(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper, "active")
    assert here.post(at("match_stop", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.state == MatchState.ENDED
    assert here.get(at("match_stop", pk=match.pk)).status_code == 404


def test_a_pause_is_entered_and_ended(here: Client, helper: HelperProfile) -> None:
    today = berlin_day(timezone.now())
    bad = here.post(at("pause"), {"from_day": "morgen", "until_day": ""})
    assert bad.status_code == 422 and 'value="morgen"' in bad.content.decode()
    back = today + timedelta(days=20)
    typed = {"from_day": f"{today:%d.%m.%Y}", "until_day": f"{back:%d.%m.%Y}"}
    assert here.post(at("pause"), typed).status_code == 303
    again = here.post(at("pause"), typed)
    assert again.status_code == 409 and "schon eine Pause" in again.content.decode()
    pause = helper.pauses.get()
    assert here.post(at("pause_end", pk=pause.pk)).status_code == 303
    assert not helper.pauses.exists()


def test_a_foreign_pause_is_none_of_ones_business(here: Client) -> None:
    pause = PauseFactory()
    assert here.post(at("pause_end", pk=pause.pk)).status_code == 404
    assert here.post(at("pause_end", pk=99_999_999)).status_code == 404


def test_the_offer_is_changed_and_faults_keep_what_was_typed(here: Client, helper: HelperProfile) -> None:
    role = RoleFactory(name="Vorlesen")
    model = helper.compensation_models.get()
    typed = {
        "roles": [role.pk],
        "times": ["mo-vm"],
        "radius_m": "50",
        "max_people": "2",
        "languages": ["de"],
        "compensation_models": [model.pk],
    }
    refused = here.post(at("offer"), typed)
    assert refused.status_code == 422 and 'value="50"' in refused.content.decode()
    assert here.post(at("offer"), typed | {"radius_m": "900"}).status_code == 303
    helper.refresh_from_db()
    assert (helper.radius_m, helper.max_people, list(helper.roles.all())) == (900, 2, [role])
    assert helper.remark == "GEHEIM-H"


def test_telephone_and_mail_are_changed_and_the_name_stays(here: Client, user: User) -> None:
    person = user.person
    assert person is not None
    bad = here.post(at("contact"), {"phone": "abc", "mobile": "", "email": ""})
    assert bad.status_code == 422 and 'value="abc"' in bad.content.decode()
    typed = {"phone": "0231 50-0", "mobile": "", "email": "neu@example.org"}
    assert here.post(at("contact"), typed).status_code == 303
    name = person.full_name
    person.refresh_from_db()
    assert (person.phone.as_e164, person.email, person.full_name) == ("+49231500", "neu@example.org", name)


def picture() -> SimpleUploadedFile:
    from io import BytesIO

    from PIL import Image

    target = BytesIO()
    Image.new("RGB", (20, 20)).save(target, "PNG")
    return SimpleUploadedFile("foto.png", target.getvalue())


def test_a_proof_that_is_handed_in_waits_for_staff(
    here: Client, helper: HelperProfile, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    training = TrainingFactory(name="Erste Hilfe")
    typed = {"training": training.pk, "issued_on": "2.11.2026"}
    assert here.post(at("proof_new"), typed).status_code == 422
    bad = here.post(at("proof_new"), typed | {"file": SimpleUploadedFile("x.pdf", b"MZ nichts")})
    assert bad.status_code == 409 and "weder ein PDF noch ein Bild" in bad.content.decode()
    assert here.post(at("proof_new"), typed | {"file": picture()}).status_code == 303
    proof = Certificate.objects.get(helper=helper)
    assert proof.verified_at is None
    assert "zu prüfen" in here.get(at("proofs")).content.decode()


def test_what_is_only_looked_at_cannot_be_handed_in(here: Client) -> None:
    training = TrainingFactory(inspection=True)
    typed = {"training": training.pk, "issued_on": "2.11.2026", "file": picture()}
    assert here.post(at("proof_new"), typed).status_code == 422
    assert not Certificate.objects.exists()


def test_whoever_leaves_ends_what_runs_and_may_come_back(here: Client, helper: HelperProfile) -> None:
    match = match_for(helper, "active")
    asked = here.get(at("leave")).content.decode()
    assert "Sie helfen zurzeit noch jemandem" in asked
    assert here.post(at("leave")).status_code == 303
    helper.refresh_from_db()
    match.refresh_from_db()
    assert (helper.state, match.state) == (HelperState.LEFT, MatchState.ENDED)
    assert here.post(at("return")).status_code == 303
    helper.refresh_from_db()
    assert helper.state == HelperState.REGISTERED


def test_lists_ask_the_same_number_of_questions_however_long_they_are(
    here: Client, helper: HelperProfile, django_assert_max_num_queries: Any
) -> None:
    for _each in range(2):
        match_for(helper)
        CertificateFactory(helper=helper)
    for page, most in (("matches", 14), ("proofs", 14)):
        here.get(at(page))
        with django_assert_max_num_queries(most) as few:
            here.get(at(page))
        for _each in range(3):
            match_for(helper)
            CertificateFactory(helper=helper)
        with django_assert_max_num_queries(len(few)):
            here.get(at(page))

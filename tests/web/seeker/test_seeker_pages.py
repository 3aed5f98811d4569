"""Help seekers and who speaks for them: how their requests stand, yes or no, whom to call."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.people.models import User
from tests.factories.matching import MatchFactory
from tests.factories.people import RepresentativeFactory, SeatFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def at(name: str, **where: Any) -> str:
    return reverse(f"seeker:{name}", kwargs=where or None)


def match_in(state: str) -> tuple[Match, User]:
    match = MatchFactory(to=state)
    helper = match.helper.person
    helper.given_name, helper.family_name, helper.phone = "Ayşe", "Zimmermann", "+492315558888"
    helper.save()
    user = UserFactory(seeker=True, person=match.request.help_seeker.person)
    return match, user


def test_requests_show_the_offices_telephone_and_foreign_ones_do_not_exist(client: Client) -> None:
    match, user = match_in("proposed")
    text = sign_in(client, user).get(at("requests")).content.decode()
    assert match.office.name in text and "Soll Ayşe helfen?" in text
    assert "Zimmermann" not in text
    foreign = MatchFactory()
    assert client.get(at("match", pk=foreign.pk)).status_code == 404
    assert client.get(at("match", pk=99_999_999)).status_code == 404
    assert sign_in(Client(), SeatFactory(office=match.office).user).get(at("requests")).status_code == 404


def test_the_question_is_asked_in_the_readers_language(client: Client) -> None:
    match, user = match_in("proposed")
    sign_in(client, user).cookies[settings.LANGUAGE_COOKIE_NAME] = "tr"
    text = client.get(at("requests")).content.decode()
    assert "Taleplerim" in text and "Ayşe yardım etsin mi? Şimdi cevap ver" in text
    text = client.get(at("match", pk=match.pk)).content.decode()
    assert "Evet, istiyorum" in text and "Ja, das möchte ich" not in text


@pytest.mark.parametrize(("state", "shows"), [("accepted", False), ("active", True), ("ended", False)])
def test_who_helps_is_named_with_a_telephone_only_while_it_runs(
    state: str, shows: bool, client: Client
) -> None:
    match, user = match_in(state)
    text = sign_in(client, user).get(at("match", pk=match.pk)).content.decode()
    assert "Ayşe" in text
    assert ("Zimmermann" in text) is shows and ("5558888" in text.replace(" ", "")) is shows


def test_yes_no_and_going_on(client: Client) -> None:
    match, user = match_in("proposed")
    sign_in(client, user)
    assert client.post(at("match_yes", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.seeker_consent is not None and match.seeker_consent.channel == "online"
    assert client.post(at("match_no", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.state == MatchState.DECLINED

    trial, user = match_in("trial")
    sign_in(client, user)
    assert client.post(at("match_go_on", pk=trial.pk)).status_code == 303
    trial.refresh_from_db()
    assert trial.trial_confirmed_by_seeker_on and not trial.trial_confirmed_by_helper_on


def test_whoever_speaks_for_somebody_says_yes_only_with_a_paper(client: Client) -> None:
    match, _user = match_in("proposed")
    seeker = match.request.help_seeker
    daughter = RepresentativeFactory(help_seeker=seeker, told=True).person
    sign_in(client, UserFactory(seeker=True, person=daughter))
    assert client.get(at("match", pk=match.pk)).status_code == 200
    assert client.post(at("match_yes", pk=match.pk)).status_code == 403
    proxy = RepresentativeFactory(help_seeker=seeker, told=True, authorised=True)
    other = sign_in(Client(), UserFactory(seeker=True, person=proxy.person))
    assert other.post(at("match_yes", pk=match.pk)).status_code == 303
    match.refresh_from_db()
    assert match.seeker_consent is not None and match.seeker_consent.representative == proxy


def test_whoever_may_not_be_told_sees_nothing(client: Client) -> None:
    match, _user = match_in("active")
    person = RepresentativeFactory(help_seeker=match.request.help_seeker).person
    sign_in(client, UserFactory(seeker=True, person=person))
    assert "noch keine Anfrage" in client.get(at("requests")).content.decode()
    assert client.get(at("match", pk=match.pk)).status_code == 404

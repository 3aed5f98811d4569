"""The made-up people to measure with: the same again, lawful, and never beside somebody's own data."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from helfer.demo.bench.load import ASKED_ON
from helfer.help_requests.models import HelpRequest, RequestState
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import offers_that_differ
from helfer.matching.candidates import shortlist
from helfer.matching.models import Match, Offer, Signature
from helfer.people.models import Person
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

HELPERS, REQUESTS = 400, 30
# All that the guards would have asked of a match when it was approved.
REFUSALS = """
    SELECT count(*) FILTER (WHERE NOT helfer_trainings_count(helper_id, role_id, approved_on)
               OR NOT helfer_trainings_count(helper_id, role_id, starts_on)),
           count(*) FILTER (WHERE helfer_pair_refusal(id) IS NOT NULL),
           count(*) FILTER (WHERE helfer_consent_refusal(id) IS NOT NULL),
           count(*) FILTER (WHERE helfer_model_refusal(id, true) IS NOT NULL),
           count(*) FILTER (WHERE helfer_people_served(helper_id) > (
               SELECT max_people FROM helpers_helperprofile helper WHERE helper.id = helper_id))
      FROM matching_match
"""
# Everything that was drawn, in one number.
DIGEST = """
    SELECT md5(string_agg(said, ';' ORDER BY said)) FROM (
        SELECT concat_ws('|', family_name, given_name, birth_year, ST_AsText(home)) FROM people_person
        UNION ALL
        SELECT concat_ws('|', number, radius_m, times, languages, max_people) FROM helpers_helperprofile
        UNION ALL
        SELECT concat_ws('|', number, state, times, languages) FROM help_requests_helprequest
        UNION ALL
        SELECT concat_ws('|', issued_on, valid_until) FROM helpers_certificate
        UNION ALL
        SELECT concat_ws('|', state, approved_on, closed_on) FROM matching_match
    ) AS all_of_it (said)
"""


SWITCHES = """
    SELECT (SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal),
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public')
"""


def fill(**options: Any) -> str:
    """Run the command; what it says."""
    said = StringIO()
    call_command(
        "bench_data",
        **{"helpers": HELPERS, "requests": REQUESTS, "seed": 7, **options},
        stdout=StringIO(),
        stderr=said,
    )
    return said.getvalue()


def asked(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def test_the_data_have_the_wanted_size_and_the_search_finds_people() -> None:
    fill()
    assert HelperProfile.objects.count() == HELPERS
    waiting = HelpRequest.objects.filter(state=RequestState.OPEN)
    assert waiting.count() == REQUESTS
    # About 2.7 roles each, of those who are active.
    assert 2.4 * HELPERS < Offer.objects.count() < 2.9 * HELPERS
    assert offers_that_differ() == []
    assert sum(shortlist(request, on=ASKED_ON).eligible for request in waiting) > 0


def test_running_matches_obey_every_rule() -> None:
    fill()
    assert Match.objects.running().count() > 20
    assert asked(REFUSALS) == (0, 0, 0, 0, 0)
    assert Match.objects.running().filter(compensation_model__slug="entlastungsbetrag").exists()
    assert asked("SELECT count(helfer_signature_refusal(id)) FROM matching_signature") == (0,)
    assert Signature.objects.exists()


def test_guards_and_keys_are_back_after_the_load() -> None:
    before = asked(SWITCHES)
    fill()
    assert asked(SWITCHES) == before


def test_the_same_seed_gives_the_same_people_and_another_one_others() -> None:
    digests = [filled_and_taken_back(seed) for seed in (7, 7, 8)]
    assert digests[0] == digests[1] != digests[2]


def filled_and_taken_back(seed: int) -> tuple[Any, ...]:
    with transaction.atomic():
        fill(seed=seed)
        digest = asked(DIGEST)
        transaction.set_rollback(True)
    return digest


def test_what_is_there_is_not_made_twice() -> None:
    fill()
    persons = Person.objects.count()
    assert "schon da" in fill()
    assert Person.objects.count() == persons


def test_somebody_elses_data_are_left_alone() -> None:
    PersonFactory()
    with pytest.raises(CommandError, match="Diese Datenbank enthält schon Daten"):
        fill()
    assert not HelperProfile.objects.exists()


def test_other_made_up_data_are_not_mixed_in_either() -> None:
    fill()
    with pytest.raises(CommandError, match="enthält schon Daten"):
        fill(seed=8)

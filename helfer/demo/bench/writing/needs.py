"""Help seekers, requests and matches as rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from helfer.catalogue.models import UNPAID
from helfer.demo.bench.bulk import NOTHING, Each, Say, copy_rows
from helfer.demo.bench.catalogue import Catalogue
from helfer.demo.bench.country import Ints
from helfer.demo.bench.helpers import slots_text
from helfer.demo.bench.needs import Bonds, Waiting
from helfer.demo.bench.offices import Offices
from helfer.demo.bench.writing.columns import days, flags, ids, moments, numbers, plain, where
from helfer.help_requests.models import HelpRequest
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import CheckIn, Match, Signature
from helfer.people.models import Consent, HelpSeeker, Side

SEEKERS_BORN = range(1930, 1956)
MATCH_TEXT = "vermittlung-1"


def write_bonds(
    bonds: Bonds,
    catalogue: Catalogue,
    offices: Offices,
    *,
    first_helper_person_id: int,
    first_person_id: int,
    today: date,
    created: str,
    say: Say,
) -> None:
    """Help seekers, their requests, both consents, the signatures, the matches and their next contacts."""
    count = len(bonds)
    place = offices.place_of(bonds.points)
    office = plain(offices.office_ids[place])
    municipal = offices.user_ids[Side.MUNICIPAL][place]
    role_ids = np.array([role.pk for role in catalogue.roles])
    is_ended = bonds.state == MatchState.ENDED
    is_paused = bonds.state == MatchState.PAUSED
    proposed = bonds.approved_on - 7
    persons, helper_persons = ids(first_person_id, count), plain(bonds.helper + first_helper_person_id)
    _write_seekers(bonds, office, first_id=1, persons=persons, created=created, say=say)
    copy_rows(
        HelpRequest,
        count,
        say=say,
        **_OF_REQUESTS,
        id=ids(1, count),
        number=numbers("V-", 1, count),
        state=Each(np.where(is_ended, "closed", "matched").tolist()),
        languages="{}",
        times="{}",
        wanted_gender="",
        has_pets="",
        has_smokers="",
        is_urgent=False,
        received_on=days(proposed - 10),
        close_reason=Each(np.where(is_ended, "helped", "").tolist()),
        closed_on=days(bonds.closed_on),
        created_at=created,
        help_seeker_id=ids(1, count),
        office_id=office,
        role_id=plain(role_ids[bonds.role]),
    )
    named = np.flatnonzero(bonds.model_id != catalogue.model_ids.get(UNPAID, 0))
    _write_named_models(named + 1, bonds.model_id[named], first_id=1, say=say)
    for first_id, people in ((1, helper_persons), (count + 1, persons)):
        copy_rows(
            Consent,
            count,
            say=say,
            id=ids(first_id, count),
            kind="match",
            text_version=MATCH_TEXT,
            channel="phone",
            given_at=moments(bonds.approved_on - 2),
            provisional_reason="",
            recorded_by_id=plain(municipal),
            person_id=people,
        )
    signatures = np.array([role.signatures_required for role in catalogue.roles])[bonds.role]
    contacts = np.array([role.first_contact for role in catalogue.roles])[bonds.role]
    has_met = np.where(bonds.state == MatchState.APPROVED, np.datetime64("NaT"), bonds.approved_on + 3)
    goes_well = np.isin(bonds.state, [MatchState.ACTIVE, MatchState.PAUSED, MatchState.ENDED])
    active_on = np.where(
        goes_well, np.minimum(bonds.approved_on + 20, np.datetime64(today)), np.datetime64("NaT")
    )
    copy_rows(
        Match,
        count,
        say=say,
        id=ids(1, count),
        state=plain(bonds.state),
        starts_on=days(bonds.approved_on),
        signatures_required=plain(signatures),
        first_contact=plain(contacts),
        is_named_pair=False,
        proposed_at=moments(proposed),
        proposed_by_id=plain(municipal),
        approved_on=days(bonds.approved_on),
        first_contact_on=days(has_met),
        first_contact_note="",
        active_on=days(active_on),
        trial_confirmed_by_helper_on=days(active_on),
        trial_confirmed_by_seeker_on=days(active_on),
        paused_from=Each(np.where(is_paused, "active", "").tolist()),
        paused_on=days(np.where(is_paused, np.datetime64(today) - 1, np.datetime64("NaT"))),
        pause_side=Each(np.where(is_paused, "seeker", "").tolist()),
        pause_reason=Each(np.where(is_paused, "hospital", "").tolist()),
        closed_on=days(bonds.closed_on),
        end_reason=Each(np.where(is_ended, "done", "").tolist()),
        ended_well=Each(np.where(is_ended, "t", NOTHING).tolist()),
        closing_note="",
        compensation_model_id=plain(bonds.model_id),
        helper_id=plain(bonds.helper + 1),
        helper_consent_id=ids(1, count),
        seeker_consent_id=ids(count + 1, count),
        office_id=office,
        request_id=ids(1, count),
        responsible_id=plain(offices.seat_ids[Side.MUNICIPAL][place]),
        role_id=plain(role_ids[bonds.role]),
    )
    first_id = 1
    for side, signed in ((Side.MUNICIPAL, signatures >= 1), (Side.ASSOCIATION, signatures >= 2)):
        match = np.flatnonzero(signed)
        copy_rows(
            Signature,
            len(match),
            say=say,
            id=ids(first_id, len(match)),
            side=str(side),
            signed_at=moments(bonds.approved_on[match]),
            signed_on=days(bonds.approved_on[match]),
            match_id=plain(match + 1),
            seat_id=plain(offices.seat_ids[side][place[match]]),
            user_id=plain(offices.user_ids[side][place[match]]),
        )
        first_id += len(match)
    watched = np.flatnonzero(~is_ended)
    copy_rows(
        CheckIn,
        len(watched),
        say=say,
        id=ids(1, len(watched)),
        kind="regular",
        party="both",
        due_on=days(np.datetime64(today) + 1 + (watched % 55).astype("m8[D]")),
        channel="",
        note="",
        match_id=plain(watched + 1),
    )


def write_waiting(
    waiting: Waiting,
    catalogue: Catalogue,
    offices: Offices,
    *,
    first_id: int,
    first_person_id: int,
    created: str,
    say: Say,
) -> None:
    """Help seekers with an open request each."""
    count = len(waiting)
    office = plain(offices.office_ids[offices.place_of(waiting.points)])
    persons = ids(first_person_id, count)
    _write_seekers(waiting, office, first_id=first_id, persons=persons, created=created, say=say)
    role_ids = np.array([role.pk for role in catalogue.roles])
    distance = waiting.max_distance_m
    copy_rows(
        HelpRequest,
        count,
        say=say,
        **_OF_REQUESTS,
        id=ids(first_id, count),
        number=numbers("A-", 1, count),
        state="open",
        starts_on=days(waiting.starts_on),
        languages=Each("{" + text + "}" for text in waiting.languages.tolist()),
        times=Each(slots_text(waiting.times)),
        wanted_gender=plain(waiting.wanted_gender),
        has_pets=plain(waiting.has_pets),
        has_smokers=plain(waiting.has_smokers),
        max_distance_m=where(distance > 0, distance.tolist()),
        is_urgent=flags(waiting.is_urgent),
        received_on=days(waiting.received_on),
        close_reason="",
        created_at=created,
        help_seeker_id=ids(first_id, count),
        office_id=office,
        role_id=plain(role_ids[waiting.role]),
    )
    pairs = [
        (first_id + place, catalogue.model_ids[slug])
        for place, slugs in enumerate(waiting.models.tolist())
        for slug in slugs.split(",")
        if slug in catalogue.model_ids
    ]
    with_models = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    _write_named_models(with_models[:, 0], with_models[:, 1], first_id=first_id + 1, say=say)


# What is the same of all requests; a table's remaining columns may be empty.
_OF_REQUESTS: dict[str, Any] = {
    "frequency": "woechentlich",
    "remark": "",
    "forwarded_to": "",
    "forward_outcome": "",
    "hold_reason": "",
    "version": 0,
    "import_digest": "",
}


def _write_seekers(
    people: Bonds | Waiting, office: Each, *, first_id: int, persons: Each, created: str, say: Say
) -> None:
    count = len(people)
    copy_rows(
        HelpSeeker,
        count,
        say=say,
        id=ids(first_id, count),
        care_level=plain(people.care_level),
        lives_at_home=True,
        remark="",
        version=0,
        created_at=created,
        office_id=office,
        person_id=persons,
    )


def _write_named_models(request_ids: Ints, model_ids: Ints, *, first_id: int, say: Say) -> None:
    copy_rows(
        HelpRequest.compensation_models.through,
        len(request_ids),
        say=say,
        id=ids(first_id, len(request_ids)),
        helprequest_id=plain(request_ids),
        compensationmodel_id=plain(model_ids),
    )

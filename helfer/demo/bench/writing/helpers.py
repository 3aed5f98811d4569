"""Helpers as rows: persons, profiles, what they offer, and their proofs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from helfer.demo.bench.bulk import NOTHING, Each, Say, copy_rows
from helfer.demo.bench.catalogue import Catalogue
from helfer.demo.bench.country import Country, Ints, Points
from helfer.demo.bench.helpers import Helpers, add_months, slots_text
from helfer.demo.bench.offices import Offices
from helfer.demo.bench.writing.columns import days, flags, ids, moments, numbers, plain, where
from helfer.demo.names import FAMILIES, MEN, WOMEN
from helfer.helpers.certificates import INSPECTION_KEPT_MONTHS
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.people.models import Person, Side


def write_persons(
    rng: np.random.Generator,
    country: Country,
    offices: Offices,
    points: Points,
    *,
    first_id: int,
    gender: npt.NDArray[np.str_],
    birth_year: Ints,
    created: str,
    say: Say,
) -> None:
    """A person for each home."""
    count = len(points.lon)
    women, men, families = (np.array(names) for names in (WOMEN, MEN, FAMILIES))
    given = np.where(gender == "m", rng.choice(men, count), rng.choice(women, count))
    streets = np.array([f"{name}weg" for name in FAMILIES])
    copy_rows(
        Person,
        count,
        say=say,
        id=ids(first_id, count),
        family_name=plain(rng.choice(families, count)),
        given_name=plain(given),
        birth_year=plain(birth_year),
        gender=plain(gender),
        phone=Each(f"+492214710{number:03d}" for number in rng.integers(0, 1000, count).tolist()),
        mobile="",
        email="",
        language="de",
        street=plain(rng.choice(streets, count)),
        house_number=plain(rng.integers(1, 120, count)),
        postcode=Each(country.postcodes[area] for area in points.area.tolist()),
        town=Each(country.towns[area] for area in points.area.tolist()),
        home=Each(points.hexewkb()),
        location_quality="address",
        location_to_confirm=False,
        created_at=created,
        district_id=plain(offices.district_ids[offices.place_of(points)]),
    )


def write_helpers(
    helpers: Helpers,
    catalogue: Catalogue,
    offices: Offices,
    only_for: dict[int, int],
    *,
    first_person_id: int,
    created: str,
    say: Say,
) -> None:
    """Profiles with what they offer, accept, know, and when they are away."""
    count = len(helpers)
    place = offices.place_of(helpers.points)
    codes = np.array(helpers.language_codes)
    spoken, of_helper = np.unique(helpers.languages, axis=0, return_inverse=True)
    spoken_texts = ["{" + ",".join(codes[row]) + "}" for row in spoken]
    copy_rows(
        HelperProfile,
        count,
        say=say,
        id=ids(1, count),
        number=numbers("H-", 1, count),
        state=Each(np.where(helpers.active, "active", "registered").tolist()),
        radius_m=plain(helpers.radius_m),
        languages=Each(spoken_texts[each] for each in of_helper.ravel().tolist()),
        times=Each(slots_text(helpers.times)),
        max_people=plain(helpers.max_people),
        no_pets=flags(helpers.no_pets),
        no_smokers=flags(helpers.no_smokers),
        helper_since=days(helpers.since),
        remark="",
        version=0,
        import_digest="",
        created_at=created,
        office_id=plain(offices.office_ids[place]),
        only_for_id=Each(only_for.get(helper, NOTHING) for helper in range(1, count + 1)),
        person_id=ids(first_person_id, count),
    )
    role_ids = np.array([role.pk for role in catalogue.roles])
    helper, rank = np.nonzero(helpers.roles >= 0)
    copy_rows(
        HelperProfile.roles.through,
        len(helper),
        say=say,
        id=ids(1, len(helper)),
        helperprofile_id=plain(helper + 1),
        role_id=plain(role_ids[helpers.roles[helper, rank]]),
    )
    helper, model = np.nonzero(helpers.models)
    copy_rows(
        HelperProfile.compensation_models.through,
        len(helper),
        say=say,
        id=ids(1, len(helper)),
        helperprofile_id=plain(helper + 1),
        compensationmodel_id=plain(np.array(helpers.model_ids)[model]),
    )
    _write_proofs(helpers, catalogue, offices.user_ids[Side.MUNICIPAL][place], say=say)
    copy_rows(
        Pause,
        len(helpers.paused),
        say=say,
        id=ids(1, len(helpers.paused)),
        helper_id=plain(helpers.paused + 1),
        from_day=days(helpers.paused_from),
        until_day=days(helpers.paused_until),
        reason="",
    )


def _write_proofs(helpers: Helpers, catalogue: Catalogue, checked_by: Ints, *, say: Say) -> None:
    first_id = 1
    for slug, proofs in helpers.proofs.items():
        count = len(proofs.helper)
        user = plain(checked_by[proofs.helper])
        # Whoever only looked at it checked it by that.
        looked_at = catalogue.is_inspection(slug)
        verified = proofs.verified | looked_at
        copy_rows(
            Certificate,
            count,
            say=say,
            id=ids(first_id, count),
            helper_id=plain(proofs.helper + 1),
            training_id=catalogue.trainings[slug].pk,
            issued_on=days(proofs.issued),
            valid_until=days(proofs.until),
            verified_at=where(verified, moments(proofs.issued)),
            verified_by_id=where(verified, user),
            file="",
            seen_on=days(proofs.issued) if looked_at else None,
            seen_by_id=user if looked_at else None,
            delete_by=days(add_months(proofs.until, INSPECTION_KEPT_MONTHS)) if looked_at else None,
        )
        first_id += count

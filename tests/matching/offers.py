"""What the offers ought to be, worked out helper by helper without the view; and whether they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from helfer.catalogue.models import RELIEF_AMOUNT, Role, Training
from helfer.core.days import berlin_day
from helfer.core.slots import SLOTS
from helfer.helpers.models import Certificate, HelperProfile, HelperState
from helfer.matching import actions
from helfer.matching.models import Match, Offer


def drift() -> list[Any]:
    """What the database itself finds wrong."""
    return actions.offers_that_differ()


def of(helper: HelperProfile, role: Role | None = None) -> Offer:
    """The helper's offer; of this role where there are several."""
    offers = Offer.objects.filter(helper=helper)
    return offers.get(role=role) if role else offers.get()


def days(kept: Any) -> list[tuple[date | None, date | None]]:
    """The periods of a column, each until the day that is no longer in it."""
    return [(period.lower, period.upper) for period in kept]


def expected_offers() -> dict[tuple[int, int], dict[str, Any]]:
    """By helper and role, read with plain queries and put together in Python."""
    helpers = HelperProfile.objects.filter(
        state=HelperState.ACTIVE, person__died_on=None, person__merged_into=None
    )
    return {
        (helper.pk, role.pk): _expected(helper, role)
        for helper in helpers.select_related("person").prefetch_related("pauses")
        for role in helper.roles.all()
    }


def _expected(helper: HelperProfile, role: Role) -> dict[str, Any]:
    matches = list(Match.objects.filter(helper=helper).select_related("request", "compensation_model"))
    running = [match for match in matches if match.is_running]
    relief = [match for match in running if match.compensation_model.slug == RELIEF_AMOUNT]
    return {
        "person_id": helper.person_id,
        "office_id": helper.office_id,
        "only_for_id": helper.only_for_id,
        "home": helper.person.home and helper.person.home.coords,
        "has_reach": helper.person.home is not None,
        "radius_m": helper.radius_m,
        "gender": helper.person.gender,
        "languages": helper.languages,
        "times": {slot for slot in SLOTS if slot in helper.times},
        "no_pets": helper.no_pets,
        "no_smokers": helper.no_smokers,
        "max_people": helper.max_people,
        "serves": len({match.request.help_seeker_id for match in running}),
        "relief_serves": len({match.request.help_seeker_id for match in relief}),
        "last_proposed_on": max((berlin_day(match.proposed_at) for match in matches), default=None),
        "shown": (
            helper.number,
            helper.person.given_name,
            helper.person.family_name,
            helper.person.district_id,
            helper.person.location_quality in ("address", "manual") and not helper.person.location_to_confirm,
        ),
        "models": sorted(helper.compensation_models.values_list("pk", flat=True)),
        "away": {day for day in _days_around() if helper_is_away(helper, day)},
        "qualified": qualified_days(helper, role),
    }


def found_offers() -> dict[tuple[int, int], dict[str, Any]]:
    """The same of the table."""
    return {
        (offer.helper_id, offer.role_id): {
            "person_id": offer.person_id,
            "office_id": offer.office_id,
            "only_for_id": offer.only_for_id,
            "home": offer.home and offer.home.coords,
            "has_reach": offer.reach is not None,
            "radius_m": offer.radius_m,
            "gender": offer.gender,
            "languages": offer.languages,
            "times": {slot for bit, slot in enumerate(SLOTS) if offer.times >> bit & 1},
            "no_pets": offer.no_pets,
            "no_smokers": offer.no_smokers,
            "max_people": offer.max_people,
            "serves": offer.serves,
            "relief_serves": offer.relief_serves,
            "last_proposed_on": offer.last_proposed_on,
            "shown": (
                offer.number,
                offer.given_name,
                offer.family_name,
                offer.district_id,
                offer.home_is_exact,
            ),
            "models": sorted(offer.models),
            "away": {day for day in _days_around() if any(day in period for period in offer.away)},
            "qualified": {day for day in _days_around() if any(day in period for period in offer.qualified)},
        }
        for offer in Offer.objects.all()
    }


def _days_around() -> list[date]:
    return [date(2025, 6, 1) + timedelta(days=5 * step) for step in range(400)]


def helper_is_away(helper: HelperProfile, day: date) -> bool:
    """Whether a pause contains the day."""
    return any(
        pause.from_day <= day and (pause.until_day is None or day < pause.until_day)
        for pause in helper.pauses.all()
    )


def qualified_days(helper: HelperProfile, role: Role) -> set[date]:
    """Days on which every training that the role requires counts, by itself or by one that includes it."""
    proofs = [_proofs(helper, training) for training in role.required_trainings.all()]
    return {day for day in _days_around() if all(any(p.counts_on(day) for p in each) for each in proofs)}


def _proofs(helper: HelperProfile, training: Training) -> list[Certificate]:
    good_for_it = Training.objects.satisfying(training)
    return list(helper.certificates.filter(training__in=good_for_it).select_related("training"))

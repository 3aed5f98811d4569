"""300 neighbours who help, of every kind: new, active, on holiday, with proofs that lapse, gone again."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.gis.geos import Point

from helfer.catalogue.models import CompensationModel, EvidenceType, Role, Training
from helfer.core.days import add_months
from helfer.core.slots import SLOTS, in_week_order
from helfer.demo.city import MUNICIPALITY_NAME, OFFICES, DemoCity, House
from helfer.demo.names import Book, family_language
from helfer.helpers.models import Certificate, HelperProfile, HelperState, Pause
from helfer.people.models import Office, Person, User
from helfer.places.models import LocationQuality

POPULAR_ROLES = (
    "besuch besuch besuch begleitung begleitung einkauf einkauf haushalt telefon vorlesen garten "
    "digital demenz fahrdienst sprachmittlung wohnberatung"
).split()
# Which certificate of a helper's is no longer or not yet right, and how.
LAPSES = ("fine",) * 14 + ("lapses soon", "in grace", "expired", "unverified")


def lives_at(house: House) -> dict[str, object]:
    """The address fields of somebody who lives in this house."""
    return {
        "street": house.street,
        "house_number": f"{house.number}{house.suffix}",
        "postcode": house.postcode,
        "town": MUNICIPALITY_NAME,
        "home": Point(house.lon, house.lat, srid=4326),
        "location_quality": LocationQuality.ADDRESS,
    }


class Neighbours:
    """Makes helpers, the same ones for the same seed."""

    def __init__(
        self, city: DemoCity, rng: random.Random, book: Book, *, today: date, checked_by: User
    ) -> None:
        self._city, self._rng, self._book, self._today, self._by = city, rng, book, today, checked_by
        self._roles = {role.slug: role for role in Role.objects.prefetch_related("required_trainings")}
        self._models = {model.slug: model for model in CompensationModel.objects.all()}
        self._trainings = {training.slug: training for training in Training.objects.all()}

    def build(self, offices: dict[str, Office], count: int) -> list[HelperProfile]:
        """So many helpers, spread over the offices' districts; those of the first office are the most."""
        made: list[HelperProfile] = []
        weights = [4, 2, 2, 2, 1, 1]
        for index in range(count):
            name, districts, _carrier = self._rng.choices(OFFICES, weights=weights)[0]
            made.append(self._helper(offices[name], districts, index))
        self._let_some_go(made)
        return made

    def _helper(self, office: Office, districts: Iterable[str], index: int) -> HelperProfile:
        rng = self._rng
        given, family, gender = self._book.name()
        house = rng.choice(self._city.houses_in(*districts))
        contact = rng.random()
        # Some have only a phone; some couples share one e-mail address.
        email = "" if contact < 0.3 else f"nachbar{index // 2 if contact > 0.95 else index}@demo.example"
        person = Person.objects.create(
            given_name=given,
            family_name=family,
            gender=gender if rng.random() < 0.95 else "",
            birth_year=rng.randint(1948, 2004),
            phone=self._book.landline() if rng.random() < 0.7 or not email else "",
            mobile=self._book.mobile() if rng.random() < 0.6 else "",
            email=email,
            **lives_at(house),
        )
        spoken = family_language(family)
        state = HelperState.REGISTERED if rng.random() < 0.12 else HelperState.ACTIVE
        helper = HelperProfile.objects.create(
            person=person,
            office=office,
            number=f"H-{index + 1:05d}",
            state=state,
            radius_m=rng.choice([500, 800, 1000, 1500, 2000, 3000, 5000]),
            languages=["de", spoken] if spoken else ["de", "en"] if rng.random() < 0.2 else ["de"],
            times=in_week_order(set(rng.sample(SLOTS, rng.randint(3, 10)))),
            max_people=rng.choice([1, 1, 2, 2, 2, 3]),
            no_pets=rng.random() < 0.12,
            no_smokers=rng.random() < 0.2,
            helper_since=self._today - timedelta(days=rng.randint(20, 2_500)),
            interviewed_on=self._today - timedelta(days=rng.randint(10, 900))
            if state == HelperState.ACTIVE
            else None,
            interviewed_by=self._by if state == HelperState.ACTIVE else None,
        )
        roles = {self._roles[slug] for slug in rng.sample(POPULAR_ROLES, rng.randint(1, 4))}
        helper.roles.set(roles)
        helper.compensation_models.set(self._accepted())
        if state == HelperState.ACTIVE:
            self._certify(helper, roles)
            self._rest(helper)
        return helper

    def _accepted(self) -> list[CompensationModel]:
        extra = ["auslagen", "ehrenamtspauschale", "entlastungsbetrag", "zeitbank", "verhinderungspflege"]
        chosen = ["ehrenamt", *self._rng.sample(extra, self._rng.randint(0, 3))]
        return [self._models[slug] for slug in chosen]

    def _certify(self, helper: HelperProfile, roles: Iterable[Role]) -> None:
        needed = {training for role in roles for training in role.required_trainings.all()}
        if self._rng.random() < 0.5:
            needed.add(self._trainings["nbh-broschuere"])
        trouble = self._rng.choice(LAPSES)
        limited = sorted((each for each in needed if each.validity_months), key=lambda each: each.slug)
        for training in sorted(needed, key=lambda each: each.slug):
            is_troubled = limited and training == limited[0]
            self._certificate(helper, training, trouble if is_troubled else "fine")

    def _certificate(self, helper: HelperProfile, training: Training, trouble: str) -> None:
        months = training.validity_months
        # Long enough ago for matches that have been running for weeks.
        issued = self._today - timedelta(days=self._rng.randint(70, 330))
        if months and trouble == "lapses soon":
            issued = add_months(self._today, -months) + timedelta(days=self._rng.randint(3, 25))
        elif months and trouble == "in grace":
            issued = add_months(self._today, -months) - timedelta(days=self._rng.randint(5, 60))
        elif months and trouble == "expired":
            issued = add_months(self._today, -months) - timedelta(days=self._rng.randint(120, 400))
        is_seen = training.evidence_type == EvidenceType.INSPECTION
        is_verified = trouble != "unverified"
        Certificate.objects.create(
            helper=helper,
            training=training,
            issued_on=issued,
            valid_until=add_months(issued, months) if months else None,
            verified_by=self._by if is_verified else None,
            verified_at=datetime.combine(issued, time(10), tzinfo=UTC) if is_verified else None,
            seen_on=issued if is_seen else None,
            seen_by=self._by if is_seen else None,
            delete_by=add_months(issued, (months or 60) + 6) if is_seen else None,
        )

    def _rest(self, helper: HelperProfile) -> None:
        """One in twelve is on holiday now or soon."""
        if self._rng.random() < 0.08:
            begins = self._today + timedelta(days=self._rng.randint(-10, 20))
            back = begins + timedelta(days=self._rng.randint(10, 40)) if self._rng.random() < 0.8 else None
            Pause.objects.create(helper=helper, from_day=begins, until_day=back, reason="Urlaub")

    def _let_some_go(self, helpers: list[HelperProfile]) -> None:
        """Walk a few along the other arrows of their lives."""
        registered = [helper for helper in helpers if helper.state == HelperState.REGISTERED]
        for index, helper in enumerate(registered):
            if index % 3 == 1:
                helper.state = HelperState.INTERVIEWED
                helper.interviewed_on, helper.interviewed_by = self._today - timedelta(days=5), self._by
                helper.save(update_fields=["state", "interviewed_on", "interviewed_by"])
            elif index % 5 == 0:
                helper.state = HelperState.REJECTED
                helper.save(update_fields=["state"])
        active = [helper for helper in helpers if helper.state == HelperState.ACTIVE]
        for helper in active[::29]:
            helper.state = HelperState.LEFT
            helper.save(update_fields=["state"])

"""150 requests for help in every state, and the people who ask."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.slots import SLOTS, in_week_order
from helfer.demo.city import OFFICES, DemoCity
from helfer.demo.names import Book, family_language
from helfer.demo.neighbours import lives_at
from helfer.help_requests.models import (
    CallBack,
    CloseReason,
    Frequency,
    HelpRequest,
    RequestState,
    Triage,
)
from helfer.people.models import (
    CareLevel,
    Channel,
    Consent,
    ConsentKind,
    HelpSeeker,
    Office,
    Person,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
    User,
)

WISHED_ROLES = (
    "besuch besuch begleitung begleitung einkauf einkauf haushalt haushalt telefon vorlesen garten "
    "digital demenz fahrdienst sprachmittlung wohnberatung"
).split()
REMARKS = (
    "Klingelt bitte zweimal.",
    "3. Etage, kein Aufzug.",
    "Hört auf dem linken Ohr schlecht.",
    "Ruft lieber vormittags an.",
    "",
    "",
    "",
)
CARE_LEVELS = (
    *[CareLevel.NONE] * 4,
    CareLevel.APPLIED,
    CareLevel.ONE,
    CareLevel.TWO,
    CareLevel.TWO,
    CareLevel.THREE,
)


class Callers:
    """Makes help seekers and their requests, the same ones for the same seed."""

    def __init__(
        self, city: DemoCity, rng: random.Random, book: Book, *, today: date, staff: dict[str, User]
    ) -> None:
        self._city, self._rng, self._book, self._today = city, rng, book, today
        self._staff = staff
        self._roles = {role.slug: role for role in Role.objects.all()}
        self._models = {model.slug: model for model in CompensationModel.objects.all()}

    def build(self, offices: dict[str, Office], count: int) -> list[HelpRequest]:
        """So many requests; most are open, the rest in every other state."""
        made = []
        weights = [4, 2, 2, 2, 1, 1]
        for index in range(count):
            name, districts, _carrier = self._rng.choices(OFFICES, weights=weights)[0]
            made.append(self._request(offices[name], districts, index))
        return made

    def _request(self, office: Office, districts: tuple[str, str], index: int) -> HelpRequest:
        rng = self._rng
        seeker = self._seeker(office, districts)
        is_new = index % 9 == 0
        role = None if index % 18 == 0 else self._roles[rng.choice(WISHED_ROLES)]
        spoken = family_language(seeker.person.family_name)
        begins = self._today + timedelta(days=rng.randint(-5, 30)) if rng.random() < 0.6 else None
        request = HelpRequest.objects.create(
            help_seeker=seeker,
            office=office,
            number=f"A-{index + 1:05d}",
            state=RequestState.SUBMITTED if is_new else RequestState.OPEN,
            role=role if is_new else role or self._roles["besuch"],
            frequency=rng.choices(list(Frequency), weights=[1, 6, 3, 2])[0],
            duration_min=rng.choice([30, 60, 60, 90, 120, None]),
            starts_on=begins,
            languages=[spoken, "de"] if spoken and rng.random() < 0.5 else ["de"],
            times=in_week_order(set(rng.sample(SLOTS, rng.randint(2, 8)))) if rng.random() < 0.8 else [],
            wanted_gender="w" if rng.random() < 0.1 else "",
            has_pets=rng.choice(["yes", "no", "no", ""]),
            has_smokers=rng.choice(["yes", "no", "no", "no", ""]),
            is_urgent=index % 11 == 0,
            received_on=self._today - timedelta(days=rng.randint(0, 6) if is_new else rng.randint(8, 120)),
            remark=rng.choice(REMARKS),
        )
        request.compensation_models.set(self._possible(seeker))
        if not is_new:
            self._triage(request, provisional=index % 8 == 3)
        self._settle(request, index)
        return request

    def _seeker(self, office: Office, districts: tuple[str, str]) -> HelpSeeker:
        rng = self._rng
        given, family, gender = self._book.name()
        person = Person.objects.create(
            given_name=given,
            family_name=family,
            gender=gender,
            birth_year=rng.randint(1930, 1955),
            phone=self._book.landline(),
            **lives_at(rng.choice(self._city.houses_in(*districts))),
        )
        seeker = HelpSeeker.objects.create(person=person, office=office, care_level=rng.choice(CARE_LEVELS))
        if rng.random() < 0.35:
            self._representative(seeker, family)
        return seeker

    def _representative(self, seeker: HelpSeeker, family: str) -> None:
        given, _family, gender = self._book.name()
        person = Person.objects.create(
            given_name=given, family_name=family, gender=gender, phone=self._book.mobile()
        )
        has_paper = self._rng.random() < 0.4
        Representative.objects.create(
            person=person,
            help_seeker=seeker,
            kind=RepresentativeKind.PROXY if has_paper else RepresentativeKind.RELATIVE,
            relation="Tochter" if gender == "w" else "Sohn",
            may_consent=has_paper,
            area=RepresentativeArea.ALL if has_paper else "",
            seen_on=self._today - timedelta(days=60) if has_paper else None,
            seen_by=self._somebody_of(seeker.office) if has_paper else None,
            may_be_told=self._rng.random() < 0.7,
            is_emergency_contact=self._rng.random() < 0.5,
        )

    def _possible(self, seeker: HelpSeeker) -> list[CompensationModel]:
        possible = ["ehrenamt"]
        if CareLevel(seeker.care_level).number and self._rng.random() < 0.6:
            possible.append("entlastungsbetrag")
        if self._rng.random() < 0.2:
            possible.append("auslagen")
        return [self._models[slug] for slug in possible]

    def _somebody_of(self, office: Office | None) -> User:
        return next(
            user for user in self._staff.values() if office and user.seats.filter(office=office).exists()
        )

    def _triage(self, request: HelpRequest, *, provisional: bool) -> None:
        by = self._somebody_of(request.office)
        spoken = datetime.combine(request.received_on + timedelta(days=2), time(10), tzinfo=UTC)
        is_dementia = request.role is not None and request.role.slug == "demenz"
        Triage.objects.create(
            request=request,
            called_back_by=by,
            called_back_at=spoken,
            how=self._rng.choice(list(CallBack)),
            has_animals=request.has_pets,
            has_smoking=request.has_smokers,
            has_stairs=self._rng.choice(["yes", "no", ""]),
            own_wish="Möchte gern wieder spazieren gehen." if is_dementia else "",
            safety_note="Der Hund ist freundlich." if request.has_pets == "yes" else "",
        )
        Consent.objects.create(
            person=request.help_seeker.person,
            kind=ConsentKind.KEEP_HEALTH_DATA,
            text_version="gesundheit-1",
            channel=Channel.PHONE if provisional else Channel.PAPER,
            given_at=spoken,
            recorded_by=by,
            provisional_reason="Am Telefon gesagt, der Brief ist unterwegs." if provisional else "",
        )

    def _settle(self, request: HelpRequest, index: int) -> None:
        """One in eight open requests goes another way."""
        if request.state != RequestState.OPEN:
            return
        ways: dict[int, dict[str, Any]] = {
            4: {
                "state": RequestState.ON_HOLD,
                "hold_reason": "Zurzeit im Krankenhaus.",
                "hold_until": self._today + timedelta(days=14),
            },
            12: {
                "state": RequestState.FORWARDED,
                "forwarded_to": "Pflegestützpunkt",
                "forward_outcome": "Termin vereinbart",
            },
            20: {"state": RequestState.WITHDRAWN},
            28: {
                "state": RequestState.CLOSED,
                "close_reason": CloseReason.NO_LONGER_NEEDED,
                "closed_on": self._today,
            },
        }
        for field, value in ways.get(index % 32, {}).items():
            setattr(request, field, value)
        if index % 32 in ways:
            request.save()

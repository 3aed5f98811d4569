"""Two offices that look alike: everybody who asks belongs to the first one, save the second one's tandem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Page

from helfer.help_requests.models import HelpRequest
from helfer.matching.models import Interest
from helfer.people.actions import complain
from helfer.people.models import CareLevel, Office, OfficeHoliday, Person, Side, TieKind, User
from helfer.people.models.tokens import ApiToken
from tests.factories.catalogue import (
    CompensationModelFactory,
    CompensationRateFactory,
    LandRuleFactory,
    RoleFactory,
    TrainingFactory,
)
from tests.factories.city_runs import CityDrillFactory, CityRunFactory, SuggestionFactory, UnservedFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory, PauseFactory
from tests.factories.matching import PROPOSED_AT, IncidentFactory, MatchFactory
from tests.factories.notifications import MessageFactory, PrintBatchFactory
from tests.factories.people import (
    HelpSeekerFactory,
    OfficeFactory,
    PersonFactory,
    RepresentativeFactory,
    SeatFactory,
    UserFactory,
    sign_in,
    tie,
)

FAR_AWAY = datetime(2090, 1, 1, tzinfo=UTC)

# Nothing has this number.
MISSING = 987_654_321


@dataclass
class World:
    """What the matrix is asked in."""

    things: dict[str, tuple[int, int]]
    clients: dict[str, Client]
    # Whether "there is no such page" is drawn as a page, which most knocks do not look at.
    hidden_is_drawn: bool = True


@dataclass
class OfficeWorld:
    """One office, its people and one thing of every kind."""

    office: Office
    helper: Person
    seeker: Person
    representative: Person
    tandem: User
    things: dict[str, int]


def office_world(name: str) -> OfficeWorld:
    """An office with everything an address can name; whoever gets help is called ``Hilfe<name>``."""
    office = OfficeFactory()
    user = SeatFactory(office=office, side=Side.MUNICIPAL).user
    other_side = SeatFactory(office=office, side=Side.ASSOCIATION)
    helper = HelperProfileFactory(
        person=PersonFactory(family_name=f"Helfend{name}", given_name=f"Gerd{name}"),
        office=office,
        active=True,
        max_people=3,
        roles=[RoleFactory()],
    )
    seeker = HelpSeekerFactory(
        person=PersonFactory(
            family_name=f"Hilfe{name}", given_name=f"Elsa{name}", birth_year=1940, street=f"Lindenhof{name}"
        ),
        office=office,
        care_level=CareLevel.TWO,
        remark=f"Bemerkung{name}",
    )
    representative = RepresentativeFactory(
        help_seeker=seeker, told=True, person=PersonFactory(family_name=f"Sohn{name}")
    )
    role = helper.roles.get()
    asked: dict[str, Any] = {"role": role, "open": True, "help_seeker": seeker}
    match = MatchFactory(request=HelpRequestFactory(**asked), helper=helper, to="active")
    proposed = MatchFactory(request=HelpRequestFactory(**asked), helper=helper)
    request: HelpRequest = HelpRequestFactory(**asked)
    relation = tie(seeker.person, PersonFactory(), TieKind.RELATIVE)
    run = CityRunFactory(office=office, by=user)
    suggestion = SuggestionFactory(run=run, request=HelpRequestFactory(**asked), helper=helper)
    UnservedFactory(run=run, request=request)
    training = TrainingFactory()
    proof = CertificateFactory(helper=helper, training=training, unverified=True)
    proof.file.save("nachweis.pdf", ContentFile(b"%PDF-1.4"))
    things = {
        "account": UserFactory(editor=True).pk,
        "certificate": proof.pk,
        "check_in": match.check_ins.get().pk,
        "city_drill": CityDrillFactory(by=user, language=f"x{office.pk}").pk,
        "city_run": run.pk,
        "helper": helper.pk,
        "complaint": complain(text="Etwas stimmt nicht.", at=PROPOSED_AT).pk,
        "holiday": OfficeHoliday.objects.create(
            office=office, from_day=date(2040, 12, 24), until_day=date(2040, 12, 31), reason="Winter"
        ).pk,
        "incident": IncidentFactory(match=match).pk,
        "interest": Interest.objects.create(helper=helper, request=request, said_at=PROPOSED_AT).pk,
        "match": match.pk,
        "message": MessageFactory(office=office, recipient=seeker.person, failed=True).pk,
        "office": office.pk,
        "pause": PauseFactory(helper=helper, from_day=date(2040, 1, 1), until_day=date(2040, 2, 1)).pk,
        "person": seeker.person_id,
        "print_batch": PrintBatchFactory(office=office).pk,
        "proposal": proposed.pk,
        "representative": representative.pk,
        "request": request.pk,
        "seat": other_side.pk,
        "seeker": seeker.pk,
        "suggestion": suggestion.pk,
        "tie": relation.pk,
        "token": ApiToken.objects.create(
            user=user, name="Liste", digest=name, created_at=PROPOSED_AT, expires_at=FAR_AWAY
        ).pk,
        "training": training.pk,
    }
    return OfficeWorld(office, helper.person, seeker.person, representative.person, user, things)


def build() -> World:
    """Both offices, the catalogue, and everybody signed in."""
    here, there = office_world("aar"), office_world("bor")
    former = SeatFactory(
        office=here.office, from_day=date(2020, 1, 1), until_day=date(2021, 1, 1), deputy=True
    ).user
    model = CompensationModelFactory()
    shared = {
        "model": model.pk,
        "rate": CompensationRateFactory(model=model).pk,
        "role": RoleFactory().pk,
        "rule": LandRuleFactory().pk,
        "unplaced_helper": HelperProfileFactory(office=None).pk,
        "unplaced_request": HelpRequestFactory(help_seeker__office=None).pk,
        "key": Authenticator.objects.create(user=UserFactory(), type="webauthn", data={}).pk,
        "page": Page.objects.get(depth=2).pk,
    }
    # A helper of the one office is asked for by the other one: there, only this match opens.
    lent = [
        MatchFactory(
            request=HelpRequestFactory(open=True, help_seeker__office=asks.office),
            helper__office=lends.office,
            lending_office=lends.office,
        ).pk
        for lends, asks in ((here, there), (there, here))
    ]
    users = {
        "helper": UserFactory(helper=True, person=here.helper),
        "seeker": UserFactory(seeker=True, person=here.seeker),
        "told": UserFactory(seeker=True, person=here.representative),
        "own": here.tandem,
        "other": there.tandem,
        "former": former,
        "training": UserFactory(training=True),
        "coordinator": UserFactory(coordinator=True),
        "editor": UserFactory(editor=True),
        "dpo": UserFactory(dpo=True),
        "administrator": UserFactory(administrator=True),
        "closed": UserFactory(tandem=True),
    }
    SeatFactory(office=here.office, user=users["closed"], deputy=True)
    clients = {who: sign_in(Client(), user) for who, user in users.items()}
    clients["guest"] = Client()
    User.objects.filter(pk=users["closed"].pk).update(is_active=False)
    things = {name: (pk, there.things[name]) for name, pk in here.things.items()}
    things["lent_match"] = (lent[0], lent[1])
    things |= {name: (pk, pk) for name, pk in shared.items()}
    return World(things, clients)

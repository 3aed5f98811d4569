"""People for tests: ``UserFactory(tandem=True)``, ``tandem(office)``, ``sign_in(client, user)``."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import factory
from django.contrib.gis.geos import Point
from django.test import Client

from helfer.people.models import (
    CareLevel,
    Channel,
    Consent,
    ConsentKind,
    HelpSeeker,
    Kind,
    Office,
    OfficeDistrict,
    Person,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
    Seat,
    Side,
    Tie,
    TieKind,
    User,
)
from helfer.places.models import LocationQuality, Municipality

# In the middle of the default municipality.
MIDDLE = (7.4653, 51.5136)
METRES_PER_DEGREE = 111_320


def point_near(east_m: float = 0, north_m: float = 0) -> Point:
    """A point so many metres (roughly) east and north of the middle of the city."""
    lon, lat = MIDDLE
    return Point(lon + east_m / (METRES_PER_DEGREE * 0.6224), lat + north_m / METRES_PER_DEGREE, srid=4326)


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    class Params:
        homeless = factory.Trait(home=None, location_quality="")

    family_name = factory.Sequence(lambda n: f"Nachbar{n}")
    given_name = factory.Iterator(["Ayşe", "Jürgen", "Milica", "Karl", "Thảo", "Ole"])
    birth_year = 1960
    phone = factory.Sequence(lambda n: f"+49231{5000000 + n}")
    email = factory.Sequence(lambda n: f"nachbar{n}@example.org")
    street = "Musterweg"
    house_number = factory.Sequence(lambda n: str(n % 200 + 1))
    postcode = "44137"
    town = "Dortmund"
    home = factory.LazyFunction(point_near)
    location_quality = LocationQuality.ADDRESS


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An account; kinds are traits, several at once if need be; ``password=`` where one signs in by it."""

    class Meta:
        model = User

    class Params:
        helper = False
        seeker = False
        tandem = False
        training = False
        coordinator = False
        editor = False
        dpo = False
        administrator = False
        # A system account stands for the program, not for a human being.
        system = factory.Trait(person=None, name="System")

    email = factory.Sequence(lambda n: f"zugang{n}@example.org")
    person = factory.SubFactory(PersonFactory, email=factory.SelfAttribute("..email"))
    kinds = factory.LazyAttribute(lambda o: [str(kind) for kind in Kind if getattr(o, kind.value)])

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(kwargs.pop("email"), kwargs.pop("password", None), **kwargs)


class OfficeFactory(factory.django.DjangoModelFactory[Office]):
    """A Seniorenbüro; ``districts=[…]`` are the districts it serves."""

    class Meta:
        model = Office
        skip_postgeneration_save = True

    municipality = factory.LazyFunction(lambda: Municipality.objects.default())
    name = factory.Sequence(lambda n: f"Seniorenbüro {n}")
    slug = factory.Sequence(lambda n: f"buero-{n}")
    street = "Rathausplatz 1"
    postcode = "44137"
    town = "Dortmund"
    phone = "+492315022222"
    email = factory.LazyAttribute(lambda o: f"{o.slug}@example.org")
    location = factory.LazyFunction(point_near)

    @factory.post_generation
    def districts(self: Office, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            for district in extracted or ():
                OfficeDistrict.objects.create(office=self, district=district)


class SeatFactory(factory.django.DjangoModelFactory[Seat]):
    class Meta:
        model = Seat

    class Params:
        deputy = factory.Trait(is_deputy=True)

    office = factory.SubFactory(OfficeFactory)
    side = Side.MUNICIPAL
    user = factory.SubFactory(UserFactory, tandem=True)
    carrier = factory.LazyAttribute(lambda o: "" if o.side == Side.MUNICIPAL else "Nachbarschaftsverband")
    from_day = date(2020, 1, 1)


def tandem(office: Office) -> tuple[User, User]:
    """The two sides of the office's tandem: Stadt and Verband."""
    municipal = SeatFactory(office=office, side=Side.MUNICIPAL).user
    association = SeatFactory(office=office, side=Side.ASSOCIATION).user
    return municipal, association


class HelpSeekerFactory(factory.django.DjangoModelFactory[HelpSeeker]):
    class Meta:
        model = HelpSeeker

    class Params:
        cared_for = factory.Trait(care_level=CareLevel.TWO)

    person = factory.SubFactory(PersonFactory, birth_year=1942, email="")
    office = factory.SubFactory(OfficeFactory)


class RepresentativeFactory(factory.django.DjangoModelFactory[Representative]):
    class Meta:
        model = Representative

    class Params:
        # A Vorsorgevollmacht that staff saw.
        authorised = factory.Trait(
            kind=RepresentativeKind.PROXY,
            may_consent=True,
            may_sign=True,
            area=RepresentativeArea.ALL,
            seen_on=date(2026, 1, 7),
            seen_by=factory.SubFactory(UserFactory, tandem=True),
        )
        told = factory.Trait(may_be_told=True)

    person = factory.SubFactory(PersonFactory)
    help_seeker = factory.SubFactory(HelpSeekerFactory)
    kind = RepresentativeKind.RELATIVE
    relation = "Tochter"


class ConsentFactory(factory.django.DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    class Params:
        online = factory.Trait(channel=Channel.ONLINE, recorded_by=None)

    person = factory.SubFactory(PersonFactory)
    kind = ConsentKind.MATCH
    text_version = "2026-1"
    channel = Channel.PHONE
    given_at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    recorded_by = factory.SubFactory(UserFactory, tandem=True)


def tie(person: Person, other: Person, kind: TieKind) -> Tie:
    """A relation of two persons, in whatever order they are named."""
    first, second = sorted([person, other], key=lambda each: each.pk)
    return Tie.objects.create(person_a=first, person_b=second, kind=kind)


def sign_in(client: Client, user: User) -> Client:
    """Sign in the way the account's kinds demand: staff with a second factor in this session."""
    # Imported here, so that factories can be used before the sign-in exists.
    from allauth.mfa.models import Authenticator

    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    proofs = [{"method": "code", "at": time.time()}]
    if user.is_office_staff:
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "not-used"})
        proofs = [
            {"method": "password", "at": time.time()},
            {"method": "mfa", "at": time.time(), "type": "totp"},
        ]
    session = client.session
    session["account_authentication_methods"] = proofs
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client

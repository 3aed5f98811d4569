"""The people at the desks, with accounts that a visitor of the demo can use."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from helfer.demo.city import OFFICES
from helfer.demo.names import Book
from helfer.people.models import Kind, Office, Person, Seat, Side, User

PASSWORD = "Auenbrueck-zum-Ausprobieren"  # noqa: S105 — printed for everybody who tries the demo
MAIN_OFFICE = "Mitte"


@dataclass(frozen=True)
class Account:
    """An account that the demo tells about."""

    email: str
    who: str


TANDEM_CITY = Account("stadt@demo.example", "Tandem, Seite Stadt (Seniorenbüro Mitte)")
TANDEM_ASSOCIATION = Account("verband@demo.example", "Tandem, Seite Verband (Seniorenbüro Mitte)")
COORDINATOR = Account("geschaeftsstelle@demo.example", "Geschäftsstelle")
TRAINING = Account("schulung@demo.example", "Schulungsteam")
EDITOR = Account("redaktion@demo.example", "Redaktion der Webseiten")
DPO = Account("datenschutz@demo.example", "Datenschutz")
ADMINISTRATOR = Account("verwaltung@demo.example", "Verwaltung der Zugänge")
HELPER = Account("helferin@demo.example", "Helferin (Code kommt per E-Mail)")
SEEKER = Account("anfrage@demo.example", "hilfesuchende Person (Code kommt per E-Mail)")
STAFF = (TANDEM_CITY, TANDEM_ASSOCIATION, COORDINATOR, TRAINING, EDITOR, DPO, ADMINISTRATOR)


def secret_of(email: str) -> str:
    """The secret of a demo account's second factor: known to everybody, like the password."""
    return base64.b32encode(hashlib.sha256(f"demo:{email}".encode()).digest()[:20]).decode()


def give_account(person: Person, email: str, kinds: list[Kind], *, is_staff: bool) -> User:
    """An account as the demo's visitors find it: staff with password and second factor."""
    user = User.objects.create_user(email, PASSWORD if is_staff else None, person=person, kinds=kinds)
    if is_staff:
        TOTP.activate(user, secret_of(email))
    return user


def has_second_factor(user: User) -> bool:
    """Whether the account could be used right away."""
    has_one: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return has_one


def build_staff(offices: dict[str, Office], book: Book, *, today: date) -> dict[str, User]:
    """A tandem of two with deputies for each office, and the people of the whole city."""
    users: dict[str, User] = {}
    since = today - timedelta(days=1_200)
    for name, _districts, carrier in OFFICES:
        office = offices[name]
        for side in Side:
            account = TANDEM_CITY if side is Side.MUNICIPAL else TANDEM_ASSOCIATION
            email = account.email if name == MAIN_OFFICE else f"{side.value}.{office.slug}@demo.example"
            user = give_account(_person(book, email), email, [Kind.TANDEM], is_staff=True)
            Seat.objects.create(
                office=office,
                side=side,
                user=user,
                carrier="" if side is Side.MUNICIPAL else carrier,
                from_day=since,
            )
            users[email] = user
        email = f"vertretung.{office.slug}@demo.example"
        deputy = give_account(_person(book, email), email, [Kind.TANDEM], is_staff=True)
        Seat.objects.create(office=office, side=Side.MUNICIPAL, user=deputy, is_deputy=True, from_day=since)
        users[email] = deputy
    for account, kind in (
        (COORDINATOR, Kind.COORDINATOR),
        (TRAINING, Kind.TRAINING),
        (EDITOR, Kind.EDITOR),
        (DPO, Kind.DPO),
        (ADMINISTRATOR, Kind.ADMINISTRATOR),
    ):
        users[account.email] = give_account(
            _person(book, account.email), account.email, [kind], is_staff=True
        )
    return users


def _person(book: Book, email: str) -> Person:
    given, family, gender = book.name()
    return Person.objects.create(
        given_name=given,
        family_name=family,
        gender=gender,
        birth_year=1975,
        email=email,
        phone=book.landline(),
        town="Auenbrück",
    )

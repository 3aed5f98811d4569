"""Who: persons, accounts, offices and their tandems, help seekers and who speaks for them."""

from .accounts import Kind, User, UserQuerySet
from .complaints import Complaint, ComplaintQuerySet
from .consents import Channel, Consent, ConsentKind
from .offices import Office, OfficeDistrict, OfficeHoliday, OfficeQuerySet, Seat, SeatQuerySet, Side
from .persons import Gender, Person, PersonQuerySet
from .seekers import (
    CareLevel,
    HelpSeeker,
    HelpSeekerQuerySet,
    Representative,
    RepresentativeArea,
    RepresentativeKind,
)
from .ties import Tie, TieKind
from .tokens import ApiToken

__all__ = [
    "ApiToken",
    "CareLevel",
    "Channel",
    "Complaint",
    "ComplaintQuerySet",
    "Consent",
    "ConsentKind",
    "Gender",
    "HelpSeeker",
    "HelpSeekerQuerySet",
    "Kind",
    "Office",
    "OfficeDistrict",
    "OfficeHoliday",
    "OfficeQuerySet",
    "Person",
    "PersonQuerySet",
    "Representative",
    "RepresentativeArea",
    "RepresentativeKind",
    "Seat",
    "SeatQuerySet",
    "Side",
    "Tie",
    "TieKind",
    "User",
    "UserQuerySet",
]

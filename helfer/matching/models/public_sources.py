"""Lower apps' tables that public offers and searches rest on: proxies that only carry this app's guards."""

from __future__ import annotations

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest, RequestListing
from helfer.helpers.models import Certificate, HelperProfile, PublicCard
from helfer.matching.guards import public_cards, public_wanted
from helfer.people.models import Consent, HelpSeeker, Person


class ShownCard(PublicCard):
    """A card that changes or goes is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_cards.CARDS


class ShownRole(HelperProfile.roles.through):  # type: ignore[name-defined]
    """A role that is given up takes its card down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_cards.ROLES


class ShownModel(HelperProfile.compensation_models.through):  # type: ignore[name-defined]
    """A financial model that is no longer accepted takes cards down that show it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_cards.MODELS


class ShownCertificate(Certificate):
    """A proof that goes takes cards down that show its training."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_cards.CERTIFICATES


class ShownHelper(HelperProfile):
    """A helper who leaves, or helps one person only, is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_cards.HELPERS


class ShownPerson(Person):
    """Who died, moved or is another's record is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*public_cards.PERSONS, *public_wanted.PERSONS]


class ShownConsent(Consent):
    """A yes that is taken back takes the card down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*public_cards.CONSENTS, *public_wanted.CONSENTS]


class ShownListing(RequestListing):
    """A listing that changes or goes is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_wanted.LISTINGS


class ShownRequest(HelpRequest):
    """A request that no longer waits is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_wanted.REQUESTS


class ShownCatalogueRole(Role):
    """A role that is to be shown as another one is no longer shown as itself."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_wanted.ROLES


class ShownSeeker(HelpSeeker):
    """A help seeker who turns out to be another person is taken down."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = public_wanted.SEEKERS

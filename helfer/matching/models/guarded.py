"""Lower apps' tables whose changes could break a match: proxies that only carry this app's guards."""

from __future__ import annotations

from helfer.catalogue.models import CompensationModel
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile
from helfer.matching.guards import offers, people
from helfer.people.models import Consent, HelpSeeker, Office, Person, Seat, Tie
from helfer.places.models import District


class GuardedTie(Tie):
    """A block or kinship meets the open matches of the pair."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.TIES


class GuardedConsent(Consent):
    """A yes on which a match rests stays as it was given."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.CONSENTS


class GuardedSeat(Seat):
    """A seat keeps covering the signatures given on it."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.SEATS


class GuardedPerson(Person):
    """Birth year and home district meet the matches under § 45b."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.PERSONS


class GuardedHelpSeeker(HelpSeeker):
    """Care level and living at home meet the matches under § 45b and § 39."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.HELP_SEEKERS


class GuardedOffice(Office):
    """An office's municipality meets the matches under § 45b."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.OFFICES


class GuardedDistrict(District):
    """A district's municipality meets the matches under § 45b."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = people.DISTRICTS


class GuardedHelper(HelperProfile):
    """A helper's number of people meets the running matches."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offers.HELPERS


class GuardedCertificate(Certificate):
    """A proof that shrinks or goes meets an approval at the same moment."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offers.CERTIFICATES


class GuardedRequest(HelpRequest):
    """A request that changes hands meets its matches."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offers.REQUESTS


class GuardedCompensationModel(CompensationModel):
    """A financial model with rules of law keeps its name."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offers.COMPENSATION_MODELS

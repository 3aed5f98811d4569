"""Lower apps' tables whose changes could break a match: proxies that only carry this app's guards."""

from __future__ import annotations

from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import Certificate, HelperProfile, Pause
from helfer.matching.guards import offer_sources, offers, people
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
    """Birth year and home district meet the matches under § 45b; the offers follow home and gender."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*people.PERSONS, *offer_sources.PERSONS]


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
    """A helper's number of people meets the running matches; the offers follow the profile."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*offers.HELPERS, *offer_sources.HELPERS]


class GuardedCertificate(Certificate):
    """A proof that shrinks or goes meets an approval at the same moment; the offers follow proofs."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*offers.CERTIFICATES, *offer_sources.CERTIFICATES]


class GuardedRequest(HelpRequest):
    """A request that changes hands meets its matches, and the offers follow."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [*offers.REQUESTS, *offer_sources.REQUESTS]


class GuardedCompensationModel(CompensationModel):
    """A financial model with rules of law keeps its name."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offers.COMPENSATION_MODELS


class OfferedRole(HelperProfile.roles.through):  # type: ignore[name-defined]
    """The offers follow the roles that a helper takes on or gives up."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.ROLES


class AcceptedModel(HelperProfile.compensation_models.through):  # type: ignore[name-defined]
    """The offers follow the financial models that a helper accepts."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.MODELS


class GuardedPause(Pause):
    """The offers follow a helper's time off."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.PAUSES


class GuardedTraining(Training):
    """The offers follow a training's days of grace."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.TRAININGS


class IncludedTraining(Training.includes.through):  # type: ignore[name-defined]
    """The offers follow what a training includes."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.INCLUDED_TRAININGS


class RequiredTraining(Role.required_trainings.through):  # type: ignore[name-defined]
    """The offers follow what a role requires."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = offer_sources.REQUIRED_TRAININGS

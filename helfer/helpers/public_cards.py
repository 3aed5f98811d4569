"""What a public card would show: made of the profile and of what the helper chooses, for the preview."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from helfer.catalogue.models import CompensationModel, EvidenceType, Role, Training
from helfer.core.slots import HALF_DAYS
from helfer.helpers.models import Certificate, HelperProfile
from helfer.places.models import District, Quarter

# The words of the page on which the yes is given; another text is another version.
TEXT_VERSION = "karte-1"
LONGEST_NAME = 60


class ShownName(models.TextChoices):
    """What stands on the card instead of the full name."""

    NONE = "none", _("kein Name")
    INITIAL = "initial", _("nur der erste Buchstabe meines Vornamens")
    GIVEN_NAME = "given_name", _("mein Vorname")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChoice:
    """What the helper wants to show; as it stands here is the default: role, district, half-days."""

    name: str = ShownName.NONE
    quarter: bool = False
    half_days: bool = True
    languages: bool = False
    compensation: bool = False
    trainings: bool = False


@dataclass(frozen=True, slots=True)
class CardContents:
    """Everything that the card shows at most."""

    name: str
    district: District | None
    quarter: Quarter | None
    roles: Sequence[Role]
    half_days: Sequence[str]
    languages: Sequence[str]
    compensation_models: Sequence[CompensationModel]
    trainings: Sequence[Training]

    @property
    def digest(self) -> str:
        """The same for the same card: whoever says yes says it to what they saw."""
        shown = (
            self.name,
            self.district and self.district.pk,
            self.quarter and self.quarter.pk,
            [role.pk for role in self.roles],
            list(self.half_days),
            list(self.languages),
            [model.pk for model in self.compensation_models],
            [training.pk for training in self.trainings],
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def card_of(helper: HelperProfile, choice: CardChoice, *, on: date) -> CardContents:
    """The card that this choice makes of the profile as it stands that day."""
    given_name = helper.person.given_name.strip()[:LONGEST_NAME]
    names = {ShownName.INITIAL: f"{given_name[:1]}." if given_name else "", ShownName.GIVEN_NAME: given_name}
    halves = {slot.split("-")[1] for slot in helper.times}
    held = Certificate.objects.filter(helper=helper).counting_on(on)
    return CardContents(
        name=names.get(ShownName(choice.name), ""),
        district=helper.person.district,
        quarter=helper.person.quarter if choice.quarter else None,
        roles=list(helper.roles.filter(is_active=True).order_by("name", "pk")),
        half_days=[half for half in HALF_DAYS if half in halves] if choice.half_days else [],
        languages=sorted(helper.languages) if choice.languages else [],
        compensation_models=(
            list(helper.compensation_models.filter(is_active=True).order_by("name", "pk"))
            if choice.compensation
            else []
        ),
        # What was only looked at (a certificate of conduct) leaves no trace here either.
        trainings=(
            list(
                Training.objects.filter(pk__in=held.values("training"), is_active=True)
                .exclude(evidence_type=EvidenceType.INSPECTION)
                .order_by("name", "pk")
            )
            if choice.trainings
            else []
        ),
    )

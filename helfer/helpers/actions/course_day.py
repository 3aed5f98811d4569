"""A whole course at once: everybody who was there gets the same proof."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.models import Training
from helfer.core.errors import Conflict
from helfer.helpers.actions.certifying import issue_certificate
from helfer.helpers.models import Certificate, HelperProfile
from helfer.people.models import User


@transaction.atomic
def issue_certificates(
    *, helper_ids: Collection[int], training: Training, issued_on: date, by: User, at: datetime
) -> list[Certificate]:
    """Enter one training for many helpers, for all of them or for none.

    Raises ``NotAllowed``, or ``Conflict`` with the name of whoever has the proof already.
    """
    if not helper_ids:
        raise Conflict(_("Bitte wählen Sie mindestens eine Person."), field="helpers")
    present = (
        HelperProfile.objects.filter(
            pk__in=helper_ids, certificates__training=training, certificates__issued_on=issued_on
        )
        .select_related("person")
        .first()
    )
    if present is not None:
        raise Conflict(
            _("Für %(name)s ist dieser Nachweis von diesem Tag schon eingetragen.") % {"name": present},
            field="helpers",
        )
    return [
        issue_certificate(helper_id=helper_id, training=training, issued_on=issued_on, by=by, at=at)
        for helper_id in sorted(helper_ids)
    ]

"""What helpers are told about their proofs."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helfer.helpers.models import Certificate
from helfer.notifications.kinds import Letter, notice
from helfer.people.models import Person

CERTIFICATE_RUNS_OUT = "certificate_runs_out"


@notice(CERTIFICATE_RUNS_OUT)
def certificate_runs_out(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    """A proof runs out, or has run out and counts for some days yet."""
    certificate = Certificate.objects.select_related("helper", "training").get(pk=subject_id)
    if certificate.valid_until is None or certificate.helper.person_id != recipient.pk:
        return None
    return Letter(
        subject=_("Ein Nachweis läuft ab"),
        paragraphs=[
            _(
                "einer Ihrer Nachweise läuft ab oder ist schon abgelaufen. "
                "Bitte erneuern Sie ihn rechtzeitig."
            ),
            _("Wir sagen Ihnen gern, wie das geht und wann der nächste Kurs ist."),
        ],
        facts=[
            (_("Nachweis"), certificate.training.text("name")),
            (_("Gültig bis"), date_format(certificate.valid_until, "DATE_FORMAT")),
        ],
    )

"""What helpers are told about their offer and their proofs."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.helpers.models import Certificate, HelperProfile
from helfer.notifications.kinds import Letter, notice
from helfer.people.call_back import call_back_by
from helfer.people.models import Person

CERTIFICATE_RUNS_OUT = "certificate_runs_out"
OFFER_RECEIVED = "offer_received"


@notice(OFFER_RECEIVED)
def offer_received(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    """The offer has come in: its number, and who gets in touch by when; not what it is about."""
    helper = HelperProfile.objects.select_related("office").get(pk=subject_id)
    if helper.person_id != recipient.pk:
        return None
    facts = [(_("Nummer"), helper.number)]
    if helper.office is not None:
        facts.append((_("Seniorenbüro"), helper.office.name))
        if helper.office.phone:
            facts.append((_("Telefon"), helper.office.phone.as_national))
    by = date_format(call_back_by(helper.office, received_on=berlin_day(helper.created_at)), "l, j. F")
    return Letter(
        subject=_("Danke, dass Sie helfen möchten"),
        paragraphs=[
            _("Ihre Anmeldung ist bei uns angekommen. Wir melden uns spätestens am %(day)s.") % {"day": by},
            _("Bis dahin müssen Sie nichts tun. Zuerst lernen wir uns in Ruhe kennen."),
            _("Sie haben sich nicht angemeldet? Dann rufen Sie uns bitte an. Wir löschen die Angaben."),
        ],
        facts=facts,
    )


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

"""What people are told about their requests; details stand in letters, never in mail or SMS."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helfer.help_requests.models import HelpRequest
from helfer.notifications.kinds import Letter, notice
from helfer.people.call_back import call_back_by
from helfer.people.models import Person

REQUEST_RECEIVED = "request_received"


@notice(REQUEST_RECEIVED)
def request_received(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    """The request has come in: its number, and who calls by when; not what it is about."""
    request = HelpRequest.objects.select_related("office", "help_seeker").get(pk=subject_id)
    is_own = request.help_seeker.person_id == recipient.pk
    if not is_own and not request.help_seeker.representatives.filter(person=recipient).exists():
        return None
    facts = [(_("Nummer"), request.number)]
    if request.office is not None:
        facts.append((_("Seniorenbüro"), request.office.name))
        if request.office.phone:
            facts.append((_("Telefon"), request.office.phone.as_national))
    by = date_format(call_back_by(request.office, received_on=request.received_on), "l, j. F")
    return Letter(
        subject=_("Ihre Anfrage ist angekommen"),
        paragraphs=[
            _("Ihre Anfrage ist bei uns angekommen. Wir rufen spätestens am %(day)s an.") % {"day": by},
            _("Sie haben nichts angefragt? Dann rufen Sie uns bitte an. Wir löschen die Angaben."),
        ],
        facts=facts,
    )

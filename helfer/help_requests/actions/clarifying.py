"""The office calls back and opens a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.models import Role
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.help_requests.actions.details import locked_request
from helfer.help_requests.models import HelpRequest, RequestState, Triage
from helfer.help_requests.permissions import can_work_on, may_be_heard
from helfer.people import actions as people_actions
from helfer.people.models import Channel, Consent, ConsentKind, Representative, User

HEALTH_CONSENT_TEXT = "gesundheit-1"
TELL_HELPER_TEXT = "weitergabe-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthConsent:
    """The yes to keeping health data, as it was given; a spoken one is provisional and says why."""

    channel: Channel
    provisional_reason: str = ""
    # A separate yes: what a helper must know may be told to them.
    may_tell_helper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageFacts:
    """How the office called back, whom it heard, and what a helper must know."""

    called_back_at: datetime
    how: str
    called_back_by: User | None = None
    heard_representative: Representative | None = None
    own_wish: str = ""
    has_animals: str = ""
    has_smoking: str = ""
    has_stairs: str = ""
    has_aggression: str = ""
    safety_note: str = ""
    health_consent: HealthConsent | None = None


@transaction.atomic
def open_request(
    *, request_id: int, facts: TriageFacts, by: User, at: datetime, role: Role | None = None
) -> HelpRequest:
    """Somebody from the office spoke with the person: the request is clear and waits for a helper.

    A yes to keeping health data has to be there, or comes along. Raises ``NotAllowed``, ``Conflict``,
    ``IllegalTransition``.
    """
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    seeker = request.help_seeker
    if facts.called_back_at > at:
        raise Conflict(_("Dieser Zeitpunkt liegt in der Zukunft."), field="called_back_at")
    if berlin_day(facts.called_back_at) < request.received_on:
        raise Conflict(_("Der Rückruf liegt vor dem Eingang der Anfrage."), field="called_back_at")
    if facts.heard_representative is not None:
        may_be_heard(facts.heard_representative, help_seeker=seeker, on=berlin_day(facts.called_back_at))
    if hasattr(request, "triage"):
        raise Conflict(_("Diese Anfrage ist schon geklärt."), code="clarified")
    request.role = role or request.role
    if request.role is None:
        raise Conflict(
            _("Bitte klären Sie die Tätigkeit, bevor Sie die Anfrage öffnen."),
            code="role_unclear",
            field="role",
        )
    _keep_consent(request, facts, by=by, at=at)
    request.move_to(RequestState.OPEN)
    # What the office heard is newer than what was written.
    request.has_pets = facts.has_animals or request.has_pets
    request.has_smokers = facts.has_smoking or request.has_smokers
    request.hold_reason, request.hold_until = "", None
    request.save(update_fields=["state", "role", "has_pets", "has_smokers", "hold_reason", "hold_until"])
    triage = Triage(
        request=request,
        called_back_by=facts.called_back_by or by,
        called_back_at=facts.called_back_at,
        how=facts.how,
        heard_representative=facts.heard_representative,
        own_wish=facts.own_wish.strip(),
        has_animals=facts.has_animals,
        has_smoking=facts.has_smoking,
        has_stairs=facts.has_stairs,
        has_aggression=facts.has_aggression,
        safety_note=facts.safety_note.strip(),
    )
    must_be_valid(triage)
    triage.save()
    return request


def _keep_consent(request: HelpRequest, facts: TriageFacts, *, by: User, at: datetime) -> None:
    person = request.help_seeker.person
    present = set(Consent.objects.filter(person=person, withdrawn_at=None).values_list("kind", flat=True))
    given = facts.health_consent
    if given is None:
        if ConsentKind.KEEP_HEALTH_DATA not in present:
            raise Conflict(
                _(
                    "Es fehlt die Einwilligung, Gesundheitsangaben aufzubewahren. Ein gesprochenes Ja genügt "
                    "vorläufig; notieren Sie dann, warum noch kein Papier da ist."
                ),
                code="health_consent",
                field="health_channel",
            )
        return
    wanted = {ConsentKind.KEEP_HEALTH_DATA: HEALTH_CONSENT_TEXT}
    if given.may_tell_helper:
        wanted[ConsentKind.TELL_HELPER] = TELL_HELPER_TEXT
    for kind, text in wanted.items():
        if kind in present:
            continue
        is_health = kind == ConsentKind.KEEP_HEALTH_DATA
        people_actions.give_consent(
            person=person,
            kind=kind,
            text_version=text,
            channel=given.channel,
            given_at=facts.called_back_at,
            representative=facts.heard_representative,
            provisional_reason=given.provisional_reason if is_health else "",
            by=by,
            at=at,
        )


@transaction.atomic
def record_paper_consent(*, request_id: int, seen_on: date, by: User, at: datetime) -> HelpRequest:
    """The signed paper to the spoken yes is there; it leaves the desk."""
    request = locked_request(request_id)
    can_work_on(by, request, on=berlin_day(at))
    waiting = Consent.objects.filter(
        person=request.help_seeker.person, withdrawn_at=None, paper_seen_on=None
    ).exclude(provisional_reason="")
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise Conflict(_("Für diese Person fehlt kein Papier."), code="no_paper_missing")
    for consent_id in ids:
        people_actions.note_paper(consent_id=consent_id, seen_on=seen_on, by=by, at=at)
    return request

"""What people are told about their matches; details stand in letters and on screens, never in mail or SMS."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.matching.lifecycle import BEFORE_APPROVAL, RUNNING_NOT_PAUSED, MatchState
from helfer.matching.models import CheckIn, Incident, Match
from helfer.notifications.actions import post
from helfer.notifications.kinds import Letter, notice
from helfer.notifications.models import Message
from helfer.people.models import Kind, Office, Person, Seat, User


def _tell_both(match: Match, *, kind: str, at: datetime, occasion: str = "") -> None:
    for person in (match.helper.person, match.request.help_seeker.person):
        post(kind=kind, subject_id=match.pk, recipient=person, occasion=occasion, at=at, office=match.office)


def _tell_staff(
    users: Iterable[User], *, kind: str, subject_id: int, office: Office, at: datetime, occasion: str
) -> None:
    for user in users:
        if user.person is not None:
            post(
                kind=kind,
                subject_id=subject_id,
                recipient=user.person,
                occasion=occasion,
                at=at,
                office=office,
            )


def _tandem(office: Office, *, on: date) -> list[User]:
    seats = Seat.objects.filter(office=office).valid_on(on).select_related("user__person")
    return list({seat.user_id: seat.user for seat in seats}.values())


def match_proposed(match: Match, *, at: datetime) -> None:
    """Tell the helper that somebody could need them; the help seeker is asked by the office itself."""
    post(
        kind="match_proposed", subject_id=match.pk, recipient=match.helper.person, at=at, office=match.office
    )


def match_declined(match: Match, *, at: datetime) -> None:
    """Tell the helper that a proposal will not come about."""
    post(
        kind="match_declined", subject_id=match.pk, recipient=match.helper.person, at=at, office=match.office
    )


def match_approved(match: Match, *, at: datetime) -> None:
    """Tell both sides that the tandem has approved."""
    _tell_both(match, kind="match_approved", at=at)


def match_paused(match: Match, *, at: datetime) -> None:
    """Tell both sides that the match rests."""
    _tell_both(match, kind="match_paused", at=at, occasion=at.isoformat())


def match_resumed(match: Match, *, at: datetime) -> None:
    """Tell both sides that it goes on."""
    _tell_both(match, kind="match_resumed", at=at, occasion=at.isoformat())


def match_ended(match: Match, *, at: datetime) -> None:
    """Tell both sides that it is over."""
    _tell_both(match, kind="match_ended", at=at)


def lending_asked(match: Match, *, at: datetime) -> None:
    """Ask the lending office's tandem for its agreement."""
    if match.lending_office is not None:
        users = _tandem(match.lending_office, on=berlin_day(at))
        _tell_staff(
            users, kind="lending_asked", subject_id=match.pk, office=match.lending_office, at=at, occasion=""
        )


def lending_refused(match: Match, *, at: datetime) -> None:
    """Tell the asking office's tandem that the other office does not lend its helper."""
    _tell_staff(
        _tandem(match.office, on=berlin_day(at)),
        kind="lending_refused",
        subject_id=match.pk,
        office=match.office,
        at=at,
        occasion="",
    )


def told_of_refusal(match_id: Any) -> QuerySet[Message]:
    """What the asking office was told when its wish to borrow a helper was refused."""
    return Message.objects.filter(kind="lending_refused", subject_id=match_id)


def signature_asked(match: Match, *, at: datetime, signed_side: str = "") -> None:
    """Tell those who can give a missing signature."""
    seats = Seat.objects.filter(office=match.office).valid_on(berlin_day(at)).select_related("user__person")
    users = {seat.user_id: seat.user for seat in seats if seat.side != signed_side}
    _tell_staff(
        users.values(),
        kind="signature_asked",
        subject_id=match.pk,
        office=match.office,
        at=at,
        occasion=f"{signed_side}:{berlin_day(at)}",
    )


def check_in_overdue(check_in: CheckIn, *, at: datetime) -> None:
    """Tell the other side of the tandem first, then the coordinators."""
    match = check_in.match
    if check_in.escalated_to_coordinator_on is not None:
        users = list(User.objects.of_kind(Kind.COORDINATOR).filter(is_active=True).select_related("person"))
        occasion = f"coordinator:{check_in.pk}"
    else:
        responsible = match.responsible.user_id if match.responsible else None
        users = [user for user in _tandem(match.office, on=berlin_day(at)) if user.pk != responsible]
        occasion = f"other-side:{check_in.pk}"
    _tell_staff(
        users, kind="check_in_overdue", subject_id=match.pk, office=match.office, at=at, occasion=occasion
    )


def incident_escalated(incident: Incident, *, at: datetime) -> None:
    """Tell the whole tandem and the coordinators."""
    match = incident.match
    coordinators = User.objects.of_kind(Kind.COORDINATOR).filter(is_active=True).select_related("person")
    users = {user.pk: user for user in [*_tandem(match.office, on=berlin_day(at)), *coordinators]}
    _tell_staff(
        users.values(),
        kind="incident_escalated",
        subject_id=match.pk,
        office=match.office,
        at=at,
        occasion=str(incident.pk),
    )


def _match(subject_id: int) -> Match:
    return Match.objects.select_related(
        "helper__person", "request__help_seeker__person__district", "role", "office"
    ).get(pk=subject_id)


def _day(day: date | None) -> str:
    return date_format(day, "j. F Y") if day else ""


def _is_helper(match: Match, recipient: Person) -> bool:
    return match.helper.person_id == recipient.pk


@notice("match_proposed")
def _match_proposed(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    if match.state not in BEFORE_APPROVAL:
        return None
    seeker = match.request.help_seeker.person
    return Letter(
        subject=_("Jemand in Ihrer Nähe wünscht sich Hilfe"),
        paragraphs=[
            _("wir haben eine Bitte an Sie. Eine Person aus Ihrer Umgebung wünscht sich Unterstützung."),
            _("Möchten Sie helfen? Bitte rufen Sie uns an oder antworten Sie auf Ihrer Seite."),
            _("Sie dürfen auch Nein sagen."),
            _("Kennen lernen Sie sich erst, wenn beide Ja gesagt haben und das Tandem freigegeben hat."),
        ],
        facts=[
            (_("Wer"), seeker.given_name),
            (_("Wo"), seeker.district.name if seeker.district else seeker.town),
            (_("Was"), match.role.name),
            (_("Ab wann"), _day(match.starts_on)),
        ],
    )


@notice("match_declined")
def _match_declined(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Eine Anfrage hat sich erledigt"),
        paragraphs=[
            _("die Anfrage, die wir Ihnen vorgestellt haben, hat sich erledigt. Sie müssen nichts tun."),
            _("Danke, dass Sie bereit sind zu helfen. Wir melden uns, sobald es etwas Neues gibt."),
        ],
        facts=[(_("Was"), match.role.name)],
    )


@notice("match_approved")
def _match_approved(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    if match.state not in RUNNING_NOT_PAUSED:
        return None
    seeker, helper = match.request.help_seeker.person, match.helper.person
    facts = [(_("Was"), match.role.name), (_("Ab wann"), _day(match.starts_on))]
    if _is_helper(match, recipient):
        facts += [
            (_("Wer"), seeker.full_name),
            (_("Adresse"), seeker.address_line),
            (_("Telefon"), _phones(seeker)),
        ]
    else:
        facts += [(_("Wer hilft"), helper.full_name), (_("Telefon"), _phones(helper))]
    return Letter(
        subject=_("Ihre Vermittlung ist freigegeben"),
        paragraphs=[
            _("beide Seiten haben Ja gesagt, und unser Tandem hat die Vermittlung freigegeben."),
            _("Zum ersten Kontakt melden wir uns bei Ihnen: %(contact)s.")
            % {"contact": match.get_first_contact_display()},
            _("Wenn etwas nicht passt, rufen Sie uns bitte an. Sie können jederzeit aufhören."),
        ],
        facts=facts,
    )


def _phones(person: Person) -> str:
    numbers = [number.as_national for number in (person.phone, person.mobile) if number]
    return " · ".join(numbers)


@notice("match_paused")
def _match_paused(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    if match.state != MatchState.PAUSED:
        return None
    facts = [(_("Was"), match.role.name)]
    if match.expected_back_on:
        facts.append((_("Voraussichtlich wieder ab"), _day(match.expected_back_on)))
    return Letter(
        subject=_("Ihre Vermittlung pausiert"),
        paragraphs=[
            _("Ihre Vermittlung ruht im Augenblick. Bitte verabreden Sie in dieser Zeit keine Termine."),
            _("Wir melden uns, wenn es weitergeht. Bei Fragen rufen Sie uns gern an."),
        ],
        facts=facts,
    )


@notice("match_resumed")
def _match_resumed(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    if match.state not in RUNNING_NOT_PAUSED:
        return None
    return Letter(
        subject=_("Ihre Vermittlung geht weiter"),
        paragraphs=[_("die Pause ist vorbei. Sie können wieder Termine miteinander verabreden.")],
        facts=[(_("Was"), match.role.name)],
    )


@notice("match_ended")
def _match_ended(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Ihre Vermittlung ist beendet"),
        paragraphs=[
            _("Ihre Vermittlung ist seit dem %(day)s beendet.") % {"day": _day(match.closed_on)},
            _("Danke für Ihr Engagement und Ihre Zeit.")
            if _is_helper(match, recipient)
            else _("Wenn Sie wieder Hilfe wünschen, rufen Sie uns bitte an."),
        ],
        facts=[(_("Was"), match.role.name)],
    )


@notice("lending_asked")
def _lending_asked(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Ein anderes Büro bittet um Ihre Zustimmung"),
        paragraphs=[_("ein anderes Seniorenbüro möchte jemanden aus Ihrem Kreis der Helfenden anfragen.")],
        facts=[(_("Was"), match.role.name), (_("Büro"), match.office.name)],
    )


@notice("lending_refused")
def _lending_refused(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Ein anderes Büro kann nicht aushelfen"),
        paragraphs=[
            _("das andere Seniorenbüro gibt die angefragte Person nicht ab. Der Grund steht im Programm."),
            _("Bitte schlagen Sie jemand anderen vor."),
        ],
        facts=[(_("Was"), match.role.name), (_("Anfrage"), str(match.request))],
    )


@notice("signature_asked")
def _signature_asked(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    if match.state != MatchState.ACCEPTED:
        return None
    return Letter(
        subject=_("Eine Vermittlung wartet auf Ihre Freigabe"),
        paragraphs=[
            _("beide Seiten haben zugestimmt. Bitte prüfen Sie die Vermittlung und geben Sie sie frei.")
        ],
        facts=[(_("Was"), match.role.name), (_("Anfrage"), str(match.request))],
    )


@notice("check_in_overdue")
def _check_in_overdue(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Eine Nachfrage ist überfällig"),
        paragraphs=[_("bei einer laufenden Vermittlung hat seit Längerem niemand nachgefragt.")],
        facts=[(_("Anfrage"), str(match.request)), (_("Büro"), match.office.name)],
    )


@notice("incident_escalated")
def _incident_escalated(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    match = _match(subject_id)
    return Letter(
        subject=_("Ein Vorfall wurde gemeldet"),
        paragraphs=[_("bei einer Vermittlung wurde ein Vorfall aufgenommen. Bitte sehen Sie ihn sich an.")],
        facts=[(_("Anfrage"), str(match.request)), (_("Büro"), match.office.name)],
    )

"""Matches: the list, the page with the next step on top, and the sheets to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.catalogue.models import Role
from helfer.core.days import berlin_day
from helfer.matching.lifecycle import BEFORE_APPROVAL, OPEN, REFUSED, RUNNING, MatchState
from helfer.matching.models import CheckIn, Match
from helfer.matching.notices import told_of_refusal
from helfer.people.models import Kind, Office, Seat, Side, User
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.tandem.finding import said
from helfer.web.tandem.histories import states_of
from helfer.web.tandem.walking import way_of_match

TONES = {
    MatchState.PROPOSED: "info",
    MatchState.ACCEPTED: "info",
    MatchState.APPROVED: "success",
    MatchState.TRIAL: "success",
    MatchState.ACTIVE: "success",
    MatchState.PAUSED: "warning",
    MatchState.DECLINED: "neutral",
    MatchState.REJECTED: "neutral",
    MatchState.WITHDRAWN: "neutral",
    MatchState.ENDED: "neutral",
}


class MatchFilter(forms.Form):
    """Which matches."""

    text = forms.CharField(label=gettext_lazy("Name, Telefon oder Nummer"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("Stand"),
        required=False,
        choices=[
            ("", gettext_lazy("alle offenen")),
            ("running", gettext_lazy("alle laufenden")),
            ("all", gettext_lazy("alle, auch beendete")),
            *MatchState.choices,
        ],
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Tätigkeit"),
        required=False,
        queryset=Role.objects.order_by("name"),
        empty_label="–",
    )
    mine = forms.BooleanField(label=gettext_lazy("nur meine"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("nur mit überfälliger Nachfrage"), required=False)


class MatchList(ListPage[Match]):
    """The office's matches; the open ones first."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/match_list.html"
    filter_form_class = MatchFilter
    sorts = (
        Sort("vorgeschlagen", gettext_lazy("Vorgeschlagen"), "proposed_at"),
        Sort("hilfe", gettext_lazy("Wer hilft"), "helper__person__family_name", "helper__person__given_name"),
        Sort(
            "person",
            gettext_lazy("Für wen"),
            "request__help_seeker__person__family_name",
            "request__help_seeker__person__given_name",
        ),
        Sort("stand", gettext_lazy("Stand"), "state"),
    )
    default_sort = "-vorgeschlagen"

    def get_queryset(self) -> QuerySet[Match]:
        return Match.objects.filter(office__in=Office.objects.of_tandem(self.user)).select_related(
            "request__help_seeker__person", "helper__person", "role", "responsible__user__person"
        )

    def filter_rows(self, rows: QuerySet[Match], wanted: dict[str, Any]) -> QuerySet[Match]:
        state = wanted.get("state") or "open"
        groups = {"open": OPEN, "running": RUNNING}
        if state in groups:
            rows = rows.filter(state__in=groups[state])
        elif state != "all":
            rows = rows.filter(state=state)
        if wanted.get("role"):
            rows = rows.filter(role=wanted["role"])
        if wanted.get("mine"):
            rows = rows.filter(responsible__user=self.user)
        if wanted.get("overdue"):
            due = CheckIn.objects.filter(match=OuterRef("pk"), done_on=None, due_on__lte=self.today)
            rows = rows.filter(Exists(due))
        return rows.filter(
            said(
                wanted.get("text") or "",
                people=["helper__person__", "request__help_seeker__person__"],
                numbers=["request__number", "helper__number"],
            )
        )


@dataclass(frozen=True)
class NextStep:
    """What waits, in one sentence, and the door to it."""

    sentence: str
    label: str = ""
    href: str = ""
    tone: str = "info"


class MatchPage(KindRequired, TemplateResponseMixin):
    """Everything about one match."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/match.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        seen = Match.objects.visible_to(self.user).select_related(
            "request__help_seeker__person__district",
            "helper__person__district",
            "role",
            "compensation_model",
            "office",
            "lending_office",
            "helper_consent__representative__person",
            "seeker_consent__representative__person",
            "responsible__user__person",
            "substitutes_for",
            "extends",
        )
        match: Match = get_object_or_404(seen, pk=pk)
        offices = set(self.user.seats_on(self.today).values_list("office_id", flat=True))
        if match.office_id not in offices:
            return self._lent(match, offices)
        check_in = match.check_ins.filter(done_on=None).first()
        signatures = list(match.signatures.select_related("user__person").order_by("signed_at"))
        held = set(
            self.user.seats_on(self.today).filter(office=match.office_id).values_list("side", flat=True)
        )
        own_helper = match.helper.office_id == match.office_id
        context = {
            "match": match,
            "seeker": match.request.help_seeker.person,
            "helper": match.helper.person,
            "tone": TONES[MatchState(match.state)],
            "steps": steps_of(match),
            "seats": seats_of(match, signatures, held, self.user, self.today),
            "my_signature": any(signature.user_id == self.user.pk for signature in signatures),
            "next_step": next_step(
                match, check_in, [signature.side for signature in signatures], held, self.today
            ),
            "check_in": check_in,
            "is_overdue": check_in is not None and check_in.due_on <= self.today,
            "check_ins": match.check_ins.filter(done_on__isnull=False)
            .select_related("done_by__person")
            .order_by("-done_on", "-pk"),
            "incidents": match.incidents.select_related("reported_by__person").order_by("-reported_at"),
            "substitutes": match.substitutes.select_related("helper__person").order_by("-proposed_at"),
            "history": events_of(match),
            "is_before_approval": match.state in BEFORE_APPROVAL,
            "not_lent": match.lending_office_id and told_of_refusal(match.pk).exists(),
            "own_helper": own_helper,
            "way": way_of_match(match, openly=own_helper or match.is_running),
        }
        return self.render_to_response(context)

    def _lent(self, match: Match, offices: set[int]) -> HttpResponse:
        """The lending office sees only its own helper, the role and whether it has agreed."""
        if match.lending_office_id not in offices:
            raise Http404
        self.template_name = "web/tandem/match_lent.html"
        context = {
            "match": match,
            "helper": match.helper.person,
            "is_asked": match.state in BEFORE_APPROVAL,
            "not_lent": told_of_refusal(match.pk).exists(),
        }
        return self.render_to_response(context)


def steps_of(match: Match) -> list[dict[str, Any]]:
    """The way of a match, drawn: done, current, still to come, or stopped."""
    way: list[tuple[MatchState, str | Promise, date | None]] = [
        (MatchState.PROPOSED, gettext_lazy("vorgeschlagen"), berlin_day(match.proposed_at)),
        (MatchState.ACCEPTED, gettext_lazy("beide sagen Ja"), None),
        (MatchState.APPROVED, gettext_lazy("freigegeben"), match.approved_on),
        (MatchState.TRIAL, gettext_lazy("Probezeit"), match.first_contact_on),
        (MatchState.ACTIVE, gettext_lazy("läuft"), match.active_on),
        (
            MatchState.ENDED,
            gettext_lazy("beendet"),
            match.closed_on if match.state == MatchState.ENDED else None,
        ),
    ]
    here = MatchState(match.paused_from) if match.state == MatchState.PAUSED else MatchState(match.state)
    reached = _how_far(match, here, [state for state, _label, _on in way])
    steps = []
    for index, (state, label, on) in enumerate(way):
        kind = "done" if index < reached else "current" if index == reached else "todo"
        if index == reached and here in REFUSED:
            label, kind, on = MatchState(match.state).label, "stopped", match.closed_on
        elif state is MatchState.ENDED and match.state == MatchState.ENDED:
            kind = "done"
        note = _("pausiert") if kind == "current" and match.state == MatchState.PAUSED else ""
        steps.append({"label": label, "state": kind, "on": on, "note": note})
        if kind == "stopped":
            break
    return steps


def _how_far(match: Match, here: MatchState, way: list[MatchState]) -> int:
    if here in REFUSED:
        return 2 if match.helper_consent_id and match.seeker_consent_id else 1
    return way.index(here)


def seats_of(
    match: Match, signatures: list[Any], held: set[str], viewer: User, today: date
) -> list[dict[str, Any]]:
    """The two sides with their signatures, and the door for the one who may sign now."""
    ready = match.state == MatchState.ACCEPTED and (
        not match.lending_office_id or match.lending_agreed_at is not None
    )
    seats = []
    has_signed = any(signature.user_id == viewer.pk for signature in signatures)
    for side in Side:
        signature = next((each for each in signatures if each.side == side), None)
        holders = Seat.objects.filter(office=match.office_id, side=side, is_deputy=False)
        may_sign = ready and side in held and not has_signed and signature is None
        seats.append(
            {
                "side": side.label,
                "who": signature.user.get_full_name()
                if signature
                else ", ".join(
                    seat.user.get_full_name()
                    for seat in holders.valid_on(today).select_related("user__person")
                ),
                "on": signature.signed_on if signature else None,
                "can_sign_href": reverse("tandem:match_sign", kwargs={"pk": match.pk}) if may_sign else "",
            }
        )
    return seats


def next_step(
    match: Match, check_in: CheckIn | None, signed: list[str], held: set[str], today: date
) -> NextStep | None:
    """What waits now; nothing where the match is over."""

    def to(name: str, **where: str) -> str:
        return reverse(f"tandem:{name}", kwargs={"pk": match.pk, **where})

    state = MatchState(match.state)
    if state in BEFORE_APPROVAL:
        for consent, party, name in (
            (match.helper_consent, "helfer", match.helper_name),
            (match.seeker_consent, "anfrage", match.request.help_seeker.person.full_name),
        ):
            if consent is None or consent.withdrawn_at is not None:
                return NextStep(
                    _("Es fehlt noch das Ja von %(name)s.") % {"name": name},
                    _("Ja eintragen"),
                    to("match_consent", party=party),
                )
        if match.lending_office and match.lending_agreed_at is None:
            return NextStep(
                _("Es fehlt noch die Zustimmung von: %(office)s.") % {"office": match.lending_office.name}
            )
        missing = [side for side in Side if side not in signed][: match.signatures_required - len(signed)]
        may_sign = any(side in held for side in Side if side not in signed) and not (held & set(signed))
        sides = _(" und ").join(str(side.label) for side in missing)
        return NextStep(
            _("Es fehlt noch die Freigabe: %(sides)s.") % {"sides": sides},
            _("Jetzt prüfen und freigeben") if may_sign else "",
            to("match_sign") if may_sign else "",
        )
    if state is MatchState.APPROVED:
        contact = match.get_first_contact_display()
        return NextStep(
            _("Als Nächstes: %(contact)s.") % {"contact": contact},
            _("Ersten Kontakt eintragen"),
            to("match_first_contact"),
        )
    if state is MatchState.PAUSED:
        return NextStep(
            _("Die Vermittlung pausiert: %(reason)s.") % {"reason": match.get_pause_reason_display()},
            _("Fortsetzen"),
            to("match_resume"),
            "warning",
        )
    if check_in is not None and check_in.due_on <= today:
        return NextStep(
            _("Eine Nachfrage ist fällig."), _("Nachfrage eintragen"), to("match_check_in"), "warning"
        )
    if state is MatchState.TRIAL and not match.trial_confirmed_by_helper_on:
        return NextStep(
            _("Die Probezeit läuft. Soll es weitergehen?"),
            _("%(name)s bestätigt") % {"name": match.helper_name},
            to("match_confirm_trial", party="helfer"),
        )
    if state is MatchState.TRIAL:
        name = match.request.help_seeker.person.full_name
        return NextStep(
            _("Die Probezeit läuft. Soll es weitergehen?"),
            _("%(name)s bestätigt") % {"name": name},
            to("match_confirm_trial", party="anfrage"),
        )
    return None


def events_of(match: Match) -> list[dict[str, Any]]:
    """Who moved the match when, the latest first; signatures too."""
    signed = [
        {
            "at": signature.signed_at,
            "title": _("Freigabe: %(side)s") % {"side": signature.get_side_display()},
            "text": "",
            "by": signature.user.get_full_name(),
        }
        for signature in match.signatures.select_related("user__person")
    ]
    moved = states_of(match, labels=dict(MatchState.choices))
    return sorted([*moved, *signed], key=lambda event: event["at"], reverse=True)


class MatchSheet(KindRequired, TemplateResponseMixin):
    """A sheet to print: for the helper without care level and remarks, for the help seeker large."""

    kinds = {Kind.TANDEM}

    def get(self, request: HttpRequest, pk: int, party: str) -> HttpResponse:
        templates = {
            "helfer": "web/tandem/match_sheet_helper.html",
            "anfrage": "web/tandem/match_sheet_seeker.html",
        }
        if party not in templates:
            raise Http404
        own = Match.objects.filter(office__in=Office.objects.of_tandem(self.user))
        match = get_object_or_404(
            own.select_related(
                "request__help_seeker__person", "helper__person", "role", "compensation_model", "office"
            ),
            pk=pk,
        )
        self.template_name = templates[party]
        return self.render_to_response(
            {"match": match, "seeker": match.request.help_seeker.person, "helper": match.helper.person}
        )

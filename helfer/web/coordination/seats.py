"""Tandemstellen: who holds which side of which office, from when to when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helfer.people import actions
from helfer.people.models import Kind, Office, Seat, Side, User
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.lists import ListPage, Sort

KINDS = {Kind.COORDINATOR}


class SeatFilter(forms.Form):
    """Which seats."""

    office = forms.ModelChoiceField(
        label=_("Seniorenbüro"), required=False, queryset=Office.objects.order_by("name"), empty_label="–"
    )
    side = forms.ChoiceField(label=_("Seite"), required=False, choices=[("", "–"), *Side.choices])
    past = forms.BooleanField(label=_("auch frühere"), required=False)


class SeatList(ListPage[Seat]):
    """All seats; those that are over only when asked for."""

    kinds = KINDS
    template_name = "web/coordination/seat_list.html"
    filter_form_class = SeatFilter
    sorts = (
        Sort("buero", _("Seniorenbüro"), "office__name", "side", "is_deputy"),
        Sort("name", _("Name"), "user__person__family_name", "user__person__given_name"),
        Sort("bis", _("Bis"), "until_day"),
    )
    default_sort = "buero"

    def get_queryset(self) -> QuerySet[Seat]:
        return Seat.objects.filter(office__in=Office.objects.visible_to(self.user)).select_related(
            "office", "user__person"
        )

    def filter_rows(self, rows: QuerySet[Seat], wanted: dict[str, Any]) -> QuerySet[Seat]:
        if wanted.get("office"):
            rows = rows.filter(office=wanted["office"])
        if wanted.get("side"):
            rows = rows.filter(side=wanted["side"])
        if not wanted.get("past"):
            rows = rows.filter(Q(until_day=None) | Q(until_day__gte=self.today))
        return rows


class AccountChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An account of a person, told apart by its e-mail."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()} ({obj.email})"


def account_field(label: Any) -> AccountChoice:
    """Who shall hold a seat."""
    return AccountChoice(
        label=label,
        queryset=User.objects.filter(is_active=True, person__isnull=False)
        .exclude(kinds__contained_by=[Kind.HELPER, Kind.SEEKER])
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk"),
        empty_label="–",
        help_text=_("Fehlt jemand? Legen Sie zuerst einen Zugang an."),
        error_messages={"required": _("Bitte wählen Sie, wer die Stelle bekommt.")},
    )


class SeatForm(forms.Form):
    """A seat to give."""

    office = forms.ModelChoiceField(
        label=_("Seniorenbüro"),
        queryset=Office.objects.filter(is_active=True).order_by("name"),
        empty_label="–",
        error_messages={"required": _("Bitte wählen Sie ein Büro.")},
    )
    side = forms.ChoiceField(
        label=_("Für welche Seite?"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie eine Seite.")},
    )
    user = account_field(_("Wer bekommt die Stelle?"))
    carrier = forms.CharField(
        label=_("Träger"), max_length=120, required=False, help_text=_("Beim Verband bitte angeben.")
    )
    is_deputy = forms.BooleanField(label=_("als Vertretung"), required=False)
    from_day = DayField(label=_("Ab"))
    until_day = DayField(label=_("Bis einschließlich"), required=False)


class GiveSeat(ActionView[SeatForm]):
    """Put somebody on one side of a tandem."""

    kinds = KINDS
    form_class = SeatForm
    title = _("Tandemstelle vergeben")
    submit_label = _("Stelle vergeben")
    success_message = _("Die Stelle ist vergeben.")
    success_url_name = "coordination:seats"

    def get_initial(self) -> dict[str, Any]:
        return {"from_day": self.today, "office": self.request.GET.get("buero")}

    def act(self, form: SeatForm) -> Seat:
        wanted = form.cleaned_data
        return actions.give_seat(
            office=wanted["office"],
            side=Side(wanted["side"]),
            user=wanted["user"],
            carrier=wanted["carrier"],
            is_deputy=wanted["is_deputy"],
            from_day=wanted["from_day"],
            until_day=wanted["until_day"],
            by=self.user,
            at=self.now,
        )


class SeatAction(ActionView[FormT]):
    """An action on one seat."""

    kinds = KINDS

    def get_queryset(self) -> QuerySet[Any]:
        return Seat.objects.filter(office__in=Office.objects.visible_to(self.user)).select_related(
            "office", "user__person"
        )

    def get_success_url(self) -> str:
        return reverse("coordination:seats")

    def get_back_url(self) -> str:
        return reverse("coordination:seats")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat: Seat = self.object
        intro = f"{seat.office.name} · {seat.get_side_display()} · {seat.user.get_full_name()}"
        return super().get_context_data(**{"intro": intro} | kwargs)


class EndForm(forms.Form):
    """The last day."""

    until_day = DayField(label=_("Letzter Tag"))


class EndSeat(SeatAction[EndForm]):
    """Say when a seat is over."""

    form_class = EndForm
    title = _("Tandemstelle beenden")
    submit_label = _("Stelle beenden")
    success_message = _("Das Ende der Stelle ist eingetragen.")

    def get_initial(self) -> dict[str, Any]:
        return {"until_day": self.object.until_day or self.today}

    def act(self, form: EndForm) -> Seat:
        return actions.end_seat(
            seat_id=self.object.pk, until_day=form.cleaned_data["until_day"], by=self.user, at=self.now
        )


class HandOverForm(forms.Form):
    """To whom, from when."""

    to = account_field(_("Wer übernimmt?"))
    from_day = DayField(label=_("Ab"))


class HandOverSeat(SeatAction[HandOverForm]):
    """Somebody else takes a seat over."""

    form_class = HandOverForm
    title = _("Tandemstelle übergeben")
    submit_label = _("Stelle übergeben")
    success_message = _("Die Stelle ist übergeben.")

    def get_initial(self) -> dict[str, Any]:
        return {"from_day": self.today}

    def act(self, form: HandOverForm) -> Seat:
        return actions.hand_over_seat(
            seat_id=self.object.pk,
            to=form.cleaned_data["to"],
            from_day=form.cleaned_data["from_day"],
            by=self.user,
            at=self.now,
        )

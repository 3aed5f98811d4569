"""Seniorenbüros: where they are, whom they serve, when they are closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.people import actions
from helfer.people.actions import OfficeDetails
from helfer.people.models import Kind, Office, OfficeHoliday
from helfer.places.models import District, Municipality
from helfer.web.action_view import ActionView, FormT
from helfer.web.fields import DayField
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.person_forms import phone_field

KINDS = {Kind.COORDINATOR}


class OfficeList(ListPage[Office]):
    """All offices."""

    kinds = KINDS
    template_name = "web/coordination/office_list.html"
    sorts = (Sort("name", gettext_lazy("Name"), "name"),)
    default_sort = "name"

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.visible_to(self.user).prefetch_related("districts")


class OfficePage(KindRequired, TemplateResponseMixin):
    """One office with its districts, seats and days off."""

    kinds = KINDS
    template_name = "web/coordination/office.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        office = get_object_or_404(Office.objects.visible_to(self.user).select_related("municipality"), pk=pk)
        seats = office.seats.select_related("user__person").order_by("side", "is_deputy", "from_day", "pk")
        context = {
            "object": office,
            "districts": office.districts.order_by("name"),
            "seats": seats.exclude(until_day__lt=self.today),
            "holidays": office.holidays.filter(until_day__gte=self.today).order_by("from_day", "pk"),
            "today": self.today,
        }
        return self.render_to_response(context)


class OfficeForm(forms.Form):
    """What an office says of itself."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Bitte geben Sie dem Büro einen Namen.")},
    )
    street = forms.CharField(label=gettext_lazy("Straße und Hausnummer"), max_length=160, required=False)
    postcode = forms.RegexField(
        label=gettext_lazy("Postleitzahl"),
        regex=r"^[0-9]{5}\Z",
        required=False,
        error_messages={"invalid": gettext_lazy("Eine Postleitzahl hat fünf Ziffern.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    town = forms.CharField(label=gettext_lazy("Ort"), max_length=80, required=False)
    phone = phone_field(gettext_lazy("Telefon"))
    email = forms.EmailField(
        label=gettext_lazy("E-Mail"),
        required=False,
        error_messages={"invalid": gettext_lazy("Diese E-Mail-Adresse ist nicht vollständig.")},
    )
    opening_hours = forms.CharField(
        label=gettext_lazy("Öffnungszeiten"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def details(self, *, is_active: bool) -> OfficeDetails:
        """What was typed."""
        wanted = self.cleaned_data
        return OfficeDetails(
            name=wanted["name"],
            street=wanted["street"],
            postcode=wanted["postcode"],
            town=wanted["town"],
            phone=str(wanted["phone"] or ""),
            email=wanted["email"],
            opening_hours=wanted["opening_hours"],
            is_active=is_active,
        )


class EditOfficeForm(OfficeForm):
    """An office that is there already may be closed."""

    is_active = forms.BooleanField(label=gettext_lazy("Dieses Büro ist geöffnet"), required=False)


class OfficeAction(ActionView[FormT]):
    """An action on one office; it leads back to the office."""

    kinds = KINDS
    success_url_name = "coordination:office"

    def get_queryset(self) -> QuerySet[Any]:
        return Office.objects.visible_to(self.user)


class EditOffice(OfficeAction[EditOfficeForm]):
    """Correct an office's details, close it or open it again."""

    form_class = EditOfficeForm
    title = gettext_lazy("Seniorenbüro ändern")
    success_message = gettext_lazy("Das Büro ist geändert.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in EditOfficeForm.base_fields}

    def act(self, form: EditOfficeForm) -> Office:
        details = form.details(is_active=form.cleaned_data["is_active"])
        return actions.update_office(office_id=self.object.pk, details=details, by=self.user, at=self.now)


class DistrictChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Districts, each with the office that serves it now."""

    def label_from_instance(self, obj: Any) -> str:
        if hasattr(obj, "served_by"):
            return _("%(district)s – jetzt: %(office)s") % {"district": obj, "office": obj.served_by.office}
        return _("%(district)s – noch kein Büro") % {"district": obj}


def district_field(**kwargs: Any) -> DistrictChoice:
    """Which districts an office serves."""
    return DistrictChoice(
        label=gettext_lazy("Für welche Stadtbezirke ist das Büro da?"),
        queryset=District.objects.select_related("served_by__office").order_by("name", "pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Einen Bezirk, der ein anderes Büro hat, gibt zuerst dieses Büro ab."),
        **kwargs,
    )


class CreateOfficeForm(OfficeForm):
    """A new office and whom it serves."""

    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Kommune"), queryset=Municipality.objects.order_by("name"), empty_label=None
    )
    districts = district_field()


class CreateOffice(ActionView[CreateOfficeForm]):
    """Open an office."""

    kinds = KINDS
    form_class = CreateOfficeForm
    title = gettext_lazy("Seniorenbüro anlegen")
    submit_label = gettext_lazy("Anlegen")
    success_message = gettext_lazy("Das Büro ist angelegt.")

    def get_initial(self) -> dict[str, Any]:
        return {"municipality": Municipality.objects.default().pk}

    def get_success_url(self) -> str:
        return reverse("coordination:office", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("coordination:offices")

    def act(self, form: CreateOfficeForm) -> Office:
        return actions.create_office(
            details=form.details(is_active=True),
            municipality=form.cleaned_data["municipality"],
            districts=list(form.cleaned_data["districts"]),
            by=self.user,
            at=self.now,
        )


class DistrictsForm(forms.Form):
    """The districts of one office."""

    districts = district_field()


class ServeDistricts(OfficeAction[DistrictsForm]):
    """Say which districts an office serves."""

    form_class = DistrictsForm
    title = gettext_lazy("Stadtbezirke des Büros")
    success_message = gettext_lazy("Die Zuständigkeit ist geändert.")

    def get_initial(self) -> dict[str, Any]:
        return {"districts": list(self.object.districts.values_list("pk", flat=True))}

    def get_form(self) -> DistrictsForm:
        form = super().get_form()
        field: Any = form.fields["districts"]
        field.queryset = field.queryset.filter(municipality=self.object.municipality_id)
        return form

    def act(self, form: DistrictsForm) -> Office:
        return actions.serve_districts(
            office_id=self.object.pk,
            districts=list(form.cleaned_data["districts"]),
            by=self.user,
            at=self.now,
        )


class HolidayForm(forms.Form):
    """Days on which an office is closed."""

    from_day = DayField(label=gettext_lazy("Von"))
    until_day = DayField(label=gettext_lazy("Bis einschließlich"))
    reason = forms.CharField(label=gettext_lazy("Anlass"), max_length=120, required=False)


class AddHoliday(OfficeAction[HolidayForm]):
    """Note days off."""

    form_class = HolidayForm
    title = gettext_lazy("Schließtage eintragen")
    success_message = gettext_lazy("Die Schließtage sind eingetragen.")

    def act(self, form: HolidayForm) -> OfficeHoliday:
        return actions.add_holiday(office_id=self.object.pk, by=self.user, at=self.now, **form.cleaned_data)


class RemoveHoliday(ActionView[forms.Form]):
    """The office is open after all."""

    kinds = KINDS
    title = gettext_lazy("Schließtage löschen")
    submit_label = gettext_lazy("Löschen")
    success_message = gettext_lazy("Die Schließtage sind gelöscht.")

    def get_queryset(self) -> QuerySet[Any]:
        return OfficeHoliday.objects.filter(office__in=Office.objects.visible_to(self.user))

    def get_success_url(self) -> str:
        return reverse("coordination:office", kwargs={"pk": self.object.office_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def act(self, form: forms.Form) -> None:
        actions.remove_holiday(holiday_id=self.object.pk, by=self.user, at=self.now)

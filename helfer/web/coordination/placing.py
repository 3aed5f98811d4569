"""Rows of a list whose district had no office: nobody else sees them until they have one."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.help_requests.actions import move_request
from helfer.help_requests.models import HelpRequest
from helfer.helpers.actions import move_helper
from helfer.helpers.models import HelperProfile
from helfer.people.actions import office_for
from helfer.people.models import Kind, Office, Person
from helfer.web.action_view import ActionView
from helfer.web.kinds import KindRequired

KINDS = {Kind.COORDINATOR}
ROWS_SHOWN = 100


def helpers_without_office(view: KindRequired) -> QuerySet[HelperProfile]:
    """Helpers who belong to no office yet."""
    found = HelperProfile.objects.visible_to(view.user).filter(office=None)
    return found.select_related("person__district").order_by("person__district__name", "pk")


def requests_without_office(view: KindRequired) -> QuerySet[HelpRequest]:
    """Requests that belong to no office yet."""
    mine = HelpRequest.objects.visible_to(view.user).filter(office=None).values("pk")
    found = HelpRequest.objects.filter(pk__in=mine).select_related("help_seeker__person__district", "role")
    return found.order_by("help_seeker__person__district__name", "pk")


class Unplaced(KindRequired, TemplateResponseMixin):
    """Whoever has no office."""

    kinds = KINDS
    template_name = "web/coordination/unplaced.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        helpers, requests = helpers_without_office(self), requests_without_office(self)
        context = {
            "helpers": helpers[:ROWS_SHOWN],
            "requests": requests[:ROWS_SHOWN],
            "helper_count": helpers.count(),
            "request_count": requests.count(),
        }
        return self.render_to_response(context)


class PlaceForm(forms.Form):
    """Which office."""

    office = forms.ModelChoiceField(
        label=_("Seniorenbüro"),
        queryset=Office.objects.filter(is_active=True).order_by("name"),
        empty_label="–",
        error_messages={"required": _("Bitte wählen Sie ein Büro.")},
    )


class _Place(ActionView[PlaceForm]):
    kinds = KINDS
    form_class = PlaceForm
    title = _("Büro zuweisen")
    submit_label = _("Zuweisen")
    success_message = _("Das Büro ist zugewiesen.")

    @property
    @abstractmethod
    def person(self) -> Person:
        """Who gets an office."""

    def get_initial(self) -> dict[str, Any]:
        return {"office": office_for(self.person)}

    def get_success_url(self) -> str:
        return reverse("coordination:unplaced")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        intro = f"{person.full_name}, {person.address_line or '–'}, {person.district or '–'}"
        return super().get_context_data(**{"intro": intro, "back_url": self.get_success_url()} | kwargs)


class PlaceHelper(_Place):
    """Give a helper to an office."""

    def get_queryset(self) -> QuerySet[Any]:
        return helpers_without_office(self)

    @property
    def person(self) -> Person:
        person: Person = self.object.person
        return person

    def act(self, form: PlaceForm) -> HelperProfile:
        return move_helper(
            helper_id=self.object.pk, office=form.cleaned_data["office"], by=self.user, at=self.now
        )


class PlaceRequest(_Place):
    """Give a request, and with it the person, to an office."""

    def get_queryset(self) -> QuerySet[Any]:
        return requests_without_office(self)

    @property
    def person(self) -> Person:
        person: Person = self.object.help_seeker.person
        return person

    def act(self, form: PlaceForm) -> HelpRequest:
        return move_request(
            request_id=self.object.pk, office=form.cleaned_data["office"], by=self.user, at=self.now
        )

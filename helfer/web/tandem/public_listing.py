"""A request that everybody may read about, and who said "Das kann ich"."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helfer.core.days import BERLIN
from helfer.help_requests import actions as request_actions
from helfer.help_requests.listings import listing_of
from helfer.help_requests.models import HelpRequest, RequestListing
from helfer.matching import actions
from helfer.matching.models import Interest
from helfer.people.models import Channel, Kind, Office, Representative
from helfer.web.action_view import ActionView
from helfer.web.tandem.public_card import ToldForm
from helfer.web.tandem.request_steps import OwnRequestView


class ListingForm(ToldForm):
    """How, when and through whom the yes came."""

    representative = forms.ModelChoiceField(
        label=_("Wer hat zugestimmt?"),
        queryset=Representative.objects.none(),
        required=False,
        empty_label=_("die Person selbst"),
    )


class ListPublicly(OwnRequestView[ListingForm]):
    """What everybody would read, and the person's separate yes to it."""

    form_class = ListingForm
    template_name = "web/tandem/request_listing.html"
    title = _("Öffentlich nach Hilfe suchen")
    intro = _(
        "Auf der Seite „Hier wird Hilfe gesucht“ kann stehen, dass jemand Hilfe sucht. "
        "Bitte lesen Sie vor, was da stünde. Ein Ja gilt nur dafür."
    )
    submit_label = _("Das Ja eintragen")
    success_message = _("Die Suche erscheint über Nacht.")
    fields_of_action = {"given_at": "given_on"}

    def get_initial(self) -> dict[str, Any]:
        return {"given_on": self.today, "channel": Channel.PHONE}

    def get_form(self) -> ListingForm:
        form = super().get_form()
        field: Any = form.fields["representative"]
        field.queryset = Representative.objects.filter(
            help_seeker=self.object.help_seeker_id, may_consent=True
        ).select_related("person")
        if not field.queryset:
            del form.fields["representative"]
        return form

    def act(self, form: ListingForm) -> RequestListing:
        day = form.cleaned_data["given_on"]
        return request_actions.list_request(
            request_id=self.object.pk,
            seen=self.request.POST.get("seen", ""),
            channel=Channel(form.cleaned_data["channel"]),
            given_at=self.now if day == self.today else datetime.combine(day, time(12), BERLIN),
            representative=form.cleaned_data.get("representative"),
            by=self.user,
            at=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contents = listing_of(self.object)
        context = {
            "contents": contents,
            "hidden": [("seen", contents.digest)] if contents else [],
            "listing": RequestListing.objects.filter(request=self.object, consent__withdrawn_at=None)
            .select_related("consent")
            .first(),
        }
        return super().get_context_data(**context | kwargs)


class Unlist(OwnRequestView[forms.Form]):
    """The yes is taken back."""

    title = _("Nicht mehr öffentlich suchen")
    intro = _("Die Suche verschwindet sofort von der öffentlichen Seite. Die Anfrage bleibt, wie sie ist.")
    submit_label = _("Ja, nicht mehr zeigen")
    success_message = _("Die Suche wird nicht mehr öffentlich gezeigt.")

    def act(self, form: forms.Form) -> HelpRequest:
        return request_actions.unlist_request(request_id=self.object.pk, by=self.user, at=self.now)


class InterestPage(ActionView[forms.Form]):
    """Who said "Das kann ich" to this request; the gates decide at the proposal, as always."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/interest.html"
    title = _("Jemand möchte helfen")
    submit_label = _("Erledigt")
    success_message = _("Das liegt nicht mehr auf dem Schreibtisch.")

    def get_queryset(self) -> QuerySet[Any]:
        return Interest.objects.visible_to(self.user).select_related(
            "request__help_seeker__person", "request__role", "helper__person__district", "helper__office"
        )

    def get_success_url(self) -> str:
        return reverse("tandem:desk")

    def get_back_url(self) -> str:
        return reverse("tandem:desk")

    def act(self, form: forms.Form) -> Interest:
        return actions.settle_interest(interest_id=self.object.pk, by=self.user, at=self.now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = Office.objects.of_tandem(self.user).filter(pk=self.object.helper.office_id)
        return super().get_context_data(is_own_helper=own.exists(), **kwargs)

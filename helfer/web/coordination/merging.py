"""One human being who was entered twice becomes one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helfer.people import actions
from helfer.people.models import Kind, Person
from helfer.web.action_view import ActionView
from helfer.web.naming import is_called
from helfer.web.person_choice import PersonRadio, SearchForm, first_found, is_enough


class MergeForm(forms.Form):
    """Which record stays, and which one is the same human being."""

    survivor = PersonRadio(
        label=_("Welcher Eintrag bleibt?"),
        error_messages={"required": _("Bitte wählen Sie, welcher Eintrag bleibt.")},
    )
    duplicate = PersonRadio(
        label=_("Welcher Eintrag ist dieselbe Person?"),
        error_messages={"required": _("Bitte wählen Sie den doppelten Eintrag.")},
    )


class Merge(ActionView[MergeForm]):
    """Two records that this person keeps become one."""

    kinds = {Kind.COORDINATOR}
    form_class = MergeForm
    template_name = "web/coordination/merge.html"
    title = _("Doppelte Einträge zusammenführen")
    submit_label = _("Zusammenführen")
    success_message = _("Die beiden Einträge sind jetzt einer.")
    success_url_name = "coordination:merge"
    danger = True

    def get_back_url(self) -> str:
        return reverse("coordination:unplaced")

    def found(self) -> QuerySet[Person]:
        """The persons whose name was searched for."""
        text = self.request.GET.get("text", "")
        found = Person.objects.kept_by(self.user).alive()
        if not is_enough(text):
            return found.none()
        for word in text.split():
            found = found.filter(is_called(word))
        return first_found(found)

    def get_form(self) -> MergeForm:
        form = super().get_form()
        found = self.found()
        for name in ("survivor", "duplicate"):
            field: Any = form.fields[name]
            field.queryset = found
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = SearchForm(self.request.GET)
        return super().get_context_data(
            search=search, has_searched=bool(self.request.GET.get("text")), found=self.found(), **kwargs
        )

    def act(self, form: MergeForm) -> Person:
        return actions.merge_persons(
            survivor_id=form.cleaned_data["survivor"].pk,
            duplicate_id=form.cleaned_data["duplicate"].pk,
            by=self.user,
            at=self.now,
        )

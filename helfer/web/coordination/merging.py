"""One human being who was entered twice becomes one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helfer.people import actions
from helfer.people.models import Kind, Person
from helfer.web.action_view import ActionView

FOUND_SHOWN = 20
SHORTEST_SEARCH = 2


class SearchForm(forms.Form):
    """Who is looked for."""

    text = forms.CharField(label=_("Name"), required=False, max_length=80)


class PersonRadio(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person, told apart by year and street."""

    def label_from_instance(self, obj: Any) -> str:
        known = [str(obj.birth_year or ""), obj.address_line, obj.email]
        return f"{obj.full_name} ({', '.join(part for part in known if part) or '–'})"


class MergeForm(forms.Form):
    """Which record stays, and which one is the same human being."""

    survivor = PersonRadio(
        label=_("Welcher Eintrag bleibt?"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Bitte wählen Sie, welcher Eintrag bleibt.")},
    )
    duplicate = PersonRadio(
        label=_("Welcher Eintrag ist dieselbe Person?"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
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
        words = self.request.GET.get("text", "").split()
        found = Person.objects.kept_by(self.user).alive()
        if sum(len(word) for word in words) < SHORTEST_SEARCH:
            return found.none()
        for word in words:
            found = found.filter(Q(family_name__icontains=word) | Q(given_name__icontains=word))
        wanted = found.order_by("family_name", "given_name", "pk").values_list("pk", flat=True)[:FOUND_SHOWN]
        return Person.objects.filter(pk__in=list(wanted)).order_by("family_name", "given_name", "pk")

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

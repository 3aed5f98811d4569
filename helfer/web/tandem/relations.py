"""What two people of the office are to each other: kin, household, kept apart, or the same person."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from helfer.matching import actions as matching_actions
from helfer.people import actions
from helfer.people.models import Kind, Person, Tie, TieKind
from helfer.web.action_view import ActionView, FormT
from helfer.web.person_choice import FOUND_SHOWN, PersonRadio, SearchForm, first_found, is_enough
from helfer.web.tandem.finding import said
from helfer.web.tandem.persons import OwnPersonView, own_people

LONGEST_ID = 18


class SecondPersonView(OwnPersonView[FormT]):
    """An action on two persons of the own office: the second one is searched for, then chosen.

    Without a search those of the same family name are offered.
    """

    template_name = "web/tandem/second_person.html"
    # The form's field for the second person.
    second: ClassVar[str]

    @property
    def text(self) -> str:
        """Who is looked for."""
        typed: str | None = self.request.GET.get("text")
        return (self.object.family_name if typed is None else typed).replace("\x00", "").strip()[:80]

    @cached_property
    def others(self) -> QuerySet[Person]:
        """Everybody of the own office but this person."""
        return own_people(self).filter(merged_into=None).exclude(pk=self.object.pk)

    @cached_property
    def found(self) -> QuerySet[Person]:
        """Those whom the search found."""
        if not is_enough(self.text):
            return self.others.none()
        numbers = ["help_seeker__requests__number", "helper_profile__number"]
        return first_found(self.others.filter(said(self.text, people=[""], numbers=numbers)))

    def get_form(self) -> FormT:
        form = super().get_form()
        chosen = self.request.POST.get(self.second, "")
        # Whoever was chosen stays so, whatever is searched for next.
        ids = [int(chosen)] if chosen.isdecimal() and len(chosen) <= LONGEST_ID else []
        ids += [person.pk for person in self.found]
        field: Any = form.fields[self.second]
        field.queryset = self.others.filter(pk__in=ids).order_by("family_name", "given_name", "pk")
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = len(self.found)
        return super().get_context_data(
            search=SearchForm({"text": self.text}),
            has_searched=is_enough(self.text),
            has_more=found >= FOUND_SHOWN,
            shows_form=bool(found) or self.request.method == "POST",
            **kwargs,
        )


class TieForm(forms.Form):
    """With whom, and what they are to each other."""

    other = PersonRadio(
        label=gettext_lazy("Andere Person"),
        error_messages={"required": gettext_lazy("Bitte wählen Sie die andere Person.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Beziehung"),
        choices=TieKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie die Beziehung.")},
    )


class NoteTie(SecondPersonView[TieForm]):
    """Kinship, household, Pflegeperson, or a block; a block ends what is open between the two."""

    form_class = TieForm
    second = "other"
    title = gettext_lazy("Beziehung oder Sperre eintragen")
    intro = gettext_lazy("Eine Sperre beendet sofort, was zwischen den beiden offen ist.")
    success_message = gettext_lazy("Die Beziehung ist eingetragen.")

    def act(self, form: TieForm) -> Tie:
        return matching_actions.note_relation(
            person=self.object,
            other=form.cleaned_data["other"],
            kind=TieKind(form.cleaned_data["kind"]),
            by=self.user,
            at=self.now,
        )


class RemoveTie(ActionView[forms.Form]):
    """A relation that is over, or was noted by mistake."""

    kinds = {Kind.TANDEM}
    title = gettext_lazy("Beziehung entfernen")
    submit_label = gettext_lazy("Entfernen")
    success_message = gettext_lazy("Die Beziehung ist entfernt.")
    danger = True

    def get_queryset(self) -> QuerySet[Any]:
        own = own_people(self).values("pk")
        return Tie.objects.filter(Q(person_a__in=own) | Q(person_b__in=own))

    def find_object(self) -> None:
        super().find_object()
        own = own_people(self).filter(pk__in=[self.object.person_a_id, self.object.person_b_id])
        self.person_id = own.order_by("pk").values_list("pk", flat=True)[0]

    def get_about(self) -> str:
        tie: Tie = self.object
        return f"{tie.person_a.full_name} – {tie.person_b.full_name}: {tie.get_kind_display()}"

    def get_success_url(self) -> str:
        return reverse("tandem:person", kwargs={"pk": self.person_id})

    def get_back_url(self) -> str:
        return self.get_success_url()

    def act(self, form: forms.Form) -> None:
        actions.remove_tie(tie_id=self.object.pk, by=self.user, at=self.now)


class MergeForm(forms.Form):
    """Which record is the same human being."""

    duplicate = PersonRadio(
        label=gettext_lazy("Welcher Eintrag ist dieselbe Person?"),
        error_messages={"required": gettext_lazy("Bitte wählen Sie den doppelten Eintrag.")},
    )


class Merge(SecondPersonView[MergeForm]):
    """Two records of one human being become one."""

    form_class = MergeForm
    second = "duplicate"
    title = gettext_lazy("Doppelten Eintrag zusammenführen")
    intro = gettext_lazy("Alles aus dem anderen Eintrag kommt zu diesem. Das lässt sich nicht zurücknehmen.")
    submit_label = gettext_lazy("Zusammenführen")
    success_message = gettext_lazy("Die beiden Einträge sind jetzt einer.")
    danger = True

    def act(self, form: MergeForm) -> Person:
        return actions.merge_persons(
            survivor_id=self.object.pk,
            duplicate_id=form.cleaned_data["duplicate"].pk,
            by=self.user,
            at=self.now,
        )

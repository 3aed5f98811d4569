"""Zugänge: who signs in as what; given by somebody else, never by oneself."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from helfer.notifications.actions.giving_accounts import give_account
from helfer.notifications.actions.invite import invite
from helfer.people import actions
from helfer.people.models import Kind, Person, User
from helfer.people.permissions import GIVEN_BY_ADMINISTRATOR, GIVEN_BY_COORDINATOR
from helfer.web.action_view import ActionView, FormT
from helfer.web.kinds import KindRequired
from helfer.web.lists import ListPage, Sort
from helfer.web.naming import is_called
from helfer.web.person_forms import KnownPersonFields

KINDS = {Kind.COORDINATOR, Kind.ADMINISTRATOR}


def accounts_for(viewer: User) -> QuerySet[User]:
    """The accounts of people; those that stand for the program are nobody's to keep."""
    return User.objects.filter(person__in=Person.objects.visible_to(viewer)).select_related("person")


def kinds_to_give(giver: User) -> list[tuple[str, Any]]:
    """The kinds this account may give, in the usual order."""
    may = GIVEN_BY_ADMINISTRATOR if giver.has_kind(Kind.ADMINISTRATOR) else GIVEN_BY_COORDINATOR
    return [(kind.value, kind.label) for kind in Kind if kind in may]


class AccountFilter(forms.Form):
    """Which accounts."""

    text = forms.CharField(label=_("Name oder E-Mail"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Art"), required=False, choices=[("", "–"), *Kind.choices])
    closed = forms.BooleanField(label=_("nur geschlossene"), required=False)


class AccountList(ListPage[User]):
    """All accounts of people."""

    kinds = KINDS
    template_name = "web/coordination/account_list.html"
    filter_form_class = AccountFilter
    sorts = (
        Sort("name", _("Name"), "person__family_name", "person__given_name"),
        Sort("email", _("E-Mail"), "email"),
        Sort("angelegt", _("Angelegt"), "date_joined"),
    )
    default_sort = "name"

    def get_queryset(self) -> QuerySet[User]:
        return accounts_for(self.user)

    def filter_rows(self, rows: QuerySet[User], wanted: dict[str, Any]) -> QuerySet[User]:
        if wanted.get("kind"):
            rows = rows.filter(kinds__contains=[wanted["kind"]])
        if wanted.get("closed"):
            rows = rows.filter(is_active=False)
        for word in (wanted.get("text") or "").split():
            rows = rows.filter(is_called(word, "person__") | Q(email__icontains=word))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for account in context["listing"].rows:
            account.kind_labels = [Kind(kind).label for kind in account.kinds]
        return context


class AccountPage(KindRequired, TemplateResponseMixin):
    """One account: what it may be, and whether it is in use; nothing of the person's own matters."""

    kinds = KINDS
    template_name = "web/coordination/account.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(accounts_for(self.user), pk=pk)
        context = {
            "object": account,
            "labels": [Kind(kind).label for kind in account.kinds],
            "seats": account.seats.select_related("office").order_by("-from_day", "pk"),
            "has_factor": Authenticator.objects.filter(user=account).exists(),
            "is_own": account.pk == self.user.pk,
        }
        return self.render_to_response(context)


class CreateAccountForm(KnownPersonFields):
    """Who, how they sign in, and as what."""

    email = forms.EmailField(
        label=_("E-Mail"),
        help_text=_("Damit meldet sich die Person an."),
        error_messages={
            "required": _("Bitte geben Sie eine E-Mail-Adresse an."),
            "invalid": _("Diese E-Mail-Adresse ist nicht vollständig."),
        },
    )
    kinds = forms.MultipleChoiceField(
        label=_("Was darf dieser Zugang sein?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Art.")},
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = kinds_to_give(viewer)
        for name in ("birth_year", "gender"):
            del self.fields[name]

    @property
    def details(self) -> actions.PersonDetails:
        """What was typed."""
        wanted = self.cleaned_data
        return actions.PersonDetails(
            family_name=wanted["family_name"],
            given_name=wanted["given_name"],
            phone=str(wanted["phone"] or ""),
            mobile=str(wanted["mobile"] or ""),
            email=wanted["email"],
        )


class CreateAccount(ActionView[CreateAccountForm]):
    """Give somebody an account."""

    kinds = KINDS
    form_class = CreateAccountForm
    title = _("Zugang anlegen")
    submit_label = _("Zugang anlegen und einladen")
    success_message = _("Der Zugang ist angelegt, die Einladung ist unterwegs.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.user}

    def get_success_url(self) -> str:
        return reverse("coordination:account", kwargs={"pk": self.result.pk})

    def get_back_url(self) -> str:
        return reverse("coordination:people")

    def act(self, form: CreateAccountForm) -> User:
        return give_account(
            person=form.known_person or form.details,
            email=form.cleaned_data["email"],
            kinds=form.cleaned_data["kinds"],
            by=self.user,
            at=self.now,
        )


class AccountAction(ActionView[FormT]):
    """An action on one account; it leads back to the account."""

    kinds = KINDS
    success_url_name = "coordination:account"

    def get_queryset(self) -> QuerySet[Any]:
        return accounts_for(self.user)


class KindsForm(forms.Form):
    """What an account may be."""

    kinds = forms.MultipleChoiceField(
        label=_("Was darf dieser Zugang sein?"), widget=forms.CheckboxSelectMultiple, required=False
    )


class ChangeKinds(AccountAction[KindsForm]):
    """Change what an account may be."""

    form_class = KindsForm
    title = _("Arten des Zugangs ändern")
    success_message = _("Der Zugang ist geändert.")

    def get_initial(self) -> dict[str, Any]:
        return {"kinds": self.object.kinds}

    def get_form(self) -> KindsForm:
        form = super().get_form()
        field: Any = form.fields["kinds"]
        field.choices = kinds_to_give(self.user)
        return form

    def act(self, form: KindsForm) -> User:
        # What this person may not give stays as it is.
        offered = {kind for kind, _label in kinds_to_give(self.user)}
        kept = [kind for kind in self.object.kinds if kind not in offered]
        return actions.change_kinds(
            user_id=self.object.pk, kinds=[*form.cleaned_data["kinds"], *kept], by=self.user, at=self.now
        )


class Deactivate(AccountAction[forms.Form]):
    """Close an account."""

    title = _("Zugang schließen")
    intro = _("Die Person kann sich nicht mehr anmelden und ist sofort abgemeldet.")
    submit_label = _("Zugang schließen")
    success_message = _("Der Zugang ist geschlossen.")
    danger = True

    def act(self, form: forms.Form) -> User:
        return actions.deactivate_account(user_id=self.object.pk, by=self.user, at=self.now)


class Reactivate(AccountAction[forms.Form]):
    """Open a closed account again."""

    title = _("Zugang wieder öffnen")
    intro = _("Die Person legt danach ein neues Passwort fest.")
    submit_label = _("Zugang öffnen")
    success_message = _("Der Zugang ist wieder offen.")

    def act(self, form: forms.Form) -> User:
        return actions.reactivate_account(user_id=self.object.pk, by=self.user, at=self.now)


class Invite(AccountAction[forms.Form]):
    """Send the invitation again."""

    title = _("Einladung noch einmal senden")
    intro = _("Höchstens einmal am Tag.")
    submit_label = _("Einladung senden")
    success_message = _("Die Einladung ist unterwegs.")

    def act(self, form: forms.Form) -> Any:
        return invite(user_id=self.object.pk, by=self.user, at=self.now)


class ResetFactor(AccountAction[forms.Form]):
    """Somebody lost phone and recovery codes."""

    title = _("Zweiten Faktor zurücksetzen")
    intro = _(
        "Bitte nur, wenn Sie die Person kennen und mit ihr gesprochen haben. "
        "Passwort und zweiter Faktor werden gelöscht, beides legt sie neu an."
    )
    submit_label = _("Zurücksetzen")
    success_message = _("Der zweite Faktor ist zurückgesetzt.")
    danger = True

    def act(self, form: forms.Form) -> User:
        return actions.reset_second_factor(user_id=self.object.pk, by=self.user, at=self.now)

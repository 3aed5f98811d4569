"""Accounts: given by somebody else, never taken by oneself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import Kind, Person, User
from helfer.people.permissions import can_give_kinds, can_keep_account


def _in_order(kinds: Collection[str]) -> list[str]:
    unknown = set(kinds) - set(Kind.values)
    if unknown:
        raise Conflict(_("Diese Art von Zugang gibt es nicht."), field="kinds")
    return [kind for kind in Kind.values if kind in kinds]


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update(of=("self",)).select_related("person").filter(pk=user_id).first()
    if user is None:
        raise Conflict(_("Diesen Zugang gibt es nicht."))
    return user


@transaction.atomic
def create_account(*, person: Person, email: str, kinds: Collection[str], by: User, at: datetime) -> User:
    """Give a person an account; it has no password until its owner sets one."""
    wanted = _in_order(kinds)
    if not wanted:
        raise Conflict(_("Ein Zugang braucht mindestens eine Art."), field="kinds")
    can_give_kinds(by, wanted, to=person)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not person.can_get_mail:
        raise Conflict(_("Diese Person ist verstorben oder wurde zusammengeführt."))
    if User.objects.filter(person=person).exists():
        raise Conflict(_("Diese Person hat schon einen Zugang."), code="has_account")
    user = User(person=person, email=User.objects.normalize_email(email.strip()).lower(), kinds=wanted)
    user.set_unusable_password()
    must_be_valid(user, exclude=["password"])
    user.save()
    if not person.email:
        person.email = user.email
        person.save(update_fields=["email"])
    return user


@transaction.atomic
def change_kinds(*, user_id: int, kinds: Collection[str], by: User, at: datetime) -> User:
    """Change what an account may be; whoever changes it must be allowed to give what comes and what goes."""
    user = _locked(user_id)
    wanted = _in_order(kinds)
    can_give_kinds(by, sorted(set(wanted) ^ set(user.kinds)), to=user.person)
    if user.pk == by.pk:
        can_keep_account(by, user)
    user.kinds = wanted
    user.save(update_fields=["kinds"])
    return user


@transaction.atomic
def change_sign_in_email(*, user_id: int, email: str, by: User, at: datetime) -> User:
    """Let an account be signed in to from another mailbox, and from the former one no more."""
    user = _locked(user_id)
    can_keep_account(by, user)
    former = user.email
    user.email = User.objects.normalize_email(email.strip()).lower()
    # Whoever is signed in by the former mailbox is out.
    user.set_unusable_password()
    must_be_valid(user, exclude=["password"])
    user.save(update_fields=["email", "password"])
    EmailAddress.objects.filter(user=user).delete()
    if user.person is not None and user.person.email.lower() == former:
        user.person.email = user.email
        user.person.save(update_fields=["email"])
    return user


@transaction.atomic
def deactivate_account(*, user_id: int, by: User, at: datetime) -> User:
    """Close an account; whoever is signed in with it is out at once."""
    user = _locked(user_id)
    can_keep_account(by, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def reactivate_account(*, user_id: int, by: User, at: datetime) -> User:
    """Open a closed account again; its password is gone."""
    user = _locked(user_id)
    can_keep_account(by, user)
    if user.person is not None and not user.person.can_get_mail:
        raise Conflict(_("Diese Person ist verstorben oder wurde zusammengeführt."))
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    return user


@transaction.atomic
def reset_second_factor(*, user_id: int, by: User, at: datetime) -> User:
    """Somebody lost phone and recovery codes: the second factor and the password are set up anew."""
    user = _locked(user_id)
    can_keep_account(by, user)
    Authenticator.objects.filter(user=user).delete()
    # A new password ends every session of the account.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user

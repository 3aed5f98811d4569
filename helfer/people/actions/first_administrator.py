"""The one account that nobody could have given: the first administrator of a new installation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict
from helfer.core.validity import must_be_valid
from helfer.people.models import Kind, User


@transaction.atomic
def create_first_administrator(*, email: str, name: str, password: str) -> User:
    """Make the administrator's account, as long as no administrator is there who could give one."""
    if User.objects.of_kind(Kind.ADMINISTRATOR).filter(is_active=True).exists():
        raise Conflict(_("Es gibt schon einen Zugang für die Verwaltung; weitere vergibt diese."))
    user = User(
        email=User.objects.normalize_email(email.strip()).lower(),
        name=name.strip(),
        kinds=[Kind.ADMINISTRATOR],
    )
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Conflict(" ".join(fault.messages), field="password") from fault
    user.set_password(password)
    must_be_valid(user)
    user.save()
    return user

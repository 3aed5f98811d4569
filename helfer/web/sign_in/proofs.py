"""What a session has proven so far; allauth keeps the record."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from helfer.people.models import User


def is_signed_in_by_more_than_a_code(request: HttpRequest, user: User) -> bool:
    """By password, or by a passkey that stands for both factors."""
    # Without the second argument allauth answers with nothing for everybody.
    records = get_authentication_records(request, user)
    return any(record.get("method") == "password" or record.get("passwordless") for record in records)


def has_proven_a_second_factor(request: HttpRequest, user: User) -> bool:
    """By an app's code, a key or a recovery code, in this very session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))

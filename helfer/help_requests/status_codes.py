"""How a request stands, for whoever has its code and the phone number it was made with."""

from __future__ import annotations

import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from helfer.help_requests.models import HelpRequest, StatusCode

# Nothing that looks like something else when it is read aloud or written down.
ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ23456789"
LENGTH = 10


def new_code() -> str:
    """A random code, in two halves: ``H7KQM-2XW9P``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def digest_of_code(code: str) -> str:
    """What is kept of a code, however it was typed."""
    return _digest("code", re.sub(r"[^A-Z0-9]", "", code.upper()))


def digest_of_phone(phone: str) -> str:
    """What is kept of a number in international notation."""
    return _digest("phone", phone)


def _digest(what: str, value: str) -> str:
    return salted_hmac(f"helfer.status.{what}", value, algorithm="sha256").hexdigest()


NOBODYS = "0" * 64


def request_of(*, code: str, phone: str) -> HelpRequest | None:
    """The request that both belong to.

    A wrong number and an unknown code take the same way: one question to the table, one comparison.
    """
    found = (
        StatusCode.objects.select_related("request__office").filter(code_digest=digest_of_code(code)).first()
    )
    kept = found.phone_digest if found is not None else NOBODYS
    fits = constant_time_compare(kept, digest_of_phone(phone))
    return found.request if fits and found is not None else None

"""The refusals of the domain: typed, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class RuleViolation(Exception):
    """A rule says no, with a sentence that may be shown to a person.

    ``code`` names the rule for machines, ``field`` the form field it belongs to,
    ``by`` says by how much where that makes sense (shapes as in the shortlist's ``by``).
    """

    default_code = "rule"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        field: str | None = None,
        by: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        self.by: dict[str, Any] = dict(by or {})

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(RuleViolation):
    """The acting person may not do this."""

    default_code = "not_allowed"


class NotEligible(RuleViolation):
    """A gate is closed: this helper may not serve this request now."""

    default_code = "not_eligible"


class IllegalTransition(RuleViolation):
    """The thing's life does not allow this step from where it stands."""

    default_code = "illegal_transition"


class Conflict(RuleViolation):
    """Somebody else was faster, or the thing already exists."""

    default_code = "conflict"

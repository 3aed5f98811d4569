"""What a model says about its own fields, as a refusal."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from .errors import Conflict


def must_be_valid(instance: Model, *, exclude: Collection[str] = ()) -> None:
    """Check fields and constraints before they are written, so that the sentence reaches its form field.

    The database checks the constraints again. Raises ``Conflict`` with the first sentence.
    """
    try:
        instance.full_clean(exclude=exclude)
    except ValidationError as error:
        # full_clean always gives a dictionary.
        field, sentences = next(iter(error.message_dict.items()))
        known = field if field != NON_FIELD_ERRORS else None
        raise Conflict(sentences[0], code="invalid", field=known) from error

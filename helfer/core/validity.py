"""What a model says about its own fields, as a refusal."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import router
from django.db.models import CheckConstraint, Model

from .errors import Conflict


def must_be_valid(instance: Model, *, exclude: Collection[str] = ()) -> None:
    """Check fields and constraints before they are written, so that the sentence reaches its form field.

    The database checks the constraints again. Raises ``Conflict`` with the first sentence.
    """
    try:
        instance.full_clean(exclude=exclude, validate_constraints=False)
        using = router.db_for_write(type(instance), instance=instance)
        # Plain checks first: a period that ends before it begins is no range that could overlap others.
        for model, constraints in instance.get_constraints():
            for constraint in sorted(constraints, key=lambda one: not isinstance(one, CheckConstraint)):
                constraint.validate(model, instance, exclude=set(exclude), using=using)
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise Conflict(error.messages[0], code=error.code or "invalid") from error
        field, sentences = next(iter(error.message_dict.items()))
        known = field if field != NON_FIELD_ERRORS else None
        raise Conflict(sentences[0], code="invalid", field=known) from error

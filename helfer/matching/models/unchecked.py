"""References that the database does not check, for tables that triggers and actions fill by the row."""

from __future__ import annotations

from typing import Any

from django.db import models

# A constraint's triggers would cost more than the row; whoever removes what is named sees to the rows.
UNCHECKED: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "db_constraint": False,
    "related_name": "+",
}

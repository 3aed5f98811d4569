"""A world that the tests of one module share; what a test does in it is undone by the test itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def kept_world(django_db_blocker: Any) -> Iterator[None]:
    """Around the building of the world and all the tests in it; afterwards nothing of it is left."""
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"] == connection.creation._get_test_db_name()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

"""One migrated database from which every test run's own databases are copied.

Some four hundred migrations take half a minute, a copy of their result takes a second. Called as a program,
this makes the template beforehand: `make test` does so while the code is being checked.
"""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).parents[1]
PREFIX = "helfer_template_"
TEMPLATES_KEPT = 5


def _name() -> str:
    """Another name for every other set of migrations."""
    digest = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("helfer/*/migrations/*.py"), *ROOT.glob("cms/migrations/*.py")]
        + [ROOT / "requirements.txt", ROOT / "helfer" / "settings.py", Path(__file__)]
    ):
        digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def exists(database: str) -> bool:
    """Whether the server has a database of this name."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone() is not None


def template_database() -> str:
    """The name of the template for the present migrations, made now if nobody made it yet."""
    name = _name()
    lock = ROOT / ".local" / "test-template.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not exists(name):
            _make(connection, name)
    return name


def _keep_statistics_away(wrapper: BaseDatabaseWrapper) -> None:
    """Nobody counts the rows of a test database behind the tests' back.

    Between two tests every table looks empty. Who plans with that crosses tables without any index: the same
    page then takes a second in one run and an hour in another. Uncounted tables are planned for as if they
    were large.
    """
    with wrapper.cursor() as cursor:
        for table in wrapper.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')


def _make(wrapper: BaseDatabaseWrapper, name: str) -> None:
    unfinished = f"{name}_unfinished"
    test, before = wrapper.settings_dict["TEST"], wrapper.settings_dict["NAME"]
    own = test["NAME"]
    test["NAME"] = unfinished
    try:
        wrapper.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        _keep_statistics_away(wrapper)
    finally:
        wrapper.close()
        test["NAME"] = own
        wrapper.settings_dict["NAME"] = settings.DATABASES[wrapper.alias]["NAME"] = before
    with wrapper._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        # The newest stay: another run may just be copying one.
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET %s",
            [PREFIX, TEMPLATES_KEPT],
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')


if __name__ == "__main__":
    django.setup()
    template_database()

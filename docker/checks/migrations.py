"""Fails when a model has changed without a migration; needs no database."""

import os
import sys
import warnings

import django
from django.core.management import call_command


def main() -> None:
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    django.setup()
    # Without a running database Django only warns that it could not compare the applied migrations.
    warnings.simplefilter("ignore", RuntimeWarning)
    call_command("makemigrations", check_changes=True, dry_run=True)


if __name__ == "__main__":
    main()

"""Brings the database up to date and loads the catalogue and the demo, all in one quick process."""

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalogue")
    call_command("demo")
    call_command("demo_pages")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

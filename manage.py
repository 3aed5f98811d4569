#!/usr/bin/env python
"""Django's command line with this project's settings."""

import os
import sys

import django
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    django.setup()
    from helfer.core.history import acting

    # What a command changes is remembered as done by the program, unless it says by whom.
    with acting(None, door="command"):
        execute_from_command_line(sys.argv)

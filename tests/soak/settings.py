"""The installation that is killed: as any other, with one kind of message more."""

from helfer.settings import *  # noqa: F403
from helfer.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.soak"]

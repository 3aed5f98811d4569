"""Finds each app's notices when the program starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    """How words leave the house; the kinds of messages come from the apps' own `notices` modules."""

    name = "helfer.notifications"

    def ready(self) -> None:
        autodiscover_modules("notices")

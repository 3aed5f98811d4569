"""Finds what other parts put in the public's doors when the program starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApiConfig(AppConfig):
    """Doors of JSON; what the content pages say comes from a `machines` module of theirs."""

    name = "helfer.api"

    def ready(self) -> None:
        autodiscover_modules("machines")

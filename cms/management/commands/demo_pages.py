"""Fill the public pages with something to look at."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.demo import create_pages
from helfer.people.models import Office


class Command(BaseCommand):
    """Makes demo pages; run again, it adds what is missing."""

    help = "Legt Seiten zum Anschauen an: Startseite, Inhaltsseiten und eine Seite je Seniorenbüro."

    def handle(self, *args: Any, **options: Any) -> None:
        create_pages(Office.objects.filter(is_active=True).order_by("name"))
        self.stdout.write("Die Seiten sind da.")

"""Fill the public pages with something to look at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.demo import create_pages
from cms.demo.languages import translate_pages
from helfer.people.models import Office


class Command(BaseCommand):
    """Makes demo pages; run again, it adds what is missing."""

    help = "Legt Seiten in allen Sprachen an: Inhalt, Tätigkeiten, Büros; in der Demo auch Erfundenes."

    def handle(self, *args: Any, **options: Any) -> None:
        offices = Office.objects.filter(is_active=True).order_by("name")
        create_pages(offices, made_up=settings.HELFER_DEMO)
        translate_pages(say=self.stdout.write)
        self.stdout.write("Die Seiten sind da.")

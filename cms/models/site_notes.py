"""What stands on every page, the product's own pages too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

# "112", "116 117", "0231 50-22222": what somebody can dial.
_NUMBER = re.compile(r"(\+?\d[\d /-]{1,18}\d)")


def other_languages() -> list[tuple[str, str]]:
    """Code and own name of each but the source's."""
    return [one for one in settings.LANGUAGES if one[0] != settings.LANGUAGE_CODE]


class InOrder(models.Manager[Any]):
    """Children of a page or setting, as the editors have ordered them."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().order_by("sort_order", "pk")


@register_setting(icon="info-circle")
class SiteNotes(BaseSiteSetting, ClusterableModel):
    """What stands on every page: the numbers to call, notices, and the words at the bottom."""

    phone = models.CharField(
        _("Telefon der Seniorenbüros"),
        max_length=30,
        blank=True,
        help_text=_("Steht oben auf jeder Seite und groß auf der Startseite."),
    )
    phone_hours = models.CharField(_("Sprechzeiten am Telefon"), max_length=120, blank=True)
    emergency = models.CharField(
        _("Hinweis für Notfälle"),
        max_length=200,
        blank=True,
        default="Im Notfall: 112. Ärztlicher Bereitschaftsdienst: 116 117.",
        help_text=_("Steht oben auf jeder Seite. Telefonnummern lassen sich antippen."),
    )
    complaints = models.CharField(
        _("Wohin mit Beschwerden"),
        max_length=200,
        blank=True,
        help_text=_(
            "Steht auf der Seite „Etwas stimmt nicht?“. Nennen Sie jemanden außerhalb der Büros, "
            "mit Telefonnummer."
        ),
    )
    footer = models.TextField(_("Text am Ende der Seiten"), blank=True)
    imprint = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Impressum"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    privacy = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Datenschutz"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    accessibility = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Erklärung zur Barrierefreiheit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("phone_hours"),
                FieldPanel("emergency"),
                FieldPanel("complaints"),
            ],
            _("Telefon"),
        ),
        InlinePanel("banners", heading=_("Hinweise mit Datum"), label=_("Hinweis")),
        MultiFieldPanel(
            [
                FieldPanel("footer"),
                PageChooserPanel("imprint"),
                PageChooserPanel("privacy"),
                PageChooserPanel("accessibility"),
            ],
            _("Am Ende der Seiten"),
        ),
        InlinePanel("translations", heading=_("In anderen Sprachen"), label=_("Übersetzung")),
    ]

    class Meta:
        verbose_name = _("Angaben auf allen Seiten")

    def emergency_parts(self) -> Iterator[dict[str, str]]:
        """The words for emergencies, with the numbers in them set apart."""
        return _with_numbers(self.emergency)

    def complaints_parts(self) -> Iterator[dict[str, str]]:
        """The same of who listens to complaints."""
        return _with_numbers(self.complaints)

    @property
    def phone_to_dial(self) -> str:
        """The number as a telephone wants it."""
        return _to_dial(self.phone)


def _with_numbers(words: str) -> Iterator[dict[str, str]]:
    for index, part in enumerate(_NUMBER.split(words)):
        if part:
            yield {"text": part, "dial": _to_dial(part) if index % 2 else ""}


def _to_dial(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


class TranslatedNote(Orderable):
    """One of these notes in another language.

    It belongs to the German words, not to their place: once somebody changes them, nothing stale shows.
    """

    notes = ParentalKey(SiteNotes, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("Sprache"), max_length=12, choices=other_languages)
    german = models.TextField(
        _("Deutsch"), help_text=_("Genau wie oben, zum Beispiel der ganze Text eines Hinweises.")
    )
    words = models.TextField(_("Übersetzung"))

    objects = InOrder()

    panels = [FieldPanel("language"), FieldPanel("german"), FieldPanel("words")]

    class Meta:
        verbose_name = _("Übersetzung")
        verbose_name_plural = _("Übersetzungen")
        constraints = [
            models.UniqueConstraint(
                fields=["notes", "language", "german"],
                name="note_is_translated_once",
                violation_error_message=_("Diese Übersetzung gibt es schon."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Banner(Orderable):
    """A notice at the top of every page, from a day until a day (both included)."""

    notes = ParentalKey(SiteNotes, on_delete=models.CASCADE, related_name="banners")
    text = models.CharField(
        _("Text"), max_length=200, help_text=_("Zum Beispiel: Am 24. Dezember sind alle Büros geschlossen.")
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Seite mit mehr dazu"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    from_day = models.DateField(_("von"))
    until_day = models.DateField(_("bis einschließlich"))

    objects = InOrder()

    panels = [
        FieldPanel("text"),
        PageChooserPanel("page"),
        FieldPanel("from_day"),
        FieldPanel("until_day"),
    ]

    class Meta:
        verbose_name = _("Hinweis mit Datum")
        verbose_name_plural = _("Hinweise mit Datum")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="banner_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

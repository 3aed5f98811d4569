"""What all public pages have."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.blocks import BodyBlock
from cms.languages import as_ordered, below, direction_of, versions_of

SHARED_PICTURE = "fill-1200x630|format-jpeg"


class Drawing(models.TextChoices):
    """The house's own drawings; they show what words say and are silent for screen readers."""

    NEIGHBOURS = "neighbours", _("zwei Nachbarinnen auf der Bank")
    PHONE = "phone", _("am Telefon")
    TEA = "tea", _("Besuch zum Tee")
    SHOPPING = "shopping", _("Einkaufstasche")
    WALK = "walk", _("unterwegs zu zweit")
    TABLET = "tablet", _("Tablet und Brille")
    BOOK = "book", _("aufgeschlagenes Buch")
    GARDEN = "garden", _("Garten")
    HOME = "home", _("Haus mit Herz")
    CAR = "car", _("Auto")
    SPEECH = "speech", _("zwei Sprechblasen")
    COURSE = "course", _("Menschen im Kurs")
    CALENDAR = "calendar", _("Kalender")
    NEWS = "news", _("Zeitung")
    MONEY = "money", _("Münzen und Hand")
    TOWN = "town", _("Stadt mit Brücke")


class PublicPage(Page):
    """A page for everybody: a few words first, a picture, and pieces below."""

    intro = models.TextField(
        _("Einleitung"),
        blank=True,
        help_text=_("Ein oder zwei kurze Sätze. Sie stehen auch in Listen und Suchergebnissen."),
    )
    drawing = models.CharField(_("Zeichnung"), max_length=12, choices=Drawing, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("Bild"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Statt der Zeichnung, und wenn jemand die Seite teilt."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("Inhalt"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("drawing"), FieldPanel("picture")], _("Bild oben auf der Seite")),
        FieldPanel("body"),
    ]
    # An address is the same in every language, but for what stands before it.
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]
    # What stands above the title and beside it in lists.
    what: str | Promise = ""

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.slug in dict(settings.LANGUAGES):
            raise ValidationError(
                {"slug": _("So beginnen Adressen in einer anderen Sprache. Bitte ein anderes Wort nehmen.")}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["is_public_page"] = True
        # Screen readers change their voice where page and reader speak different languages.
        own = self.locale.language_code
        context["page_language"] = own if own != get_language() else ""
        context["page_direction"] = direction_of(own)
        context["in_languages"] = {
            one.locale.language_code: one.get_full_url(request) for one in versions_of(self)
        }
        return context

    @property
    def description(self) -> str:
        """One sentence for search engines and for those who share the page."""
        return self.search_description or " ".join(self.intro.split())

    def shared_picture(self) -> Any:
        """The picture in the size that others show, or None."""
        return self.picture.get_rendition(SHARED_PICTURE) if self.picture else None

    def must_be_the_only_one_for(self, field: str, refusal: str | Promise) -> None:
        """Raise ``ValidationError`` where another page of this language already tells of the same thing."""
        same = {f"{field}_id": getattr(self, f"{field}_id"), "locale_id": self.locale_id}
        if type(self)._default_manager.filter(**same).exclude(pk=self.pk).exists():
            raise ValidationError({field: str(refusal)})

    def parts(self) -> list[Any]:
        """The pages below this one, as the editors have ordered them."""
        return list(as_ordered(below(self)).specific())

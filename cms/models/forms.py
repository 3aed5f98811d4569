"""Forms that editors build; they are drawn and checked like all forms of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.cache import cache
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import BaseForm, FormBuilder
from wagtail.contrib.forms.models import AbstractFormField, FormMixin
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from cms.blocks.words import RICH
from cms.models.public_page import PublicPage
from cms.models.site_notes import InOrder
from helfer.web.fields import DayField

# Nobody reads, fills in and sends a form quicker; programs do.
QUICKEST = timedelta(seconds=2)
OLDEST = timedelta(hours=12)
MOST_AN_HOUR = 10
_SALT = "cms.form"


class HouseForm(BaseForm):
    """A form that editors built, with two quiet questions that only programs answer wrongly."""

    homepage = forms.CharField(
        label=_("Bitte leer lassen"), required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened"] = signing.dumps(timezone.now().timestamp(), salt=_SALT)

    def looks_written_by_a_program(self) -> bool:
        """Whether the trap was filled in, or the form came back quicker than anybody reads."""
        if self.cleaned_data.get("homepage"):
            return True
        try:
            opened = signing.loads(self.cleaned_data.get("opened", ""), salt=_SALT, max_age=OLDEST)
        except signing.SignatureExpired:
            return False
        except signing.BadSignature:
            return True
        return bool(timezone.now().timestamp() - opened < QUICKEST.total_seconds())


class HouseFormBuilder(FormBuilder):
    """Builds the form from what the editors chose."""

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return DayField(**{key: value for key, value in options.items() if key != "initial"})

    def get_form_class(self) -> type[HouseForm]:
        return type("HouseForm", (HouseForm,), self.formfields)


FIELD_TYPES = (
    ("singleline", _("eine Zeile")),
    ("multiline", _("mehrere Zeilen")),
    ("email", _("E-Mail")),
    ("number", _("Zahl")),
    ("date", _("Tag")),
    ("checkbox", _("ein Häkchen")),
    ("checkboxes", _("mehrere Häkchen")),
    ("dropdown", _("Auswahlliste")),
    ("radio", _("eines von mehreren")),
)


class FormField(TranslatableMixin, AbstractFormField):
    """One question of a form, in the page's language."""

    page = ParentalKey("cms.FormPage", on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(_("Art der Antwort"), max_length=16, choices=FIELD_TYPES)

    objects = InOrder()
    # By this name the answer is kept.
    override_translatable_fields = [SynchronizedField("clean_name", overridable=False)]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("Frage")
        verbose_name_plural = _("Fragen")


class FormPage(FormMixin, PublicPage):
    """A page with questions to its readers; what they answer is kept for a while, and mailed to nobody."""

    form_builder = HouseFormBuilder
    template = "cms/form_page.html"
    landing_page_template = "cms/form_sent_page.html"

    question = models.CharField(_("Überschrift über den Fragen"), max_length=120, blank=True, default="")
    button = models.CharField(_("Aufschrift des Knopfes"), max_length=40, blank=True)
    thanks = RichTextField(_("Dank nach dem Absenden"), features=RICH, blank=True)
    keep_days = models.PositiveSmallIntegerField(
        _("Antworten aufheben (Tage)"), default=90, help_text=_("Danach werden sie gelöscht.")
    )

    content_panels = [
        FormSubmissionsPanel(),
        *PublicPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("question"),
                InlinePanel("form_fields", label=_("Frage")),
                FieldPanel("button"),
                FieldPanel("thanks"),
                FieldPanel("keep_days"),
            ],
            _("Formular"),
        ),
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("question")]
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Formular")
        verbose_name_plural = _("Formulare")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and self._comes_too_often(request):
            context = self.get_context(request)
            context["form"] = self.get_form(request.POST, page=self, user=request.user)
            context["too_often"] = True
            return TemplateResponse(request, self.get_template(request), context, status=429)
        return super().serve(request, *args, **kwargs)

    def _comes_too_often(self, request: HttpRequest) -> bool:
        key = f"cms-form:{self.pk}:{request.META.get('REMOTE_ADDR', '')}"
        cache.add(key, 0, timeout=3600)
        return bool(cache.incr(key) > MOST_AN_HOUR)

    def process_form_submission(self, form: HouseForm) -> Any:
        """Keep the answers; a program's are thanked for and forgotten."""
        if form.looks_written_by_a_program():
            return None
        for quiet in ("homepage", "opened"):
            form.cleaned_data.pop(quiet, None)
        return super().process_form_submission(form)

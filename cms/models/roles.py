"""What helpers do: one page for each role of the catalogue."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.languages import as_ordered, below
from cms.models.public_page import PublicPage
from helfer.catalogue.models import CompensationRate, Role
from helfer.core.days import berlin_day
from helfer.matching.public_figures import public_figures


class RolesPage(PublicPage):
    """Everything that helpers do."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.RolePage"]

    class Meta:
        verbose_name = _("Tätigkeiten")
        verbose_name_plural = _("Seiten mit Tätigkeiten")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        pages = below(self, RolePage).filter(role__is_active=True)
        context["role_pages"] = as_ordered(pages.select_related("role"))
        return context


class RolePage(PublicPage):
    """One role: what one does and must not do, what it needs and what it pays, as the catalogue has it."""

    role = models.ForeignKey(Role, verbose_name=_("Tätigkeit"), on_delete=models.PROTECT, related_name="+")

    content_panels = [*PublicPage.content_panels[:1], FieldPanel("role"), *PublicPage.content_panels[1:]]
    search_fields = [*PublicPage.search_fields, index.SearchField("words_of_role")]
    parent_page_types = ["cms.RolesPage"]
    subpage_types: list[str] = []
    what = _("Tätigkeit")

    class Meta:
        verbose_name = _("Seite einer Tätigkeit")
        verbose_name_plural = _("Seiten der Tätigkeiten")

    def clean(self) -> None:
        super().clean()
        self.must_be_the_only_one_for("role", _("Diese Tätigkeit hat in dieser Sprache schon eine Seite."))

    def words_of_role(self) -> str:
        """What the catalogue says in the page's language, for the search."""
        with override(self.locale.language_code):
            return " ".join(self.role.text(field) for field in ("name", "does", "does_not"))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        role, today = self.role, berlin_day(timezone.now())
        rates = CompensationRate.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today
        ).order_by("unit")
        models_of_role = role.compensation_models.filter(is_active=True).order_by("pk")
        context |= {
            "role": role,
            "wanted": public_figures(role).wanted,
            "name": role.text("name"),
            "does": role.text("does").splitlines(),
            "does_not": role.text("does_not").splitlines(),
            "instruction": role.text("instruction"),
            "trainings": [
                {"name": training.text("name"), "text": training.text("description")}
                for training in role.required_trainings.filter(is_active=True).order_by("pk")
            ],
            "money": [
                {
                    "name": model.text("name"),
                    "text": model.text("description"),
                    "conditions": model.text("conditions"),
                    "rates": model.rates.all(),
                }
                for model in models_of_role.prefetch_related(Prefetch("rates", queryset=rates))
            ],
        }
        return context

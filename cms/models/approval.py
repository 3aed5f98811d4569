"""How a page is read by a second person before everybody reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class SecondReader(AbstractGroupApprovalTask):
    """Somebody else of the editors reads a page before it is published; nobody approves their own."""

    class Meta:
        verbose_name = _("Gegenlesen")
        verbose_name_plural = _("Gegenlesen")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return []
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        return actions

    @classmethod
    def get_description(cls) -> Any:
        return _("Eine zweite Person der Redaktion liest die Seite, bevor alle sie lesen.")

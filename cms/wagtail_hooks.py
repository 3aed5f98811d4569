"""The editors' desk shows only what editors need."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks


@hooks.register("construct_settings_menu")
def hide_what_is_kept_elsewhere(request: HttpRequest, items: list[Any]) -> None:
    """Accounts and groups are kept by the product."""
    items[:] = [item for item in items if item.name not in ("users", "groups")]

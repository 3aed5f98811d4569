"""Renders a few lines of template with components in them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler


def draw(source: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
    """The HTML that this template becomes."""
    return str(engines["django"].from_string(CottonCompiler().process(source)).render(context, request))

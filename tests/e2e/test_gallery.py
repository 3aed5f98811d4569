"""Every component is free of barriers, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_gallery_has_no_barriers(
    new_page: Any, axe: Callable[[Page], None], look: Any, width: int, scheme: str, direction: str
) -> None:
    page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/_galerie/")
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    look(page, f"galerie-{width}-{scheme}-{direction}")
    axe(page)

"""Journeys of one question to a page, walked through as a browser would."""

from __future__ import annotations

from typing import Any

from django.test import Client

# Page by page, what is answered there.
Pages = list[tuple[str, dict[str, Any]]]


def walk_through(client: Client, start: str, said: Pages, **begin: str) -> None:
    """Answer page after page; each leads to the next one, and the last to the summary."""
    shown = client.post(start, begin, follow=True)
    for page, answers in said:
        assert shown.request["PATH_INFO"] == f"{start}{page}/", shown.content.decode()
        assert "0231 12345" in shown.content.decode()
        shown = client.post(f"{start}{page}/", answers, follow=True)
    assert shown.request["PATH_INFO"] == f"{start}uebersicht/", shown.content.decode()

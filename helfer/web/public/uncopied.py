"""Pages that tell of people at this moment: what is taken back must not live on in somebody's copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def leave_no_copy(answer: HttpResponseBase) -> None:
    """Tell search engines, browsers and whatever lies between to keep nothing of this answer."""
    # A line in robots.txt would hide the header from the crawlers for whom it is meant.
    answer["X-Robots-Tag"] = "noindex, noarchive"
    answer["Cache-Control"] = "no-store"


def uncopied(view: View) -> View:
    """The same page, kept by nobody."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(*args, **kwargs)
        leave_no_copy(answer)
        return answer

    return shown

"""Who may open a page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.generic import View

from helfer.core.days import berlin_day
from helfer.people.models import User


class KindRequired(View):
    """A page for some kinds of people; for everybody else it does not exist.

    Guests are sent to the sign-in page. Without ``kinds`` any signed-in person may open it.
    """

    kinds: ClassVar[Collection[str]] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if self.kinds and not any(request.user.has_kind(kind) for kind in self.kinds):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The person who looks and acts."""
        return cast(User, self.request.user)

    @cached_property
    def now(self) -> datetime:
        """The time of this request; the doors read the clock, the domain does not."""
        return timezone.now()

    @property
    def today(self) -> date:
        """The day in Berlin on which this request is made."""
        return berlin_day(self.now)

"""Who may open a page."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cached_property
from inspect import isabstract
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.views.generic import View

from helfer.core.days import berlin_day
from helfer.people.models import Kind, User


def open_kinds(user: User, *, on: date) -> frozenset[str]:
    """The kinds whose doors this account opens on that day: the tandem's with a seat alone."""
    kinds = {str(kind) for kind in Kind if user.has_kind(kind)}
    if Kind.TANDEM in kinds and not user.seats_on(on).exists():
        kinds.remove(Kind.TANDEM)
    return frozenset(kinds)


def open_kinds_today(request: HttpRequest) -> frozenset[str]:
    """The same for whoever asks now, looked up once a request."""
    user = request.user
    if not user.is_authenticated:
        return frozenset()
    known: tuple[int, frozenset[str]] | None = getattr(request, "_open_kinds", None)
    if known is None or known[0] != user.pk:
        known = (user.pk, open_kinds(user, on=berlin_day(timezone.now())))
        request._open_kinds = known  # type: ignore[attr-defined]
    return known[1]


class KindRequired(View, ABC):
    """A page for some kinds of people; for everybody else it does not exist.

    Guests are sent to the sign-in page. Without ``kinds`` any signed-in person may open it. Who has no seat
    in a tandem any more (or not yet) is told so, at every door of the tandem alike.
    """

    kinds: ClassVar[Collection[str]] = frozenset()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The page for an address; a view that lacks a piece is told here, not to the first visitor."""
        if isabstract(cls):
            raise TypeError(f"{cls.__name__} has to write: {', '.join(sorted(cls.__abstractmethods__))}")
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if self.kinds and not open_kinds_today(request).intersection(self.kinds):
            if Kind.TANDEM in self.kinds and request.user.has_kind(Kind.TANDEM):
                return render(request, "web/no_seat.html", status=403)
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

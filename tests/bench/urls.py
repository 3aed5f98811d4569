"""The program's own addresses, and one page with nothing on it for whoever is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from helfer.urls import urlpatterns as own


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, but past every middleware and with the account read."""
    return HttpResponse(f"<!doctype html><title>{request.user.pk}</title>")


def bare(request: HttpRequest) -> HttpResponse:
    """The same for everybody."""
    return HttpResponse("<!doctype html><title></title>")


urlpatterns = [path("leer/", empty), path("ganz-leer/", bare), *own]

"""Small changes to Wagtail's own pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.static import serve
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel

# What Wagtail keeps of pictures; proofs and letters lie in other folders and are never served here.
PUBLIC_FOLDERS = ("images", "original_images")


def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """One of Wagtail's side doors that this house does not have."""
    raise Http404


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """There is one sign-in, and it asks for a second factor."""
    wanted = request.GET.get("next", "")
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(reverse("account_login") + query)


def picture(request: HttpRequest, folder: str, name: str) -> FileResponse | HttpResponse:
    """A picture of a public page."""
    response = serve(request, f"{folder}/{name}", document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class AccountSettings(AccountView):
    """An editor's own settings; name, e-mail and password are kept elsewhere."""

    def get_panels(self) -> list[Any]:
        elsewhere = (NameEmailSettingsPanel, AvatarSettingsPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, elsewhere)]

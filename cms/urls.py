"""Wagtail's doors: the editors' desk below redaktion/, and the public pages at every other address."""

from __future__ import annotations

from allauth.account.views import logout
from django.urls import URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from cms import views
from cms.addresses import LanguagePrefix, serve_page
from cms.office_finder import EmbeddedFinder, FindOffice
from cms.search import Search
from cms.sitemaps import EveryLanguage, robots
from helfer.api.public.open_door import knows_nobody

desk = [
    # Wagtail's own sign-in knows neither a second factor nor a limit of attempts.
    path("login/", views.to_sign_in),
    path("logout/", logout),
    path("_util/login/", views.to_sign_in),
    re_path(r"^password_reset/", views.closed),
    # Redirects are written one by one; the reading of lists stumbles over what it is not sent.
    re_path(r"^redirects/import/", views.closed),
    path("account/", never_cache(require_admin_access(views.AccountSettings.as_view()))),
    path("", include(wagtailadmin_urls)),
]

urlpatterns = [
    path("redaktion/", include(desk)),
    path("dokumente/authenticate_with_password/<int:restriction_id>/", views.closed),
    path("dokumente/", include(wagtaildocs_urls)),
    re_path(
        rf"^medien/(?P<folder>{'|'.join(views.PUBLIC_FOLDERS)})/(?P<name>[\w.\-]+)$",
        views.picture,
        name="picture",
    ),
    path("_util/login/", views.to_sign_in),
    re_path(r"^_util/authenticate_with_password/", views.closed),
    path("suche/", Search.as_view(), name="search"),
    path("buero-finden/", FindOffice.as_view(), name="find_office"),
    path("einbetten/buero-finden/", knows_nobody(EmbeddedFinder.as_view()), name="embedded_finder"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": EveryLanguage}}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("", include([one for one in wagtail_urls.urlpatterns if one.name != "wagtail_serve"])),
    URLResolver(LanguagePrefix(), [re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve")]),
]

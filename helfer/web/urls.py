"""The HTML doors."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from helfer.web import gallery, settings_of_reader

urlpatterns = [
    path("schrift/", settings_of_reader.TextSize.as_view(), name="text_size"),
    path("sprache/", settings_of_reader.Language.as_view(), name="language"),
    path("buero/", include("helfer.web.tandem.urls")),
    path("geschaeftsstelle/", include("helfer.web.coordination.urls")),
    path("mein-profil/", include("helfer.web.helper.urls")),
    path("meine-anfragen/", include("helfer.web.seeker.urls")),
    path("schulung/", include("helfer.web.training.urls")),
    # Doors for everybody; the content pages come after them.
    path("", include("helfer.web.public.urls")),
]

if settings.HELFER_GALLERY:
    urlpatterns += [path("_galerie/", gallery.Gallery.as_view(), name="gallery")]

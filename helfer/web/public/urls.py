"""Doors for everybody."""

from __future__ import annotations

from django.urls import include, path

from helfer.web.public import offers, wanted
from helfer.web.public.uncopied import uncopied

app_name = "public"
urlpatterns = [
    path("", include("helfer.web.public.urls_ask")),
    path("", include("helfer.web.public.urls_register")),
    path("angebote/", uncopied(offers.Offers.as_view()), name="offers"),
    path("angebote/ort/", uncopied(offers.FindPlace.as_view()), name="offers_place"),
    path("angebote/karte/", uncopied(offers.OffersMap.as_view()), name="offers_map"),
    path("angebote/blatt/", uncopied(offers.OffersSheet.as_view()), name="offers_sheet"),
    path("angebote/<uuid:public_id>/", uncopied(offers.OfferPage.as_view()), name="offer"),
    path("gesucht/", uncopied(wanted.Wanted.as_view()), name="wanted"),
    path("gesucht/<uuid:public_id>/", uncopied(wanted.WantedPage.as_view()), name="wanted_page"),
    path(
        "gesucht/<uuid:public_id>/das-kann-ich/",
        uncopied(wanted.SayInterest.as_view()),
        name="wanted_interest",
    ),
]

"""Doors of helpers, under mein-profil/."""

from __future__ import annotations

from django.urls import path

from helfer.web.helper import match_steps, matches, own_data, pauses, profile, proofs, public_card

app_name = "helper"
urlpatterns = [
    path("", profile.Profile.as_view(), name="profile"),
    path("angebot/", profile.EditOffer.as_view(), name="offer"),
    path("adresse/", profile.EditContact.as_view(), name="contact"),
    path("aufhoeren/", profile.Leave.as_view(), name="leave"),
    path("wieder-helfen/", profile.Return.as_view(), name="return"),
    path("karte/", public_card.Card.as_view(), name="card"),
    path("karte/vorschau/", public_card.Preview.as_view(), name="card_preview"),
    path("karte/nicht-zeigen/", public_card.Hide.as_view(), name="card_hide"),
    path("meine-daten/", own_data.MyData.as_view(), name="data"),
    path("meine-daten/datei/", own_data.MyDataFile.as_view(), name="data_file"),
    path("nachrichten/", own_data.MyMessages.as_view(), name="messages"),
    path("pause/", pauses.Pauses.as_view(), name="pause"),
    path("pause/<int:pk>/beenden/", pauses.EndPause.as_view(), name="pause_end"),
    path("nachweise/", proofs.Proofs.as_view(), name="proofs"),
    path("nachweise/neu/", proofs.HandIn.as_view(), name="proof_new"),
    path("vermittlungen/", matches.MyMatches.as_view(), name="matches"),
    path("vermittlungen/<int:pk>/", matches.MyMatch.as_view(), name="match"),
    path("vermittlungen/<int:pk>/blatt/", matches.MySheet.as_view(), name="match_sheet"),
    path("vermittlungen/<int:pk>/ja/", match_steps.SayYes.as_view(), name="match_yes"),
    path("vermittlungen/<int:pk>/nein/", match_steps.SayNo.as_view(), name="match_no"),
    path("vermittlungen/<int:pk>/weiter/", match_steps.ConfirmTrial.as_view(), name="match_go_on"),
    path("vermittlungen/<int:pk>/pausieren/", match_steps.PauseMatch.as_view(), name="match_pause"),
    path("vermittlungen/<int:pk>/aufhoeren/", match_steps.StopMatch.as_view(), name="match_stop"),
]

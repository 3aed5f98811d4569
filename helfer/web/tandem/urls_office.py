"""Addresses of lists that come in, letters that go out, and keys for programs."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import imports, letters, tokens

urlpatterns = [
    path("einlesen/", imports.SendList.as_view(), name="import"),
    path("einlesen/<slug:token>/", imports.ListPreview.as_view(), name="import_list"),
    path("einlesen/<slug:token>/gute-zeilen/", imports.TakeGoodRows.as_view(), name="import_good_rows"),
    path("einlesen/<slug:token>/verwerfen/", imports.DropList.as_view(), name="import_drop"),
    path("einlesen/<slug:token>/fehler.csv", imports.RejectedRows.as_view(), name="import_rejected"),
    path("briefe/", letters.LettersPage.as_view(), name="letters"),
    path("briefe/<int:pk>/drucken/", letters.PrintLetters.as_view(), name="letters_print"),
    path("briefe/stapel/<int:pk>/", letters.BatchFile.as_view(), name="letters_batch"),
    path("nachrichten/<int:pk>/erneut-senden/", letters.SendAgain.as_view(), name="message_again"),
    path("nachrichten/<int:pk>/erledigt/", letters.Settle.as_view(), name="message_settle"),
    path("schluessel/", tokens.TokenPage.as_view(), name="tokens"),
    path("schluessel/<int:pk>/sperren/", tokens.Revoke.as_view(), name="token_revoke"),
]

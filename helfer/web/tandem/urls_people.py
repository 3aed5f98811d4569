"""Addresses of the desk, the search, and the people of the office."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import desk, persons, relations, representatives

urlpatterns = [
    path("", desk.Desk.as_view(), name="desk"),
    path("schreibtisch/<slug:key>/", desk.Pile.as_view(), name="pile"),
    path("suche/", desk.Search.as_view(), name="search"),
    path("personen/<int:pk>/", persons.PersonPage.as_view(), name="person"),
    path("personen/<int:pk>/aendern/", persons.EditPerson.as_view(), name="person_edit"),
    path("personen/<int:pk>/adresse/", persons.ChangeAddress.as_view(), name="person_address"),
    path("personen/<int:pk>/beziehung/", relations.NoteTie.as_view(), name="person_tie"),
    path("personen/<int:pk>/todesfall/", persons.ReportDeath.as_view(), name="person_death"),
    path(
        "personen/<int:pk>/todesfall/bestaetigen/",
        persons.ConfirmDeath.as_view(),
        name="person_death_confirm",
    ),
    path("personen/<int:pk>/todesfall/irrtum/", persons.UndoDeath.as_view(), name="person_death_undo"),
    path("personen/<int:pk>/wegzug/", persons.MovedAway.as_view(), name="person_moved"),
    path("personen/<int:pk>/zusammenfuehren/", relations.Merge.as_view(), name="person_merge"),
    path("beziehungen/<int:pk>/entfernen/", relations.RemoveTie.as_view(), name="tie_remove"),
    path("hilfesuchende/<int:pk>/pflege/", persons.EditCare.as_view(), name="seeker_care"),
    path(
        "hilfesuchende/<int:pk>/vertretung/",
        representatives.AddRepresentative.as_view(),
        name="representative_add",
    ),
    path(
        "vertretungen/<int:pk>/vollmacht/", representatives.NotePaper.as_view(), name="representative_paper"
    ),
    path(
        "vertretungen/<int:pk>/wahl/", representatives.PersonsChoices.as_view(), name="representative_choices"
    ),
    path("vertretungen/<int:pk>/entfernen/", representatives.Remove.as_view(), name="representative_remove"),
]

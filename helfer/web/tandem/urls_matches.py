"""Addresses of matches and their supervision."""

from __future__ import annotations

from django.urls import path

from helfer.web.tandem import drill, match_steps, matches, running, supervision

urlpatterns = [
    path("vermittlungen/", matches.MatchList.as_view(), name="matches"),
    path("ausfallprobe/", drill.DrillPage.as_view(), name="drill"),
    path("ausfallprobe/blatt/", drill.DrillSheet.as_view(), name="drill_sheet"),
    path("vermittlungen/<int:pk>/", matches.MatchPage.as_view(), name="match"),
    path("vermittlungen/<int:pk>/blatt/<str:party>/", matches.MatchSheet.as_view(), name="match_sheet"),
    path("vermittlungen/<int:pk>/ja/<str:party>/", match_steps.RecordConsent.as_view(), name="match_consent"),
    path("vermittlungen/<int:pk>/nein/<str:party>/", match_steps.Decline.as_view(), name="match_decline"),
    path(
        "vermittlungen/<int:pk>/widerruf/<str:party>/",
        match_steps.WithdrawConsent.as_view(),
        name="match_withdraw_consent",
    ),
    path("vermittlungen/<int:pk>/freigeben/", match_steps.Sign.as_view(), name="match_sign"),
    path(
        "vermittlungen/<int:pk>/freigabe-zuruecknehmen/",
        match_steps.TakeBackSignature.as_view(),
        name="match_unsign",
    ),
    path("vermittlungen/<int:pk>/nicht-freigeben/", match_steps.Reject.as_view(), name="match_reject"),
    path("vermittlungen/<int:pk>/zurueckziehen/", match_steps.Withdraw.as_view(), name="match_withdraw"),
    path("vermittlungen/<int:pk>/aendern/", match_steps.ChangeTerms.as_view(), name="match_terms"),
    path("vermittlungen/<int:pk>/ausleihen/", match_steps.Lend.as_view(), name="match_lend"),
    path(
        "vermittlungen/<int:pk>/nicht-ausleihen/",
        match_steps.RefuseToLend.as_view(),
        name="match_refuse_to_lend",
    ),
    path(
        "vermittlungen/<int:pk>/erster-kontakt/", running.FirstContact.as_view(), name="match_first_contact"
    ),
    path(
        "vermittlungen/<int:pk>/probezeit/<str:party>/",
        running.ConfirmTrial.as_view(),
        name="match_confirm_trial",
    ),
    path("vermittlungen/<int:pk>/pausieren/", running.Pause.as_view(), name="match_pause"),
    path("vermittlungen/<int:pk>/fortsetzen/", running.Resume.as_view(), name="match_resume"),
    path("vermittlungen/<int:pk>/beenden/", running.End.as_view(), name="match_end"),
    path("vermittlungen/<int:pk>/nachfrage/", supervision.CheckInDone.as_view(), name="match_check_in"),
    path(
        "vermittlungen/<int:pk>/nachfrage/verschieben/", supervision.PlanCheckIn.as_view(), name="match_plan"
    ),
    path("vermittlungen/<int:pk>/zustaendig/", supervision.HandOver.as_view(), name="match_hand_over"),
    path("vermittlungen/<int:pk>/vorfall/", supervision.RecordIncident.as_view(), name="match_incident"),
    path("vorfaelle/<int:pk>/abschliessen/", supervision.CloseIncident.as_view(), name="incident_close"),
]

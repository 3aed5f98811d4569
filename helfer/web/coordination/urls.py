"""Doors of the Geschäftsstelle, under geschaeftsstelle/."""

from __future__ import annotations

from django.urls import path

from helfer.web.coordination import city_runs, complaints, desk, drill, offices, oversight, placing, seats
from helfer.web.coordination.urls_accounts import urlpatterns as of_accounts
from helfer.web.coordination.urls_catalogue import urlpatterns as of_the_catalogue

app_name = "coordination"
urlpatterns = [
    path("", desk.Overview.as_view(), name="desk"),
    path("ausfallprobe/", drill.CityDrillPage.as_view(), name="drill"),
    path("ausfallprobe/<int:pk>/", drill.CityDrillResult.as_view(), name="drill_result"),
    path("ausfallprobe/<int:pk>/anhalten/", drill.StopCityDrill.as_view(), name="drill_stop"),
    path("vorschlagslauf/", city_runs.RunList.as_view(), name="city_runs"),
    path("vorschlagslauf/<int:pk>/", city_runs.RunPage.as_view(), name="city_run"),
    path("bueros/", offices.OfficeList.as_view(), name="offices"),
    path("bueros/neu/", offices.CreateOffice.as_view(), name="office_new"),
    path("bueros/<int:pk>/", offices.OfficePage.as_view(), name="office"),
    path("bueros/<int:pk>/aendern/", offices.EditOffice.as_view(), name="office_edit"),
    path("bueros/<int:pk>/bezirke/", offices.ServeDistricts.as_view(), name="office_districts"),
    path("bueros/<int:pk>/schliesstage/neu/", offices.AddHoliday.as_view(), name="holiday_new"),
    path("schliesstage/<int:pk>/loeschen/", offices.RemoveHoliday.as_view(), name="holiday_remove"),
    path("stellen/", seats.SeatList.as_view(), name="seats"),
    path("stellen/neu/", seats.GiveSeat.as_view(), name="seat_new"),
    path("stellen/<int:pk>/beenden/", seats.EndSeat.as_view(), name="seat_end"),
    path("stellen/<int:pk>/uebergeben/", seats.HandOverSeat.as_view(), name="seat_hand_over"),
    path("ohne-buero/", placing.Unplaced.as_view(), name="unplaced"),
    path("ohne-buero/helfer/<int:pk>/", placing.PlaceHelper.as_view(), name="place_helper"),
    path("ohne-buero/anfrage/<int:pk>/", placing.PlaceRequest.as_view(), name="place_request"),
    path("beschwerden/", complaints.Complaints.as_view(), name="complaints"),
    path("beschwerden/<int:pk>/", complaints.Settle.as_view(), name="complaint_settle"),
    path("verlauf/", oversight.Events.as_view(), name="events"),
    path("einwilligungen/", oversight.Consents.as_view(), name="consents"),
    *of_accounts,
    *of_the_catalogue,
]

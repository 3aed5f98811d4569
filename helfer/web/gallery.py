"""Every component in every state, for those who build pages and for the accessibility test."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core.paginator import Paginator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from phonenumber_field.phonenumber import PhoneNumber

from helfer.web.fields import DayField, SlotsField
from helfer.web.lists import Listing, Sort
from helfer.web.maps import Area, CityMap, Pin


class SampleForm(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(
        label=_("Telefon"), required=False, help_text=_("Am liebsten die Nummer zu Hause")
    )
    born = DayField(label=_("Geburtstag"))
    district = forms.ChoiceField(
        label=_("Stadtbezirk"), choices=[("", _("Bitte wählen")), ("h", "Hörde"), ("i", "Innenstadt-West")]
    )
    how = forms.ChoiceField(
        label=_("Wie sollen wir Sie erreichen?"),
        help_text=_("Wir melden uns an Werktagen."),
        choices=[("t", _("Am Telefon")), ("b", _("Mit einem Brief")), ("e", _("Mit einer E-Mail"))],
        widget=forms.RadioSelect,
    )
    roles = forms.MultipleChoiceField(
        label=_("Wobei wird Hilfe gebraucht?"),
        required=False,
        choices=[("e", _("Einkaufen")), ("b", _("Besuch und Gespräch")), ("a", _("Begleitung zum Arzt"))],
        widget=forms.CheckboxSelectMultiple,
    )
    times = SlotsField(label=_("Wann passt es?"), required=False, help_text=_("Mehrere sind möglich."))
    paper = forms.FileField(
        label=_("Nachweis"), required=False, help_text=_("PDF oder Foto, höchstens 10 MB")
    )
    remark = forms.CharField(label=_("Bemerkung"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass mein Name gespeichert wird."),
        help_text=_("Sie können das jederzeit zurücknehmen."),
    )


class SampleFilter(forms.Form):
    """A filter with two fields."""

    text = forms.CharField(label=_("Name oder Nummer"), required=False)
    state = forms.ChoiceField(
        label=_("Stand"),
        required=False,
        choices=[("", _("alle")), ("open", _("offen")), ("matched", _("vermittelt"))],
    )


class Gallery(TemplateView):
    """All components on one page."""

    template_name = "web/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wrong = SampleForm(
            MultiValueDict({"name": [""], "born": ["31.2.1950"], "times": ["mo-vm", "do-nm"], "how": ["x"]}),
            auto_id="falsch_%s",
        )
        wrong.add_error(None, _("Eine Regel sagt nein, und dieser Satz erklärt, warum."))
        return super().get_context_data(
            form=SampleForm(initial={"name": "Elfriede Kowalski", "times": ["mo-vm", "mi-nm", "fr-ab"]}),
            wrong=wrong,
            tones=["neutral", "info", "success", "warning", "danger"],
            phone=PhoneNumber.from_string("0231 5550123", region="DE"),
            listing=self._listing(),
            steps=_STEPS,
            stopped=_STOPPED,
            events=_EVENTS,
            has=["mo-vm", "mo-nm", "mi-nm", "fr-ab"],
            wished=["mo-vm", "di-vm", "fr-ab"],
            seats=_SEATS,
            parts=_PARTS,
            city=CityMap(areas=_AREAS, key="stadt"),
            candidates=CityMap(areas=_AREAS, pins=_PINS, key="kandidaten"),
            **kwargs,
        )

    def _listing(self) -> Listing[Any]:
        rows = [
            {
                "number": f"A-{n:04}",
                "name": name,
                "district": "Hörde",
                "on": date(2026, 11, n),
                "km": 400 + 37 * n,
            }
            for n, name in enumerate(
                ["Ada Alt", "Bernd Beispiel", "Çiğdem Can", "Dragan Dorn", "Emma Ernst"], 1
            )
        ]
        sorts = (Sort("nummer", _("Nummer"), "number"), Sort("eingang", _("Eingang"), "on"))
        return Listing(
            page=Paginator(rows * 9, 5).page(4),
            query=self.request.GET,
            filter_form=SampleFilter({"state": "open"}),
            sorts=sorts,
            sort=sorts[1],
            is_descending=True,
        )


_STEPS = [
    {"label": _("Vorgeschlagen"), "state": "done", "on": date(2026, 11, 2)},
    {"label": _("Beide einverstanden"), "state": "done", "on": date(2026, 11, 5)},
    {"label": _("Freigegeben"), "state": "current", "note": _("eine von zwei Unterschriften")},
    {"label": _("Erster Besuch"), "state": "todo"},
    {"label": _("Läuft"), "state": "todo"},
]
_STOPPED = [
    {"label": _("Vorgeschlagen"), "state": "done", "on": date(2026, 11, 2)},
    {"label": _("Abgelehnt"), "state": "stopped", "on": date(2026, 11, 4), "note": _("zu weit")},
]
_EVENTS = [
    {
        "at": date(2026, 11, 20),
        "title": _("Anruf bei Frau Kowalski"),
        "text": _("Es läuft gut."),
        "by": "Petra Stadt",
    },
    {"at": date(2026, 11, 6), "title": _("Erster Besuch"), "by": "Jonas Verband"},
]
_SEATS = [
    {"side": _("Stadt"), "who": "Petra Stadt", "on": date(2026, 11, 6)},
    {"side": _("Verband"), "who": "", "on": None, "can_sign_href": "#freigeben"},
]
_PARTS = [
    {"label": _("Nähe"), "value": 0.31, "max": 0.35, "text": "412 m"},
    {"label": _("Zeiten"), "value": 0.17, "max": 0.25, "text": _("2 von 3 gewünschten")},
    {"label": _("Sprache"), "value": 0.10, "max": 0.10, "text": "Deutsch"},
    {"label": _("Auslastung"), "value": 0.15, "max": 0.15, "text": _("hilft noch niemandem")},
    {"label": _("Abwechslung"), "value": 0.04, "max": 0.10, "text": _("vor 36 Tagen gefragt")},
    {"label": _("Bekanntschaft"), "value": 0.0, "max": 0.05, "text": _("kennen sich noch nicht")},
]


def _patch(west: float, south: float, *, dent: float) -> MultiPolygon:
    east, north, middle = west + 0.03, south + 0.02, south + 0.01
    ring = [(west, south), (east, south), (east + dent, middle), (east, north), (west, north), (west, south)]
    if west > 7.4:
        ring.insert(-1, (west + dent, middle))
    return MultiPolygon(Polygon(ring, srid=4326), srid=4326)


_AREAS = [
    Area("nord", "Nordstadt", _patch(7.40, 51.50, dent=0.006), href="#nord", note=_("12 Anfragen")),
    Area("ost", "Ostviertel", _patch(7.43, 51.50, dent=0.006), note=_("3 Anfragen")),
    Area("sued", "Südhang", _patch(7.40, 51.48, dent=-0.005), href="#sued", note=_("7 Anfragen")),
    Area("ufer", "Am Ufer", _patch(7.43, 51.48, dent=-0.005), note=_("keine Anfrage")),
]
_PINS = [
    Pin("Elfriede Kowalski", Point(7.428, 51.497, srid=4326), kind="seeker", number="⌂"),
    Pin("Ayşe D.", Point(7.4325, 51.4995, srid=4326), number="1", href="#kandidat-1", note="412 m"),
    Pin("Bernd K.", Point(7.421, 51.5035, srid=4326), number="2", href="#kandidat-2", note="890 m"),
    Pin("Chiara M.", Point(7.437, 51.490, srid=4326), number="3", href="#kandidat-3", note="1,1 km"),
]

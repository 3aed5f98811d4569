"""The whole city at a glance: figures on the map, and what has waited too long where."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin

from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.figures import figures_by_district, total_shown, waiting_by_office
from helfer.people.models import Complaint, Kind
from helfer.web.kinds import KindRequired
from helfer.web.maps import Area, CityMap


class Overview(KindRequired, TemplateResponseMixin):
    """Counts only: the Geschäftsstelle sees no requests and signs nothing."""

    kinds = {Kind.COORDINATOR}
    template_name = "web/coordination/desk.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        figures = figures_by_district()
        complaints = Complaint.objects.visible_to(self.user).open().count()
        areas = [
            Area(
                key=each.district.slug,
                label=each.district.name,
                geometry=each.district.area,
                note=_(
                    "%(requests)s offene Anfragen, %(matches)s laufende Vermittlungen, %(helpers)s Helfende"
                )
                % {
                    "requests": each.open_requests,
                    "matches": each.running_matches,
                    "helpers": each.active_helpers,
                },
            )
            for each in figures
        ]
        context = {
            "figures": figures,
            "totals": {
                "requests": total_shown(each.requests for each in figures),
                "matches": total_shown(each.matches for each in figures),
                "helpers": total_shown(each.helpers for each in figures),
            },
            "map": CityMap(areas=areas, whole_city=True),
            "waiting": waiting_by_office(),
            "unserved": [each.district.name for each in figures if not each.office],
            "complaints": complaints,
            "unplaced": HelperProfile.objects.filter(office=None).count()
            + HelpRequest.objects.filter(office=None).count(),
        }
        return self.render_to_response(context)

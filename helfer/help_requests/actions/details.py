"""What somebody needs, as it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.errors import Conflict
from helfer.core.slots import in_week_order
from helfer.core.validity import must_be_valid
from helfer.help_requests.models import Frequency, HelpRequest
from helfer.people.models import HelpSeeker

# Written by the same person's hand, kept in step with `RequestDetails`.
DETAIL_FIELDS = (
    "role",
    "frequency",
    "duration_min",
    "starts_on",
    "ends_on",
    "languages",
    "times",
    "wanted_gender",
    "has_pets",
    "has_smokers",
    "max_distance_m",
    "is_urgent",
    "remark",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDetails:
    """The need itself; a role of ``None`` is "noch unklar", no model named means unpaid."""

    role: Role | None = None
    frequency: str = Frequency.WEEKLY
    duration_min: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    languages: Sequence[str] = ()
    times: Sequence[str] = ()
    wanted_gender: str = ""
    has_pets: str = ""
    has_smokers: str = ""
    max_distance_m: int | None = None
    is_urgent: bool = False
    compensation_models: Sequence[CompensationModel] = ()
    remark: str = ""

    def write_to(self, request: HelpRequest) -> None:
        """Put the details on a request and save it. Raises ``Conflict``."""
        for field in DETAIL_FIELDS:
            value = getattr(self, field)
            setattr(request, field, list(value) if isinstance(value, (list, tuple)) else value)
        request.remark = request.remark.strip()
        self._must_fit_the_role()
        must_be_valid(request, exclude=("help_seeker", "office", "named_helper"))
        # Invalid ones were refused above, so each has its place in the week.
        request.times = in_week_order(set(request.times))
        if request.pk is None:
            request.save()
        else:
            request.save(update_fields=DETAIL_FIELDS)
        request.compensation_models.set(self.compensation_models)

    def _must_fit_the_role(self) -> None:
        if self.role is None or not self.compensation_models:
            return
        allowed = set(self.role.compensation_models.all())
        foreign = [model.name for model in self.compensation_models if model not in allowed]
        if len(foreign) == len(self.compensation_models):
            raise Conflict(
                _("Für „%(role)s“ ist keines dieser finanziellen Modelle erlaubt: %(models)s.")
                % {"role": self.role.name, "models": ", ".join(foreign)},
                code="compensation",
                field="compensation_models",
            )


def locked_request(request_id: int) -> HelpRequest:
    """The request, read again under its lock, the help seeker locked before it. Raises ``Conflict``."""
    seekers = HelpRequest.objects.filter(pk=request_id).values("help_seeker")
    HelpSeeker.objects.select_for_update(of=("self",)).filter(pk__in=seekers).first()
    request = (
        HelpRequest.objects.select_for_update(of=("self",))
        .select_related("help_seeker__person", "office", "role")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise Conflict(_("Diese Anfrage gibt es nicht."))
    return request

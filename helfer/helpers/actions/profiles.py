"""A neighbour offers help: from the first word to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.catalogue.models import CompensationModel, Role
from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.core.numbering import new_numbers
from helfer.core.slots import in_week_order
from helfer.core.validity import must_be_valid
from helfer.helpers.imports.apply import NUMBER_PREFIX
from helfer.helpers.models import HelperProfile, HelperState
from helfer.helpers.permissions import can_edit_profile, can_register, can_work_on
from helfer.people.actions import office_for
from helfer.people.models import HelpSeeker, Kind, Office, Person, User
from helfer.people.permissions import can_coordinate

_FIELDS = ("radius_m", "languages", "times", "max_people", "no_pets", "no_smokers")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperDetails:
    """What a helper offers."""

    roles: Sequence[Role] = ()
    compensation_models: Sequence[CompensationModel] = ()
    radius_m: int = 2000
    languages: Sequence[str] = ("de",)
    times: Sequence[str] = ()
    max_people: int = 1
    no_pets: bool = False
    no_smokers: bool = False

    def write_to(self, helper: HelperProfile) -> None:
        """Put the offer on a profile and save it. Raises ``Conflict``."""
        for name in _FIELDS:
            value = getattr(self, name)
            setattr(helper, name, list(value) if isinstance(value, (list, tuple)) else value)
        must_be_valid(helper, exclude=("person", "office", "only_for"))
        helper.times = in_week_order(set(helper.times))
        if helper.pk is None:
            helper.save()
        else:
            helper.save(update_fields=_FIELDS)
        helper.roles.set(self.roles)
        helper.compensation_models.set(self.compensation_models)


def locked_helper(helper_id: int) -> HelperProfile:
    """The profile, read again under its lock. Raises ``Conflict`` where it is gone."""
    helper = (
        HelperProfile.objects.select_for_update(of=("self",))
        .select_related("person", "office")
        .filter(pk=helper_id)
        .first()
    )
    if helper is None:
        raise Conflict(_("Dieses Helferprofil gibt es nicht."))
    return helper


@transaction.atomic
def register_helper(
    *,
    person_id: int,
    details: HelperDetails,
    by: User,
    at: datetime,
    office: Office | None = None,
    only_for: HelpSeeker | None = None,
    number: str = "",
) -> HelperProfile:
    """Somebody wants to help: at the named office, else the one that serves their district.

    Without a number one is drawn for the office. Raises ``NotAllowed`` or ``Conflict``.
    """
    today = berlin_day(at)
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None or not person.can_get_mail:
        raise Conflict(_("Diese Person gibt es nicht."), field="person")
    office = office or office_for(person)
    can_register(by, person, office=office, on=today)
    if HelperProfile.objects.filter(person=person).exists():
        raise Conflict(_("Diese Person hat schon ein Helferprofil."), code="has_profile", field="person")
    if only_for is not None and only_for.person_id == person.pk:
        raise Conflict(_("Niemand hilft sich selbst."), code="same_person", field="only_for")
    helper = HelperProfile(
        person=person,
        office=office,
        only_for=only_for,
        number=number.strip() or new_number(office),
        helper_since=today,
    )
    details.write_to(helper)
    return helper


def new_number(office: Office | None) -> str:
    """A number that no helper of the office has."""
    return new_numbers(HelperProfile.objects.filter(office=office), prefix=NUMBER_PREFIX)[0]


@transaction.atomic
def record_interview(*, helper_id: int, by: User, at: datetime, on: date | None = None) -> HelperProfile:
    """The office has spoken with the helper."""
    today = berlin_day(at)
    helper = locked_helper(helper_id)
    can_work_on(by, helper, on=today)
    on = on or today
    if on > today:
        raise Conflict(_("Dieser Tag liegt in der Zukunft."), field="on")
    helper.move_to(HelperState.INTERVIEWED)
    helper.interviewed_on, helper.interviewed_by = on, by
    helper.save(update_fields=["state", "interviewed_on", "interviewed_by"])
    return helper


@transaction.atomic
def activate_helper(*, helper_id: int, by: User, at: datetime) -> HelperProfile:
    """From now on the helper may be proposed; the interview comes first."""
    helper = locked_helper(helper_id)
    can_work_on(by, helper, on=berlin_day(at))
    if helper.state == HelperState.REGISTERED:
        raise Conflict(_("Vorher führt das Büro ein Gespräch."), code="interview_first")
    if not helper.roles.exists():
        raise Conflict(_("Bitte wählen Sie mindestens eine Tätigkeit."), code="no_role", field="roles")
    if helper.person.home is None:
        raise Conflict(_("Es fehlt die Adresse."), code="no_home", field="street")
    helper.move_to(HelperState.ACTIVE)
    helper.save(update_fields=["state"])
    return helper


@transaction.atomic
def reject_helper(*, helper_id: int, by: User, at: datetime) -> HelperProfile:
    """The office cannot take this offer."""
    helper = locked_helper(helper_id)
    can_work_on(by, helper, on=berlin_day(at))
    helper.move_to(HelperState.REJECTED)
    helper.save(update_fields=["state"])
    return helper


@transaction.atomic
def mark_left(*, helper_id: int, by: User, at: datetime) -> HelperProfile:
    """The helper stops; the row alone: whoever may have matches leaves by `matching`."""
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    if helper.state == HelperState.LEFT:
        return helper
    helper.move_to(HelperState.LEFT)
    helper.save(update_fields=["state"])
    return helper


@transaction.atomic
def register_again(*, helper_id: int, by: User, at: datetime) -> HelperProfile:
    """Somebody who left or was rejected wants to help again; the office speaks with them anew."""
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    if not helper.person.can_get_mail:
        raise Conflict(_("Diese Person gibt es nicht mehr."))
    helper.move_to(HelperState.REGISTERED)
    helper.interviewed_on = helper.interviewed_by = None
    helper.save(update_fields=["state", "interviewed_on", "interviewed_by"])
    return helper


@transaction.atomic
def update_profile(*, helper_id: int, details: HelperDetails, by: User, at: datetime) -> HelperProfile:
    """Change what a helper offers; running matches stay as they were agreed."""
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    details.write_to(helper)
    return helper


@transaction.atomic
def note_remark(*, helper_id: int, remark: str, by: User, at: datetime) -> HelperProfile:
    """The office's own remark; the helper's page never shows it."""
    helper = locked_helper(helper_id)
    can_work_on(by, helper, on=berlin_day(at))
    helper.remark = remark.strip()
    helper.save(update_fields=["remark"])
    return helper


@transaction.atomic
def help_only_for(*, helper_id: int, help_seeker: HelpSeeker | None, by: User, at: datetime) -> HelperProfile:
    """The helper helps this person only, or (``None``) anybody."""
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    if help_seeker is not None and help_seeker.person_id == helper.person_id:
        raise Conflict(_("Niemand hilft sich selbst."), code="same_person", field="only_for")
    helper.only_for = help_seeker
    helper.save(update_fields=["only_for"])
    return helper


@transaction.atomic
def move_helper(*, helper_id: int, office: Office, by: User, at: datetime) -> HelperProfile:
    """Give a helper to another office: by the own tandem, or by a coordinator."""
    helper = locked_helper(helper_id)
    if by.has_kind(Kind.COORDINATOR):
        can_coordinate(by)
    else:
        can_work_on(by, helper, on=berlin_day(at))
    helper.office = office
    must_be_valid(helper, exclude=("person", "only_for"))
    helper.save(update_fields=["office"])
    return helper

"""Who could take over, as an office may see them: of another office's helper first name and district."""

from __future__ import annotations

from collections.abc import Collection

from helfer.helpers.models import HelperProfile
from helfer.matching.candidates import Shown, name_shown


def shown_to(office_ids: Collection[int], *, helper_ids: Collection[int]) -> dict[int, Shown]:
    """These helpers by id, as the tandem of these offices may see them."""
    helpers = HelperProfile.objects.filter(pk__in=helper_ids).select_related("person__district")
    return {helper.pk: _shown(helper, own_office=helper.office_id in office_ids) for helper in helpers}


def _shown(helper: HelperProfile, *, own_office: bool) -> Shown:
    person = helper.person
    return Shown(
        helper_id=helper.pk,
        number=helper.number if own_office else "",
        name=name_shown(person.given_name, person.family_name, own_office),
        district=person.district.name if person.district else "",
        own_office=own_office,
    )

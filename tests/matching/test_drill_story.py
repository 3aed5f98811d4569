"""The story of docs/drill.md, played through: whoever changes one of the two changes the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from helfer.catalogue.models import Role
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.matching.drill import Drill, Fate, Outage, drill
from helfer.people.models import CareLevel, Office
from helfer.places.models import Quarter
from tests.factories.catalogue import RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory
from tests.factories.people import HelpSeekerFactory, OfficeFactory
from tests.factories.places import DistrictFactory, QuarterFactory, point_in, square

MONDAY = date(2026, 11, 23)


@dataclass
class Town:
    """Two quarters of the Altstadt, the Südring beyond, two offices, two roles."""

    centre: Office
    south: Office
    visits: Role
    driving: Role
    bridge: Quarter

    def helper(self, name: str, column: float, role: Role, **fields: Any) -> HelperProfile:
        """An active neighbour; ``column`` says in which quarter."""
        return HelperProfileFactory(
            **{
                "active": True,
                "office": self.centre,
                "roles": [role],
                "person__family_name": name,
                "person__home": point_in(column, 0.5),
                "radius_m": 3000,
                "certified": True,
            }
            | fields
        )

    def helped(self, name: str, helper: HelperProfile, **fields: Any) -> HelpRequest:
        """Somebody of the centre whom this helper helps."""
        seeker = HelpSeekerFactory(
            office=self.centre,
            person__family_name=name,
            person__home=point_in(0.5, 0.5),
            care_level=fields.pop("care_level", CareLevel.NONE),
        )
        request = HelpRequestFactory(help_seeker=seeker, open=True, role=helper.roles.get(), **fields)
        MatchFactory(
            request=request, helper=helper, to="active", is_named_pair=request.named_helper_id is not None
        )
        return request


@pytest.fixture
def town(db: None) -> Town:
    """Everybody who is in the story."""
    course = TrainingFactory(name="Fahrdienstkurs")
    old_town = DistrictFactory(at=(0, 0), name="Altstadt", area=square(0, 0, 2, 1))
    DistrictFactory(at=(2, 0), name="Südring")
    town = Town(
        centre=OfficeFactory(name="Seniorenbüro Mitte", districts=[old_town]),
        south=OfficeFactory(name="Seniorenbüro Süd"),
        visits=RoleFactory(name="Besuchsdienst"),
        driving=RoleFactory(name="Fahrdienst", required_trainings=[course]),
        bridge=QuarterFactory(district=old_town, name="Brückenviertel", area=square(0, 0)),
    )
    # In the Brückenviertel live four who help.
    visitor = town.helper("Schröder", 0.4, town.visits, max_people=3)
    for name in ("Ebeling", "Kowalski", "Pieper"):
        town.helped(name, visitor)
    driver = town.helper("Wójcik", 0.6, town.driving, max_people=2)
    town.helped("Iwanow", driver, is_urgent=True, care_level=CareLevel.THREE)
    town.helped("Keller", driver)
    neighbour = town.helper("Aksoy", 0.5, town.visits)
    town.helped("Demir", neighbour, named_helper=neighbour)
    lent = town.helper("Lindemann", 0.3, town.visits, office=town.south)
    town.helped("Şimşek", lent)
    # Next door and in the Südring live those who are left.
    for name in ("Usta", "Tillmann", "Rausch"):
        town.helper(name, 1.5, town.visits)
    for given_name, role in (("Ole", town.visits), ("Milica", town.driving)):
        town.helper("Fernmann", 2.5, role, office=town.south, person__given_name=given_name)
    for name in ("Baumann", "Özdemir", "Krüger"):
        town.helper(name, 1.5, town.driving, certified=False)
    # Two visit in Turkish, and it is Turkish that the three need whom they visit.
    for name, served in (("Çelik", 2), ("Şahin", 1)):
        turkish = town.helper(name, 1.2, town.visits, max_people=served, languages=["de", "tr"])
        for number in range(served):
            town.helped(f"{name} {number}", turkish, languages=["tr"])
    return town


def names(town: Town, found: Drill, *fates: Fate) -> list[str]:
    asked = HelpRequest.objects.select_related("help_seeker__person")
    rows = asked.in_bulk([outcome.need.request_id for outcome in found.outcomes])
    return [
        rows[outcome.need.request_id].help_seeker.person.family_name for outcome in found.with_fate(*fates)
    ]


def test_the_flu_in_one_quarter(town: Town) -> None:
    outage = Outage(
        on=MONDAY,
        office_ids=frozenset({town.centre.pk}),
        quarter_id=town.bridge.pk,
        is_everywhere=True,
    )
    found = drill(outage)
    assert len(found.helper_ids) == 4
    assert len(found.outcomes) == 7
    assert names(town, found, Fate.SERVED)[0] == "Iwanow"
    helpers = HelperProfile.objects.in_bulk([each.stand_in_id for each in found.with_fate(Fate.SERVED)])
    assert sorted(helper.office.name for helper in helpers.values()) == (
        ["Seniorenbüro Mitte"] * 3 + ["Seniorenbüro Süd"] * 2
    )
    assert sorted(names(town, found, Fate.LEFT, Fate.NAMED)) == ["Demir", "Keller"]
    (keller,) = found.with_fate(Fate.LEFT)
    assert keller.shortages == {"taken": 1, "trainings": 3}
    assert names(town, found, Fate.NAMED) == ["Demir"]


def test_two_people_who_visit_in_turkish(town: Town) -> None:
    outage = Outage(on=MONDAY, office_ids=frozenset({town.centre.pk}), role_id=town.visits.pk, language="tr")
    found = drill(outage)
    assert len(found.helper_ids) == 2
    assert len(found.outcomes) == len(found.with_fate(Fate.LEFT)) == 3
    # The three next door and Ole of the other office; those of the Brückenviertel have no place left.
    assert [outcome.shortages for outcome in found.outcomes] == [{"language": 4}] * 3

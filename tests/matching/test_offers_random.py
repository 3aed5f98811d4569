"""Whatever is written, in whatever order, by whatever door: the table is what its sources say."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.core.errors import RuleViolation
from helfer.core.slots import SLOTS
from helfer.helpers.actions import add_pause, end_pause, verify_certificate
from helfer.helpers.models import HELPER_TRANSITIONS, Certificate, HelperProfile, HelperState, Pause
from helfer.matching import actions
from helfer.matching.lifecycle import RUNNING, TRANSITIONS, MatchState
from helfer.matching.models import Match
from helfer.people.models import CareLevel, HelpSeeker, Person, User
from helfer.places.models import District, LocationQuality
from tests.factories.catalogue import CompensationModelFactory, LandRuleFactory, RoleFactory, TrainingFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.matching import MatchFactory, step
from tests.factories.people import HelpSeekerFactory, OfficeFactory, point_near, tandem
from tests.factories.places import DistrictFactory
from tests.matching.attacks import run, set_columns
from tests.matching.offers import drift, expected_offers, found_offers

pytestmark = pytest.mark.django_db

CHANGES = 150
SEEDS = range(3)
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class City:
    """A small city with everything an offer rests on, and a die that changes it."""

    def __init__(self, seed: int) -> None:
        self.die = random.Random(seed)
        trainings = [TrainingFactory(slug=f"kurs-{n}") for n in range(4)]
        models = [CompensationModelFactory(), CompensationModelFactory(relief=True)]
        LandRuleFactory()
        DistrictFactory()
        self.office = OfficeFactory()
        self.by: User = tandem(self.office)[0]
        self.roles = [
            RoleFactory(required_trainings=self.die.sample(trainings, n), compensation_models=models)
            for n in (0, 1, 2)
        ]
        for n in range(6):
            HelperProfileFactory(
                active=n > 0,
                office=self.office,
                max_people=4,
                roles=self.die.sample(self.roles, 2),
                compensation_models=models,
            )
        for role in self.roles:
            HelpRequestFactory(
                open=True,
                role=role,
                help_seeker=HelpSeekerFactory(office=self.office, care_level=CareLevel.TWO),
            )

    def one(self, model: type[Any], **fields: Any) -> Any:
        """Any row of this kind."""
        return self.die.choice(list(model.objects.filter(**fields).order_by("pk")))

    def day(self) -> date:
        """Any day of these two years."""
        return date(2026, 1, 1) + timedelta(days=self.die.randrange(730))

    # Profiles and persons

    def changes_profile(self) -> None:
        fields: dict[str, Any] = {
            "radius_m": self.die.randrange(100, 20_000),
            "times": self.die.sample(SLOTS, self.die.randrange(5)),
            "languages": self.die.sample(["de", "tr", "uk"], 2),
            "max_people": self.die.randrange(4, 9),
            "no_pets": self.die.random() < 0.5,
            "no_smokers": self.die.random() < 0.5,
            "office": self.die.choice([self.office, None]),
            "only_for": self.die.choice([None, self.one(HelpSeeker)]),
            "remark": "anders",
            "number": "",
        }
        name = self.die.choice(sorted(fields))
        chosen = HelperProfile.objects.filter(pk__in=self._some(HelperProfile))
        chosen.update(**{name: fields[name]})

    def moves_in_life(self) -> None:
        helper = self.one(HelperProfile)
        arrows = sorted(HELPER_TRANSITIONS[HelperState(helper.state)])
        if arrows:
            run(set_columns(helper, state=self.die.choice(arrows)))

    def changes_person(self) -> None:
        fields = {
            "home": point_near(self.die.randrange(9000), self.die.randrange(9000)),
            "gender": self.die.choice(["w", "m", "d", ""]),
            "died_on": self.die.choice([None, self.day()]),
            "merged_into": self.die.choice([None, self.one(Person)]),
            "phone": "+4923155555",
            "given_name": self.die.choice(["", "Jovanić"]),
            "family_name": "Kovać",
            "location_quality": self.die.choice(LocationQuality.values),
            "location_to_confirm": self.die.random() < 0.5,
            "district": self.one(District),
        }
        name = self.die.choice(sorted(fields))
        people = Person.objects.filter(helper_profile__in=self._some(HelperProfile))
        people.update(**{name: fields[name]})

    def enters_helper(self) -> None:
        HelperProfileFactory(active=True, office=self.office, roles=self.die.sample(self.roles, 1))

    # What belongs to a helper

    def changes_roles(self) -> None:
        self.one(HelperProfile).roles.set(self.die.sample(self.roles, self.die.randrange(4)))

    def hands_role_over(self) -> None:
        link = self.one(HelperProfile.roles.through)
        type(link).objects.filter(pk=link.pk).update(helperprofile=self.one(HelperProfile))

    def changes_models(self) -> None:
        models = list(CompensationModel.objects.order_by("pk"))
        self.one(HelperProfile).compensation_models.set(self.die.sample(models, self.die.randrange(1, 3)))

    def pauses(self) -> None:
        first = self.day()
        until = self.die.choice([None, first + timedelta(days=self.die.randrange(1, 40))])
        Pause.objects.create(helper=self.one(HelperProfile), from_day=first, until_day=until)

    def shifts_pauses(self) -> None:
        run(
            (
                "UPDATE helpers_pause SET from_day = from_day - 3, until_day = until_day + 3"
                " WHERE id %% 2 = %s",
                [self.die.randrange(2)],
            )
        )

    def forgets_pauses(self) -> None:
        Pause.objects.filter(helper__in=self._some(HelperProfile)).delete()

    def certifies(self) -> None:
        issued_on = self.day()
        verified = self.die.random() < 0.8
        Certificate.objects.create(
            helper=self.one(HelperProfile),
            training=self.one(Training),
            issued_on=issued_on,
            valid_until=self.die.choice([None, issued_on + timedelta(days=self.die.randrange(200))]),
            verified_at="2026-11-01T08:00Z" if verified else None,
            verified_by=self.by if verified else None,
        )

    def lapses(self) -> None:
        run(("UPDATE helpers_certificate SET valid_until = issued_on + 5 WHERE id %% 3 = 0", []))

    def hands_proof_over(self) -> None:
        proof = self.one(Certificate)
        run(set_columns(proof, helper_id=self.one(HelperProfile).pk, training_id=self.one(Training).pk))

    def loses_proof(self) -> None:
        self.one(Certificate).delete()

    # The catalogue

    def changes_catalogue(self) -> None:
        role, training = self.one(Role), self.one(Training)
        self.die.choice(
            [
                lambda: role.required_trainings.set(
                    self.die.sample(list(Training.objects.order_by("pk")), self.die.randrange(3))
                ),
                lambda: training.includes.set([self.one(Training)]),
                lambda: training.includes.clear(),
                lambda: Training.objects.filter(pk=training.pk).update(grace_days=self.die.randrange(60)),
                lambda: Training.objects.update(name="Kurs"),
            ]
        )()

    # Matches

    def proposes(self) -> None:
        model = self.one(CompensationModel)
        MatchFactory(
            helper=self.one(HelperProfile),
            request__help_seeker=self.one(HelpSeeker),
            request__role=self.one(Role),
            office=self.office,
            compensation_model=model,
            proposed_at=f"{self.day()}T23:30Z",
        )

    def takes_a_step(self) -> None:
        match = self.one(Match)
        arrows = sorted(TRANSITIONS[MatchState(match.state)])
        if arrows:
            step(match, MatchState(self.die.choice(arrows)))

    def ends_all(self) -> None:
        Match.objects.filter(state__in=RUNNING, pk__in=self._some(Match)).update(
            state=MatchState.ENDED, paused_from="", end_reason="done", ended_well=True, closed_on=self.day()
        )

    def goes_over(self) -> None:
        match = self.one(Match)
        run(set_columns(match.request, help_seeker_id=self.one(HelpSeeker).pk))

    # By the ordinary actions

    def acts(self) -> None:
        helper = self.one(HelperProfile)
        who: dict[str, Any] = {"by": self.by, "at": NOW}
        match = self.one(Match)
        pair = {"person": helper.person, "other": self.one(HelpSeeker).person}
        self.die.choice(
            [
                lambda: actions.report_death(person_id=helper.person_id, died_on=TODAY, **who),
                lambda: actions.undo_death(person_id=self.one(Person, died_on=TODAY).pk, **who),
                lambda: actions.helper_leaves(helper_id=helper.pk, **who),
                lambda: actions.block_pair(**pair, **who),
                lambda: actions.withdraw_match(match_id=match.pk, **who),
                lambda: add_pause(helper_id=helper.pk, from_day=self.day(), **who),
                lambda: end_pause(pause_id=self.one(Pause).pk, **who),
                lambda: verify_certificate(certificate_id=self.one(Certificate).pk, **who),
            ]
        )()

    def _some(self, model: type[Model]) -> list[int]:
        ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        return self.die.sample(ids, min(len(ids), self.die.randrange(1, 4)))

    def changes(self) -> list[Callable[[], None]]:
        """Everything that may happen."""
        return [
            self.changes_profile,
            self.moves_in_life,
            self.changes_person,
            self.enters_helper,
            self.changes_roles,
            self.hands_role_over,
            self.changes_models,
            self.pauses,
            self.shifts_pauses,
            self.forgets_pauses,
            self.certifies,
            self.certifies,
            self.lapses,
            self.hands_proof_over,
            self.loses_proof,
            self.changes_catalogue,
            self.proposes,
            self.takes_a_step,
            self.takes_a_step,
            self.takes_a_step,
            self.ends_all,
            self.goes_over,
            self.acts,
        ]


@pytest.mark.parametrize("seed", SEEDS)
def test_after_whatever_happens_the_table_is_what_its_sources_say(seed: int) -> None:
    city = City(seed)
    happened: list[str] = []
    for _ in range(CHANGES):
        change = city.die.choice(city.changes())
        try:
            with transaction.atomic():
                change()
                _check_what_waits()
        except (IntegrityError, RuleViolation, IndexError):
            # The database or an action said no: then nothing has changed, the offers included.
            continue
        happened.append(change.__name__)
        assert drift() == [], f"after {len(happened)} changes, the last {happened[-5:]}"
    assert found_offers() == expected_offers()
    assert len(happened) > CHANGES / 2
    assert len(set(happened)) > 15, sorted(set(happened))


def _check_what_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")

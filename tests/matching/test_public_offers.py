"""What the public can ask for: always three, never finer than the quarter, gone at once."""

from __future__ import annotations

import itertools
import random
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from helfer.core.errors import Conflict, NotAllowed
from helfer.helpers import actions as helper_actions
from helfer.helpers.models import HelperProfile, HelperState, PublicCard
from helfer.helpers.public_cards import CardChoice, card_of
from helfer.matching.actions import publishing
from helfer.matching.models import PublicOffer, PublicOfferMember
from helfer.matching.trios import Card, trios_of
from helfer.people.models import Channel, Consent, ConsentKind
from helfer.places.models import Quarter
from tests.factories.catalogue import RoleFactory
from tests.factories.helpers import CertificateFactory, HelperProfileFactory
from tests.factories.people import SeatFactory
from tests.matching.attacks import READ_COMMITTED, another_session
from tests.matching.public_town import AT, EVERYTHING, TODAY, account_of, build_town, home_in, listed, show
from tests.waiting import until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> list[Quarter]:
    return build_town()


def behind(offer: PublicOffer) -> set[int]:
    return set(PublicOfferMember.objects.filter(offer=offer).values_list("helper_id", flat=True))


# The yes


def test_nobody_is_listed_without_a_yes_to_the_card_that_they_saw(town: list[Quarter]) -> None:
    role = RoleFactory()
    helpers = [HelperProfileFactory(active=True, roles=[role], person__home=home_in(0)) for _ in range(3)]
    publishing.publish_offers(on=TODAY)
    assert not PublicOffer.objects.exists()
    for helper in helpers:
        helper.person.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        helper_actions.show_card(
            helper_id=helpers[0].pk,
            choice=EVERYTHING,
            seen=card_of(helpers[0], CardChoice(), on=TODAY).digest,
            channel=Channel.ONLINE,
            by=account_of(helpers[0]),
            at=AT,
        )
    assert refused.value.code == "changed"
    assert not PublicCard.objects.exists()
    for helper in helpers:
        show(helper)
    publishing.publish_offers(on=TODAY)
    offer = PublicOffer.objects.get()
    assert behind(offer) == {helper.pk for helper in helpers}
    assert Consent.objects.filter(kind=ConsentKind.PUBLIC_CARD, withdrawn_at=None).count() == 3


def test_the_default_card_says_role_district_and_half_days() -> None:
    helper = HelperProfileFactory(
        active=True, roles=[RoleFactory()], times=["mo-vm", "so-vm", "di-ab"], languages=["de", "tr"]
    )
    card = card_of(helper, CardChoice(), on=TODAY)
    assert (card.name, card.quarter, card.half_days) == ("", None, ["vm", "ab"])
    assert (card.languages, card.compensation_models, card.trainings) == ([], [], [])


def test_staff_record_the_yes_with_its_channel_and_strangers_do_not(town: list[Quarter]) -> None:
    seat = SeatFactory()
    helper = HelperProfileFactory(active=True, roles=[RoleFactory()], office=seat.office)
    seen = card_of(helper, CardChoice(), on=TODAY).digest
    told = {"helper_id": helper.pk, "choice": CardChoice(), "seen": seen, "at": AT}
    with pytest.raises(NotAllowed):
        helper_actions.show_card(**told, channel=Channel.PHONE, by=SeatFactory().user)
    card = helper_actions.show_card(**told, channel=Channel.PHONE, by=seat.user)
    assert (card.consent.channel, card.consent.recorded_by) == (Channel.PHONE, seat.user)


# Gone at once, and never alone


def leaves(helper: HelperProfile) -> None:
    HelperProfile.objects.filter(pk=helper.pk).update(state=HelperState.LEFT)


def takes_back(helper: HelperProfile) -> None:
    helper_actions.hide_card(helper_id=helper.pk, by=account_of(helper), at=AT)


def speaks_no_more(helper: HelperProfile) -> None:
    HelperProfile.objects.filter(pk=helper.pk).update(languages=["de"])


def moves(helper: HelperProfile) -> None:
    helper.person.home = home_in(2)
    helper.person.save()


def gives_up(helper: HelperProfile) -> None:
    helper.roles.clear()


def dies(helper: HelperProfile) -> None:
    type(helper.person).objects.filter(pk=helper.person_id).update(died_on=TODAY)


def moves_away(helper: HelperProfile) -> None:
    type(helper.person).objects.filter(pk=helper.person_id).update(moved_on=TODAY)


def is_called_otherwise(helper: HelperProfile) -> None:
    type(helper.person).objects.filter(pk=helper.person_id).update(given_name="Andersname")


def is_withdrawn_by_hand(helper: HelperProfile) -> None:
    Consent.objects.filter(person=helper.person).update(withdrawn_at=AT)


def loses_a_proof(helper: HelperProfile) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM helpers_certificate WHERE helper_id = %s", [helper.pk])


CHANGES = (
    *(leaves, takes_back, speaks_no_more, moves, moves_away, gives_up, dies, is_called_otherwise),
    *(is_withdrawn_by_hand, loses_a_proof),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_card_that_is_no_longer_true_goes_at_once_with_the_two_beside_it(
    change: Any, town: list[Quarter]
) -> None:
    role = RoleFactory()
    training = CertificateFactory().training
    helpers = []
    for _ in range(3):
        helper = HelperProfileFactory(
            active=True, roles=[role], languages=["de", "tr"], person__home=home_in(0)
        )
        CertificateFactory(helper=helper, training=training)
        helper.person.refresh_from_db()
        show(helper)
        helpers.append(helper)
    publishing.publish_offers(on=TODAY)
    assert PublicOffer.objects.get().training_ids == [training.pk]
    change(helpers[1])
    assert not PublicOffer.objects.exists()
    assert not PublicOfferMember.objects.exists()


def test_what_a_card_does_not_show_takes_nothing_down(town: list[Quarter]) -> None:
    role = RoleFactory()
    helpers = [listed(role, choice=CardChoice()) for _ in range(3)]
    publishing.publish_offers(on=TODAY)
    (offer,) = PublicOffer.objects.all()
    speaks_no_more(helpers[0])
    is_called_otherwise(helpers[0])
    HelperProfile.objects.filter(pk=helpers[0].pk).update(radius_m=500)
    assert list(PublicOffer.objects.all()) == [offer]
    # The same again publishes nothing anew: links that were shared stay.
    published = publishing.publish_offers(on=TODAY)
    assert (published.put_up, published.taken_down, published.waiting) == (0, 0, 0)


def test_the_two_that_are_left_come_back_with_others(town: list[Quarter]) -> None:
    role = RoleFactory()
    first = [listed(role) for _ in range(3)]
    publishing.publish_offers(on=TODAY)
    (before,) = PublicOffer.objects.values_list("public_id", flat=True)
    takes_back(first[0])
    assert publishing.publish_offers(on=TODAY).waiting == 2
    assert not PublicOffer.objects.exists()
    newcomer = listed(role)
    publishing.publish_offers(on=TODAY)
    (after,) = PublicOffer.objects.all()
    assert behind(after) == {first[1].pk, first[2].pk, newcomer.pk}
    assert after.public_id != before


def test_the_database_shows_three_or_nobody() -> None:
    role = RoleFactory()
    with pytest.raises(IntegrityError, match="public_offer_stands_for_three"), transaction.atomic():
        PublicOffer.objects.create(
            role=role,
            half_days=[],
            languages=[],
            model_ids=[],
            training_ids=[],
            names=["Anna"],
            published_on=TODAY,
        )


# Trios


def test_who_is_left_over_in_a_quarter_is_shown_one_level_higher() -> None:
    cards = [Card(n, order=n, district_id=1, quarter_id=11) for n in range(4)]
    cards += [Card(n, order=n, district_id=1, quarter_id=12) for n in range(4, 6)]
    cards += [Card(6, order=6, district_id=2, quarter_id=21), Card(7, order=7, district_id=2)]
    made = trios_of(cards)
    assert [(trio.district_id, trio.quarter_id) for trio in made] == [(1, 11), (1, None)]
    assert trios_of(cards[:2]) == []
    assert [trio.district_id for trio in trios_of([*cards[:2], cards[6]])] == [None]


def test_a_trio_shows_only_what_all_three_show() -> None:
    speaks = [{"de", "tr"}, {"de", "tr", "ar"}, {"tr"}]
    cards = [
        Card(n, order=n, languages=frozenset(each), half_days=frozenset({"vm", ("nm", "ab", "nm")[n]}))
        for n, each in enumerate(speaks)
    ]
    (trio,) = trios_of(cards)
    assert (trio.languages, trio.half_days) == ({"tr"}, {"vm"})


# The attack


COLUMNS = ("role_id", "district_id", "quarter_id")
SETS = ("half_days", "languages", "model_ids", "training_ids")


class Visitor:
    """Somebody who asks whatever can be asked, and writes down every answer."""

    def __init__(self, quarters: Iterable[Quarter], seed: int) -> None:
        self.chance = random.Random(seed)
        self.quarters = list(quarters)

    def questions(self, number: int, roles: list[int]) -> Iterator[dict[str, Any]]:
        """Any combination of filters that the pages offer."""
        for _ in range(number):
            asked: dict[str, Any] = {}
            if self.chance.random() < 0.6:
                asked["role_id"] = self.chance.choice(roles)
            where = self.chance.choice(["quarter", "district", "", ""])
            if where:
                quarter = self.chance.choice(self.quarters)
                asked[f"{where}_id"] = quarter.pk if where == "quarter" else quarter.district_id
            if self.chance.random() < 0.5:
                asked["half_days__contains"] = [self.chance.choice(["vm", "nm", "ab"])]
            if self.chance.random() < 0.5:
                asked["languages__contains"] = [self.chance.choice(["de", "tr", "ar", "pl"])]
            yield asked


def everybody_behind() -> dict[int, set[int]]:
    """What no visitor has: who stands behind each row."""
    members: dict[int, set[int]] = defaultdict(set)
    for offer, helper in PublicOfferMember.objects.values_list("offer_id", "helper_id"):
        members[offer].add(helper)
    return members


def helpers_behind(offer_ids: Iterable[int], members: dict[int, set[int]]) -> int:
    return len(set().union(*(members[offer] for offer in offer_ids)))


def test_2000_searches_place_none_of_200_helpers_better_than_their_quarter(town: list[Quarter]) -> None:
    """Filters, places, differences between answers and between days: never fewer than three."""
    chance = random.Random(4)
    roles = [RoleFactory() for _ in range(3)]
    helpers = []
    for at in range(200):
        home = home_in(at % 4, chance.uniform(0.05, 0.95), chance.uniform(0.05, 0.95))
        helper = HelperProfileFactory(
            active=True,
            roles=chance.sample(roles, chance.randint(1, 2)),
            person__home=home,
            languages=chance.sample(["de", "tr", "ar", "pl"], chance.randint(1, 3)),
            times=chance.sample(["mo-vm", "di-nm", "mi-ab", "do-vm"], chance.randint(0, 3)),
        )
        helper.person.refresh_from_db()
        helpers.append(helper)
    for helper in helpers[:170]:
        show(helper, CardChoice(quarter=chance.random() < 0.7, languages=chance.random() < 0.8))

    days: list[dict[str, int]] = []
    visitor = Visitor(town, seed=7)
    questions = list(visitor.questions(667, [role.pk for role in roles]))
    for day in range(3):
        if day == 1:
            for helper in helpers[:170:9]:
                takes_back(helper)
        if day == 2:
            for helper in helpers[170:]:
                show(helper)
        publishing.publish_offers(on=TODAY)
        members = everybody_behind()
        _every_row_stands_for_three_who_show_it(members)
        answers: dict[str, int] = {}
        found_by: dict[str, frozenset[int]] = {}
        for asked in questions:
            found = frozenset(PublicOffer.objects.filter(**asked).values_list("pk", flat=True))
            found_by[repr(asked)] = found
            answers[repr(asked)] = 3 * len(found)
        for found in set(found_by.values()):
            assert not found or helpers_behind(found, members) >= 3
        # What one answer has and another has not.
        for one, other in itertools.permutations(set(found_by.values()), 2):
            assert not one - other or helpers_behind(one - other, members) >= 3
        days.append(answers)
    for one, other in itertools.combinations(days, 2):
        differences = {abs(one[asked] - other[asked]) for asked in one}
        assert not differences & {1, 2}
        assert len(differences) > 1


def _every_row_stands_for_three_who_show_it(members: dict[int, set[int]]) -> None:
    """Nothing in a row tells its three apart, and nothing in it is finer than the quarter."""
    everybody = HelperProfile.objects.select_related("person", "public_card").in_bulk()
    for offer in PublicOffer.objects.all():
        persons = [everybody[helper] for helper in members[offer.pk]]
        assert len(persons) == 3
        for helper in persons:
            card = helper.public_card
            assert offer.district_id in (None, helper.person.district_id)
            assert offer.quarter_id in (None, card.quarter_id)
            assert set(offer.languages) <= set(card.languages) & set(helper.languages)
            assert set(offer.half_days) <= {slot[-2:] for slot in helper.times}


def test_the_public_table_has_no_column_that_could_say_more() -> None:
    columns = {field.column for field in PublicOffer._meta.concrete_fields}
    assert columns == {"id", "public_id", "names", "published_on", *COLUMNS, *SETS}


def test_publishing_asks_the_same_number_of_questions_for_more_cards(town: list[Quarter]) -> None:
    role = RoleFactory()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            publishing.publish_offers(on=TODAY)
        return len(captured)

    for _ in range(3):
        listed(role)
    few = asked()
    for _ in range(9):
        listed(role)
    assert asked() <= few


# At the same moment


WITHDRAWAL = "UPDATE people_consent SET withdrawn_at = given_at WHERE person_id = %s"
SILENCE = "UPDATE helpers_helperprofile SET languages = '{de}' WHERE person_id = %s"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [WITHDRAWAL, SILENCE], ids=["withdrawal", "silence"])
def test_publishing_waits_for_a_change_that_is_under_way(change: str) -> None:
    """Otherwise both would act on a picture without the other, and the card would stay up."""
    build_town()
    role = RoleFactory()
    helpers = [listed(role, languages=["de", "tr"]) for _ in range(3)]

    def publish() -> None:
        try:
            publishing.publish_offers(on=TODAY)
        finally:
            connection.close()

    thread = threading.Thread(target=publish)
    with another_session(READ_COMMITTED) as session:
        session.execute(change, [helpers[1].person_id])
        thread.start()
        until_somebody_waits_for_a_lock(thread)
        session.commit()
    thread.join()
    assert publishing.untrue_offers() == []
    assert [offer.languages for offer in PublicOffer.objects.all()] == ([["de"]] if change == SILENCE else [])

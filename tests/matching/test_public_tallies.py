"""The numbers beside the public offers agree with them, whoever changes these, and whenever."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from helfer.catalogue.models import CompensationModel, Role
from helfer.helpers.models import HelperProfile
from helfer.matching.actions import publish_offers, publishing
from helfer.matching.models import PublicOffer, PublicTally
from helfer.matching.trios import TOGETHER
from helfer.places.models import Quarter
from helfer.web.public.offers_search import ONLY_HERE, Wanted, search_offers
from tests.factories.catalogue import CompensationModelFactory, RoleFactory
from tests.matching.attacks import READ_COMMITTED, another_session
from tests.matching.public_town import TODAY, build_town, listed

pytestmark = pytest.mark.django_db

Thing = tuple[int, int | None, int | None, int, str]


def counted() -> Counter[Thing]:
    """What a look at every offer says."""
    found: Counter[Thing] = Counter()
    for offer in PublicOffer.objects.all():
        said = [
            (0, ""),
            *((1, language) for language in offer.languages),
            *((2, half) for half in offer.half_days),
            *((3, str(model)) for model in offer.model_ids),
        ]
        for about, value in said:
            found[offer.role_id, offer.district_id, offer.quarter_id, about, value] += 1
    return found


def kept() -> Counter[Thing]:
    """What the kept rows add up to."""
    found: Counter[Thing] = Counter()
    for row in PublicTally.objects.values_list(
        "role_id", "district_id", "quarter_id", "about", "value", "number"
    ):
        found[row[:5]] += row[5]
    return Counter({thing: number for thing, number in found.items() if number})


@pytest.fixture
def town(db: None) -> list[Quarter]:
    cache.clear()
    return build_town()


@pytest.fixture
def roles(town: list[Quarter]) -> list[Role]:
    """Two roles, and who offers them here and there, in several languages, at several times."""
    dice = random.Random(7)
    roles = [RoleFactory(slug="besuch"), RoleFactory(slug="einkauf")]
    unpaid, expenses = CompensationModelFactory(slug="ehrenamt"), CompensationModelFactory(slug="auslagen")
    for at in range(36):
        listed(
            roles[at % 2],
            dice.randrange(4),
            languages=["de", "tr"] if at % 3 else ["de"],
            times=dice.sample(["mo-vm", "di-nm", "so-ab"], 2),
            compensation_models=[unpaid, expenses] if at % 4 else [unpaid],
        )
    publish_offers(on=TODAY)
    return roles


def test_they_follow_publication_and_whoever_takes_a_yes_back(roles: list[Role]) -> None:
    assert kept() == counted()
    assert PublicOffer.objects.count() > 6
    # Summed up, no thing stands there twice.
    assert PublicTally.objects.count() == len(counted())
    for helper in HelperProfile.objects.order_by("pk")[:9:3]:
        HelperProfile.objects.filter(pk=helper.pk).update(languages=["pl"])
        assert kept() == counted()
    publish_offers(on=TODAY)
    assert kept() == counted()
    assert PublicTally.objects.count() == len(counted())


def row(role: Role) -> dict[str, Any]:
    return {
        "public_id": uuid4(), "role": role, "half_days": ["vm"], "languages": ["de", "uk"], "model_ids": [],
        "training_ids": [], "names": ["", "", ""], "published_on": TODAY,
    }  # fmt: skip


def test_they_follow_every_way_of_writing(roles: list[Role]) -> None:
    PublicOffer.objects.bulk_create([PublicOffer(**row(role)) for role in roles])
    assert kept() == counted()
    PublicOffer.objects.filter(languages__contains=["uk"]).update(languages=["fa"], half_days=["ab", "nm"])
    assert kept() == counted()
    PublicOffer.objects.filter(role=roles[0]).delete()
    assert kept() == counted()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_publicoffer WHERE languages @> '{fa}'")
        assert kept() == counted()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE matching_publicoffer CASCADE")
    assert not kept()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_down_while_they_are_summed_up_is_not_forgotten(roles: list[Role]) -> None:
    gone = PublicOffer.objects.order_by("pk")[0].pk
    with another_session(READ_COMMITTED) as other:
        other.execute("DELETE FROM matching_publicoffer WHERE id = %s", [gone])
        # The sum still counts what the other session has taken down and not committed.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(publishing._SUM_UP)
        other.commit()
    assert not PublicOffer.objects.filter(pk=gone).exists()
    assert kept() == counted()


def test_every_combination_of_filters_finds_what_a_look_at_every_offer_finds(roles: list[Role]) -> None:
    model = CompensationModel.objects.get(slug="auslagen").pk
    quarter = Quarter.objects.order_by("pk")[0]
    for place, role, language, half, money in itertools.product(
        ("", f"q{quarter.pk}"), ("", "besuch"), ("", "tr"), ("", "vm"), ("", "auslagen")
    ):
        wanted = Wanted(
            place=place,
            within=ONLY_HERE if place else "",
            role=role,
            language=language,
            half_day=half,
            model=money,
        )

        def fits(offer: PublicOffer, *but: str, wanted: Wanted = wanted) -> bool:
            return all(
                (
                    not wanted.place or offer.quarter_id == quarter.pk,
                    not wanted.role or "role" in but or offer.role.slug == wanted.role,
                    not wanted.language or "language" in but or wanted.language in offer.languages,
                    not wanted.half_day or "half" in but or wanted.half_day in offer.half_days,
                    not wanted.model or "model" in but or model in offer.model_ids,
                )
            )

        offers = list(PublicOffer.objects.select_related("role"))
        found = search_offers(wanted, size=60)
        assert found.total == TOGETHER * sum(map(fits, offers)), wanted
        assert {offer.pk for offer in found.offers} == {offer.pk for offer in offers if fits(offer)}, wanted
        by_role = Counter(offer.role.slug for offer in offers if fits(offer, "role"))
        assert found.by_role == {slug: TOGETHER * number for slug, number in by_role.items()}, wanted
        by_language = Counter(said for offer in offers if fits(offer, "language") for said in offer.languages)
        assert found.by_language == {said: TOGETHER * number for said, number in by_language.items()}, wanted
        by_half = Counter(half for offer in offers if fits(offer, "half") for half in offer.half_days)
        assert found.by_half_day == {half: TOGETHER * number for half, number in by_half.items()}, wanted
        by_model = Counter(pk for offer in offers if fits(offer, "model") for pk in offer.model_ids)
        assert found.by_model == {pk: TOGETHER * number for pk, number in by_model.items()}, wanted

"""Two of three active helpers show a public card, and some who wait for help let it be read."""

from __future__ import annotations

import random
from datetime import datetime

from helfer.core.days import berlin_day
from helfer.help_requests.listings import TEXT_VERSION as LISTING_VERSION
from helfer.help_requests.listings import listing_of
from helfer.help_requests.models import HelpRequest, RequestListing, RequestState
from helfer.helpers.models import HelperProfile, HelperState, PublicCard
from helfer.helpers.public_cards import TEXT_VERSION, CardChoice, ShownName, card_of
from helfer.matching.actions import publish_offers, publish_wanted
from helfer.people.models import Channel, Consent, ConsentKind, User

YES = 0.67


def show_cards(*, by: User, seed: int, now: datetime) -> None:
    """Cards with their yes, and the first night's publication."""
    today = berlin_day(now)
    rng = random.Random(seed)  # noqa: S311 — a demo, nothing secret
    helpers = HelperProfile.objects.filter(state=HelperState.ACTIVE, only_for=None, person__died_on=None)
    cards = []
    for helper in helpers.select_related("person__district", "person__quarter").order_by("pk"):
        if rng.random() > YES:
            continue
        choice = CardChoice(
            name=rng.choice([ShownName.NONE, ShownName.INITIAL, ShownName.GIVEN_NAME]),
            quarter=rng.random() < 0.8,
            languages=rng.random() < 0.8,
            compensation=rng.random() < 0.5,
            trainings=rng.random() < 0.4,
        )
        card = card_of(helper, choice, on=today)
        consent = Consent(
            person=helper.person,
            kind=ConsentKind.PUBLIC_CARD,
            text_version=TEXT_VERSION,
            channel=Channel.OFFICE,
            given_at=now,
            recorded_by=by,
        )
        cards.append(
            PublicCard(
                helper=helper,
                consent=consent,
                name=card.name,
                district=card.district,
                quarter=card.quarter,
                role_ids=[role.pk for role in card.roles],
                half_days=list(card.half_days),
                languages=list(card.languages),
                model_ids=[model.pk for model in card.compensation_models],
                training_ids=[training.pk for training in card.trainings],
            )
        )
    Consent.objects.bulk_create([card.consent for card in cards])
    PublicCard.objects.bulk_create(cards)
    publish_offers(on=today)


def show_requests(*, by: User, seed: int, now: datetime) -> None:
    """Listed requests with the separate yes to it, and the first night's publication."""
    rng = random.Random(seed)  # noqa: S311 — a demo, nothing secret
    waiting = HelpRequest.objects.filter(state=RequestState.OPEN, named_helper=None, import_digest="")
    for request in waiting.select_related("help_seeker__person__district", "role").order_by("pk"):
        contents = listing_of(request)
        if contents is None or rng.random() > YES:
            continue
        consent = Consent.objects.create(
            person=request.help_seeker.person,
            kind=ConsentKind.PUBLIC_LISTING,
            text_version=LISTING_VERSION,
            channel=Channel.PHONE,
            given_at=now,
            recorded_by=by,
        )
        RequestListing.objects.create(
            request=request,
            consent=consent,
            role=contents.role,
            district=contents.district,
            half_days=list(contents.half_days),
            languages=list(contents.languages),
        )
    publish_wanted(on=berlin_day(now))

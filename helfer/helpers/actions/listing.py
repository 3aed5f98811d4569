"""A helper's yes to a public card, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.helpers.actions.profiles import locked_helper
from helfer.helpers.models import HelperProfile, HelperState, PublicCard
from helfer.helpers.permissions import can_edit_profile
from helfer.helpers.public_cards import TEXT_VERSION, CardChoice, card_of
from helfer.people.actions import give_consent, withdraw_consent
from helfer.people.models import Channel, ConsentKind, User

NOT_LISTED = frozenset({HelperState.LEFT, HelperState.REJECTED})


@transaction.atomic
def show_card(
    *,
    helper_id: int,
    choice: CardChoice,
    seen: str,
    channel: Channel,
    by: User,
    at: datetime,
    given_at: datetime | None = None,
) -> PublicCard:
    """The helper has seen a preview of the card and said yes; an earlier yes ends with it.

    ``seen`` is the digest of the card that was shown. Raises ``NotAllowed`` or ``Conflict``.
    """
    today = berlin_day(at)
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=today)
    if helper.state in NOT_LISTED or not helper.person.can_get_mail:
        raise Conflict(_("Dieses Profil wird nicht gezeigt: Es ist nicht dabei."), code="not_there")
    if helper.only_for_id is not None:
        raise Conflict(_("Wer nur einer bestimmten Person hilft, wird nicht gezeigt."), code="only_for")
    contents = card_of(helper, choice, on=today)
    if contents.digest != seen:
        raise Conflict(
            _("Ihr Profil hat sich geändert. Bitte sehen Sie sich die Karte noch einmal an."), code="changed"
        )
    if not contents.roles:
        raise Conflict(_("Bitte wählen Sie mindestens eine Tätigkeit."), code="no_role")
    _take_back(helper, by=by, at=at)
    consent = give_consent(
        person=helper.person,
        kind=ConsentKind.PUBLIC_CARD,
        text_version=TEXT_VERSION,
        channel=channel,
        by=by,
        at=at,
        given_at=given_at,
    )
    return PublicCard.objects.create(
        helper=helper,
        consent=consent,
        name=contents.name,
        district=contents.district,
        quarter=contents.quarter,
        role_ids=[role.pk for role in contents.roles],
        half_days=list(contents.half_days),
        languages=list(contents.languages),
        model_ids=[model.pk for model in contents.compensation_models],
        training_ids=[training.pk for training in contents.trainings],
    )


@transaction.atomic
def hide_card(*, helper_id: int, by: User, at: datetime) -> HelperProfile:
    """The helper takes the yes back: the card is gone at once; taking it back twice changes nothing."""
    helper = locked_helper(helper_id)
    can_edit_profile(by, helper, on=berlin_day(at))
    _take_back(helper, by=by, at=at)
    return helper


def _take_back(helper: HelperProfile, *, by: User, at: datetime) -> None:
    card = PublicCard.objects.filter(helper=helper).select_related("consent").first()
    if card is not None:
        withdraw_consent(consent_id=card.consent_id, by=by, at=at)
        card.delete()

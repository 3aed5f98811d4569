"""Keys for programs: made and stopped by the person for whom the program acts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helfer.core.errors import Conflict, NotAllowed
from helfer.core.validity import must_be_valid
from helfer.people.models import ApiToken, Kind, User
from helfer.people.models.tokens import digest_of

SHORTEST_LIFE = timedelta(days=1)
LONGEST_LIFE = timedelta(days=366)
MOST_KEYS = 20


@transaction.atomic
def create_token(*, name: str, lasts: timedelta, by: User, at: datetime) -> tuple[ApiToken, str]:
    """A key by which a program acts for ``by``, and its letters: they are told here and never again."""
    if not by.is_active or not any(by.has_kind(kind) for kind in (Kind.TANDEM, Kind.COORDINATOR)):
        raise NotAllowed(_("Schlüssel für Programme hat nur das Büro."), code="not_staff")
    if not SHORTEST_LIFE <= lasts <= LONGEST_LIFE:
        raise Conflict(_("Ein Schlüssel gilt höchstens ein Jahr."), field="lasts")
    # Two windows of the same person wait for each other here.
    User.objects.select_for_update().get(pk=by.pk)
    if ApiToken.objects.of_user(by).valid_at(at).count() >= MOST_KEYS:
        raise Conflict(_("Bitte sperren Sie zuerst einen Schlüssel, den Sie nicht mehr brauchen."))
    key = ApiToken.new_key()
    token = ApiToken(user=by, name=name.strip(), digest=digest_of(key), created_at=at, expires_at=at + lasts)
    must_be_valid(token)
    token.save()
    return token, key


@transaction.atomic
def revoke_token(*, token_id: int, by: User, at: datetime) -> ApiToken:
    """Stop a key at once; stopping it again changes nothing."""
    token = ApiToken.objects.of_user(by).select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotAllowed(_("Diesen Schlüssel gibt es nicht."), code="foreign_token")
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
    return token

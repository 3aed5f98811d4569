"""Keys for machines that act for an account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .accounts import User

PREFIX = "helfer_"


def digest_of(key: str) -> str:
    """What is stored of a key; the key itself is shown once and kept nowhere."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Keys as sentences."""

    def usable(self, key: str, at: datetime) -> ApiTokenQuerySet:
        """The key with these letters, if it may be used at that time by an account that may be used."""
        return self.filter(
            digest=digest_of(key), revoked_at=None, expires_at__gt=at, user__is_active=True
        ).select_related("user__person")

    def of_user(self, user: User) -> ApiTokenQuerySet:
        """The keys by which programs act for this account."""
        return self.filter(user=user)

    def valid_at(self, at: datetime) -> ApiTokenQuerySet:
        """The keys that are neither stopped nor over."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class ApiToken(models.Model):
    """A key by which a program acts for an account, with an end; only its digest is kept."""

    user = models.ForeignKey(
        User, verbose_name=_("Zugang"), on_delete=models.CASCADE, related_name="program_keys"
    )
    name = models.CharField(_("wofür"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"))
    expires_at = models.DateTimeField(_("gilt bis"))
    last_used_on = models.DateField(_("zuletzt benutzt am"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("gesperrt am"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schlüssel für Programme")
        verbose_name_plural = _("Schlüssel für Programme")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_token_ends_after_it_begins",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    @classmethod
    def new_key(cls) -> str:
        """A fresh key, hard to guess and easy to recognise in a leak."""
        return PREFIX + secrets.token_urlsafe(32)

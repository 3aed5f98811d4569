"""What people are told about their accounts; `people` lies below and cannot say it itself."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.people.models import Person, User

from .kinds import Letter, notice


@notice(
    "account_invited",
    subject=gettext_lazy("Ihr Zugang"),
    text=gettext_lazy(
        "Für Sie ist ein Zugang angelegt. Melden Sie sich mit Ihrer E-Mail-Adresse auf unserer Seite an."
    ),
    sms=False,
)
def account_invited(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    """How to sign in for the first time."""
    user = User.objects.get(pk=subject_id)
    if not user.is_active or user.last_login is not None:
        return None
    how = _("Sie brauchen kein Passwort: Wir schicken Ihnen bei jeder Anmeldung eine Zahl per E-Mail.")
    if user.is_office_staff:
        how = _(
            "Wählen Sie dort „Passwort vergessen“ und legen Sie ein Passwort fest. "
            "Danach richten Sie einen zweiten Faktor ein."
        )
    return Letter(
        subject=_("Ihr Zugang"),
        paragraphs=[_("für Sie ist ein Zugang angelegt."), how],
        facts=[(_("Seite"), f"{settings.SITE_URL}/anmelden/login/"), (_("E-Mail"), user.email)],
    )

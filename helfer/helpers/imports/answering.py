"""Who answers for an import: a named account, or the system account "Import"."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helfer.core.errors import Conflict, NotAllowed
from helfer.people.models import Kind, Office, User

IMPORT_EMAIL = "import@helfer.invalid"
MAY_IMPORT = (Kind.TANDEM, Kind.COORDINATOR, Kind.TRAINING, Kind.ADMINISTRATOR)


def import_account() -> User:
    """The system account "Import"; nobody can sign in with it."""
    account = User.objects.filter(email=IMPORT_EMAIL).first()
    return account or User.objects.create_user(IMPORT_EMAIL, None, name="Import", is_active=False)


def answering_account(email: str) -> User:
    """The account with this e-mail, of somebody who works at an office. Raises ``Conflict``."""
    if not email:
        return import_account()
    account = User.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise Conflict(_("Einen Zugang mit der E-Mail „%(email)s“ gibt es nicht.") % {"email": email})
    if not any(account.has_kind(kind) for kind in MAY_IMPORT):
        raise Conflict(
            _("„%(email)s“ gehört nicht zum Büro und kann für einen Import nicht einstehen.")
            % {"email": email}
        )
    return account


def office_of(slug: str) -> Office | None:
    """The office with this short name; none for an empty one. Raises ``Conflict``."""
    if not slug:
        return None
    office = Office.objects.filter(slug=slug.strip()).first()
    if office is None:
        known = ", ".join(Office.objects.order_by("slug").values_list("slug", flat=True)[:30])
        raise Conflict(
            _("Das Seniorenbüro „%(slug)s“ gibt es nicht. Vorhanden sind: %(known)s.")
            % {"slug": slug, "known": known or "–"},
            field="office",
        )
    return office


def can_import(user: User, *, office: Office | None, on_office_seats: set[int]) -> None:
    """A tandem imports its own office's list, a coordinator any. Raises ``NotAllowed``."""
    if user.has_kind(Kind.COORDINATOR):
        return
    if office is None or office.pk not in on_office_seats:
        raise NotAllowed(
            _("Eine Liste importiert das Tandem des Seniorenbüros oder die Geschäftsstelle."), code="no_seat"
        )

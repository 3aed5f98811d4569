"""A kind of message whose letter tells everything that an e-mail must not."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from helfer.notifications import kinds
from helfer.notifications.kinds import Letter, notice
from helfer.people.models import Person

VISIT = "test_visit"
# What stands in the letter alone.
SECRETS = ("Gisela Kanarienvogel", "Geheimweg 7", "Einkaufshilfe", "Pflegegrad 3")


def visit(*, subject_id: int, recipient: Person, occasion: str) -> Letter | None:
    name, address, role, code = SECRETS
    if occasion == "over":
        return None
    return Letter(
        subject=f"Besuch bei {name}",
        paragraphs=[f"Sie besuchen {name}.", f"Dort gilt: {code}. <b>Nicht fett</b>"],
        facts=[("Anschrift", address), ("Tätigkeit", role), ("Leer", "")],
    )


@pytest.fixture(autouse=True)
def visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers the kind for the length of one test."""
    monkeypatch.setattr(kinds, "_notices", dict(kinds._notices))
    notice(VISIT)(visit)


@pytest.fixture(autouse=True)
def no_gateway(settings: Settings) -> None:
    settings.HELFER_SMS_GATEWAY = ""

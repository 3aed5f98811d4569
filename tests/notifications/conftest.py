"""A kind of message whose letter tells what an e-mail must not; and where messages end up in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from helfer.notifications import kinds
from helfer.notifications.actions import deliver_message
from helfer.notifications.kinds import Letter, notice
from helfer.notifications.models import Message
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


class Gateway:
    """Keeps what it was given; ``fault`` is raised instead."""

    sent: list[tuple[str, str, str]] = []
    fault: Exception | None = None

    def send(self, reference: str, to: str, text: str) -> None:
        if Gateway.fault is not None:
            raise Gateway.fault
        Gateway.sent.append((reference, to, text))


@pytest.fixture
def gateway(settings: Settings, no_gateway: None, monkeypatch: pytest.MonkeyPatch) -> type[Gateway]:
    monkeypatch.setattr(Gateway, "sent", [])
    monkeypatch.setattr(Gateway, "fault", None)
    settings.HELFER_SMS_GATEWAY = f"{Gateway.__module__}.{Gateway.__qualname__}"
    return Gateway


@pytest.fixture
def server_says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
    """The mail server answers every e-mail with this fault; None: it works again."""
    original = EmailMessage.send

    def says(fault: Exception | None) -> None:
        def send(self: EmailMessage, fail_silently: bool = False) -> int:
            if fault is not None:
                raise fault
            return original(self, fail_silently)

        monkeypatch.setattr(EmailMessage, "send", send)

    return says


def deliver(message: Message, at: datetime) -> Message:
    deliver_message(message_id=message.pk, at=at)
    message.refresh_from_db()
    return message

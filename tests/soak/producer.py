"""Posts messages the way an action does, and does it again when the database was killed in between."""

from __future__ import annotations

import sys
from threading import Event

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from helfer.notifications.actions import post  # noqa: E402
from helfer.people.models import Person  # noqa: E402


def main(count: int, pause: float) -> None:
    people = Person.objects.bulk_create(
        Person(family_name=f"Probe{n}", email=f"probe{n}@example.org") for n in range(count)
    )
    print("people are there", flush=True)
    for person in people:
        while True:
            try:
                with transaction.atomic():
                    post(kind="soak", subject_id=person.pk, recipient=person, at=timezone.now())
                break
            except (OperationalError, InterfaceError):
                # Whether it had committed is unknown: posting it again is harmless.
                connection.close()
                Event().wait(0.1)
        Event().wait(pause)
    print("all posted", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))

"""Tells the workers that something lies in the outbox; if nobody hears it, the sweep finds it."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)

DELIVER = "helfer.notifications.tasks.deliver"


class Doorbell:
    """Rings by the queue, and keeps still for a while where the queue does not answer."""

    def __init__(self) -> None:
        self.silent_until = 0.0

    def ring(self, message_id: int) -> None:
        """Wake a worker for this message; never raises, and at most one caller waits for a dead queue."""
        if time.monotonic() < self.silent_until:
            return
        try:
            current_app.send_task(DELIVER, kwargs={"message_id": message_id}, retry=False, ignore_result=True)
        except Exception as error:  # whatever it is: the message is safe, and the caller's work is done
            self.silent_until = time.monotonic() + settings.HELFER_SWEEP_SECONDS
            logger.warning("the queue does not answer, the sweep will deliver: %s", error)


doorbell = Doorbell()

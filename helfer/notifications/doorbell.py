"""Tells the workers that something is to be done; if nobody hears it, a sweep finds it."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)

DELIVER = "helfer.notifications.tasks.deliver"
DELIVER_SIGN_IN_MAIL = "helfer.notifications.tasks.deliver_sign_in_mail"


class Doorbell:
    """Rings by the queue, and keeps still for a while where the queue does not answer."""

    def __init__(self) -> None:
        self.silent_until = 0.0

    def ring(self, message_id: int) -> None:
        """Wake a worker for this message."""
        self.call(DELIVER, message_id=message_id)

    def call(self, task: str, **ids: int) -> bool:
        """Wake a worker for this task, and tell whether the queue heard it.

        Never raises, and at most one caller waits for a dead queue.
        """
        if time.monotonic() < self.silent_until:
            return False
        try:
            current_app.send_task(task, kwargs=ids, retry=False, ignore_result=True)
        except Exception as error:  # whatever it is: what is to be done stands in the database
            self.silent_until = time.monotonic() + settings.HELFER_SWEEP_SECONDS
            logger.warning("the queue does not answer, the sweep will find it: %s", error)
            return False
        return True


doorbell = Doorbell()

"""The door of the queue: the worker finds each app's `tasks` module from here."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")


class ActingTask(Task):  # type: ignore[type-arg]
    """What a task changes is remembered as done by the program."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Imported here, because the settings are read only after this module.
        from helfer.core.history import acting

        with acting(None, door="task"):
            return super().__call__(*args, **kwargs)


app = Celery("helfer", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

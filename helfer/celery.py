"""The door of the queue: the worker finds each app's `tasks` module from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")

app = Celery("helfer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

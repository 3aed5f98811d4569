"""The product; the queue is set up wherever it is imported, so that every door can ring it."""

from helfer.celery import app as celery_app

__all__ = ["celery_app"]

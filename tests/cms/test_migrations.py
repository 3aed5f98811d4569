"""What has to be moved along when the pages' tables change."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from cms.demo import create_pages
from cms.models import FormField

pytestmark = pytest.mark.django_db


def test_the_questions_of_a_form_that_was_there_before_get_its_language() -> None:
    create_pages([])
    before = set(FormField.objects.values_list("translation_key", flat=True))
    assert before
    step = "0009_questions_of_forms_are_translated"
    apps = MigrationLoader(connection).project_state(("cms", step)).apps
    import_module(f"cms.migrations.{step}").begin(apps, None)
    questions = FormField.objects.select_related("locale")
    assert not before & {question.translation_key for question in questions}
    assert {question.locale.language_code for question in questions} == {"de"}

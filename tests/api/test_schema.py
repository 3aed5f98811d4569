"""The interface keeps what its own description promises, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helfer.api.urls import api
from helfer.wsgi import application
from tests.api.conftest import Program, World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("/api/v1/requests", "GET"),
    ("/api/v1/requests/{request_id}", "GET"),
    ("/api/v1/requests/{request_id}/candidates", "GET"),
    ("/api/v1/matches", "GET"),
    ("/api/v1/matches", "POST"),
    ("/api/v1/matches/{match_id}", "GET"),
    ("/api/v1/matches/{match_id}/consents", "POST"),
    ("/api/v1/matches/{match_id}/signatures", "POST"),
    ("/api/v1/matches/{match_id}/end", "POST"),
    ("/api/v1/city-runs", "GET"),
    ("/api/v1/city-runs/{run_id}", "GET"),
]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The application speaks within the test's own transaction, so its connection stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_is_tried() -> None:
    described = api.get_openapi_schema()["paths"]
    assert {(path, method.upper()) for path, ways in described.items() for method in ways} == set(OPERATIONS)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_it_answers_as_described(path: str, method: str, world: World, program: Program) -> None:
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    schema.app = application
    operation = schema[path][method]

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def speak(case: schemathesis.Case) -> None:
        for name in ("request_id", "match_id"):
            # Every other time an id that exists, so that what lies behind it is reached too.
            if name in case.path_parameters and hash(str(case.path_parameters)) % 2:
                case.path_parameters[name] = world.request.pk
        case.call_and_validate(headers={"Authorization": program.headers["authorization"]}, checks=CHECKS)

    speak()

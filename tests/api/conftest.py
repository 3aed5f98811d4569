"""An office at work, and programs that act for its tandem."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from helfer.catalogue.models import CompensationModel
from helfer.help_requests.models import HelpRequest
from helfer.helpers.models import HelperProfile
from helfer.people.actions import create_token
from helfer.people.models import Office, User
from tests.factories.catalogue import CompensationModelFactory, RoleFactory
from tests.factories.help_requests import HelpRequestFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import OfficeFactory, point_near, tandem

ROOT = "/api/v1"


def key_of(user: User) -> str:
    """A fresh key by which a program acts for this account."""
    return create_token(name="Test", lasts=timedelta(days=30), by=user, at=timezone.now())[1]


class Program:
    """A program with a key."""

    def __init__(self, user: User) -> None:
        self.headers = {"authorization": f"Bearer {key_of(user)}"}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return Client().get(ROOT + path, query, headers=self.headers)

    def post(self, path: str, content: Any = None) -> HttpResponse:
        body = content if isinstance(content, bytes) else json.dumps(content)
        return Client().post(ROOT + path, body, content_type="application/json", headers=self.headers)


@dataclass
class World:
    """One office with its tandem, one open request and one helper."""

    office: Office
    city: User
    association: User
    model: CompensationModel
    request: HelpRequest
    helper: HelperProfile

    @property
    def proposal(self) -> dict[str, Any]:
        """What a program sends to propose."""
        return {
            "request_id": self.request.pk,
            "helper_id": self.helper.pk,
            "compensation_model": self.model.slug,
        }


@pytest.fixture
def world(db: None) -> World:
    """One office at work."""
    office = OfficeFactory()
    city, association = tandem(office)
    role = RoleFactory(name="Besuchsdienst")
    request = HelpRequestFactory(open=True, help_seeker__office=office, role=role)
    helper = HelperProfileFactory(
        active=True, office=office, roles=[role], max_people=2, person__home=point_near(400)
    )
    return World(office, city, association, CompensationModelFactory(), request, helper)


@pytest.fixture
def program(world: World) -> Program:
    """A program of the city's side."""
    return Program(world.city)

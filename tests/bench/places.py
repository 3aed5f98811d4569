"""Where is asked: open requests, which were drawn by population."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from helfer.help_requests.models import HelpRequest, RequestState


@dataclass(frozen=True)
class Place:
    """An open request: what it asks for, and where."""

    request: HelpRequest
    role_id: int
    point: str

    @property
    def parameters(self) -> dict[str, Any]:
        """As the bare scans want them."""
        return {"role": self.role_id, "point": self.point}


def draw_places(rng: random.Random, count: int) -> list[Place]:
    """So many open requests."""
    ids = list(
        HelpRequest.objects.filter(state=RequestState.OPEN).order_by("pk").values_list("pk", flat=True)
    )
    chosen = rng.sample(ids, min(count, len(ids)))
    requests = HelpRequest.objects.select_related("help_seeker__person").in_bulk(chosen)
    return [place_of(requests[pk]) for pk in chosen]


def place_of(request: HelpRequest) -> Place:
    """The place of one request."""
    home = request.help_seeker.person.home
    if request.role_id is None or home is None:
        raise AssertionError("an open request of the made-up data has a role and a place")
    return Place(request, request.role_id, home.hexewkb.decode())

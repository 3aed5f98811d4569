"""What the doors of a match have in common."""

from __future__ import annotations

from typing import Any, Generic

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from helfer.matching.models import Match, Party
from helfer.people.models import Kind, Office
from helfer.web.action_view import ActionView, FormT


class OwnMatchView(ActionView[FormT], Generic[FormT]):
    """An action on a match of one's own office; it leads back to the match."""

    kinds = {Kind.TANDEM}
    success_url_name = "tandem:match"

    def get_queryset(self) -> QuerySet[Any]:
        return Match.objects.filter(office__in=Office.objects.of_tandem(self.user)).select_related(
            "request__help_seeker__person", "helper__person", "role", "compensation_model", "office"
        )

    @property
    def match(self) -> Match:
        """The match acted on."""
        found: Match = self.object
        return found

    @property
    def party(self) -> Party:
        """Which of the two sides the address names."""
        named = self.kwargs["party"]
        if named not in PARTIES:
            raise Http404
        return PARTIES[named]

    @property
    def party_name(self) -> str:
        """The name of that side."""
        if self.party == Party.HELPER:
            return self.match.helper_name
        return self.match.request.help_seeker.person.full_name

    def get_about(self) -> str:
        return f"{self.match.helper_name} → {self.match.request.help_seeker.person.full_name}"

    def get_back_url(self) -> str:
        return reverse("tandem:match", kwargs={"pk": self.kwargs["pk"]})


# As the addresses say it.
PARTIES = {"helfer": Party.HELPER, "anfrage": Party.SEEKER}

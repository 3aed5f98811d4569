"""The profile of whoever looks."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from helfer.helpers.models import HelperProfile
from helfer.people.models import Kind, User
from helfer.web.action_view import ActionView, FormT

KINDS = {Kind.HELPER}


def profile_of(user: User) -> HelperProfile | None:
    """This account's own profile."""
    return (
        HelperProfile.objects.filter(person__user=user).select_related("person__district", "office").first()
    )


class OwnProfileView(ActionView[FormT]):
    """An action on one's own profile; without a profile there is nothing to act on."""

    kinds = KINDS

    def find_object(self) -> None:
        self.object = profile_of(self.user)
        if self.object is None:
            raise Http404

    def get_success_url(self) -> str:
        return reverse(self.success_url_name or "helper:profile")

    def get_back_url(self) -> str:
        return self.get_success_url()

"""One's own keys for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from helfer.people.actions import create_token, revoke_token
from helfer.people.models import ApiToken, Kind
from helfer.web.action_view import ActionView, ConfirmForm

LIVES = [
    ("30", gettext_lazy("30 Tage")),
    ("90", gettext_lazy("90 Tage")),
    ("365", gettext_lazy("ein Jahr")),
]


class TokenForm(forms.Form):
    """What the key is for, and how long it lasts."""

    name = forms.CharField(
        label=gettext_lazy("Wofür ist der Schlüssel?"),
        help_text=gettext_lazy("Zum Beispiel: Wochenbericht"),
        max_length=80,
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("Wie lange gilt er?"), choices=LIVES, widget=forms.RadioSelect, initial="90"
    )


class TokenPage(ActionView[TokenForm]):
    """The keys, and a new one: its letters are shown in the answer to this POST and never again."""

    kinds = {Kind.TANDEM, Kind.COORDINATOR}
    form_class = TokenForm
    template_name = "web/tandem/tokens.html"
    title = gettext_lazy("Schlüssel für Programme")
    submit_label = gettext_lazy("Schlüssel anlegen")
    success_url_name = "tandem:tokens"

    def act(self, form: TokenForm) -> tuple[ApiToken, str]:
        wanted = form.cleaned_data
        return create_token(
            name=wanted["name"], lasts=timedelta(days=int(wanted["lasts"])), by=self.user, at=self.now
        )

    def post(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().post(*args, **kwargs)
        if self.result is None:
            return answer
        # Shown once, and kept by no cache and no session on the way.
        shown: HttpResponse = self.show(self.form_class(), status=201)
        shown["Cache-Control"] = "no-store"
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = ApiToken.objects.of_user(self.user).order_by("-created_at", "-pk")
        return super().get_context_data(
            keys=keys, now=self.now, new_key=self.result[1] if self.result else "", **kwargs
        )

    def get_back_url(self) -> str:
        return "/"


class Revoke(ActionView[ConfirmForm]):
    """Stop a key at once."""

    kinds = {Kind.TANDEM, Kind.COORDINATOR}
    title = gettext_lazy("Schlüssel sperren")
    intro = gettext_lazy("Programme mit diesem Schlüssel kommen sofort nicht mehr herein.")
    submit_label = gettext_lazy("Sperren")
    danger = True
    success_message = gettext_lazy("Der Schlüssel ist gesperrt.")

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.of_user(self.user)

    def act(self, form: ConfirmForm) -> ApiToken:
        return revoke_token(token_id=self.object.pk, by=self.user, at=self.now)

    def get_success_url(self) -> str:
        return reverse("tandem:tokens")

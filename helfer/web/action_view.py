"""Form → action → redirect, or the rule's sentence at its field."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from helfer.core.constraints import refusal_for
from helfer.core.errors import Conflict, IllegalTransition, NotAllowed, RuleViolation
from helfer.web.kinds import KindRequired

# Hidden field of every form: the same key with the same answers is the same press of the button.
FORM_KEY = "form_key"
REMEMBERED_SECONDS = 60 * 60 * 24

Words = str | Promise


class SeeOther(HttpResponseRedirect):
    """After a POST: look there, with GET."""

    status_code = 303


class ConfirmForm(forms.Form):
    """Nothing to fill in, only a button."""


FormT = TypeVar("FormT", bound=forms.BaseForm)


class ActionView(KindRequired, TemplateResponseMixin, ContextMixin, Generic[FormT]):
    """One form that leads to one action.

    Subclasses set ``form_class`` and write ``act``; with ``get_queryset`` the thing acted on is
    looked up among what the person may see. A refusal keeps everything typed.
    """

    form_class: ClassVar[type[forms.BaseForm]] = ConfirmForm
    template_name = "web/action.html"
    title: Words = ""
    intro: Words = ""
    submit_label: Words = _("Speichern")
    back_label: Words = _("Zurück")
    danger: bool = False
    success_message: Words = ""
    success_url_name: str = ""
    # The form's name of a field where the action calls it otherwise.
    fields_of_action: ClassVar[Mapping[str, str]] = {}

    object: Any = None
    result: Any = None

    # What a subclass writes

    @abstractmethod
    def act(self, form: FormT) -> Any:
        """Call one action with what the form says."""

    def get_queryset(self) -> QuerySet[Any] | None:
        """Where the thing acted on is looked up: ``Model.objects.visible_to(self.user)``."""
        return None

    def get_success_url(self) -> str:
        """Where to look afterwards."""
        if not self.success_url_name:
            return self.get_back_url()
        if isinstance(self.object, Model):
            return reverse(self.success_url_name, kwargs={"pk": self.object.pk})
        return reverse(self.success_url_name)

    def get_back_url(self) -> str:
        """Where "Zurück" leads."""
        return self.get_success_url() if self.success_url_name else "/"

    def get_success_message(self) -> str:
        """What is said when it is done."""
        return str(self.success_message)

    def get_about(self) -> str:
        """Whom or what the page is about, above its title."""
        return ""

    def get_initial(self) -> dict[str, Any]:
        """What the form starts with."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form is made of."""
        if self.request.method == "POST":
            return {"data": self.request.POST, "files": self.request.FILES, "initial": self.get_initial()}
        return {"initial": self.get_initial()}

    # How it runs

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = None
        self.result = None

    def find_object(self) -> None:
        """Read what is acted on; missing and foreign look the same."""
        queryset = self.get_queryset()
        if queryset is not None:
            self.object = get_object_or_404(queryset, pk=self.kwargs["pk"])

    def get_form(self) -> FormT:
        """The form, filled with what was sent."""
        form: Any = self.form_class(**self.get_form_kwargs())
        return form  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.find_object()
        return self.show(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pressed = self._press_of_the_button()
        # Before anything is looked up: what the first press did may have taken the object away.
        if pressed and (done_before := cache.get(pressed)):
            return SeeOther(done_before)
        self.find_object()
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            with transaction.atomic():
                done_before = self._wait_for_the_same_press(pressed)
                if done_before is not None:
                    return SeeOther(done_before)
                self.result = self.act(form)
                url = self.get_success_url()
                if pressed:
                    cache.set(pressed, url, REMEMBERED_SECONDS)
        except RuleViolation as refusal:
            return self.refuse(form, refusal)
        except DatabaseError as error:
            # Constraints may speak as late as the commit, when the press is remembered already.
            if pressed:
                cache.delete(pressed)
            found = refusal_for(error)
            if found is None:
                raise
            return self.refuse(form, found)
        if message := self.get_success_message():
            messages.success(request, message)
        return SeeOther(url)

    def refuse(self, form: FormT, refusal: RuleViolation) -> HttpResponse:
        """Show the refusal's sentence where it belongs, or nothing to whom it is none of their business."""
        named = self.fields_of_action.get(refusal.field or "", refusal.field)
        field = named if named in form.fields else None
        if isinstance(refusal, NotAllowed) and self.object is None and field is None:
            raise Http404
        form.add_error(field, str(refusal.message))
        status = 422
        if isinstance(refusal, NotAllowed):
            status = 403
        elif isinstance(refusal, Conflict | IllegalTransition):
            status = 409
        return self.show(form, status=status)

    def show(self, form: FormT, *, status: int = 200) -> HttpResponse:
        """The page with the form."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "object": self.object,
            "title": self.title,
            "about": self.get_about(),
            "intro": self.intro,
            "submit_label": self.submit_label,
            "back_label": self.back_label,
            "back_url": self.get_back_url(),
            "danger": self.danger,
        }
        return super().get_context_data(**context | kwargs)

    # The same press twice

    def _press_of_the_button(self) -> str:
        """A name for this very POST: person, address, one-time key and everything that was sent."""
        key = self.request.POST.get(FORM_KEY, "")
        if not key:
            return ""
        sent = [(name, self.request.POST.getlist(name)) for name in sorted(self.request.POST)]
        files = [
            (name, [(file.name, file.size) for file in self.request.FILES.getlist(name)])
            for name in sorted(self.request.FILES)
        ]
        sent = [(name, values) for name, values in sent if name != "csrfmiddlewaretoken"]
        described = repr((self.user.pk, self.request.path, sent, files))
        return f"press:{hashlib.sha256(described.encode()).hexdigest()}"

    def _wait_for_the_same_press(self, pressed: str) -> str | None:
        """Let a second, simultaneous POST wait for the first one, and return where that one led."""
        if not pressed:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [pressed])
        done: str | None = cache.get(pressed)
        return done

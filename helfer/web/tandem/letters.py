"""Letters to print, and messages that did not arrive."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.core.errors import NotAllowed, RuleViolation
from helfer.notifications.actions import letters_pdf, print_letters, send_again, settle_message
from helfer.notifications.kinds import letter_for
from helfer.notifications.models import Message, PrintBatch
from helfer.people.models import Kind, Office
from helfer.web.action_view import ActionView, ConfirmForm
from helfer.web.kinds import KindRequired

BATCHES_SHOWN = 20
MESSAGES_SHOWN = 50


class LettersPage(KindRequired, TemplateResponseMixin):
    """What waits for the printer, what was printed, and whom nothing reached."""

    kinds = {Kind.TANDEM}
    template_name = "web/tandem/letters.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        own = Office.objects.of_tandem(self.user)
        messages = Message.objects.filter(office__in=own)
        waiting = dict(
            messages.to_print()
            .order_by()
            .values_list("office")
            .annotate(count=Count("pk"))
            .values_list("office", "count")
        )
        failed = messages.failed().select_related("recipient", "office")
        batches = (
            PrintBatch.objects.filter(office__in=own)
            .select_related("office", "printed_by__person")
            .annotate(letters=Count("messages"))
            .order_by("-printed_at", "-pk")
        )
        context = {
            "piles": [(office, waiting.get(office.pk, 0)) for office in own.order_by("name")],
            "letters": [
                {"message": message, "subject": _subject(message)}
                for message in messages.to_print().select_related("recipient")[:MESSAGES_SHOWN]
            ],
            "more_letters": max(0, sum(waiting.values()) - MESSAGES_SHOWN),
            "failed": [
                {"message": message, "subject": _subject(message)} for message in failed[:MESSAGES_SHOWN]
            ],
            "more_failed": max(0, failed.count() - MESSAGES_SHOWN),
            "batches": batches[:BATCHES_SHOWN],
        }
        return self.render_to_response(context)


def _subject(message: Message) -> str:
    """What a message is about, in the words of its letter."""
    letter = letter_for(message)
    return letter.subject if letter is not None else _("hat sich erledigt")


class PrintLetters(ActionView[ConfirmForm]):
    """Print what waits; afterwards the batch lies among the printed ones and can be fetched."""

    kinds = {Kind.TANDEM}
    title = gettext_lazy("Briefe drucken")
    submit_label = gettext_lazy("Jetzt drucken")
    success_message = gettext_lazy("Der Stapel ist fertig. Bitte laden Sie die Datei und drucken Sie sie.")

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.of_tandem(self.user)

    def act(self, form: ConfirmForm) -> PrintBatch:
        return print_letters(office=self.object, by=self.user, at=self.now)

    def get_success_url(self) -> str:
        return reverse("tandem:letters") + "#stapel"


class BatchFile(KindRequired):
    """A batch's letters as a file for the printer, as often as it is needed."""

    kinds = {Kind.TANDEM}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        own = PrintBatch.objects.filter(office__in=Office.objects.of_tandem(self.user))
        batch = get_object_or_404(own, pk=pk)
        try:
            content = letters_pdf(batch_id=batch.pk, by=self.user, at=self.now)
        except NotAllowed:
            raise Http404 from None
        except RuleViolation as refusal:
            return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="briefe-{batch.printed_at:%Y-%m-%d}-{pk}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer


class _FailedMessage(ActionView[ConfirmForm]):
    kinds = {Kind.TANDEM}
    success_url_name = ""

    def get_queryset(self) -> QuerySet[Message]:
        own = Office.objects.of_tandem(self.user)
        return Message.objects.filter(office__in=own).select_related("recipient")

    def get_success_url(self) -> str:
        return reverse("tandem:letters")

    def get_back_url(self) -> str:
        return reverse("tandem:letters")


class SendAgain(_FailedMessage):
    """Try once more, after the address has been put right."""

    title = gettext_lazy("Erneut senden")
    submit_label = gettext_lazy("Erneut senden")
    success_message = gettext_lazy("Die Nachricht geht noch einmal hinaus.")

    def act(self, form: ConfirmForm) -> Message:
        return send_again(message_id=self.object.pk, by=self.user, at=self.now)


class Settle(_FailedMessage):
    """The person has been told otherwise."""

    title = gettext_lazy("Anders erledigt")
    submit_label = gettext_lazy("Die Person weiß Bescheid")
    success_message = gettext_lazy("Die Nachricht ist erledigt.")

    def act(self, form: ConfirmForm) -> Message:
        return settle_message(message_id=self.object.pk, by=self.user, at=self.now)

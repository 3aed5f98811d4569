"""Lists come in: send, look at what would happen, take all or the good rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin

from helfer.core.errors import Conflict
from helfer.core.import_report import ImportReport
from helfer.core.tables import Table, TableRefused, read_table, rejected_csv
from helfer.help_requests.actions import import_requests, preview_requests
from helfer.helpers.actions import import_helpers, preview_helpers
from helfer.people.models import Kind, Office
from helfer.web import kept_lists
from helfer.web.action_view import ActionView, ConfirmForm
from helfer.web.kinds import KindRequired

LARGEST_FILE = 20 * 1024 * 1024
# What one page can work off while somebody waits; more is the command's matter.
MOST_ROWS = 5000
ROWS_SHOWN = 20
FAULTS_SHOWN = 200


class ListKind(models.TextChoices):
    """What a list tells of."""

    HELPERS = "helpers", gettext_lazy("Helferinnen und Helfer")
    REQUESTS = "requests", gettext_lazy("Anfragen")


PREVIEWS: dict[str, Callable[..., ImportReport]] = {
    ListKind.HELPERS: preview_helpers,
    ListKind.REQUESTS: preview_requests,
}
IMPORTS: dict[str, Callable[..., ImportReport]] = {
    ListKind.HELPERS: import_helpers,
    ListKind.REQUESTS: import_requests,
}


class ListForm(forms.Form):
    """Which list, of which office."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Was steht in der Liste?"), choices=ListKind.choices, widget=forms.RadioSelect
    )
    office = forms.ModelChoiceField(
        label=gettext_lazy("Für welches Büro?"), queryset=Office.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Datei"),
        help_text=gettext_lazy(
            "Excel (.xlsx) oder CSV. In der ersten Zeile stehen die Namen der Spalten."
            " Noch wird nichts übernommen: Sie sehen zuerst, was geschehen würde."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Datei."),
            "empty": gettext_lazy("Die Datei ist leer."),
        },
    )

    def __init__(self, *args: Any, offices: models.QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Office]", self.fields["office"])
        field.queryset = offices.order_by("name")
        own = list(offices[:2])
        if len(own) == 1:
            field.widget = forms.HiddenInput()
            self.initial["office"] = own[0].pk

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("Die Datei ist größer als 20 MB. Bitte teilen Sie die Liste."))
        return upload


class SendList(ActionView[ListForm]):
    """Send a list; it is read and put aside, nothing is written."""

    kinds = {Kind.TANDEM}
    form_class = ListForm
    template_name = "web/tandem/import.html"
    title = gettext_lazy("Liste einlesen")
    submit_label = gettext_lazy("Prüfen")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"offices": Office.objects.of_tandem(self.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_office=Office.objects.of_tandem(self.user).exists(), **kwargs)

    def act(self, form: ListForm) -> kept_lists.KeptList:
        wanted = form.cleaned_data
        content = wanted["file"].read()
        _few_enough(read_table(content))
        return kept_lists.keep(
            content,
            user=self.user,
            office_id=wanted["office"].pk,
            kind=wanted["kind"],
            file_name=wanted["file"].name,
            at=self.now,
        )

    def get_success_url(self) -> str:
        return reverse("tandem:import_list", kwargs={"token": self.result.token})

    def get_back_url(self) -> str:
        return reverse("tandem:desk")


def _few_enough(table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        raise TableRefused(
            _("Die Liste hat %(rows)s Zeilen; auf einmal gehen höchstens %(most)s. Bitte teilen Sie sie.")
            % {"rows": len(table.rows), "most": MOST_ROWS}
        )


class OwnList(KindRequired):
    """One's own list of the last hour, for an office in whose tandem one still is."""

    kinds = {Kind.TANDEM}

    @cached_property
    def kept(self) -> kept_lists.KeptList:
        """The list; missing, old and foreign look the same."""
        kept = kept_lists.find(self.kwargs["token"], user=self.user, at=self.now)
        if kept is None or self.office_of(kept) is None:
            raise Http404
        return kept

    def office_of(self, kept: kept_lists.KeptList) -> Office | None:
        """The office the list is for."""
        return Office.objects.of_tandem(self.user).filter(pk=kept.office_id).first()

    @cached_property
    def table(self) -> Table:
        """The list, read."""
        return read_table(self.kept.content)

    @cached_property
    def report(self) -> ImportReport:
        """What taking the list would do now."""
        return PREVIEWS[self.kept.kind](
            table=self.table, by=self.user, at=self.now, office=self.office_of(self.kept)
        )


class ListPreview(OwnList, ActionView[ConfirmForm]):
    """What would happen; with the button that makes it happen."""

    template_name = "web/tandem/import_list.html"
    title = gettext_lazy("Liste prüfen")
    only_good_rows = False

    def find_object(self) -> None:
        self.object = self.kept

    def act(self, form: ConfirmForm) -> ImportReport | None:
        if self.kept.taken:
            return None
        report = IMPORTS[self.kept.kind](
            table=self.table,
            by=self.user,
            at=self.now,
            office=self.office_of(self.kept),
            skip_invalid=self.only_good_rows,
        )
        if not report.is_written:
            raise Conflict(_("Es wurde nichts übernommen, weil die Liste Fehler hat."))
        rejected = rejected_csv(self.table, report.faults_by_line()) if report.faults else ""
        self.object = kept_lists.note_taken(self.kept, taken=report.summary(), rejected=rejected)
        return report

    def get_success_url(self) -> str:
        return reverse("tandem:import_list", kwargs={"token": self.kept.token})

    def get_back_url(self) -> str:
        return reverse("tandem:import")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.object
        context: dict[str, Any] = {
            "kept": kept,
            "kind": ListKind(kept.kind).label,
            "office": self.office_of(kept),
            "has_rejected": bool(kept.rejected),
        }
        if not kept.taken:
            report = self.report
            context |= {
                "has_rejected": bool(report.faults),
                "report": report,
                "rows": report.rows[:ROWS_SHOWN],
                "more_rows": max(0, len(report.rows) - ROWS_SHOWN),
                "faults": report.faults[:FAULTS_SHOWN],
                "more_faults": max(0, len(report.faults) - FAULTS_SHOWN),
                "good": report.new + report.changed,
            }
        return super().get_context_data(**context | kwargs)

    def show(self, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
        try:
            return super().show(form, status=status)
        except TableRefused as refusal:
            # Columns are missing: there is nothing to preview, only this sentence to say.
            context = super().get_context_data(form=form, kept=self.object, refusal=str(refusal))
            context["kind"] = ListKind(self.object.kind).label
            return self.render_to_response(context, status=422)


class TakeGoodRows(ListPreview):
    """Take the rows without fault; the others stay as a file."""

    only_good_rows = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.http_method_not_allowed(request)


class DropList(OwnList, ActionView[ConfirmForm]):
    """Throw the list away."""

    success_url_name = "tandem:import"
    title = gettext_lazy("Liste verwerfen")
    submit_label = gettext_lazy("Verwerfen")
    success_message = gettext_lazy("Die Liste ist verworfen. Es wurde nichts übernommen.")

    def find_object(self) -> None:
        self.object = self.kept

    def act(self, form: ConfirmForm) -> None:
        kept_lists.forget(self.kept)


class RejectedRows(OwnList, TemplateResponseMixin):
    """The rows with faults as a file to put right and send again."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.kept.taken:
            content = self.kept.rejected
        else:
            try:
                faults = self.report.faults_by_line()
            except TableRefused:
                raise Http404 from None
            content = rejected_csv(self.table, faults).encode("utf-8-sig") if faults else b""
        if not content:
            raise Http404
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="fehlerhafte-zeilen.csv"'
        answer["Cache-Control"] = "no-store"
        return answer

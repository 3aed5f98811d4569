"""The questions of „Mitmachen“: one to a page, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import UNPAID, CompensationModel, EvidenceType, Role, Training
from helfer.core.days import berlin_day
from helfer.core.errors import RuleViolation
from helfer.core.languages import LANGUAGE_NAMES
from helfer.core.slots import HALF_DAY_NAMES, HALF_DAYS
from helfer.helpers.uploads import LARGEST_BYTES, made_safe
from helfer.people.models import Gender
from helfer.web.fields import DayField, DescribedChoices, SlotsField
from helfer.web.person_forms import PersonFields, phone_field
from helfer.web.public.answers import Answers
from helfer.web.public.ask_questions import MOST_SPOKEN
from helfer.web.public.questions import (
    NO,
    PlaceQuestion,
    Question,
    asked_if,
    choice_of,
    name_field,
    yes_or_no,
)

BY_PHONE, BY_MAIL, BY_LETTER = "phone", "email", "letter"


class Name(Question):
    page, title, joined = "name", gettext_lazy("Wie heißen Sie?"), " "
    given_name = name_field(gettext_lazy("Vorname"), filled_by="given-name")
    family_name = name_field(
        gettext_lazy("Nachname"),
        required=gettext_lazy("Bitte schreiben Sie Ihren Nachnamen."),
        filled_by="family-name",
    )


class Contact(Question):
    page, title, joined = "kontakt", gettext_lazy("Wie erreichen wir Sie?"), " "
    lead = gettext_lazy("Ein Weg genügt. Sie brauchen keine E-Mail-Adresse und kein Handy.")
    how = choice_of(
        label=gettext_lazy("Am liebsten so:"),
        choices=[
            (BY_PHONE, gettext_lazy("Bitte rufen Sie mich an.")),
            (BY_MAIL, gettext_lazy("Bitte schreiben Sie mir eine E-Mail.")),
            (BY_LETTER, gettext_lazy("Bitte schreiben Sie mir einen Brief.")),
        ],
    )
    phone = phone_field(gettext_lazy("Telefon oder Handy"))
    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse"),
        required=False,
        error_messages={"invalid": gettext_lazy("Diese E-Mail-Adresse ist nicht vollständig.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        how = cleaned.get("how")
        if how == BY_PHONE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Bitte schreiben Sie Ihre Telefonnummer."))
        if how == BY_MAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Bitte schreiben Sie Ihre E-Mail-Adresse."))
        return cleaned


class Home(PlaceQuestion):
    page, title = "wo", gettext_lazy("Wo wohnen Sie?")
    lead = gettext_lazy(
        "Wir suchen Menschen in Ihrer Nähe. Ihre Adresse sieht nur das Seniorenbüro. Sie steht nie auf einer "
        "Seite."
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        wants_letter = self.answers is not None and self.answers.said("kontakt", "how") == BY_LETTER
        if wants_letter and not self.errors:
            place = self.chosen_address
            if not (place.street and place.house_number and (place.postcode or place.town)):
                self.add_error(
                    "street", _("Für einen Brief brauchen wir Straße, Hausnummer und Postleitzahl.")
                )
        return cleaned


class AboutYou(Question):
    page, title = "ueber-sie", gettext_lazy("Ein wenig über Sie")
    lead = gettext_lazy(
        "Beides ist freiwillig. Manche Frauen wünschen sich nur eine Frau, und für manche Hilfen muss man "
        "volljährig sein."
    )
    birth_year = PersonFields.base_fields["birth_year"]
    gender = forms.ChoiceField(
        label=gettext_lazy("Geschlecht"),
        required=False,
        choices=[("", gettext_lazy("keine Angabe")), *Gender.choices],
        widget=forms.RadioSelect,
        initial="",
    )


class HowFar(Question):
    page, title = "weite", gettext_lazy("Wie weit möchten Sie gehen oder fahren?")
    radius_m = choice_of(
        label=gettext_lazy("Von zu Hause aus:"),
        choices=[
            ("500", gettext_lazy("nur um die Ecke, etwa 10 Minuten zu Fuß")),
            ("1000", gettext_lazy("etwa 20 Minuten zu Fuß (1 km)")),
            ("2000", gettext_lazy("ein paar Haltestellen (2 km)")),
            ("5000", gettext_lazy("im ganzen Stadtbezirk (5 km)")),
            ("10000", gettext_lazy("auch weiter (10 km)")),
        ],
    )


class Roles(Question):
    page, title = "taetigkeiten", gettext_lazy("Wobei möchten Sie helfen?")
    lead = gettext_lazy(
        "Kreuzen Sie an, was Ihnen liegt. Bei jeder Hilfe steht, was dazugehört und was nicht. Wissen Sie es "
        "noch nicht, lassen Sie alles frei: Dann sprechen wir darüber."
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Das kann ich mir vorstellen"), required=False, widget=DescribedChoices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        known = list(Role.objects.filter(is_active=True).order_by("name", "pk"))
        field.choices = [(role.slug, role.text("name")) for role in known]
        field.widget.about = {
            role.slug: [
                (_("Das gehört dazu"), role.text("does").splitlines()),
                (_("Das gehört nicht dazu"), role.text("does_not").splitlines()),
            ]
            for role in known
        }


class Times(Question):
    page, title = "wann", gettext_lazy("Wann hätten Sie Zeit?")
    lead = gettext_lazy("Kreuzen Sie an, was meistens passt. Sie können es jederzeit ändern.")
    times = SlotsField(label=gettext_lazy("Tage und Tageszeiten"), required=False)


class Languages(Question):
    page, title = "sprachen", gettext_lazy("Welche Sprachen sprechen Sie?")
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Bitte ankreuzen"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in MOST_SPOKEN],
        widget=forms.CheckboxSelectMultiple,
        initial=["de"],
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Sprache.")},
    )
    another = name_field(gettext_lazy("Eine andere Sprache"))


class HowMany(Question):
    page, title = "grenzen", gettext_lazy("Wie viel ist Ihnen recht?")
    max_people = choice_of(
        label=gettext_lazy("Wie vielen Menschen möchten Sie höchstens helfen?"),
        choices=[
            ("1", gettext_lazy("einem Menschen")),
            ("2", gettext_lazy("zwei Menschen")),
            ("3", gettext_lazy("drei Menschen")),
        ],
    )
    no_pets = forms.BooleanField(label=gettext_lazy("lieber ohne Haustiere"), required=False)
    no_smokers = forms.BooleanField(label=gettext_lazy("lieber ohne Raucherhaushalt"), required=False)

    def in_words(self) -> str:
        said = [str(dict(self.base_fields["max_people"].choices)[self.cleaned_data["max_people"]])]  # type: ignore[attr-defined]
        said += [
            str(self.fields[name].label) for name in ("no_pets", "no_smokers") if self.cleaned_data[name]
        ]
        return ", ".join(said)


class Money(Question):
    page, title = "geld", gettext_lazy("Soll es Geld dafür geben?")
    lead = gettext_lazy(
        "Viele helfen ohne Geld. Es gibt auch anderes. Kreuzen Sie an, was für Sie in Frage kommt; was im "
        "Einzelfall geht, besprechen wir."
    )
    compensation_models = forms.MultipleChoiceField(
        label=gettext_lazy("Das kommt für mich in Frage"),
        widget=DescribedChoices,
        initial=[UNPAID],
        error_messages={"required": gettext_lazy("Bitte wählen Sie mindestens eine Antwort.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = berlin_day(timezone.now())
        field: Any = self.fields["compensation_models"]
        known = list(CompensationModel.objects.filter(is_active=True).order_by("pk"))
        known.sort(key=lambda model: model.slug != UNPAID)
        field.choices = [(model.slug, model.text("name")) for model in known]
        field.widget.about = {
            model.slug: [
                (_("Was das ist"), [model.text("description"), *_rates(model, today)]),
                (_("Gut zu wissen"), model.text("conditions").splitlines()),
            ]
            for model in known
        }


def _rates(model: CompensationModel, today: Any) -> Iterator[str]:
    """What it comes to today, as examples."""
    valid = model.rates.filter(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today)
    for rate in valid.order_by("unit", "pk"):
        amount = rate.amount_eur.normalize()
        yield _("Höchstens %(amount)s Euro %(unit)s.") % {
            "amount": number_format(amount if amount % 1 else int(amount)),
            "unit": rate.get_unit_display(),
        }


class Held(Question):
    page, title = "schulungen", gettext_lazy("Haben Sie schon etwas davon?")
    lead = gettext_lazy("Wenn nicht, macht das nichts. Die Kurse sind kostenlos, und wir sagen Ihnen, wann.")
    trainings = forms.MultipleChoiceField(
        label=gettext_lazy("Das habe ich schon"), required=False, widget=DescribedChoices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["trainings"]
        known = list(Training.objects.filter(is_active=True).order_by("name", "pk"))
        field.choices = [(training.slug, training.text("name")) for training in known]
        field.widget.about = {
            training.slug: [("", [text])] for training in known if (text := training.text("description"))
        }


def _to_show(answers: Answers | None) -> list[Training]:
    """The trainings that this person has a paper of; what is only looked at is brought along."""
    if answers is None or Held.page not in answers.done:
        return []
    held = answers.typed.get(Held.page, {}).get("trainings", [])
    papers = Training.objects.filter(slug__in=held, is_active=True)
    return list(papers.exclude(evidence_type=EvidenceType.INSPECTION).order_by("name", "pk"))


class Proofs(Question):
    page, title = "nachweise", gettext_lazy("Haben Sie die Nachweise gerade da?")
    lead = gettext_lazy(
        "Ein Foto genügt. Haben Sie nichts da, lassen Sie alles frei und bringen die Nachweise zum Gespräch "
        "mit."
    )
    is_asked = asked_if(lambda answers: bool(_to_show(answers)))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: dict[str, str] = {}
        self.papers = {training.slug: training for training in _to_show(self.answers)}
        for slug, training in self.papers.items():
            name = training.text("name")
            known = self.answers is not None and f"file_{slug}" in self.answers.files
            self.fields[f"file_{slug}"] = forms.FileField(
                label=format_lazy(gettext_lazy("{name}: Foto oder PDF"), name=name),
                help_text=_("Ihre Datei ist schon da. Eine neue ersetzt sie.") if known else "",
                required=False,
            )
            self.fields[f"day_{slug}"] = DayField(
                label=format_lazy(gettext_lazy("{name}: Datum auf dem Nachweis"), name=name), required=False
            )

    def take_files(self, files: MultiValueDict[str, UploadedFile[Any]]) -> None:
        """Made anew at once, and kept beside the answers."""
        for slug in self.papers:
            sent = files.get(f"file_{slug}")
            if sent is None or self.answers is None:
                continue
            try:
                content = sent.read(LARGEST_BYTES + 1)
                self.answers.keep_file(f"file_{slug}", made_safe(content).content)
            except RuleViolation as refusal:
                self.refused[f"file_{slug}"] = str(refusal.message)

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        today = berlin_day(timezone.now())
        for field_name, sentence in self.refused.items():
            self.add_error(field_name, sentence)
        for slug in self.papers:
            day = cleaned.get(f"day_{slug}")
            has_file = self.answers is not None and f"file_{slug}" in self.answers.files
            if has_file and day is None and f"day_{slug}" not in self.errors:
                self.add_error(f"day_{slug}", _("Bitte schreiben Sie das Datum, das auf dem Nachweis steht."))
            elif day is not None and day > today:
                self.add_error(f"day_{slug}", _("Dieser Tag liegt in der Zukunft."))
        return cleaned

    def in_words(self) -> str:
        if self.answers is None:
            return ""
        sent = [each for slug, each in self.papers.items() if f"file_{slug}" in self.answers.files]
        rest = _("bringe ich mit") if len(sent) < len(self.papers) else ""
        return ", ".join([*(training.text("name") for training in sent), *([rest] if rest else [])])


class Card(Question):
    page, title = "karte", gettext_lazy("Dürfen andere lesen, dass es Ihr Angebot gibt?")
    answer = yes_or_no()

    @classmethod
    def lead_for(cls, answers: Answers) -> str:
        """With what the card would say of this offer."""
        slugs = answers.typed.get(Roles.page, {}).get("roles", [])
        roles = [role.text("name") for role in Role.objects.filter(slug__in=slugs).order_by("name", "pk")]
        times = answers.typed.get(Times.page, {}).get("times", [])
        halves = {slot.rpartition("-")[2] for slot in times}
        parts = [*roles, *(str(HALF_DAY_NAMES[half]) for half in HALF_DAYS if half in halves)]
        return _(
            "Auf unserer Seite stünde dann zum Beispiel: „%(card)s“, ohne Namen und ohne Adresse. Bevor "
            "etwas zu lesen ist, zeigt Ihnen das Büro Ihre Karte. Auch mit einem Nein können Sie helfen."
        ) % {"card": ", ".join([*parts, _("Ihr Stadtbezirk")])}


class More(Question):
    page, title = "noch-etwas", gettext_lazy("Möchten Sie uns noch etwas sagen?")
    remark = forms.CharField(
        label=gettext_lazy("Ihre Worte"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Receipt(Question):
    page, title = "bestaetigung", gettext_lazy("Möchten Sie eine Bestätigung?")
    lead = gettext_lazy("Wir melden uns in jedem Fall bei Ihnen.")
    how = choice_of()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = self.answers
        choices = [(NO, _("Nein, das ist nicht nötig."))]
        if answers is not None and answers.said(Contact.page, "email"):
            choices.append((BY_MAIL, _("Ja, per E-Mail.")))
        elif answers is not None and answers.said(Home.page, "street"):
            choices.append((BY_LETTER, _("Ja, als Brief.")))
        field: Any = self.fields["how"]
        field.choices = choices


QUESTIONS: tuple[type[Question], ...] = (
    Name,
    Contact,
    Home,
    AboutYou,
    Roles,
    Times,
    HowFar,
    Languages,
    HowMany,
    Money,
    Held,
    Proofs,
    Card,
    More,
    Receipt,
)

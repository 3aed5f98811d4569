"""The questions of „Hilfe suchen“: one to a page, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helfer.catalogue.models import Role
from helfer.core.languages import LANGUAGE_NAMES
from helfer.help_requests.models import Frequency
from helfer.people.models import CareLevel
from helfer.web.fields import SlotsField
from helfer.web.person_forms import BAD_PHONE, phone_field
from helfer.web.public.answers import Answers
from helfer.web.public.questions import (
    NO,
    YES,
    PlaceQuestion,
    Question,
    asked_if,
    choice_of,
    name_field,
    yes_or_no,
)

if TYPE_CHECKING:
    from helfer.web.public.questions import Words

UNSURE = "unsure"
SELF, OTHER = "self", "other"

# The office's catalogue, in the words of those who need it. An illness is never asked for.
SITUATIONS: dict[str, Words] = {
    "begleitung": gettext_lazy("Ich komme nicht mehr allein zum Arzt oder zum Amt."),
    "einkauf": gettext_lazy("Ich schaffe den Einkauf nicht mehr allein."),
    "besuch": gettext_lazy("Ich bin viel allein und hätte gern Besuch."),
    "haushalt": gettext_lazy("Ich brauche Hilfe in der Wohnung, zum Beispiel beim Putzen."),
    "telefon": gettext_lazy("Ich möchte, dass mich regelmäßig jemand anruft."),
    "fahrdienst": gettext_lazy("Ich brauche jemanden, der mich fährt."),
    "digital": gettext_lazy("Ich komme mit dem Handy oder dem Computer nicht zurecht."),
    "vorlesen": gettext_lazy("Ich kann nicht mehr gut lesen."),
    "garten": gettext_lazy("Im Garten oder in der Wohnung ist etwas zu richten."),
    "wohnberatung": gettext_lazy("Meine Wohnung passt nicht mehr zu mir, zum Beispiel das Bad."),
    "sprachmittlung": gettext_lazy("Ich brauche jemanden, der für mich übersetzt."),
}
MOST_SPOKEN = ("de", "tr", "ar", "ru", "uk", "pl", "en", "it", "el", "es", "ro", "fa")


def _for_oneself(answers: Answers) -> bool:
    return answers.said("fuer-wen", "who") == SELF


def _for_another(answers: Answers) -> bool:
    return answers.said("fuer-wen", "who") == OTHER


class ForWhom(Question):
    page, title = "fuer-wen", gettext_lazy("Für wen suchen Sie Hilfe?")
    who = choice_of(
        choices=[(SELF, gettext_lazy("Für mich selbst")), (OTHER, gettext_lazy("Für jemand anderen"))]
    )


class Relation(Question):
    page, title = "verhaeltnis", gettext_lazy("Wer sind Sie für diese Person?")
    is_asked = asked_if(_for_another)
    relation = choice_of(
        label=gettext_lazy("Ich bin …"),
        choices=[
            ("child", gettext_lazy("Tochter oder Sohn")),
            ("partner", gettext_lazy("Ehefrau, Ehemann oder Partner")),
            ("relative", gettext_lazy("anders verwandt")),
            ("friend", gettext_lazy("aus der Nachbarschaft oder befreundet")),
            ("proxy", gettext_lazy("bevollmächtigt oder rechtlich betreuend")),
            ("service", gettext_lazy("von einem Dienst, zum Beispiel Pflege oder Beratung")),
            ("other", gettext_lazy("etwas anderes")),
        ],
    )


class Knows(Question):
    page, title = "weiss-davon", gettext_lazy("Weiß die Person, dass Sie für sie fragen?")
    lead = gettext_lazy("Bevor jemand kommt, sprechen wir immer mit der Person selbst.")
    is_asked = asked_if(_for_another)
    knows = choice_of(
        choices=[
            (YES, gettext_lazy("Ja, sie weiß davon.")),
            (NO, gettext_lazy("Nein, noch nicht.")),
        ]
    )


class Situation(Question):
    page, title = "hilfe", gettext_lazy("Wobei brauchen Sie Hilfe?")
    situation = choice_of(label=gettext_lazy("Welcher Satz passt am besten?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            role.slug: role.text("name")
            for role in Role.objects.filter(is_active=True, shown_publicly_as=None).order_by("name", "pk")
        }
        own = [(slug, name) for slug, name in names.items() if slug not in SITUATIONS]
        field: Any = self.fields["situation"]
        field.choices = [
            *((slug, sentence) for slug, sentence in SITUATIONS.items() if slug in names),
            *own,
            (UNSURE, _("Ich weiß es nicht genau.")),
        ]

    @classmethod
    def lead_for(cls, answers: Answers) -> Words:
        if _for_another(answers):
            return _("Wählen Sie den Satz, den die Person selbst sagen würde.")
        return _("Wenn Sie unsicher sind, finden wir es am Telefon gemeinsam heraus.")


class Somebody(Question):
    page, title = "jemand", gettext_lazy("Gibt es schon jemanden, der helfen soll?")
    lead = gettext_lazy("Zum Beispiel eine Nachbarin, die das schon tut. Dann suchen wir niemanden.")
    has_somebody = choice_of(
        choices=[
            (NO, gettext_lazy("Nein, bitte suchen Sie jemanden.")),
            (YES, gettext_lazy("Ja, ich habe schon jemanden.")),
        ]
    )


class Named(Question):
    page, title = "wer-hilft", gettext_lazy("Wer soll helfen?")
    lead = gettext_lazy("Wir sprechen mit Ihnen beiden und kümmern uns um die Papiere.")
    is_asked = asked_if(lambda answers: answers.said("jemand", "has_somebody") == YES)
    name = name_field(
        gettext_lazy("Vorname und Nachname"), required=gettext_lazy("Bitte schreiben Sie den Namen.")
    )
    phone = phone_field(gettext_lazy("Telefon"))


class OwnName(Question):
    page, title, joined = "name", gettext_lazy("Wie heißen Sie?"), " "
    is_asked = asked_if(_for_oneself)
    given_name = name_field(gettext_lazy("Vorname"), filled_by="given-name")
    family_name = name_field(
        gettext_lazy("Nachname"),
        required=gettext_lazy("Bitte schreiben Sie Ihren Nachnamen."),
        filled_by="family-name",
    )


class TheirName(Question):
    page, title, joined = "wer-braucht-hilfe", gettext_lazy("Wer braucht Hilfe?"), " "
    is_asked = asked_if(_for_another)
    given_name = name_field(gettext_lazy("Vorname"))
    family_name = name_field(
        gettext_lazy("Nachname"), required=gettext_lazy("Bitte schreiben Sie den Nachnamen.")
    )
    phone = phone_field(gettext_lazy("Telefon der Person"))


class AskersName(Question):
    page, title, joined = "wer-sind-sie", gettext_lazy("Und wie heißen Sie selbst?"), " "
    is_asked = asked_if(_for_another)
    given_name = name_field(gettext_lazy("Vorname"), filled_by="given-name")
    family_name = name_field(
        gettext_lazy("Nachname"),
        required=gettext_lazy("Bitte schreiben Sie Ihren Nachnamen."),
        filled_by="family-name",
    )


class Place(PlaceQuestion):
    page, title = "wo", gettext_lazy("Wo wird die Hilfe gebraucht?")
    lead = gettext_lazy("Was Sie nicht wissen, lassen Sie frei. Eine Postleitzahl genügt.")


class Times(Question):
    page, title = "wann", gettext_lazy("Wann soll jemand kommen?")
    lead = gettext_lazy("Kreuzen Sie an, was passt. Ist es Ihnen gleich, lassen Sie alles frei.")
    times = SlotsField(label=gettext_lazy("Tage und Tageszeiten"), required=False)


class HowOften(Question):
    page, title = "wie-oft", gettext_lazy("Wie oft soll jemand kommen?")
    frequency = choice_of(choices=[*Frequency.choices, (UNSURE, gettext_lazy("Ich weiß es nicht genau."))])


class SinceWhen(Question):
    page, title = "seit-wann", gettext_lazy("Seit wann wird die Hilfe gebraucht?")
    since = choice_of(
        choices=[
            ("now", gettext_lazy("Seit wenigen Tagen")),
            ("weeks", gettext_lazy("Seit einigen Wochen")),
            ("long", gettext_lazy("Schon lange")),
            ("later", gettext_lazy("Erst in nächster Zeit")),
        ]
    )


class Languages(Question):
    page, title = "sprachen", gettext_lazy("Welche Sprachen werden gesprochen?")
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Bitte ankreuzen"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in MOST_SPOKEN],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=["de"],
    )
    another = name_field(gettext_lazy("Eine andere Sprache"))


class Wishes(Question):
    page, title = "wuensche", gettext_lazy("Haben Sie Wünsche?")
    wanted_gender = choice_of(
        label=gettext_lazy("Wer soll kommen?"),
        choices=[
            (UNSURE, gettext_lazy("Das ist mir gleich.")),
            ("w", gettext_lazy("Nur eine Frau")),
            ("m", gettext_lazy("Nur ein Mann")),
        ],
    )
    wishes = forms.CharField(
        label=gettext_lazy("Was sollen wir noch wissen?"),
        help_text=gettext_lazy("Bitte schreiben Sie hier nichts über Krankheiten."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HealthYes(Question):
    page, title = "gesundheitsangaben", gettext_lazy("Dürfen wir Angaben zu Ihrer Pflege aufbewahren?")
    lead = gettext_lazy(
        "Zum Beispiel den Pflegegrad. Nur Ihr Seniorenbüro sieht das. Sie können das Ja jederzeit "
        "zurücknehmen. Auch mit einem Nein rufen wir Sie an."
    )
    is_asked = asked_if(_for_oneself)
    answer = yes_or_no()


class Care(Question):
    page, title = "pflegegrad", gettext_lazy("Haben Sie einen Pflegegrad?")
    lead = gettext_lazy(
        "Mit einem Pflegegrad zahlt die Pflegekasse oft einen Teil der Hilfe. Das Seniorenbüro sagt Ihnen, "
        "was bei Ihnen geht. Nach einer Krankheit fragen wir nicht."
    )
    is_asked = asked_if(
        lambda answers: _for_oneself(answers) and answers.said("gesundheitsangaben", "answer") == YES
    )
    care_level = choice_of(
        choices=[
            (CareLevel.NONE, gettext_lazy("Nein")),
            (CareLevel.APPLIED, gettext_lazy("Er ist beantragt.")),
            *((level, level.label) for level in CareLevel if level.number),
            (UNSURE, gettext_lazy("Ja, aber ich weiß nicht welchen.")),
        ]
    )


class Phone(Question):
    page, title = "telefon", gettext_lazy("Unter welcher Nummer rufen wir Sie an?")
    phone = phone_field(gettext_lazy("Telefon oder Handy"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True
        self.fields["phone"].error_messages["required"] = BAD_PHONE


class CallTime(Question):
    page, title = "anruf", gettext_lazy("Wann rufen wir Sie am besten an?")
    best_time = choice_of(
        choices=[
            ("any", gettext_lazy("Immer")),
            ("vm", gettext_lazy("Am Vormittag")),
            ("nm", gettext_lazy("Am Nachmittag")),
        ]
    )


class Confirmation(Question):
    page, title = "bestaetigung", gettext_lazy("Möchten Sie eine Bestätigung?")
    lead = gettext_lazy("Wir rufen Sie in jedem Fall an.")
    how = choice_of()
    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse, wenn Sie eine E-Mail möchten"),
        required=False,
        error_messages={"invalid": gettext_lazy("Diese E-Mail-Adresse ist nicht vollständig.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, answers: Answers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, answers=answers, **kwargs)
        choices: list[tuple[str, Words]] = [
            (NO, _("Nein, der Anruf genügt.")),
            ("email", _("Ja, per E-Mail.")),
        ]
        has_street = answers is not None and answers.said("wo", "street")
        if answers is not None and _for_oneself(answers) and has_street:
            choices.append(("letter", _("Ja, als Brief.")))
        field: Any = self.fields["how"]
        field.choices = choices

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("how") == "email" and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Bitte schreiben Sie Ihre E-Mail-Adresse."))
        return cleaned


class TellHelperYes(Question):
    page, title = "weitergabe", gettext_lazy("Dürfen wir der Helferin oder dem Helfer das Nötige sagen?")
    lead = gettext_lazy(
        "Nur das, was für die Hilfe wichtig ist, und erst wenn Sie mit der Person einverstanden sind. "
        "Auch mit einem Nein rufen wir Sie an."
    )
    is_asked = asked_if(_for_oneself)
    answer = yes_or_no()


class ListingYes(Question):
    page, title = "aushang", gettext_lazy("Darf Ihre Anfrage ohne Namen auf unserer Seite stehen?")
    lead = gettext_lazy(
        "Dann melden sich vielleicht schneller Menschen, die helfen möchten. Zu lesen sind nur die Art der "
        "Hilfe und der Stadtbezirk. Auch mit einem Nein suchen wir für Sie."
    )
    is_asked = asked_if(_for_oneself)
    answer = yes_or_no()


QUESTIONS: tuple[type[Question], ...] = (
    ForWhom,
    Relation,
    Knows,
    Situation,
    Somebody,
    Named,
    OwnName,
    TheirName,
    Place,
    Times,
    HowOften,
    SinceWhen,
    Languages,
    Wishes,
    HealthYes,
    Care,
    AskersName,
    Phone,
    CallTime,
    Confirmation,
    TellHelperYes,
    ListingYes,
)
BY_PAGE = {question.page: question for question in QUESTIONS}

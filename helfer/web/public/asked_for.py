"""From the answered pages to what the domain is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from helfer.catalogue.models import Role
from helfer.help_requests.actions import AskedBy, AskedForHelp, RequestDetails
from helfer.help_requests.models import Frequency
from helfer.people.actions import PersonDetails
from helfer.people.models import CareLevel, ConsentKind
from helfer.web.public.ask_questions import BY_PAGE, UNSURE
from helfer.web.public.questions import YES, PlaceQuestion, Question

CONSENT_PAGES = {
    "gesundheitsangaben": ConsentKind.KEEP_HEALTH_DATA,
    "weitergabe": ConsentKind.TELL_HELPER,
}


def asked_for(forms: Mapping[str, Question], *, confirm: bool) -> AskedForHelp:
    """Everything that was said; every page has been checked. ``confirm``: whether a confirmation goes."""

    def said(page: str) -> Mapping[str, Any]:
        return forms[page].cleaned_data if page in forms else {}

    is_own = "verhaeltnis" not in forms
    phone = said("telefon")["phone"].as_e164
    how = said("bestaetigung")["how"]
    email = said("bestaetigung").get("email", "") if how == "email" else ""
    language = (translation.get_language() or "de")[:2]
    theirs = said("name" if is_own else "wer-braucht-hilfe")
    person = PersonDetails(
        family_name=theirs["family_name"],
        given_name=theirs["given_name"],
        phone=phone if is_own else theirs["phone"].as_e164 if theirs["phone"] else "",
        email=email if is_own else "",
        language=language if is_own else "de",
    )
    asked_by = None
    if not is_own:
        mine = said("wer-sind-sie")
        details = PersonDetails(
            family_name=mine["family_name"],
            given_name=mine["given_name"],
            phone=phone,
            email=email,
            language=language,
        )
        with translation.override("de"):
            relation = BY_PAGE["verhaeltnis"](data={"relation": said("verhaeltnis")["relation"]})
            relation.is_valid()
            asked_by = AskedBy(details=details, relation=relation.in_words())
    place = forms["wo"]
    if not isinstance(place, PlaceQuestion):
        raise TypeError(place)
    frequency = said("wie-oft")["frequency"]
    gender = said("wuensche")["wanted_gender"]
    return AskedForHelp(
        person=person,
        address=place.chosen_address,
        phone=phone,
        request=RequestDetails(
            role=Role.objects.filter(is_active=True, slug=said("hilfe")["situation"]).first(),
            frequency=Frequency.WEEKLY if frequency == UNSURE else frequency,
            times=said("wann")["times"],
            languages=said("sprachen")["languages"],
            wanted_gender="" if gender == UNSURE else gender,
            remark="\n".join(_for_the_office(forms)),
        ),
        care_level=_care_level(said("pflegegrad").get("care_level", "")),
        consents=[kind for page, kind in CONSENT_PAGES.items() if said(page).get("answer") == YES],
        asked_by=asked_by,
        wants_confirmation=confirm,
    )


def _care_level(said: str) -> CareLevel:
    return CareLevel(said) if said in CareLevel.values else CareLevel.NONE


def _for_the_office(forms: Mapping[str, Question]) -> Iterator[str]:
    """What has no field of its own, in the office's language."""
    with translation.override("de"):
        # Made again: the labels of the visitor's page may be in another language.
        again = {
            page: BY_PAGE[page](data=form.data)
            for page, form in forms.items()
            if page in ("weiss-davon", "seit-wann", "anruf")
        }
        yield _("Ohne Zugang online angefragt.")
        for page, label in (
            ("anruf", _("Am besten anrufen")),
            ("weiss-davon", _("Weiß die Person davon")),
            ("seit-wann", _("Hilfe gebraucht")),
        ):
            if page in again and again[page].is_valid():
                yield f"{label}: {again[page].in_words()}"
        if "wer-hilft" in forms:
            yield _("Bringt mit: %(who)s") % {"who": forms["wer-hilft"].in_words()}
        if forms["wie-oft"].cleaned_data["frequency"] == UNSURE:
            yield _("Wie oft: noch unklar")
        if "pflegegrad" in forms and forms["pflegegrad"].cleaned_data["care_level"] == UNSURE:
            yield _("Pflegegrad vorhanden, welcher ist noch unklar.")
        if "aushang" in forms and forms["aushang"].cleaned_data["answer"] == YES:
            yield _("Möchte ohne Namen auf der Seite stehen: Bitte zeigen Sie die Vorschau.")
        if another := forms["sprachen"].cleaned_data["another"]:
            yield _("Weitere Sprache: %(language)s") % {"language": another}
        if wishes := forms["wuensche"].cleaned_data["wishes"].strip():
            yield _("Wünsche: %(wishes)s") % {"wishes": wishes}

"""From the answered pages of „Mitmachen“ to what the domain is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from helfer.catalogue.models import CompensationModel, Role, Training
from helfer.helpers.actions import HandedIn, HelperDetails, OfferedHelp
from helfer.people.actions import PersonDetails
from helfer.web.public.answers import Answers
from helfer.web.public.questions import YES, PlaceQuestion, Question
from helfer.web.public.register_questions import BY_LETTER, BY_MAIL, BY_PHONE, Proofs


def offered(forms: Mapping[str, Question], answers: Answers, *, confirm: bool) -> OfferedHelp:
    """Everything that was said; every page has been checked."""
    said = {page: form.cleaned_data for page, form in forms.items()}
    home = forms["wo"]
    if not isinstance(home, PlaceQuestion):
        raise TypeError(home)
    contact, about, limits = said["kontakt"], said["ueber-sie"], said["grenzen"]
    return OfferedHelp(
        person=PersonDetails(
            family_name=said["name"]["family_name"],
            given_name=said["name"]["given_name"],
            birth_year=about["birth_year"],
            gender=about["gender"],
            phone=contact["phone"].as_e164 if contact["phone"] else "",
            email=contact["email"],
            language=(translation.get_language() or "de")[:2],
        ),
        address=home.chosen_address,
        details=HelperDetails(
            roles=list(Role.objects.filter(is_active=True, slug__in=said["taetigkeiten"]["roles"])),
            compensation_models=list(
                CompensationModel.objects.filter(slug__in=said["geld"]["compensation_models"])
            ),
            radius_m=int(said["weite"]["radius_m"]),
            languages=said["sprachen"]["languages"],
            times=said["wann"]["times"],
            max_people=int(limits["max_people"]),
            no_pets=limits["no_pets"],
            no_smokers=limits["no_smokers"],
        ),
        proofs=list(_proofs(forms.get("nachweise"), answers)),
        remark="\n".join(_for_the_office(forms)),
        wants_confirmation=confirm,
    )


def _proofs(form: Question | None, answers: Answers) -> Iterator[HandedIn]:
    if not isinstance(form, Proofs):
        return
    for slug, training in form.papers.items():
        file, day = answers.file(f"file_{slug}"), form.cleaned_data[f"day_{slug}"]
        if file and day:
            yield HandedIn(training=training, issued_on=day, file=file)


def _for_the_office(forms: Mapping[str, Question]) -> Iterator[str]:
    """What has no field of its own, in the office's language."""
    with translation.override("de"):
        yield _("Ohne Zugang online angemeldet.")
        yield {
            BY_PHONE: _("Bitte anrufen."),
            BY_MAIL: _("Bitte eine E-Mail schreiben."),
            BY_LETTER: _("Bitte einen Brief schreiben."),
        }[forms["kontakt"].cleaned_data["how"]]
        held = Training.objects.filter(slug__in=forms["schulungen"].cleaned_data["trainings"])
        if names := [training.name for training in held.order_by("name", "pk")]:
            yield _("Hat nach eigenen Worten: %(trainings)s") % {"trainings": ", ".join(names)}
        if forms["karte"].cleaned_data["answer"] == YES:
            yield _("Möchte auf der Seite stehen: Bitte zeigen Sie die Vorschau der Karte.")
        if another := forms["sprachen"].cleaned_data["another"]:
            yield _("Weitere Sprache: %(language)s") % {"language": another}
        if remark := forms["noch-etwas"].cleaned_data["remark"].strip():
            yield _("Sagt selbst: %(remark)s") % {"remark": remark}

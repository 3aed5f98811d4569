"""Why, and why not, in words for the tandem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from helfer.core.slots import slot_name
from helfer.helpers.models import HelperState
from helfer.matching.facts import DEFAULT_LANGUAGE, HelperFacts, RequestFacts

if TYPE_CHECKING:
    from helfer.matching.gates import Refusal

# Languages spoken in German cities that Django's own list does not name.
_MORE_LANGUAGES = {
    "am": _("Amharisch"),
    "ku": _("Kurdisch"),
    "ps": _("Paschtu"),
    "so": _("Somali"),
    "ti": _("Tigrinya"),
}
_KILOMETRE = 1000


class Points(NamedTuple):
    """What speaks for a helper beside the way, and what is open, as plain values that many have in common."""

    wished_times: int
    common_times: int
    # The preferred one first.
    asked_languages: tuple[str, ...]
    spoken_languages: tuple[str, ...]
    people: int
    max_people: int
    # Since the last proposal; None where there never was one.
    days: int | None
    know_each_other: bool
    pets_are_unclear: bool
    smokers_are_unclear: bool

    @classmethod
    def of(cls, request: RequestFacts, helper: HelperFacts) -> Points:
        """The two facts' points."""
        last = helper.last_proposed_on
        return cls(
            wished_times=len(request.times),
            common_times=len(request.times & helper.times),
            asked_languages=request.languages,
            spoken_languages=helper.languages,
            people=len(helper.serves),
            max_people=helper.max_people,
            days=None if last is None else (request.on - last).days,
            know_each_other=helper.ended_well_before,
            pets_are_unclear=helper.no_pets and not request.has_pets,
            smokers_are_unclear=helper.no_smokers and not request.has_smokers,
        )


class Words(NamedTuple):
    """Why a helper fits, the heaviest part first, and what is still to be clarified: that also by itself."""

    reasons: tuple[str, ...]
    clarify: tuple[str, ...]


def why(reader: str | None, request: RequestFacts, helper: HelperFacts) -> Words:
    """Why this helper fits.

    ``reader``, here and in what follows, is the language that is active, asked once for a whole list.
    """
    words = beside_the_way(reader, Points.of(request, helper))
    if request.at_a_distance:
        return Words((no_way(reader), *words.reasons), words.clarify)
    if helper.distance_m is None:
        return words
    is_exact = request.home_is_exact and helper.home_is_exact
    return Words((way(reader, helper.distance_m, is_exact), *words.reasons), words.clarify)


def beside_the_way(reader: str | None, points: Points) -> Words:
    """Why, but for the distance."""
    clarify = _to_clarify(reader, points.pets_are_unclear, points.smokers_are_unclear)
    sentences = (
        _times(reader, points.wished_times, points.common_times),
        _language(reader, points.asked_languages, points.spoken_languages),
        _workload(reader, points.people, points.max_people),
        _rotation(reader, points.days),
        _know_each_other(reader) if points.know_each_other else "",
        *clarify,
    )
    return Words(tuple(sentence for sentence in sentences if sentence), clarify)


def way(reader: str | None, distance_m: float, is_exact: bool) -> str:
    """How far it is."""
    return _way(reader, *_as_said(distance_m), is_exact)


def refusal_sentence(refusal: Refusal) -> str:
    """Why this gate is closed, and by how much."""
    return _SENTENCES[refusal.gate](refusal)


def metres(distance_m: float) -> str:
    """A distance as people say it: „412 m“, „1,4 km“; never rounded up."""
    return _metres(get_language(), *_as_said(distance_m))


def language_name(code: str) -> str:
    """The language in the reader's language, or its code where nobody named it."""
    if code in _MORE_LANGUAGES:
        return str(_MORE_LANGUAGES[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _as_said(distance_m: float) -> tuple[int, int]:
    """Whole metres, or from a kilometre on tenths of it: many distances are said alike."""
    if distance_m < _KILOMETRE:
        return int(distance_m), 0
    return 0, int(distance_m / _KILOMETRE * 10)


# What is said of many helpers alike is put together once for each language: looking a sentence up in the
# catalogues of all apps takes longer than searching the helper. ``reader`` only tells the languages apart.
_once = lru_cache(maxsize=4096)


@_once
def _metres(reader: str | None, whole: int, tenths: int) -> str:
    if not tenths:
        return gettext("%(metres)d m") % {"metres": whole}
    return gettext("%(kilometres)s km") % {"kilometres": number_format(tenths / 10, decimal_pos=1)}


@_once
def no_way(reader: str | None) -> str:
    """What is said of the distance where it does not matter."""
    return gettext("Die Entfernung spielt bei dieser Tätigkeit keine Rolle")


@_once
def _way(reader: str | None, whole: int, tenths: int, is_exact: bool) -> str:
    if is_exact:
        return gettext("%(distance)s entfernt") % {"distance": _metres(reader, whole, tenths)}
    return gettext("etwa %(distance)s entfernt, die genaue Adresse fehlt noch") % {
        "distance": _metres(reader, whole, tenths)
    }


@_once
def _times(reader: str | None, wished: int, common: int) -> str:
    if not wished:
        return ""
    if common == wished:
        return ngettext(
            "Kann zur gewünschten Zeit", "Kann an allen %(wished)d gewünschten Zeiten", wished
        ) % {"wished": wished}
    return gettext("Kann an %(common)d von %(wished)d gewünschten Zeiten") % {
        "common": common,
        "wished": wished,
    }


@_once
def _language(reader: str | None, asked: tuple[str, ...], speaks: tuple[str, ...]) -> str:
    spoken = [code for code in asked if code in speaks]
    if not spoken or asked == (DEFAULT_LANGUAGE,):
        return ""
    preferred = asked[0]
    if preferred in spoken:
        return gettext("Spricht %(languages)s") % {"languages": _listed(map(language_name, spoken))}
    return gettext("Spricht %(languages)s, aber nicht %(preferred)s") % {
        "languages": _listed(map(language_name, spoken)),
        "preferred": language_name(preferred),
    }


@_once
def _workload(reader: str | None, people: int, max_people: int) -> str:
    if not people:
        return gettext("Hilft zurzeit noch niemandem")
    return gettext("Hilft zurzeit %(people)d von höchstens %(max_people)d Personen") % {
        "people": people,
        "max_people": max_people,
    }


@_once
def _rotation(reader: str | None, days: int | None) -> str:
    if days is None:
        return gettext("Wurde noch nie vorgeschlagen")
    if days <= 0:
        return gettext("Wurde heute schon vorgeschlagen")
    return ngettext(
        "Wurde zuletzt gestern vorgeschlagen", "Wurde zuletzt vor %(days)d Tagen vorgeschlagen", days
    ) % {"days": days}


@_once
def _know_each_other(reader: str | None) -> str:
    return gettext("Die beiden kennen sich: Eine frühere Vermittlung ging gut zu Ende")


@_once
def _to_clarify(reader: str | None, pets: bool, smokers: bool) -> tuple[str, ...]:
    unknown: list[str] = []
    if pets:
        unknown.append(gettext("Haustiere: bitte klären"))
    if smokers:
        unknown.append(gettext("Raucher im Haushalt: bitte klären"))
    return tuple(unknown)


def _state(refusal: Refusal) -> str:
    if refusal.because == "paused":
        until = refusal.by["until"]
        if until is None:
            return gettext("Macht Pause, die Rückkehr ist offen.")
        return gettext("Macht Pause und ist am %(day)s wieder da.") % {"day": _day(until)}
    if not refusal.helper.is_present:
        return gettext("Diese Person ist nicht mehr da.")
    return gettext("Ist nicht aktiv (Stand: %(state)s).") % {
        "state": HelperState(refusal.helper.state).label,
    }


def _role(refusal: Refusal) -> str:
    return gettext("Bietet „%(role)s“ nicht an.") % {"role": refusal.request.role_name}


def _too_far(refusal: Refusal) -> str:
    over = refusal.by["metres_over"]
    if over is not None:
        return gettext("%(distance)s zu weit.") % {"distance": metres(over)}
    if not refusal.request.has_home:
        return gettext("Wo die hilfesuchende Person wohnt, ist noch nicht auf der Karte.")
    return gettext("Der Wohnort ist noch nicht auf der Karte.")


def _trainings(refusal: Refusal) -> str:
    names = refusal.request.training_names
    sentences = []
    if refusal.by["missing"]:
        sentences.append(
            gettext("Es fehlt: %(trainings)s.") % {"trainings": _named(refusal.by["missing"], names)}
        )
    for slug, day in refusal.by["expired"].items():
        sentences.append(
            gettext("„%(training)s“ ist am %(day)s abgelaufen.")
            % {"training": names.get(slug, slug), "day": _day(day)}
        )
    return " ".join(sentences)


def _capacity(refusal: Refusal) -> str:
    people = refusal.by["people"]
    return ngettext(
        "Hilft schon %(people)d Person und möchte nicht mehr übernehmen.",
        "Hilft schon %(people)d Personen und möchte nicht mehr übernehmen.",
        people,
    ) % {"people": people}


def _compensation(refusal: Refusal) -> str:
    names = refusal.request.model_names
    if refusal.because == "respite_care":
        return gettext("Verhinderungspflege setzt einen Pflegegrad von 2 bis 5 voraus.")
    if refusal.because:
        return gettext("„%(model)s“ passt nicht zu Anfrage, Tätigkeit und Helferprofil zugleich.") % {
            "model": names.get(refusal.because, refusal.because)
        }
    return gettext("Kein gemeinsames finanzielles Modell: angefragt %(offered)s, möglich %(accepted)s.") % {
        "offered": _named(refusal.by["offered"], names),
        "accepted": _named(refusal.by["accepted"], names) or gettext("keines"),
    }


_RELIEF_AMOUNT = {
    "people": noop("Hilft im Rahmen des Entlastungsbetrags schon so vielen Personen, wie das Land erlaubt."),
    "tie": noop(
        "Kein Entlastungsbetrag: verwandt, verschwägert, im gleichen Haushalt oder eingetragene Pflegeperson."
    ),
    "qualification": noop("Für den Entlastungsbetrag fehlt die Qualifikation, die das Land verlangt."),
    "pflegegrad": noop("Der Entlastungsbetrag setzt einen anerkannten Pflegegrad voraus."),
    "age": noop("Für den Entlastungsbetrag fehlt das Mindestalter, oder das Geburtsjahr ist nicht bekannt."),
    "land": noop("Für den Entlastungsbetrag ist hier keine Landesregel eingetragen, die Einzelne zulässt."),
    "not_at_home": noop("Den Entlastungsbetrag gibt es nur für Menschen, die zu Hause leben."),
}


def _relief_amount(refusal: Refusal) -> str:
    return gettext(_RELIEF_AMOUNT[refusal.because or refusal.by["why"]])


def _no_common_language(refusal: Refusal) -> str:
    speaks = _listed(map(language_name, refusal.by["speaks"]))
    if not speaks:
        return gettext("Keine gemeinsame Sprache: Es ist keine eingetragen.")
    return gettext("Keine gemeinsame Sprache: spricht %(languages)s.") % {"languages": speaks}


def _no_common_time(refusal: Refusal) -> str:
    has = _listed(map(slot_name, refusal.by["has"]))
    if not has:
        return gettext("Keine gemeinsame Zeit: Es ist keine eingetragen.")
    return gettext("Keine gemeinsame Zeit: kann %(times)s.") % {"times": has}


def _wishes(refusal: Refusal) -> str:
    which = refusal.by["which"]
    if which == "pets":
        return gettext("Möchte nicht in einen Haushalt mit Haustieren.")
    if which == "smokers":
        return gettext("Möchte nicht in einen Haushalt, in dem geraucht wird.")
    if refusal.request.wanted_gender == "w":
        return gettext("Gewünscht ist eine Frau.")
    return gettext("Gewünscht ist ein Mann.")


_PAIR = {
    "same": noop("Das ist dieselbe Person."),
    "blocked": noop("Zwischen diesen beiden Personen besteht eine Sperre."),
    "only_for": noop("Hilft nur einer bestimmten anderen Person."),
    "open": noop("Für dieses Paar gibt es zu dieser Anfrage schon eine Vermittlung."),
    "refused": noop(
        "Eine Vermittlung dieses Paares zu dieser Anfrage wurde schon abgelehnt oder zurückgezogen."
    ),
}


def _pair(refusal: Refusal) -> str:
    return gettext(_PAIR[refusal.because])


_SENTENCES: Mapping[str, Callable[[Refusal], str]] = {
    "state": _state,
    "role": _role,
    "distance": _too_far,
    "trainings": _trainings,
    "capacity": _capacity,
    "compensation": _compensation,
    "relief_amount": _relief_amount,
    "language": _no_common_language,
    "times": _no_common_time,
    "wishes": _wishes,
    "pair": _pair,
}


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT")


def _named(slugs: Iterable[str], names: Mapping[str, str]) -> str:
    return _listed(names.get(slug, slug) for slug in slugs)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)

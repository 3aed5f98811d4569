"""The languages people speak, by ISO 639-1; German names for those that offices meet most."""

from __future__ import annotations

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

ISO_639_1 = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii
    ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk
    ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc
    sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
    vi vo wa wo xh yi yo za zh zu""".split()
)

LANGUAGE_NAMES = {
    "de": _("Deutsch"),
    "tr": _("Türkisch"),
    "ar": _("Arabisch"),
    "ru": _("Russisch"),
    "uk": _("Ukrainisch"),
    "pl": _("Polnisch"),
    "en": _("Englisch"),
    "fr": _("Französisch"),
    "es": _("Spanisch"),
    "it": _("Italienisch"),
    "pt": _("Portugiesisch"),
    "el": _("Griechisch"),
    "nl": _("Niederländisch"),
    "ro": _("Rumänisch"),
    "bg": _("Bulgarisch"),
    "hr": _("Kroatisch"),
    "sr": _("Serbisch"),
    "bs": _("Bosnisch"),
    "sq": _("Albanisch"),
    "mk": _("Mazedonisch"),
    "hu": _("Ungarisch"),
    "cs": _("Tschechisch"),
    "sk": _("Slowakisch"),
    "fa": _("Persisch"),
    "ps": _("Paschtu"),
    "ku": _("Kurdisch"),
    "ti": _("Tigrinya"),
    "so": _("Somali"),
    "vi": _("Vietnamesisch"),
    "zh": _("Chinesisch"),
    "ta": _("Tamil"),
    "hi": _("Hindi"),
    "ur": _("Urdu"),
    "ko": _("Koreanisch"),
    "ja": _("Japanisch"),
}


def language_name(code: str) -> str:
    """The language in words, or its code where it has no name here."""
    return str(LANGUAGE_NAMES.get(code, code))


def isolated(words: object) -> str:
    """For text without markup: among words from right to left, a number keeps the order of its groups."""
    return f"\u2068{words}\u2069" if get_language_bidi() else str(words)

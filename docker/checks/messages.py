"""Compares the sentences in the code with helfer/locale: German is the source, so English must be complete.

The further languages must be complete for what residents read, and hold nothing else: see RESIDENTS.
With --write it gathers new sentences into the catalogues instead.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.makemessages import Command as MakeMessages

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ["helfer", "cms", "templates"]
LOCALE = Path("helfer/locale")
ENGLISH = LOCALE / "en/LC_MESSAGES/django.po"
# Folder of each further language, and how it counts.
FURTHER = {
    "ar": "nplurals=6; "
    "plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
    "de_Simple": "nplurals=2; plural=(n != 1);",
    "tr": "nplurals=2; plural=(n > 1);",
}
# Where the sentences stand that somebody reads who does not work for an office; ends in "/" or names a file.
RESIDENTS = (
    "cms/addresses.py",
    "cms/context.py",
    "cms/models/events.py",
    "cms/models/news.py",
    "cms/models/offices.py",
    "cms/office_finder.py",
    "cms/search.py",
    "helfer/catalogue/kinds.py",
    "helfer/core/constraints.py",
    "helfer/core/days.py",
    "helfer/core/languages.py",
    "helfer/core/limits.py",
    "helfer/core/slots.py",
    "helfer/help_requests/actions/asking.py",
    "helfer/help_requests/actions/listing.py",
    "helfer/help_requests/models.py",
    "helfer/help_requests/notices.py",
    "helfer/helpers/actions/certifying.py",
    "helfer/helpers/actions/listing.py",
    "helfer/helpers/actions/offering.py",
    "helfer/helpers/actions/pausing.py",
    "helfer/helpers/models.py",
    "helfer/helpers/notices.py",
    "helfer/helpers/public_cards.py",
    "helfer/helpers/uploads.py",
    "helfer/matching/actions/agreeing.py",
    "helfer/matching/actions/interest.py",
    "helfer/matching/guards/sentences.py",
    "helfer/matching/lifecycle.py",
    "helfer/matching/notices.py",
    "helfer/matching/own_data.py",
    "helfer/matching/permissions.py",
    "helfer/notifications/delivery/",
    "helfer/notifications/kinds.py",
    "helfer/notifications/notices.py",
    "helfer/people/actions/complaints.py",
    "helfer/people/models/complaints.py",
    "helfer/people/models/consents.py",
    "helfer/people/models/persons.py",
    "helfer/people/models/seekers.py",
    "helfer/places/search.py",
    "helfer/web/context.py",
    "helfer/web/fields.py",
    "helfer/web/helper/",
    "helfer/web/helper_forms.py",
    "helfer/web/lists.py",
    "helfer/web/maps.py",
    "helfer/web/navigation.py",
    "helfer/web/own_matches.py",
    "helfer/web/person_forms.py",
    "helfer/web/public/",
    "helfer/web/public_cards.py",
    "helfer/web/seeker/",
    "helfer/web/sign_in/",
    "helfer/web/standing.py",
    "helfer/web/templatetags/",
    "templates/400.html",
    "templates/403.html",
    "templates/403_csrf.html",
    "templates/404.html",
    "templates/500.html",
    "templates/account/",
    "templates/allauth/",
    "templates/base.html",
    "templates/cms/",
    "templates/cotton/",
    "templates/notifications/",
    "templates/web/_",
    "templates/web/helper/",
    "templates/web/public/",
    "templates/web/seeker/",
)
# Parts of pages for the offices that lie among the others.
NOT_FOR_RESIDENTS = ("templates/cotton/score", "templates/cotton/signatures", "templates/web/_drill")


def gather(folder: Path) -> polib.POFile:
    """Read every sentence below the folder into a fresh copy of its English catalogue."""
    settings.configure(LOCALE_PATHS=[str(folder / LOCALE)], USE_I18N=True)
    os.chdir(folder)
    call_command(
        MakeMessages(), locale=["en"], add_location="file", no_wrap=True, no_obsolete=False, verbosity=0
    )
    return polib.pofile(str(folder / ENGLISH), wrapwidth=0)


def is_for_residents(entry: polib.POEntry) -> bool:
    return any(
        path.startswith(RESIDENTS) and not path.startswith(NOT_FOR_RESIDENTS)
        for path, _line in entry.occurrences
    )


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def plural_forms(language: str) -> int:
    return int(FURTHER[language].split("=")[1].split(";")[0])


def further(language: str, gathered: polib.POFile) -> polib.POFile:
    """The catalogue of a further language: what residents read today, with the translations it has."""
    path = ROOT / catalogue_of(language)
    known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    forms = plural_forms(language)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "MIME-Version": "1.0",
        "Plural-Forms": FURTHER[language],
    }
    for entry in filter(is_for_residents, gathered):
        if entry.obsolete:
            continue
        there = known.get((entry.msgctxt, entry.msgid))
        same = there is not None and there.msgid_plural == entry.msgid_plural
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgctxt=entry.msgctxt,
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
                msgstr=there.msgstr if same else "",
                msgstr_plural=(there.msgstr_plural if same else dict.fromkeys(range(forms), ""))
                if entry.msgid_plural
                else {},
            )
        )
    return catalogue


def main() -> int:
    # A copy, so that checking never changes the working tree.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in SOURCES:
            if (ROOT / source).is_dir():
                ignore = shutil.ignore_patterns("static", "migrations", "__pycache__", "*.mo")
                shutil.copytree(ROOT / source, folder / source, ignore=ignore)
        (folder / ENGLISH).parent.mkdir(parents=True, exist_ok=True)
        gathered = gather(folder)
        others = {language: further(language, gathered) for language in FURTHER}
        if "--write" in sys.argv:
            write(gathered, others)
            return 0
        faults = english_faults(gathered) + format_faults(folder / ENGLISH, ENGLISH)
        for language, catalogue in others.items():
            faults += further_faults(language, catalogue)
    if faults:
        print(
            "The catalogues are not complete; `make messages` gathers what is missing:", *faults, sep="\n  "
        )
        return 1
    print(f"{len(gathered)} sentences in German and English, {len(others['tr'])} of them in all languages.")
    return 0


def write(gathered: polib.POFile, others: dict[str, polib.POFile]) -> None:
    for header in ("POT-Creation-Date", "Report-Msgid-Bugs-To"):
        gathered.metadata.pop(header, None)
    for path, catalogue in ((ENGLISH, gathered), *((catalogue_of(code), po) for code, po in others.items())):
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(ROOT / path))
        print(f"{len(catalogue.untranslated_entries())} sentences wait to be translated in {path}.")


def english_faults(gathered: polib.POFile) -> list[str]:
    return [
        *(f"not translated: {entry.msgid!r} ({places(entry)})" for entry in gathered.untranslated_entries()),
        *(f"only guessed (fuzzy): {entry.msgid!r} ({places(entry)})" for entry in gathered.fuzzy_entries()),
        *(f"no longer used: {entry.msgid!r}" for entry in gathered.obsolete_entries()),
    ]


def further_faults(language: str, wanted: polib.POFile) -> list[str]:
    path = ROOT / catalogue_of(language)
    there = polib.pofile(str(path)) if path.exists() else polib.POFile()
    written = {(entry.msgctxt, entry.msgid) for entry in there}
    forms = plural_forms(language)
    needed = {(entry.msgctxt, entry.msgid) for entry in wanted}
    return [
        *(
            f"{language}: not translated: {entry.msgid!r} ({places(entry)})"
            for entry in wanted.untranslated_entries()
        ),
        *(
            f"{language}: no resident reads: {msgid!r}"
            for _context, msgid in sorted(written - needed, key=str)
        ),
        *(f"{language}: only guessed (fuzzy): {entry.msgid!r}" for entry in there.fuzzy_entries()),
        *(f"{language}: no longer used: {entry.msgid!r}" for entry in there.obsolete_entries()),
        *(
            f"{language}: {forms} plural forms are needed: {entry.msgid!r}"
            for entry in there
            if entry.msgid_plural and set(entry.msgstr_plural) != set(range(forms))
        ),
        *(format_faults(path, catalogue_of(language)) if path.exists() else []),
    ]


def format_faults(path: Path, name: Path) -> list[str]:
    check = subprocess.run(
        ["msgfmt", "--check-format", "-o", os.devnull, str(path)], capture_output=True, text=True, check=False
    )
    return [f"{name}: {check.stderr.strip()}"] if check.returncode else []


def places(entry: polib.POEntry) -> str:
    return ", ".join(path for path, _ in entry.occurrences)


if __name__ == "__main__":
    sys.exit(main())

"""Compares the sentences in the code with helfer/locale: German is the source, so English must be complete.

With --write it gathers new sentences into the catalogue instead.
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
CATALOGUE = Path("helfer/locale/en/LC_MESSAGES/django.po")


def gather(folder: Path) -> polib.POFile:
    """Read every sentence below the folder into a fresh copy of its English catalogue."""
    settings.configure(LOCALE_PATHS=[str(folder / "helfer" / "locale")], USE_I18N=True)
    os.chdir(folder)
    call_command(
        MakeMessages(), locale=["en"], add_location="file", no_wrap=True, no_obsolete=False, verbosity=0
    )
    return polib.pofile(str(folder / CATALOGUE))


def main() -> int:
    # A copy, so that checking never changes the working tree.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in SOURCES:
            if (ROOT / source).is_dir():
                ignore = shutil.ignore_patterns("static", "migrations", "__pycache__", "*.mo")
                shutil.copytree(ROOT / source, folder / source, ignore=ignore)
        (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        gathered = gather(folder)
        if "--write" in sys.argv:
            (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / CATALOGUE, ROOT / CATALOGUE)
            print(f"{len(gathered.untranslated_entries())} sentences wait for their English in {CATALOGUE}.")
            return 0
        faults = [
            *(
                f"not translated: {entry.msgid!r} ({places(entry)})"
                for entry in gathered.untranslated_entries()
            ),
            *(
                f"only guessed (fuzzy): {entry.msgid!r} ({places(entry)})"
                for entry in gathered.fuzzy_entries()
            ),
            *(f"no longer used: {entry.msgid!r}" for entry in gathered.obsolete_entries()),
        ]
        format_check = subprocess.run(
            ["msgfmt", "--check-format", "-o", os.devnull, str(folder / CATALOGUE)],
            capture_output=True,
            text=True,
            check=False,
        )
        if format_check.returncode:
            faults.append(format_check.stderr.strip())
    if faults:
        print(f"{CATALOGUE} is not complete; `make messages` gathers what is missing:", *faults, sep="\n  ")
        return 1
    print(f"{len(gathered)} sentences, German and English complete.")
    return 0


def places(entry: polib.POEntry) -> str:
    return ", ".join(path for path, _ in entry.occurrences)


if __name__ == "__main__":
    sys.exit(main())

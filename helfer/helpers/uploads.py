"""Files that people send as proofs: taken apart and made anew, so that nothing hides in them."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from helfer.core.errors import Conflict

LARGEST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 50
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3_000
PICTURES = ("JPEG", "PNG", "WEBP")
# All of a page that goes on; whatever does something or carries something else is left behind.
PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents"}
)


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file made anew."""

    content: bytes
    suffix: str


def made_safe(content: bytes) -> SafeFile:
    """The proof as a harmless PDF or picture. Raises ``Conflict`` at the field ``file``."""
    if not content:
        raise _refused(_("Die Datei ist leer."))
    if len(content) > LARGEST_BYTES:
        raise _refused(_("Die Datei ist größer als 10 MB. Bitte schicken Sie eine kleinere."))
    if content.startswith(b"%PDF-"):
        return SafeFile(_pdf(content), ".pdf")
    return SafeFile(_picture(content), ".jpg")


def _pdf(content: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                raise _refused(
                    _("Das PDF hat mehr als %(count)s Seiten. Bitte nur den Nachweis schicken.")
                    % {"count": MOST_PAGES}
                )
            if not len(document.pages):
                raise _refused(_("Das PDF hat keine Seite."))
            # What was filled into a form is drawn onto the page.
            document.flatten_annotations(mode="all")
            return _pages_alone(document)
    except pikepdf.PasswordError as error:
        raise _refused(
            _("Das PDF ist mit einem Kennwort geschützt. Bitte ohne Kennwort schicken.")
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, RecursionError) as error:
        raise _refused(_("Das PDF ist beschädigt und lässt sich nicht lesen.")) from error


def _pages_alone(document: pikepdf.Pdf) -> bytes:
    """The pages in a document of their own: no scripts, no attachments, no word of who made it."""
    fresh = pikepdf.new()
    fresh.pages.extend(document.pages)
    for page in fresh.pages:
        for key in set(page.obj.keys()) - PAGE_KEYS:
            del page.obj[key]
    target = io.BytesIO()
    fresh.save(target)
    return target.getvalue()


_one_at_a_time = threading.Lock()


@contextmanager
def _nothing_cut_off() -> Iterator[None]:
    """Refuse pictures that end too early; the maker of letters switches that off for the whole process."""
    with _one_at_a_time:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _picture(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings(), _nothing_cut_off():
            # Pillow only warns of a picture that unpacks to gigabytes.
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=PICTURES) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _refused(_("Das Bild ist zu groß: höchstens 40 Millionen Bildpunkte."))
                picture.load()
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # Only the points of the picture go on: no place, no camera, nothing behind the end.
        target = io.BytesIO()
        upright.save(target, "JPEG", quality=85)
        return target.getvalue()
    except UnidentifiedImageError as error:
        raise _refused(_("Diese Datei ist weder ein PDF noch ein Bild (JPEG, PNG, WebP).")) from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise _refused(_("Das Bild ist beschädigt oder zu groß.")) from error


def _refused(sentence: str) -> Conflict:
    return Conflict(sentence, code="file", field="file")

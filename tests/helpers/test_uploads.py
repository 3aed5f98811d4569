"""Files that people send are made anew, so that nothing hides in them."""

from __future__ import annotations

import io
import struct
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from helfer.core.errors import Conflict
from helfer.helpers.uploads import LARGEST_BYTES, MOST_PAGES, made_safe


def pdf(*, pages: int = 1, password: str = "", armed: bool = False) -> bytes:
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page()
    if armed:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('Hallo')")
        document.Root.OpenAction = script
        document.Root.AA = pikepdf.Dictionary(WC=script)
        document.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=["x", document.make_indirect(script)])
        )
        document.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        document.pages[0].obj.Annots = pikepdf.Array(
            [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=script)]
        )
        document.attachments["geheim.txt"] = b"geheim"
        document.docinfo["/Author"] = "Erika Mustermann"
    stream = io.BytesIO()
    document.save(stream, encryption=pikepdf.Encryption(owner=password, user=password) if password else None)
    return stream.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 20), **arguments: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind, **arguments)
    return stream.getvalue()


def test_a_pdf_loses_its_scripts_attachments_and_author() -> None:
    safe = made_safe(pdf(armed=True))
    assert safe.suffix == ".pdf"
    assert safe.content.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(safe.content)) as document:
        assert "/OpenAction" not in document.Root
        assert "/AA" not in document.Root
        assert not document.attachments
        assert "/Annots" not in document.pages[0].obj
        assert "/AA" not in document.pages[0].obj
    flat = io.BytesIO()
    with pikepdf.open(io.BytesIO(safe.content)) as document:
        document.save(flat, stream_decode_level=pikepdf.StreamDecodeLevel.all, qdf=True)
    for word in (b"JavaScript", b"app.alert", b"geheim", b"Mustermann"):
        assert word not in flat.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_plain_jpeg(kind: str) -> None:
    safe = made_safe(picture(kind) + b"<script>alert(1)</script>")
    assert safe.suffix == ".jpg"
    assert safe.content.startswith(b"\xff\xd8\xff")
    assert b"script" not in safe.content


def test_where_and_with_what_a_picture_was_taken_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Kamera 7"
    exif[0x0112] = 6
    with Image.open(io.BytesIO(made_safe(picture("JPEG", exif=exif)).content)) as made:
        assert not made.getexif()
        # Turned as it was held.
        assert made.size == (20, 40)


def test_a_huge_picture_becomes_a_handy_one() -> None:
    with Image.open(io.BytesIO(made_safe(picture("PNG", (4000, 100))).content)) as made:
        assert made.width == 3000


def bomb() -> bytes:
    """A picture of a hundred million points in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "leer"),
        (b"%PDF-1.7 kaputt", "beschädigt"),
        (b"<script>alert(1)</script>%PDF-1.7", "weder ein PDF noch ein Bild"),
        (b"GIF89a" + b"\0" * 50, "weder ein PDF noch ein Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "weder ein PDF noch ein Bild"),
        (b"\xff\xd8\xff\xe0kaputt", "weder ein PDF noch ein Bild|beschädigt"),
        (picture("PNG")[:60], "beschädigt|weder"),
        (bomb(), "groß"),
        (b"x" * (LARGEST_BYTES + 1), "10 MB"),
        (pdf(pages=MOST_PAGES + 1), "mehr als 50 Seiten"),
        (pdf(pages=0), "keine Seite|beschädigt"),
        (pdf(password="geheim"), "Kennwort"),
    ],
)
def test_what_is_no_proof_is_refused_at_its_field(content: bytes, sentence: str) -> None:
    with pytest.raises(Conflict, match=sentence) as refusal:
        made_safe(content)
    assert refusal.value.field == "file"


@given(st.sampled_from([b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]), st.binary(max_size=300))
def test_no_bytes_break_it(start: bytes, rest: bytes) -> None:
    try:
        made_safe(start + rest)
    except Conflict as refusal:
        assert str(refusal)

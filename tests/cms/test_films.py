"""Films come in parts, as players ask for them; and only to those who may see the file."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

pytestmark = pytest.mark.django_db

WORDS = b"0123456789"


@pytest.fixture
def film(settings: Any, tmp_path: Any) -> Document:
    settings.MEDIA_ROOT = str(tmp_path)
    return Document.objects.create(title="Film", file=ContentFile(WORDS, name="film.mp4"))


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-4", 206, b"6789", "bytes 6-9/10"),
        ("bytes=8-400", 206, b"89", "bytes 8-9/10"),
        ("bytes=-400", 206, WORDS, "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-4", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        # What is not understood is not obeyed: the whole file.
        ("bytes=0-1,4-5", 200, WORDS, None),
        ("bytes=-", 200, WORDS, None),
        ("zeilen=0-1", 200, WORDS, None),
        ("bytes=0-99999999999999999999", 200, WORDS, None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    film: Document, client: Client, asked: str, status: int, content: bytes, told: str | None
) -> None:
    answer = client.get(film.url, headers={"Range": asked})
    assert (answer.status_code, answer.get("Content-Range")) == (status, told)
    assert answer.getvalue() == content
    answer.close()
    if status == 206:
        assert answer["Content-Type"] == "video/mp4"


def test_a_long_film_comes_piece_by_piece(
    film: Document, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.wagtail_hooks.MOST_BYTES", 4)
    answer = client.get(film.url, headers={"Range": "bytes=3-"})
    assert (answer.content, answer["Content-Range"]) == (b"3456", "bytes 3-6/10")


def test_a_file_that_is_not_for_everybody_gives_no_part_away(film: Document, client: Client) -> None:
    closed = Collection.get_first_root_node().add_child(name="Nur intern")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    film.collection = closed
    film.save()
    assert client.get(film.url, headers={"Range": "bytes=0-1"}).status_code == 302


def test_a_paper_comes_whole(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    paper = Document.objects.create(title="Blatt", file=ContentFile(WORDS, name="blatt.pdf"))
    answer = client.get(paper.url, headers={"Range": "bytes=3-"})
    assert (answer.status_code, answer.getvalue()) == (200, WORDS)
    answer.close()

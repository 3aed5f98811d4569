"""What everybody reads in public is easy to read: short sentences, few long words.

Measured is Björnsson's readability index LIX: the words in a sentence plus the share of words of more than
six letters, in per cent. Below 30 are books for children, from 40 on newspapers, from 50 on the language of
offices.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings

PUBLIC = (
    "helfer/web/public/",
    "templates/web/public/",
    "templates/web/_",
    "templates/cms/",
    "templates/4",
    "templates/5",
    "templates/base",
)
EASY = 28
MOST_WORDS = 18
LONGEST_WORD = 20
# Shorter than this is a label, not a sentence.
FEWEST_WORDS = 4
ROOT = Path(settings.BASE_DIR)


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence; what is filled in counts as one."""
    plain = re.sub(r"%\(\w+\)s|\{\w*\}", "Wort", re.sub(r"<[^>]+>", "", text))
    for sentence in re.split(r"(?<=[.!?:])\s+", plain):
        found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", sentence)
        if len(found) >= FEWEST_WORDS:
            yield found


def index_of(said: list[list[str]]) -> float:
    words = [word for sentence in said for word in sentence]
    return len(words) / len(said) + 100 * sum(len(word) > 6 for word in words) / len(words)


def of_the_program() -> list[list[str]]:
    catalogue = polib.pofile(str(ROOT / "helfer" / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    return [
        words
        for entry in catalogue
        if any(path.startswith(PUBLIC) for path, _line in entry.occurrences)
        for text in (entry.msgid, entry.msgid_plural)
        for words in sentences(text)
    ]


def of_the_demo() -> list[list[str]]:
    modules = [
        ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "cms" / "demo").glob("*.py"))
    ]
    texts = [
        node.value
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[.!?]$", node.value)
    ]
    return [words for text in texts for words in sentences(text)]


def test_the_public_words_of_the_program_are_easy() -> None:
    said = of_the_program()
    assert len(said) > 300
    assert index_of(said) < EASY
    assert [" ".join(words) for words in said if len(words) > MOST_WORDS] == []
    assert [word for words in said for word in words if len(word) > LONGEST_WORD] == []


def test_the_demo_s_pages_are_easy() -> None:
    said = of_the_demo()
    assert len(said) > 80
    assert index_of(said) < EASY


def test_the_measure_knows_the_language_of_offices() -> None:
    office = (
        "Die Inanspruchnahme des Entlastungsbetrages setzt die Anerkennung der Leistungserbringung voraus."
    )
    assert index_of(list(sentences(office))) >= 50

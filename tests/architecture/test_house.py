"""The house keeps its own rules: sizes, names, sentences, doors and docs."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

ROOT = Path(settings.BASE_DIR)
HOUSE = ("helfer", "cms")
LONGEST = 400
OWN_APPS = tuple(config for config in apps.get_app_configs() if config.name.split(".")[0] in HOUSE)


def sources(*folders: str, suffix: str = ".py") -> Iterator[Path]:
    """The files below these folders, migrations apart."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if "migrations" not in path.parts:
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def models() -> list[type[Model]]:
    """Our models; those that only carry guards for lower apps' tables, and the history, apart."""
    own = [model for config in OWN_APPS for model in config.get_models()]
    return [model for model in own if not model._meta.proxy and not hasattr(model, "pgh_tracked_model")]


def test_no_module_is_longer_than_can_be_read() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in sources(*HOUSE, "tests")}
    assert len(lengths) > 400
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_what_a_subclass_owes_is_declared_and_not_found_out_by_a_visitor() -> None:
    """An abstract method is missed when the class is put to use, one that raises when somebody calls it."""
    raising = [named(path) for path in sources(*HOUSE) if "raise NotImplementedError" in path.read_text()]
    assert raising == []


# Found by whom no line of ours names them: Django, allauth and Wagtail look for these by their own rules.
FOUND_BY_NAME = re.compile(
    r"^(400|403|403_csrf|404|500)\.html$|^(account|allauth|mfa|django|wagtailadmin|socialaccount)/|"
    r"^cms/\w+_page\.html$|^cms/blocks/\w+\.html$|^cms/drawings/\w+\.html$"
)


def test_no_template_lies_around_unused() -> None:
    folder = ROOT / "templates"
    written = "\n".join(path.read_text() for path in sources(*HOUSE))
    pages = {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.html"))}
    pages |= {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.txt"))}
    unused = []
    for name in pages:
        if FOUND_BY_NAME.match(name):
            continue
        elsewhere = written + "\n".join(text for other, text in pages.items() if other != name)
        if name.startswith("cotton/"):
            tag = name.removeprefix("cotton/").removesuffix(".html").replace("/", ".").replace("_", "-")
            used = re.search(rf"<c-{re.escape(tag)}[\s/>]", elsewhere)
        else:
            used = re.search(rf"[\"']{re.escape(name)}[\"']", elsewhere)
        if not used:
            unused.append(name)
    assert len(pages) > 50
    assert unused == []


SENTENCE = re.compile(r"^[A-ZÄÖÜ„§].*[.!?]$", re.DOTALL)


def test_every_constraint_says_a_sentence() -> None:
    constraints = [(model, each) for model in models() for each in model._meta.constraints]
    assert len(constraints) > 50
    silent = [
        f"{model.__name__}.{each.name}: {each.violation_error_message}"
        for model, each in constraints
        if each.violation_error_message == each.default_violation_error_message
        or not SENTENCE.match(str(each.violation_error_message))
    ]
    assert silent == []


def test_every_guard_says_a_sentence() -> None:
    """Keys that guards raise by have a sentence, and it is one."""
    from helfer.matching.guards import sentences

    said = {name: value for name, value in vars(sentences).items() if name.endswith("SENTENCES")}
    assert len(said) > 3
    odd = [
        f"{name}.{key}: {sentence}"
        for name, group in said.items()
        for key, sentence in group.items()
        if not SENTENCE.match(sentence)
    ]
    assert odd == []


def test_no_model_orders_itself() -> None:
    assert [model.__name__ for model in models() if model._meta.ordering and not _is_foreign(model)] == []


def _is_foreign(model: type[Model]) -> bool:
    # Pages inherit Wagtail's; ours say nothing about it.
    return "ordering" not in getattr(model._meta, "original_attrs", {})


def test_every_migration_says_what_happened() -> None:
    files = [path for app in OWN_APPS for path in Path(app.path).glob("migrations/0*.py")]
    assert len(files) > 20
    assert [named(path) for path in files if re.search(r"_auto_|^\d{4}_(migration|merge)", path.name)] == []


# Models with people in them: doors reach them through visible_to, or through what narrows just as well.
PEOPLE = (
    "Person HelpSeeker Representative Tie Consent HelperProfile Certificate Pause HelpRequest Triage Match"
    " Signature CheckIn Incident Message PrintBatch"
).split()
NARROWED = re.compile(
    r"visible_to|of_tandem|of_own_offices|kept_by|office__in=own|own_\w+\(|person__user=|__in=own\b|__in=seekers"
    r"|OuterRef|in=mine|own_people|objects\.none\(\)"
)
# Each with the reason why what it reads is narrowed elsewhere.
ALLOWED = {
    "helfer/api/matches.py:HelperProfile": "a candidate may come from any office; the action decides",
    "helfer/api/matches.py:Representative": "of a match that was found among the visible ones",
    "helfer/web/coordination/desk.py:HelperProfile": "a number",
    "helfer/web/coordination/desk.py:HelpRequest": "a number",
    "helfer/web/coordination/oversight.py:Consent": "the data protection officer sees all, without content",
    "helfer/web/tandem/candidates.py:HelperProfile": "a candidate may come from any office; the gates decide",
    "helfer/web/tandem/candidates.py:Match": "of a request that was found among the own ones",
    "helfer/web/tandem/helpers.py:Match": "of a helper that was found among the own ones",
    "helfer/web/tandem/helpers.py:HelperProfile": "narrows a list of the own ones further",
    "helfer/web/tandem/match_steps.py:Representative": "of a match that was found among the own ones",
    "helfer/web/tandem/public_listing.py:Representative": "of a request that was found among the own ones",
    "helfer/web/tandem/persons.py:Tie": "of a person that was found among the own ones",
    "helfer/web/tandem/request_steps.py:Representative": "of a request that was found among the own ones",
}


def reads_of_people(path: Path) -> Iterator[tuple[str, str]]:
    """Statements of a door that read people: the model, and the statement's words."""
    source = path.read_text()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        words = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for model in re.findall(rf"\b({'|'.join(PEOPLE)})\.objects\b", words):
            yield model, words


def test_doors_read_people_by_what_the_viewer_may_see() -> None:
    found, used = [], set()
    count = 0
    for path in sources("helfer/web", "helfer/api", "cms"):
        for model, words in reads_of_people(path):
            count += 1
            if NARROWED.search(words):
                continue
            key = f"{named(path)}:{model}"
            used.add(key)
            if key not in ALLOWED:
                found.append(f"{key}: {' '.join(words.split())[:160]}")
    assert count > 30
    assert found == []
    assert sorted(ALLOWED.keys() - used) == [], "no longer needed"


def test_the_glossary_names_every_model() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    words = set(re.findall(r"`(\w+)`", glossary))
    ours = {
        model.__name__
        for model in models()
        if model._meta.app_config.name.startswith("helfer.") and not model._meta.auto_created
    }
    assert len(ours) > 20
    assert sorted(ours - words) == []


def first_cells(table_after: str) -> Iterator[str]:
    for line in table_after.splitlines():
        if cell := re.match(r"\|\s*((?:`\w+`[, ]*)+)\|", line):
            yield from re.findall(r"`(\w+)`", cell[1])


def test_what_the_glossary_calls_a_class_is_one() -> None:
    """A word in the first column that is written like a class exists in the code."""
    classes = {
        node.name
        for path in sources(*HOUSE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }
    words = [word for word in first_cells((ROOT / "docs" / "glossary.md").read_text()) if word[0].isupper()]
    assert len(words) > 20
    assert sorted(set(words) - classes) == []


def commands() -> Iterator[str]:
    for app in OWN_APPS:
        for path in Path(app.path).glob("management/commands/*.py"):
            if path.stem != "__init__":
                yield path.stem


@pytest.mark.parametrize("command", sorted(commands()))
def test_operations_names_every_command(command: str) -> None:
    assert re.search(rf"\b{command}\b", (ROOT / "docs" / "operations.md").read_text())


# Only tests read it.
NOT_FOR_OPERATIONS = {"HELFER_TEST_DB"}


def test_operations_names_every_setting() -> None:
    asked = set(re.findall(r"env(?:\.\w+)?\(\s*\"(\w+)\"", (ROOT / "helfer" / "settings.py").read_text()))
    assert len(asked) > 20
    operations = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in sorted(asked - NOT_FOR_OPERATIONS) if f"`{name}`" not in operations] == []


THEIRS = re.compile(
    r"(^|/)(node_modules|vendor|site-packages|dist)/|\.min\.(js|css)$|\.(whl|so|dll|exe|jar|woff2?|ttf|otf|eot|map)$"
    r"|\.(xlsx|xls|osm|pbf|shp|geojson|gpkg|sqlite3?|dump)$"
)


def test_nothing_of_third_parties_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    # An unpacked archive has no history to look at; there, everything but what setting-up makes counts.
    listed = listed or [
        named(path) for folder in (*HOUSE, "templates", "docs") for path in sources(folder, suffix="")
    ]
    assert len(listed) > 200
    assert [name for name in listed if THEIRS.search(name)] == []

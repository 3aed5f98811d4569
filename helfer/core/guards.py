"""Guards: triggers that have the last word, whoever writes and through whatever door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pgtrigger
import pgtrigger.compiler
from django.db import models

# How a guard says no inside its SQL: `REFUSE;`, or `REFUSE <text expression>;` naming one of its sentences.
_REFUSE = re.compile(r"\bREFUSE\b\s*([^;]*);")


class GuardSql(pgtrigger.compiler.UpsertTriggerSql):
    """A trigger's SQL without the session switch ``pgtrigger.ignore``, which anybody in psql could set.

    Migrations refer to this class: change its template only by adding another class.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class CannotBeSwitchedOff(pgtrigger.Trigger):
    """A trigger that no session setting turns off."""

    def compile(self, model: Any) -> pgtrigger.compiler.Trigger:
        compiled = super().compile(model)
        arguments = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
        return pgtrigger.compiler.Trigger(name=compiled.name, sql=GuardSql(**arguments))


class Guard(CannotBeSwitchedOff):
    """A rule that the database holds; its name is a sentence, and so is what it says when it refuses.

    ``sentences`` is one German sentence, or several by key. Give them as ``gettext_noop("…")``. Where
    ``when`` and ``condition`` say it all, ``func`` may be left out: the guard then always refuses.
    """

    when = pgtrigger.Before

    def __init__(
        self,
        name: str,
        sentences: str | Mapping[str, str] = "",
        *,
        func: str = "REFUSE;",
        declare: Iterable[tuple[str, str]] = (),
        **arguments: Any,
    ) -> None:
        self.sentences = sentences
        super().__init__(name=name, func=func, declare=list(declare), **arguments)

    def render_func(self, model: Any) -> str:
        """The function's body, with ``REFUSE`` written out and the row returned at the end."""
        body = _REFUSE.sub(self._refusal, str(super().render_func(model))).strip()
        return f"{body}\n{self._return()}"

    def _refusal(self, found: re.Match[str]) -> str:
        key = found.group(1).strip()
        if isinstance(self.sentences, str):
            message = _literal(self.sentences)
        else:
            cases = " ".join(
                f"WHEN {_literal(name)} THEN {_literal(sentence)}"
                for name, sentence in self.sentences.items()
            )
            message = f"CASE {key} {cases} ELSE {key} END"
        return (
            f"RAISE EXCEPTION USING MESSAGE = {message}, "
            f"ERRCODE = 'check_violation', CONSTRAINT = {_literal(str(self.name))};"
        )

    def _return(self) -> str:
        if self.level == pgtrigger.Statement or self.when == pgtrigger.After:
            return "RETURN NULL;"
        if self.operation == pgtrigger.Delete:
            return "RETURN OLD;"
        return "RETURN NEW;"


def never_deleted(name: str, sentence: str) -> Guard:
    """Rows of this table stay."""
    return Guard(name, sentence, operation=pgtrigger.Delete)


def never_truncated(name: str, sentence: str) -> Guard:
    """The table is never emptied in one go, not even by way of another one."""
    return Guard(name, sentence, operation=pgtrigger.Truncate, level=pgtrigger.Statement)


# Conditions, as SQL


def sql(condition: str) -> pgtrigger.Condition:
    """A condition over ``OLD`` and ``NEW``."""
    return pgtrigger.Condition(condition)


def changed(*columns: str) -> str:
    """Whether one of the columns gets another value."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def one_of(values: Iterable[str], choices: type[models.TextChoices]) -> str:
    """The values as an SQL list, in the order of their enumeration."""
    wanted = {str(value) for value in values}
    return "(" + ", ".join(_literal(str(value)) for value in choices.values if str(value) in wanted) + ")"


def _literal(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"

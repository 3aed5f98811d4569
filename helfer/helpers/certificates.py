"""How long a proof counts (domain.md, section 4): pure rules over days."""

from __future__ import annotations

from datetime import date, timedelta

from helfer.core.days import add_months

# A note of an inspection goes at the latest so long after it stopped to count (§ 30a (3) BZRG).
INSPECTION_KEPT_MONTHS = 6
# Where an inspection has no end of its own.
INSPECTION_COUNTS_MONTHS = 60
# Reminders go out so many days before the end, at the end, and while the days of grace run.
REMINDER_DAYS = (60, 14, 0)
REMINDER_EVERY_DAYS = 30


def valid_until(issued_on: date, validity_months: int | None) -> date | None:
    """The last day of a proof's validity, that day included; none where the training has no end."""
    return add_months(issued_on, validity_months) if validity_months else None


def counts_on(day: date, *, issued_on: date, until: date | None, grace_days: int = 0) -> bool:
    """Whether a verified proof counts on that day, the days of grace included."""
    return issued_on <= day and (until is None or day <= until + timedelta(days=grace_days))


def delete_by(seen_on: date, until: date | None) -> date:
    """The day until which the note of an inspection may be kept."""
    return add_months(until or add_months(seen_on, INSPECTION_COUNTS_MONTHS), INSPECTION_KEPT_MONTHS)


def reminder_days(until: date, *, grace_days: int = 0) -> list[date]:
    """The days on which a helper is reminded that a proof runs out."""
    days = [until - timedelta(days=before) for before in REMINDER_DAYS]
    later = range(REMINDER_EVERY_DAYS, grace_days + 1, REMINDER_EVERY_DAYS)
    return days + [until + timedelta(days=after) for after in later]

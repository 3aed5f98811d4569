"""By when an office calls back."""

from __future__ import annotations

from datetime import date, timedelta

from helfer.people.models import Office

WORKING_DAYS = 2
FRIDAY = 4


def call_back_by(office: Office | None, *, received_on: date) -> date:
    """The second day after on which the office is open; weekends and its holidays do not count."""
    closed = list(office.holidays.values_list("from_day", "until_day")) if office else []
    day, left = received_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        if day.weekday() <= FRIDAY and not any(first <= day <= last for first, last in closed):
            left -= 1
    return day

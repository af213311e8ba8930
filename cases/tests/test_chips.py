"""The deadline chip of a dossier, as the queue and the page of a dossier show it."""

from datetime import datetime

from cases.models import Dossier
from cases.selectors.chips import Chip, chip_of
from cases.tests.deadline_data import at, national_calendar
from common.templatetags.onestop_status import deadline_chip

CALENDAR = national_calendar()


def chip(due: str, now: str) -> Chip | None:
    return chip_of(Dossier(due_at=at(due)), CALENDAR, at(now))


def due_on(day: datetime) -> str:
    return deadline_chip("due_on", at=day)


def test_one_day_left_is_tinted_and_two_are_not() -> None:
    assert chip("2026-11-26T17:00", "2026-11-23T09:00") == Chip("left", 2)
    assert chip("2026-11-26T17:00", "2026-11-25T09:00") == Chip("soon", 1)


def test_a_due_day_that_became_a_day_off_is_told_by_its_date() -> None:
    due = "2026-11-24T17:00"  # a day off of the calendar

    assert chip(due, "2026-11-23T09:00") == Chip("due_on", at=at(due))
    assert "Đến hạn 24/11" in due_on(at(due))


def test_late_by_less_than_a_working_day_is_told_in_begun_hours() -> None:
    assert chip("2026-11-26T17:00", "2026-11-26T18:30") == Chip("late", 2, unit="hours")
    assert chip("2026-11-26T17:00", "2026-11-28T09:00") == Chip("late", 1)

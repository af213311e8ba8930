"""Early and late, the deadline chip, the share of time."""

from datetime import date, datetime
from typing import Any

import pytest

from cases.deadlines import (
    Budget,
    Due,
    Entry,
    EntryKind,
    Share,
    Standing,
    StandingKind,
    Unit,
    due,
    early_working_days,
    is_missed,
    share,
    standing,
    timeliness,
)
from cases.tests.deadline_data import at, national_calendar

CALENDAR = national_calendar()
IN_DAYS, IN_HOURS = Budget(7, Unit.WORKING_DAYS), Budget(8, Unit.WORKING_HOURS)
PAUSED = (("start", "2026-11-17T08:40"), ("pause", "2026-11-23T15:20"))
RESUMED = (*PAUSED, ("resume", "2026-11-25T10:02"))


def reckon(amount: int, *entries: tuple[str, str], unit: Unit = Unit.WORKING_DAYS) -> Due:
    ledger = [Entry(kind, at(moment)) for kind, moment in entries]
    return due(Budget(amount, unit), ledger, CALENDAR)


def bar(shown: Share) -> list[tuple[Any, str]]:
    return [(cell.day and cell.day.day, str(cell.kind)) for cell in shown.cells]


def test_a_result_after_the_due_instant_is_late() -> None:
    due_at = at("2026-11-27T17:00")
    assert timeliness(at("2026-11-27T17:01"), due_at, IN_DAYS, CALENDAR) == "late"
    assert timeliness(at("2026-11-27T17:00"), due_at, IN_DAYS, CALENDAR) == "on_time"
    assert early_working_days(at("2026-12-01T09:00"), due_at, CALENDAR) == 0


def test_what_is_counted_in_hours_is_never_early() -> None:
    ready, due_at = at("2026-11-23T09:00"), at("2026-11-27T17:00")
    assert timeliness(ready, due_at, IN_HOURS, CALENDAR) == "on_time"
    assert timeliness(ready, due_at, IN_DAYS, CALENDAR) == "early"


@pytest.mark.parametrize(
    ("now", "kind", "days"),
    [
        ("2026-11-23T09:00", StandingKind.LEFT, 2),
        ("2026-11-26T07:00", StandingKind.TODAY, 0),
        ("2026-11-26T17:00", StandingKind.TODAY, 0),
        ("2026-11-26T17:01", StandingKind.LATE, 0),
        ("2026-11-28T09:00", StandingKind.LATE, 1),
        ("2026-11-30T09:00", StandingKind.LATE, 2),
    ],
)
def test_the_chip_counts_working_days(now: str, kind: StandingKind, days: int) -> None:
    shown = standing(at("2026-11-26T17:00"), None, at(now), CALENDAR)
    assert shown == Standing(kind, days)


@pytest.mark.parametrize(
    ("told", "ledger", "until", "missed"),
    [
        (["17T08:40 19T17:00"], [], "19T17:00", False),
        (["17T08:40 19T17:00"], [], "19T17:01", True),
        # A pause in time keeps the promise; one that comes after it does not.
        (["17T08:40 19T17:00"], ["pause 19T17:00"], "25T09:00", False),
        (["17T08:40 19T17:00", "23T10:00 24T17:00"], ["pause 20T09:00"], "23T11:00", True),
        (["17T08:40 19T17:00", "23T10:00 24T17:00"], ["pause 19T16:00"], "24T17:00", False),
        (["17T08:40 19T17:00", "23T10:00 24T17:00"], ["pause 19T16:00"], "25T07:00", True),
        # A date moved while the clock ran: the old one had passed, or it had not.
        (["17T08:40 19T17:00", "20T09:00 24T17:00"], [], "20T10:00", True),
        (["17T08:40 19T17:00", "19T09:00 24T17:00"], [], "24T16:00", False),
        (["17T08:40 19T17:00"], ["stop 19T12:00"], "30T09:00", False),
    ],
)
def test_a_promise_is_missed_when_it_passes_while_the_clock_runs(
    told: list[str], ledger: list[str], until: str, missed: bool
) -> None:
    promises = [(nov(a), nov(b)) for a, b in (pair.split() for pair in told)]
    entries = [Entry(EntryKind(kind), nov(day)) for kind, day in (e.split() for e in ledger)]

    assert is_missed(promises, entries, nov(until)) is missed


def nov(day_and_time: str) -> datetime:
    return at(f"2026-11-{day_and_time}")


def test_the_chip_of_a_paused_dossier_and_of_one_without_a_clock() -> None:
    now = at("2026-11-25T09:00")
    paused = standing(None, at("2026-11-23T15:20"), now, CALENDAR)
    assert paused == Standing(StandingKind.PAUSED)
    assert standing(None, None, now, CALENDAR) is None


def test_the_share_while_paused_is_that_of_the_mock_up() -> None:
    shown = share(reckon(7, *PAUSED), at("2026-11-25T10:26"))
    used = [(18, "used"), (19, "used"), (20, "used"), (23, "used")]
    assert bar(shown) == [*used, (25, "waiting"), *[(None, "left")] * 3]
    assert (shown.used, shown.waited, shown.total) == (4, 1, 7)


def test_the_share_of_a_running_dossier_counts_today_as_used() -> None:
    shown = share(reckon(7, *RESUMED), at("2026-11-26T08:00"))
    assert bar(shown)[4:] == [(25, "waiting"), (26, "used"), (27, "left"), (30, "left")]
    assert (shown.used, shown.waited, shown.total) == (5, 1, 7)


def test_the_share_of_a_result_two_days_early() -> None:
    early = reckon(8, ("start", "2026-11-16T09:05"), ("stop", "2026-11-25T09:30"))
    shown = share(early, at("2026-12-24T09:00"))
    assert (shown.used, shown.waited, shown.total) == (6, 0, 8)


def test_the_share_of_a_late_dossier_shows_the_days_over() -> None:
    shown = share(reckon(1, ("start", "2026-11-19T09:00")), at("2026-11-25T09:00"))
    assert bar(shown) == [(20, "used"), (23, "late"), (25, "late")]
    assert (shown.used, shown.total) == (3, 1)


def test_the_share_of_the_same_day_is_that_day() -> None:
    same_day = reckon(0, ("start", "2026-11-23T15:30"))
    assert bar(share(same_day, at("2026-11-23T16:00"))) == [(25, "left")]
    assert bar(share(same_day, at("2026-11-26T08:00"))) == [(25, "used"), (26, "late")]


def test_the_share_in_hours_shows_the_days_that_are_touched() -> None:
    eight = reckon(8, ("start", "2026-11-23T16:00"), unit=Unit.WORKING_HOURS)
    assert bar(share(eight, at("2026-11-23T16:30"))) == [(23, "used"), (25, "left")]
    paused = reckon(
        8,
        ("start", "2026-11-23T16:00"),
        ("pause", "2026-11-23T16:30"),
        unit=Unit.WORKING_HOURS,
    )
    assert bar(share(paused, at("2026-11-25T09:00"))) == [
        (23, "used"),
        (25, "waiting"),
        (None, "left"),
    ]


def test_the_share_in_calendar_days_shows_every_day() -> None:
    four = reckon(4, ("start", "2026-11-19T09:00"), unit=Unit.CALENDAR_DAYS)
    shown = share(four, at("2026-11-21T09:00"))
    assert bar(shown) == [(20, "used"), (21, "used"), (22, "left"), (23, "left")]


def test_there_is_no_share_before_the_start() -> None:
    assert share(due(IN_DAYS, [], CALENDAR), at("2026-11-21T09:00")).cells == ()


def test_days_off_are_in_no_share() -> None:
    days = [cell.day for cell in share(reckon(7, *RESUMED), at("2026-11-30T09:00")).cells]
    assert date(2026, 11, 24) not in days

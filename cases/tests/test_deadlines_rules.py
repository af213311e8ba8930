"""Each rule of counting in one sentence (design.md 4, onestop-rules 3)."""

from datetime import UTC, date, datetime, time

import pytest

from cases.deadlines import (
    Budget,
    Calendar,
    DayRule,
    Due,
    Entry,
    Interval,
    InvalidLedger,
    NoWorkingDay,
    Remaining,
    SkippedDay,
    Unit,
    default_calendar,
    due,
    step_due,
)
from cases.tests.deadline_data import at, local, national_calendar

CALENDAR = national_calendar()
COUNTER = Calendar(
    weekly={**CALENDAR.weekly, 5: (Interval(time(7), time(11, 30)),)}, days=CALENDAR.days
)
SEVEN_DAYS = Budget(7, Unit.WORKING_DAYS)


def clock(*entries: str) -> list[Entry]:
    """Entries from texts such as "pause 2026-11-23T15:20" and "extend 2026-11-23T15:20 2"."""
    parts = [entry.split() for entry in entries]
    return [Entry(kind, at(moment), *map(int, more)) for kind, moment, *more in parts]


def reckon(amount: int, unit: str, *entries: str) -> Due:
    return due(Budget(amount, Unit(unit)), clock(*entries), CALENDAR, counter=COUNTER)


def due_of(amount: int, unit: str, *entries: str) -> str | None:
    return local(reckon(amount, unit, *entries).due_at)


def test_nothing_is_due_before_the_start() -> None:
    assert due(SEVEN_DAYS, [], CALENDAR).due_at is None
    assert due(SEVEN_DAYS, [], CALENDAR).skipped_until(None) == ()


def test_a_due_date_is_aware_and_in_utc() -> None:
    due_at = reckon(7, "working_days", "start 2026-11-17T08:40").due_at
    assert due_at == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    assert due_at is not None
    assert due_at.tzinfo is UTC


def test_a_saturday_with_only_the_counter_open_is_a_day_of_receipt_and_no_working_day() -> None:
    assert due_of(3, "working_days", "start 2026-11-21T09:00") == "2026-11-26T17:00"
    entries = clock("start 2026-11-21T09:00")
    without_counter = due(Budget(3, Unit.WORKING_DAYS), entries, CALENDAR)
    assert local(without_counter.due_at) == "2026-11-27T17:00"


def test_what_comes_on_a_saturday_for_the_same_day_is_due_on_monday() -> None:
    assert due_of(0, "working_days", "start 2026-11-21T09:00") == "2026-11-23T17:00"


def test_the_shift_goes_to_the_next_day_of_the_counter() -> None:
    """Friday afternoon is then due no later than Saturday morning."""
    entries = clock("start 2026-11-20T16:00")
    shifted = due(
        Budget(1, Unit.WORKING_DAYS), entries, CALENDAR, counter=COUNTER, cutoff_shifts_all=True
    )
    assert local(shifted.due_at) == due_of(1, "working_days", "start 2026-11-21T09:00")


def test_the_next_working_day_is_the_deciding_office_s() -> None:
    counter = Calendar(CALENDAR.weekly, {date(2026, 11, 20): DayRule("off")})
    entries = clock("start 2026-11-19T15:30")
    result = due(Budget(0, Unit.WORKING_DAYS), entries, CALENDAR, counter=counter)
    assert local(result.due_at) == "2026-11-20T17:00"


def test_after_closing_counts_as_received_the_next_day() -> None:
    assert due_of(1, "working_days", "start 2026-11-19T17:00") == "2026-11-20T17:00"
    assert due_of(1, "working_days", "start 2026-11-19T17:01") == "2026-11-23T17:00"
    assert due_of(0, "working_days", "start 2026-11-19T17:01") == "2026-11-20T17:00"


def test_before_opening_counts_as_that_day() -> None:
    assert due_of(0, "working_days", "start 2026-11-19T05:00") == "2026-11-19T17:00"


def test_the_cutoff_is_a_setting() -> None:
    entries = clock("start 2026-11-19T15:30")
    same_day = Budget(0, Unit.WORKING_DAYS)
    assert local(due(same_day, entries, CALENDAR).due_at) == "2026-11-20T17:00"
    later = due(same_day, entries, CALENDAR, cutoff=time(16))
    assert local(later.due_at) == "2026-11-19T17:00"


def test_a_half_day_is_due_at_its_own_closing() -> None:
    calendar = default_calendar({date(2026, 11, 20): DayRule("half")})
    result = due(Budget(1, Unit.WORKING_DAYS), clock("start 2026-11-19T09:00"), calendar)
    assert local(result.due_at) == "2026-11-20T11:30"


def test_the_same_day_is_the_next_once_the_deciding_office_has_closed() -> None:
    office = default_calendar({date(2026, 11, 19): DayRule("half")})
    entries = clock("start 2026-11-19T14:00")
    result = due(Budget(0, Unit.WORKING_DAYS), entries, office, counter=CALENDAR)
    assert local(result.due_at) == "2026-11-20T17:00"


def test_a_make_up_saturday_counts() -> None:
    assert due_of(1, "working_days", "start 2026-01-09T09:00") == "2026-01-10T17:00"


def test_zero_hours_mean_the_same_day() -> None:
    assert due_of(0, "working_hours", "start 2026-11-19T09:00") == "2026-11-19T17:00"
    assert due_of(0, "working_hours", "start 2026-11-19T15:00") == "2026-11-20T17:00"


def test_hours_that_end_with_an_interval_are_due_there() -> None:
    assert due_of(4, "working_hours", "start 2026-11-19T13:30") == "2026-11-20T07:30"
    assert due_of(1, "working_hours", "start 2026-11-19T10:30") == "2026-11-19T11:30"
    assert due_of(8, "working_hours", "start 2026-11-19T16:00") == "2026-11-20T16:00"


def test_hours_do_not_run_while_only_the_counter_is_open() -> None:
    assert due_of(1, "working_hours", "start 2026-11-21T09:00") == "2026-11-23T08:00"


def test_hours_are_exact_to_the_second() -> None:
    start = at("2026-11-19T08:00").replace(second=30)
    result = due(Budget(1, Unit.WORKING_HOURS), [Entry("start", start)], CALENDAR)
    assert result.due_at == at("2026-11-19T09:00").replace(second=30)


def test_calendar_days_count_days_off_but_not_the_first() -> None:
    assert due_of(10, "calendar_days", "start 2026-11-16T09:00") == "2026-11-26T17:00"


def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day() -> None:
    assert due_of(5, "calendar_days", "start 2026-11-16T09:00") == "2026-11-23T17:00"
    assert due_of(8, "calendar_days", "start 2026-11-16T09:00") == "2026-11-25T17:00"


def test_in_calendar_days_the_pause_day_is_used_and_the_resumption_day_is_not() -> None:
    ledger = ("start 2026-11-16T09:00", "pause 2026-11-18T09:00")
    assert reckon(5, "calendar_days", *ledger).remaining == Remaining(3, Unit.CALENDAR_DAYS)
    resumed = due_of(5, "calendar_days", *ledger, "resume 2026-11-23T09:00")
    assert resumed == "2026-11-26T17:00"


def test_no_more_days_are_used_than_there_were() -> None:
    ledger = ("start 2026-11-16T09:00", "pause 2026-11-20T09:00")
    expected = (date(2026, 11, 17), date(2026, 11, 18))
    assert reckon(2, "calendar_days", *ledger).used_days == expected
    assert reckon(2, "working_days", *ledger).used_days == expected


def test_a_holiday_on_a_saturday_moves_nothing_and_is_not_named() -> None:
    result = reckon(1, "working_days", "start 2027-04-29T09:00")
    assert local(result.due_at) == "2027-05-04T17:00"
    assert [skipped.day for skipped in result.skipped_until(result.due_at)] == [
        date(2027, 4, 30),
        date(2027, 5, 3),
    ]


def test_a_day_off_that_moves_the_receipt_is_named() -> None:
    result = reckon(1, "working_days", "start 2026-11-24T09:00")
    assert local(result.due_at) == "2026-11-26T17:00"
    assert [skipped.name for skipped in result.skipped_until(result.due_at)] == [
        "Ngày Văn hóa Việt Nam"
    ]


def test_a_paused_dossier_is_not_due_and_says_what_is_left() -> None:
    result = reckon(7, "working_days", "start 2026-11-17T08:40", "pause 2026-11-23T15:20")
    assert result.due_at is None
    assert result.paused_since == at("2026-11-23T15:20")
    assert result.remaining == Remaining(3, Unit.WORKING_DAYS)
    assert result.used_days == tuple(date(2026, 11, day) for day in (18, 19, 20, 23))


def test_a_paused_clock_in_hours_has_minutes_left() -> None:
    result = reckon(8, "working_hours", "start 2026-11-20T15:00", "pause 2026-11-20T16:30")
    assert result.remaining == Remaining(390, "minutes")
    assert result.used_days == (date(2026, 11, 20),)


def test_waiting_days_are_those_from_after_the_pause_to_the_resumption() -> None:
    result = reckon(
        7, "working_days",
        "start 2026-11-17T08:40", "pause 2026-11-23T15:20", "resume 2026-11-25T10:02",
    )  # fmt: skip
    assert result.waited_between(*result.stretches) == (date(2026, 11, 25),)
    culture_day = SkippedDay(date(2026, 11, 24), "Ngày Văn hóa Việt Nam", "holidays 0.109")
    assert result.skipped_until(result.due_at) == (culture_day,)


def test_an_extension_moves_the_due_date_by_its_days() -> None:
    ledger = ("start 2026-11-17T08:40", "extend 2026-11-20T09:00 2")
    assert due_of(7, "working_days", *ledger) == "2026-12-01T17:00"
    assert reckon(7, "working_days", *ledger).total == 9


def test_an_extension_in_a_pause_counts_after_it() -> None:
    ledger = (
        "start 2026-11-17T08:40", "pause 2026-11-23T15:20", "extend 2026-11-24T09:00 1",
        "resume 2026-11-25T10:02",
    )  # fmt: skip
    assert due_of(7, "working_days", *ledger) == "2026-12-01T17:00"


def test_an_extension_of_the_same_day_counts_from_the_day_it_was_due() -> None:
    ledger = ("start 2026-11-19T15:30", "extend 2026-11-20T16:00 1")
    assert due_of(0, "working_days", *ledger) == "2026-11-23T17:00"


def test_a_stop_keeps_the_date_that_was_due() -> None:
    result = reckon(7, "working_days", "start 2026-11-17T08:40", "stop 2026-11-20T09:00")
    assert local(result.due_at) == "2026-11-27T17:00"
    assert result.stopped_at == at("2026-11-20T09:00")
    assert result.used_days == tuple(date(2026, 11, day) for day in (18, 19, 20))


def test_a_stop_in_a_pause_leaves_no_date() -> None:
    ledger = ("start 2026-11-17T08:40", "pause 2026-11-19T09:00", "stop 2026-11-20T09:00")
    result = reckon(7, "working_days", *ledger)
    assert (result.due_at, result.paused_since, result.remaining) == (None, None, None)


def test_a_start_in_a_pause_begins_the_budget_anew() -> None:
    ledger = ("start 2026-11-17T08:40", "pause 2026-11-23T15:20", "start 2026-11-25T10:02")
    assert due_of(7, "working_days", *ledger) == "2026-12-04T17:00"


def test_an_entry_dated_before_its_predecessor_counts_at_its_moment() -> None:
    skewed = ("start 2026-11-17T08:40", "pause 2026-11-23T15:20", "resume 2026-11-23T15:19")
    level = ("start 2026-11-17T08:40", "pause 2026-11-23T15:20", "resume 2026-11-23T15:20")
    assert reckon(7, "working_days", *skewed) == reckon(7, "working_days", *level)


@pytest.mark.parametrize(
    "entries",
    [
        ["pause 2026-11-17T08:40"],
        ["stop 2026-11-17T08:40"],
        ["start 2026-11-17T08:40", "start 2026-11-18T08:40"],
        ["start 2026-11-17T08:40", "resume 2026-11-18T08:40"],
        ["start 2026-11-17T08:40", "pause 2026-11-18T08:40", "pause 2026-11-18T09:40"],
        ["start 2026-11-17T08:40", "stop 2026-11-18T08:40", "resume 2026-11-18T09:40"],
        ["start 2026-11-17T08:40", "extend 2026-11-18T08:40 0"],
        ["start 2026-11-17T08:40", "freeze 2026-11-18T08:40"],
    ],
)
def test_entries_that_tell_no_possible_history_are_refused(entries: list[str]) -> None:
    with pytest.raises(InvalidLedger):
        due(SEVEN_DAYS, clock(*entries), CALENDAR)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("amount", [0, 3])
def test_a_calendar_without_a_working_day_is_refused(unit: Unit, amount: int) -> None:
    with pytest.raises(NoWorkingDay):
        due(Budget(amount, unit), clock("start 2026-11-17T08:40"), Calendar(weekly={}))


@pytest.mark.parametrize("amount", [-1, 10_001])
def test_an_amount_out_of_reason_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        Budget(amount, Unit.WORKING_DAYS)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(SEVEN_DAYS, [Entry("start", datetime(2026, 11, 17, 8, 40))], CALENDAR)


def test_a_step_counts_working_hours_from_its_opening() -> None:
    assert local(step_due(at("2026-11-20T15:00"), 8, CALENDAR)) == "2026-11-23T15:00"
    assert local(step_due(at("2026-11-20T15:00"), 0.5, CALENDAR)) == "2026-11-20T15:30"


def test_a_step_stands_still_with_the_clock_of_the_dossier() -> None:
    pauses = [(at("2026-11-20T16:30"), at("2026-11-23T10:00"))]
    assert local(step_due(at("2026-11-20T15:00"), 8, CALENDAR, pauses)) == "2026-11-25T08:30"
    lasting = [*pauses, (at("2026-11-23T11:00"), None)]
    assert step_due(at("2026-11-20T15:00"), 8, CALENDAR, lasting) is None


def test_pauses_before_a_step_opened_do_not_move_it() -> None:
    pauses = [(at("2026-11-18T09:00"), at("2026-11-19T09:00"))]
    assert local(step_due(at("2026-11-20T15:00"), 1, CALENDAR, pauses)) == "2026-11-20T16:00"
    around = [(at("2026-11-20T09:00"), at("2026-11-20T15:30"))]
    assert local(step_due(at("2026-11-20T15:00"), 1, CALENDAR, around)) == "2026-11-20T16:30"


def test_a_step_that_had_run_out_before_a_pause_stays_due_where_it_was() -> None:
    pauses = [(at("2026-11-23T09:00"), at("2026-11-23T10:00"))]
    assert local(step_due(at("2026-11-20T15:00"), 1, CALENDAR, pauses)) == "2026-11-20T16:00"
    then = [(at("2026-11-20T16:00"), at("2026-11-23T10:00"))]
    assert local(step_due(at("2026-11-20T15:00"), 1, CALENDAR, then)) == "2026-11-20T16:00"

"""Opening hours, days off, and counting along them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from common.clock import VIETNAM
from offices.worktime import (
    Calendar,
    DayRule,
    Interval,
    NoWorkingDay,
    default_calendar,
    receipt_day,
)

MORNING = Interval(time(7), time(11, 30))
AFTERNOON = Interval(time(13, 30), time(17))
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)
NEXT_MONDAY = date(2026, 11, 30)
CULTURE_DAY = {TUESDAY: DayRule("off", name="Ngày Văn hóa Việt Nam")}
OFFICE = default_calendar(CULTURE_DAY)
COUNTER = Calendar(weekly={**OFFICE.weekly, 5: (MORNING,)}, days=CULTURE_DAY)
NEVER_OPEN = Calendar(weekly={})


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), VIETNAM)


def test_a_weekday_has_the_weekly_hours() -> None:
    assert OFFICE.intervals_on(MONDAY) == (MORNING, AFTERNOON)
    assert not OFFICE.is_working_day(SATURDAY)


def test_a_day_off_has_no_hours() -> None:
    assert OFFICE.intervals_on(TUESDAY) == ()
    assert OFFICE.next_working_day(MONDAY) == WEDNESDAY
    assert OFFICE.first_working_day(TUESDAY) == WEDNESDAY
    assert OFFICE.first_working_day(MONDAY) == MONDAY


def test_a_make_up_saturday_is_worked_with_the_hours_of_monday() -> None:
    calendar = default_calendar({SATURDAY: DayRule("work")})
    assert calendar.intervals_on(SATURDAY) == (MORNING, AFTERNOON)


def test_a_make_up_saturday_of_a_counter_is_a_whole_day() -> None:
    counter = Calendar(weekly=COUNTER.weekly, days={SATURDAY: DayRule("work")})
    assert counter.intervals_on(SATURDAY) == (MORNING, AFTERNOON)


def test_a_make_up_day_may_have_hours_of_its_own() -> None:
    calendar = default_calendar({SATURDAY: DayRule("work", (AFTERNOON,))})
    assert calendar.intervals_on(SATURDAY) == (AFTERNOON,)


def test_a_half_day_is_worked_in_the_morning_unless_it_says_otherwise() -> None:
    half = default_calendar({FRIDAY: DayRule("half"), SATURDAY: DayRule("half", (AFTERNOON,))})
    assert half.intervals_on(FRIDAY) == (MORNING,)
    assert half.intervals_on(SATURDAY) == (AFTERNOON,)
    assert half.is_working_day(FRIDAY)
    assert half.closing(FRIDAY) == at(FRIDAY, "11:30")


def test_a_half_day_on_a_day_without_hours_is_the_morning_of_monday() -> None:
    assert default_calendar({SATURDAY: DayRule("half")}).intervals_on(SATURDAY) == (MORNING,)


def test_hours_that_overlap_are_worked_once() -> None:
    untidy = (Interval(time(10), time(12)), MORNING, Interval(time(12), time(13)))
    assert Calendar({0: untidy}).intervals_on(MONDAY) == (Interval(time(7), time(13)),)


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Interval(time(17), time(7))


def test_an_unknown_kind_of_day_is_refused() -> None:
    with pytest.raises(ValueError, match="holiday"):
        DayRule("holiday")


def test_the_nth_working_day_steps_over_weekend_and_day_off() -> None:
    assert OFFICE.nth_working_day(MONDAY, 0) == MONDAY
    assert OFFICE.nth_working_day(MONDAY, 4) == NEXT_MONDAY


def test_days_between_leave_out_the_first_and_keep_the_last() -> None:
    assert OFFICE.working_days_between(MONDAY, FRIDAY) == (WEDNESDAY, date(2026, 11, 26), FRIDAY)
    assert OFFICE.count_working_days(MONDAY, FRIDAY) == 3
    assert OFFICE.count_working_days(FRIDAY, SUNDAY) == 0
    assert OFFICE.count_working_days(FRIDAY, MONDAY) == 0


def test_an_office_opens_and_closes_in_utc() -> None:
    assert OFFICE.opening(MONDAY) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert OFFICE.closing(MONDAY) == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert OFFICE.closing(MONDAY).tzinfo is UTC


def test_a_day_that_is_not_worked_has_no_closing() -> None:
    with pytest.raises(ValueError, match="not a working day"):
        OFFICE.closing(TUESDAY)


@pytest.mark.parametrize(
    ("clock", "is_open"),
    [("06:59", False), ("07:00", True), ("11:30", False), ("13:30", True), ("17:00", False)],
)
def test_open_from_the_start_of_an_interval_until_its_end(clock: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(MONDAY, clock)) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at(MONDAY, "09:12"), at(MONDAY, "09:12")),
        (at(MONDAY, "05:00"), at(MONDAY, "07:00")),
        (at(MONDAY, "12:00"), at(MONDAY, "13:30")),
        (at(MONDAY, "17:00"), at(WEDNESDAY, "07:00")),
        (at(SATURDAY, "09:00"), at(NEXT_MONDAY, "07:00")),
    ],
)
def test_the_next_opening_is_now_while_open(moment: datetime, opening: datetime) -> None:
    assert OFFICE.next_opening(moment) == opening


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(MONDAY, "05:30"), MONDAY),
        (at(MONDAY, "12:15"), MONDAY),
        (at(MONDAY, "17:00"), MONDAY),
        (at(MONDAY, "17:00:59"), MONDAY),
        (at(MONDAY, "17:01"), WEDNESDAY),
        (at(TUESDAY, "09:00"), WEDNESDAY),
        (at(SATURDAY, "09:00"), SATURDAY),
        (at(SATURDAY, "11:31"), NEXT_MONDAY),
    ],
)
def test_the_counter_s_hours_decide_the_day_of_receipt(moment: datetime, day: date) -> None:
    assert receipt_day(COUNTER, moment) == day


def test_working_time_leaves_out_lunch_nights_and_days_off() -> None:
    worked = OFFICE.worked_between(at(MONDAY, "11:00"), at(WEDNESDAY, "08:00"))
    assert worked == timedelta(hours=5)
    assert OFFICE.worked_between(at(WEDNESDAY, "08:00"), at(MONDAY, "11:00")) == timedelta()


def test_time_that_runs_out_at_closing_is_over_then() -> None:
    assert OFFICE.after_working(at(MONDAY, "16:00"), timedelta(hours=1)) == at(MONDAY, "17:00")
    just_over = timedelta(hours=1, minutes=1)
    assert OFFICE.after_working(at(MONDAY, "16:00"), just_over) == at(WEDNESDAY, "07:01")


def test_no_time_is_over_at_once_or_at_the_next_opening() -> None:
    nothing = timedelta()
    assert OFFICE.after_working(at(MONDAY, "17:00"), nothing) == at(MONDAY, "17:00")
    assert OFFICE.after_working(at(MONDAY, "12:00"), nothing) == at(MONDAY, "13:30")
    assert OFFICE.after_working(at(TUESDAY, "09:00"), nothing) == at(WEDNESDAY, "07:00")


def test_a_calendar_without_a_working_day_says_so_and_never_loops() -> None:
    with pytest.raises(NoWorkingDay, match="23/11/2026"):
        NEVER_OPEN.next_working_day(MONDAY)
    with pytest.raises(NoWorkingDay):
        NEVER_OPEN.next_opening(at(MONDAY, "09:00"))
    with pytest.raises(NoWorkingDay):
        NEVER_OPEN.after_working(at(MONDAY, "09:00"), timedelta(hours=1))
    with pytest.raises(NoWorkingDay):
        receipt_day(NEVER_OPEN, at(MONDAY, "09:00"))


def test_one_working_day_too_far_ahead_is_none() -> None:
    far = Calendar(weekly={}, days={MONDAY + timedelta(days=401): DayRule("work", (MORNING,))})
    with pytest.raises(NoWorkingDay):
        far.next_working_day(MONDAY)
    assert far.next_working_day(TUESDAY) == MONDAY + timedelta(days=401)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.is_open(datetime(2026, 11, 23, 9, 0))

"""The clock of a demo: at which instant it starts."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.launch import clock, folder
from onestop.launch.clock import LOCAL, DemoCalendar
from onestop.launch.errors import LaunchError

CALENDAR = DemoCalendar(
    days_off=frozenset({date(2026, 11, 24)}), days_worked=frozenset({date(2026, 11, 28)})
)


def local(text: str) -> datetime:
    """An instant of Đồng Tháp."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("real", "opening"),
    [
        ("2026-11-23T09:15", "2026-11-23T09:15"),  # open: the real time
        ("2026-11-23T05:00", "2026-11-23T07:00"),
        ("2026-11-23T11:30", "2026-11-23T13:30"),  # the intervals are half open
        ("2026-11-23T17:00", "2026-11-25T07:00"),  # Tuesday 24 is a day off
        ("2026-11-27T18:00", "2026-11-28T07:00"),  # a Saturday that is worked
        ("2026-11-29T10:00", "2026-11-30T07:00"),  # Sunday
    ],
)
def test_the_clock_begins_at_the_next_opening(real: str, opening: str) -> None:
    offset = clock.offset_s(
        real=local(real), chosen=None, reached=None, newest_event=None, calendar=CALENDAR
    )
    assert local(real) + timedelta(seconds=offset) == local(opening)


def test_the_clock_never_begins_before_the_newest_event() -> None:
    offset = clock.offset_s(
        real=local("2026-11-23T09:00"),
        chosen=None,
        reached=None,
        newest_event=local("2026-11-25T10:30"),
        calendar=CALENDAR,
    )
    assert local("2026-11-23T09:00") + timedelta(seconds=offset) == local("2026-11-25T10:30")


def test_a_restart_goes_on_where_the_clock_had_been() -> None:
    offset = clock.offset_s(
        real=local("2026-11-23T21:00"),
        chosen=None,
        reached=local("2026-11-25T08:40"),
        newest_event=local("2026-11-25T08:10"),
        calendar=CALENDAR,
    )
    assert local("2026-11-23T21:00") + timedelta(seconds=offset) == local("2026-11-25T08:40")


def test_a_chosen_clock_may_show_the_night_but_not_the_time_before_the_newest_event() -> None:
    real = local("2026-11-23T09:00")
    night = local("2026-11-26T23:30")

    def begins(chosen: datetime) -> datetime:
        return real + timedelta(
            seconds=clock.offset_s(
                real=real,
                chosen=chosen,
                reached=None,
                newest_event=local("2026-11-25T10:00"),
                calendar=CALENDAR,
            )
        )

    assert begins(night) == night
    assert begins(local("2026-11-20T08:00")) == local("2026-11-25T10:00")


@given(
    real=st.datetimes(datetime(2024, 1, 1), datetime(2028, 10, 1)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    ahead=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_the_clock_of_a_demo_always_shows_office_hours(real: datetime, ahead: timedelta) -> None:
    calendar = clock.read_calendar(folder.ROOT / "data" / "calendar_2024_2028.csv")
    offset = clock.offset_s(
        real=real, chosen=None, reached=real + ahead, newest_event=None, calendar=calendar
    )
    start = real + timedelta(seconds=offset)
    assert start >= real + ahead
    # Seconds are whole, so it may begin up to one later than the instant it aims at.
    assert clock.is_open(start, calendar) or clock.is_open(start - timedelta(seconds=1), calendar)


@given(
    days=st.lists(
        st.tuples(
            st.integers(-30 * 3600, 40 * 3600),  # until the next start; back when it was set back
            st.integers(0, 20 * 3600),  # how long that demo runs
        ),
        min_size=2,
        max_size=14,
    )
)
def test_started_day_after_day_the_clock_never_goes_back_and_never_runs_away(
    days: list[tuple[int, int]],
) -> None:
    """Also when the machine's own clock is set back, and when most starts are in the evening."""
    calendar = clock.read_calendar(folder.ROOT / "data" / "calendar_2024_2028.csv")
    real, reached = local("2026-11-23T19:30"), local("2026-11-23T16:00")
    latest, ran = real, timedelta()
    for pause, runs in days:
        real += timedelta(seconds=pause)
        latest = max(latest, real)
        offset = timedelta(
            seconds=clock.offset_s(
                real=real, chosen=None, reached=reached, newest_event=reached, calendar=calendar
            )
        )
        start = real + offset
        assert start >= reached
        assert any(clock.is_open(start - timedelta(seconds=n), calendar) for n in (0, 1))
        # Ahead at most by what demos ran, each once put off to the next opening.
        assert start <= latest + ran + timedelta(days=4 * len(days))
        ran += timedelta(seconds=runs)
        real += timedelta(seconds=runs)
        reached = real + offset


def test_evening_after_evening_the_clock_shows_the_next_morning() -> None:
    """Two hours each evening of a week: each time the next opening, or on from where it was."""
    reached = None
    shown = []
    for day in range(23, 28):
        real = local(f"2026-11-{day}T19:00")
        offset = clock.offset_s(
            real=real, chosen=None, reached=reached, newest_event=reached, calendar=CALENDAR
        )
        start = real + timedelta(seconds=offset)
        shown.append(f"{start:%d %H:%M}")
        reached = start + timedelta(hours=2)
    assert shown == ["25 07:00", "25 09:00", "26 07:00", "27 07:00", "28 07:00"]


def test_the_calendar_file_knows_days_off_and_worked_saturdays() -> None:
    calendar = clock.read_calendar(folder.ROOT / "data" / "calendar_2024_2028.csv")
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 8, 22))
    assert not calendar.is_working_day(date(2026, 8, 29))


def test_the_place_that_the_clock_had_reached_survives_a_full_disk(small_disk: Path) -> None:
    file = small_disk / "clock.txt"
    clock.write_reached(file, local("2026-11-25T08:40"))
    with (small_disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    with pytest.raises(OSError, match="No space left"):
        clock.write_reached(file, local("2026-11-25T08:41"))
    assert clock.read_reached(file) == local("2026-11-25T08:40")


def test_a_calendar_without_a_working_day_is_told_in_one_sentence() -> None:
    never = DemoCalendar(
        days_off=frozenset(date(2026, 11, 23) + timedelta(days=n) for n in range(90))
    )
    with pytest.raises(LaunchError, match="no working day"):
        clock.next_opening(local("2026-11-23T09:00"), never)


def test_onestop_clock_is_local_time_unless_it_names_a_zone() -> None:
    assert clock.parse_instant("2026-11-23T08:00") == local("2026-11-23T08:00")
    assert clock.parse_instant("2026-11-23T01:00Z") == local("2026-11-23T08:00")
    with pytest.raises(LaunchError, match="ONESTOP_CLOCK is 'tomorrow'"):
        clock.parse_instant("tomorrow")

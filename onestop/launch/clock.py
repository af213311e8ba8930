"""At which instant a demo's clock starts. Pure functions; all instants carry their zone."""

import csv
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from onestop.launch.errors import LaunchError

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_INTERVALS = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
_SEARCH_DAYS = 60


@dataclass(frozen=True)
class DemoCalendar:
    """The national days off and the Saturdays worked instead."""

    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.days_off:
            return False
        return day.weekday() < 5 or day in self.days_worked


def read_calendar(path: Path) -> DemoCalendar:
    """The calendar of a file of `date,dow,kind,name,source`; kinds are off and work."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [(row["kind"], date.fromisoformat(row["date"])) for row in csv.DictReader(lines)]
    return DemoCalendar(
        frozenset(day for kind, day in rows if kind == "off"),
        frozenset(day for kind, day in rows if kind == "work"),
    )


def parse_instant(text: str) -> datetime:
    """ONESTOP_CLOCK as an instant; local time when it names no zone. Raises LaunchError."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise LaunchError(
            f"ONESTOP_CLOCK is {text!r}: write an instant such as 2026-11-23T08:00+07:00."
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=LOCAL)


def read_reached(path: Path) -> datetime | None:
    """Where the clock of the last run stood; None when there was none."""
    try:
        return datetime.fromisoformat(path.read_text().strip())
    except (OSError, ValueError):
        return None


def write_reached(path: Path, instant: datetime) -> None:
    """Keep where the clock stands; what was kept before stays where the disk is full."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(instant.astimezone(LOCAL).isoformat())
    fresh.replace(path)


def is_open(instant: datetime, calendar: DemoCalendar) -> bool:
    """Whether counters are open: Monday to Friday 07:00–11:30 and 13:30–17:00 on no day off."""
    local = instant.astimezone(LOCAL)
    if not calendar.is_working_day(local.date()):
        return False
    return any(begin <= local.time() < end for begin, end in _INTERVALS)


def next_opening(instant: datetime, calendar: DemoCalendar) -> datetime:
    """The instant itself during office hours, otherwise when counters next open."""
    if is_open(instant, calendar):
        return instant
    day = instant.astimezone(LOCAL).date()
    for _ in range(_SEARCH_DAYS):
        if calendar.is_working_day(day):
            for begin, _end in _INTERVALS:
                opening = datetime.combine(day, begin, LOCAL)
                if opening >= instant:
                    return opening
        day += timedelta(days=1)
    raise LaunchError(f"The calendar has no working day in {_SEARCH_DAYS} days after {instant}.")


def offset_s(
    *,
    real: datetime,
    chosen: datetime | None,
    reached: datetime | None,
    newest_event: datetime | None,
    calendar: DemoCalendar,
) -> int:
    """Seconds to add to the real time so that the clock starts where it should.

    `chosen` is what the user asked for, `reached` where the clock of the last run stood. A chosen
    instant only gives way to the newest event in the database. Without one the clock shows the
    real time during office hours and otherwise begins at the next opening; it never begins
    before the newest event or before the place it had reached.
    """
    if chosen:
        start = max(chosen, newest_event or chosen)
    else:
        start = next_opening(max(real, newest_event or real, reached or real), calendar)
    return math.ceil((start - real).total_seconds())

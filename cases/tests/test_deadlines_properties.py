"""What must hold for every deadline, calendar and ledger (bounded and repeatable).

Where the worked examples bend a plain statement, the statement here says how far it holds.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases.deadlines import (
    Budget,
    Calendar,
    DayRule,
    Due,
    Entry,
    Interval,
    Unit,
    due,
    early_working_days,
    receipt_day,
    share,
    step_due,
)
from common.clock import VIETNAM
from offices.worktime import local_time

bounded = settings(max_examples=120, deadline=None, derandomize=True, database=None)

MORNING, AFTERNOON = Interval(time(7), time(11, 30)), Interval(time(13, 30), time(17))
FIRST_DAY = date(2026, 11, 2)

units = st.sampled_from(list(Unit))
amounts = st.integers(min_value=0, max_value=25)
near_days = st.integers(min_value=0, max_value=50).map(lambda n: FIRST_DAY + timedelta(days=n))
edges = ["05:00", "07:00", "11:30", "12:15", "14:59", "15:00", "17:00", "17:01", "23:59"]
clocks = st.one_of(st.sampled_from(edges), st.times().map(lambda clock: f"{clock:%H:%M}")).map(
    time.fromisoformat
)
moments = st.builds(
    lambda day, clock: datetime.combine(FIRST_DAY + timedelta(days=day), clock, VIETNAM),
    st.integers(min_value=0, max_value=24),
    clocks,
)
half_days = (DayRule("half"), DayRule("half", (AFTERNOON,)))
rules = st.sampled_from([DayRule("off"), DayRule("off"), DayRule("work"), *half_days])


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """An office: its weekdays, perhaps Saturday mornings, and days that differ."""
    weekly: dict[int, tuple[Interval, ...]] = dict.fromkeys(range(5), (MORNING, AFTERNOON))
    if draw(st.booleans()):
        weekly[5] = (MORNING,)
    return Calendar(weekly, draw(st.dictionaries(near_days, rules, max_size=12)))


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """A start and up to three pauses that are over."""
    times = sorted(draw(st.lists(moments, min_size=7, max_size=7)))
    pauses = draw(st.integers(min_value=0, max_value=3))
    kinds = ["start", *["pause", "resume"] * pauses]
    return [Entry(kind, moment) for kind, moment in zip(kinds, times, strict=False)]


def instant(result: Due) -> datetime:
    assert result.due_at is not None
    return result.due_at


@bounded
@given(units, amounts, ledgers(), calendars(), calendars(), st.booleans())
def test_nothing_is_ever_due_on_a_day_off_or_outside_working_hours(
    unit: Unit,
    amount: int,
    entries: Sequence[Entry],
    calendar: Calendar,
    counter: Calendar,
    shifts: bool,
) -> None:
    budget = Budget(amount, unit)
    due_at = instant(due(budget, entries, calendar, counter=counter, cutoff_shifts_all=shifts))
    local = local_time(due_at)
    hours = calendar.intervals_on(local.date())
    assert any(interval.start <= local.time() <= interval.end for interval in hours)
    assert budget.unit == Unit.WORKING_HOURS or due_at == calendar.closing(local.date())


@bounded
@given(units, amounts, ledgers(), calendars(), calendars(), st.booleans())
def test_more_time_is_never_due_earlier(
    unit: Unit,
    amount: int,
    entries: Sequence[Entry],
    calendar: Calendar,
    counter: Calendar,
    shifts: bool,
) -> None:
    """In hours from one hour on: 0 hours are no length but the rule of the same day."""
    assume(unit != Unit.WORKING_HOURS or amount > 0)
    less, more = (
        due(Budget(n, unit), entries, calendar, counter=counter, cutoff_shifts_all=shifts)
        for n in (amount, amount + 1)
    )
    assert instant(less) <= instant(more)


@bounded
@given(units, amounts, moments, moments, calendars(), calendars(), st.booleans())
def test_what_comes_later_is_never_due_earlier(
    unit: Unit,
    amount: int,
    one: datetime,
    other: datetime,
    calendar: Calendar,
    counter: Calendar,
    shifts: bool,
) -> None:
    first, second = (
        due(
            Budget(amount, unit),
            [Entry("start", received)],
            calendar,
            counter=counter,
            cutoff_shifts_all=shifts,
        )
        for received in sorted((one, other))
    )
    assert instant(first) <= instant(second)


@bounded
@given(units, amounts, ledgers(), calendars(), calendars(), st.booleans(), st.data())
def test_a_pause_never_makes_it_earlier(
    unit: Unit,
    amount: int,
    entries: list[Entry],
    calendar: Calendar,
    counter: Calendar,
    shifts: bool,
    data: st.DataObject,
) -> None:
    assume(len(entries) > 1)
    left_out = data.draw(st.integers(0, (len(entries) - 3) // 2)) * 2 + 1
    without = entries[:left_out] + entries[left_out + 2 :]
    paused, plain = (
        due(Budget(amount, unit), ledger, calendar, counter=counter, cutoff_shifts_all=shifts)
        for ledger in (entries, without)
    )
    assert instant(paused) >= instant(plain)


@bounded
@given(units, amounts, ledgers(), calendars(), st.booleans())
def test_the_ledger_rebuilds_the_same_answer(
    unit: Unit, amount: int, entries: list[Entry], calendar: Calendar, shifts: bool
) -> None:
    """Stored as text in another time zone, read again, played on a fresh calendar."""
    budget = Budget(amount, unit)
    stored = json.dumps([{**asdict(e), "at": e.at.astimezone(UTC).isoformat()} for e in entries])
    read = [
        Entry(row["kind"], datetime.fromisoformat(row["at"]), row["amount"])
        for row in json.loads(stored)
    ]
    fresh = Calendar(dict(calendar.weekly), dict(calendar.days))
    first = due(budget, entries, calendar, cutoff_shifts_all=shifts)
    again = due(budget, read, fresh, cutoff_shifts_all=shifts)
    assert again == first
    assert again.used_days == first.used_days


@bounded
@given(st.integers(1, 25), moments, calendars(), calendars())
def test_working_days_after_the_receipt_are_exactly_the_budget(
    amount: int, received: datetime, calendar: Calendar, counter: Calendar
) -> None:
    result = due(
        Budget(amount, Unit.WORKING_DAYS), [Entry("start", received)], calendar, counter=counter
    )
    due_day = local_time(instant(result)).date()
    assert calendar.count_working_days(receipt_day(counter, received), due_day) == amount


@bounded
@given(st.integers(1, 60), ledgers(), calendars())
def test_working_hours_outside_pauses_are_exactly_the_budget(
    amount: int, entries: list[Entry], calendar: Calendar
) -> None:
    """As long as no pause begins after the hours had run out."""
    result = due(Budget(amount, Unit.WORKING_HOURS), entries, calendar)
    assume(all(stretch.left for stretch in result.stretches))
    worked = sum(
        (
            calendar.worked_between(stretch.began_at, stretch.ended_at or instant(result))
            for stretch in result.stretches
        ),
        timedelta(),
    )
    assert worked == timedelta(hours=amount)


@bounded
@given(units, st.integers(2, 25), moments, moments, calendars())
def test_a_pause_of_no_length_moves_nothing_while_something_is_left(
    unit: Unit, amount: int, one: datetime, other: datetime, calendar: Calendar
) -> None:
    """In days only during the hours of receipt: a paper that comes later is of the next day."""
    start, pause = sorted((one, other))
    assume(receipt_day(calendar, pause) == local_time(pause).date())
    plain = [Entry("start", start)]
    stood = due(Budget(amount, unit), [*plain, Entry("pause", pause)], calendar)
    assume(stood.remaining is not None and stood.remaining.amount > 0)
    resumed = [*plain, Entry("pause", pause), Entry("resume", pause)]
    assert due(Budget(amount, unit), resumed, calendar).due_at == instant(
        due(Budget(amount, unit), plain, calendar)
    )


@bounded
@given(units, st.integers(1, 15), st.integers(1, 15), moments, calendars(), st.booleans())
def test_an_extension_before_the_end_is_the_longer_budget(
    unit: Unit, amount: int, more: int, received: datetime, calendar: Calendar, shifts: bool
) -> None:
    start = Entry("start", received)
    longer = due(Budget(amount + more, unit), [start], calendar, cutoff_shifts_all=shifts)
    extended = due(
        Budget(amount, unit),
        [start, Entry("extend", received, more)],
        calendar,
        cutoff_shifts_all=shifts,
    )
    assert extended.due_at == longer.due_at
    assert extended.total == amount + more


@bounded
@given(moments, moments, moments, calendars())
def test_what_is_ready_earlier_is_not_less_early(
    one: datetime, other: datetime, due_at: datetime, calendar: Calendar
) -> None:
    earlier, later = sorted((one, other))
    more, fewer = (early_working_days(ready, due_at, calendar) for ready in (earlier, later))
    assert more >= fewer >= 0


@bounded
@given(st.integers(1, 20), ledgers(), moments, calendars())
def test_the_share_of_time_adds_up_to_the_budget(
    amount: int, entries: list[Entry], until: datetime, calendar: Calendar
) -> None:
    result = due(Budget(amount, Unit.WORKING_DAYS), entries, calendar)
    assume(until >= entries[-1].at)
    cells = share(result, until)
    assert cells.total == amount
    days = [cell.day for cell in cells.cells if cell.day]
    assert days == sorted(set(days))
    assert all(calendar.is_working_day(day) for day in days)


@bounded
@given(st.integers(1, 60), ledgers(), calendars())
def test_a_step_counts_hours_as_a_dossier_does(
    hours: int, entries: list[Entry], calendar: Calendar
) -> None:
    """As long as the step had not run out before a pause."""
    result = due(Budget(hours, Unit.WORKING_HOURS), entries, calendar)
    assume(all(s.left for s in result.stretches))
    times = [entry.at for entry in entries]
    pauses = list(zip(times[1::2], times[2::2], strict=True))
    assert step_due(times[0], hours, calendar, pauses) == result.due_at

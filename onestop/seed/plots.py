"""What shall happen to each dossier of the demo: who, which case, when, how fast, how it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random

from cases.deadlines import Unit
from cases.models import ProcedureCase
from cases.services.intake import counter_documents
from cases.workflow import ResultChannel
from common import clock
from offices.worktime import Calendar
from onestop.seed.people import Person

_FAVOURITES = {
    "1.115783": 6, "1.115784": 4, "1.115776": 4, "1.001193": 5, "2.000815": 4, "1.013225": 4,
    "1.001612": 3, "1.004873": 3,
}  # fmt: skip


class Ending(Enum):
    """How far a dossier comes; one that runs on goes as far as its pace brings it."""

    RUNS = "runs"
    STALLS = "stalls"
    UNCOLLECTED = "the result waits"
    WAITS_FOR_PAPERS = "waits for papers"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Plot:
    """`pace` 1 means that each step takes the working hours that the procedure gives it."""

    person: Person
    case: ProcedureCase
    arrives_at: datetime
    channel: ResultChannel
    pace: float
    ending: Ending
    lacks_papers: bool = False  # before acceptance
    papers_are_asked: bool = False  # while it is processed
    stalls_after: int = 0  # hand-overs


@dataclass(frozen=True)
class _Group:
    """A share of all dossiers that have a fate in common; ages are in working days."""

    share: float
    ending: Ending
    age: Callable[[Random, int], float]
    pace: tuple[float, float] = (0.4, 0.95)
    lacks_papers: bool = False
    papers_are_asked: bool = False
    needs_days: bool = False  # only procedures of two working days and more
    stalls_after: tuple[int, int] = (1, 3)


_GROUPS = (
    _Group(0.19, Ending.RUNS, lambda c, days: days + c.uniform(2, 40)),
    _Group(0.06, Ending.UNCOLLECTED, lambda c, days: days + c.uniform(3, 15), (0.4, 0.8)),
    _Group(0.05, Ending.RUNS, lambda c, days: 2 * days + c.uniform(8, 30), (1.3, 1.7)),
    _Group(0.05, Ending.RUNS, lambda c, days: days + c.uniform(8, 40), papers_are_asked=True),
    _Group(0.03, Ending.RUNS, lambda c, days: days + c.uniform(8, 40), lacks_papers=True),
    _Group(0.24, Ending.RUNS, lambda c, days: c.uniform(0, days * 0.8), (0.6, 1.0)),
    _Group(0.06, Ending.STALLS, lambda c, days: days, needs_days=True),
    _Group(0.03, Ending.STALLS, lambda c, days: days + c.uniform(1, 6), needs_days=True),
    _Group(0.10, Ending.STALLS, lambda c, days: c.uniform(0, 1), stalls_after=(0, 0)),
    _Group(0.05, Ending.WAITS_FOR_PAPERS, lambda c, days: c.uniform(1, 9), lacks_papers=True),
    _Group(
        0.06, Ending.WAITS_FOR_PAPERS, lambda c, days: c.uniform(2, days + 6),
        papers_are_asked=True, needs_days=True,
    ),
    _Group(0.04, Ending.REFUSED, lambda c, days: c.uniform(1, 30)),
    _Group(0.02, Ending.WITHDRAWN, lambda c, days: c.uniform(8, 30), needs_days=True),
    _Group(0.02, Ending.CANCELLED, lambda c, days: c.uniform(0, 20)),
)  # fmt: skip


def plots(
    count: int,
    *,
    people: Sequence[Person],
    cases: Sequence[ProcedureCase],
    calendar: Calendar,
    now: datetime,
    chance: Random,
) -> list[Plot]:
    """`count` plots that begin before `now`; each group has one at least, each person comes."""
    weights = [_FAVOURITES.get(case.version.procedure.code, 1) for case in cases]
    made = []
    for number, group in enumerate(_spread(count, chance)):
        fitting = [
            (case, weight)
            for case, weight in zip(cases, weights, strict=True)
            if _fits(case, group)
        ]
        case = chance.choices([c for c, _w in fitting], [w for _c, w in fitting])[0]
        age = group.age(chance, working_days_of(case))
        made.append(
            Plot(
                person=people[number % len(people)],
                case=case,
                arrives_at=_arrival(calendar, now, age, chance),
                channel=_channel(chance),
                pace=chance.uniform(*group.pace),
                ending=group.ending,
                lacks_papers=group.lacks_papers,
                papers_are_asked=group.papers_are_asked,
                stalls_after=chance.randint(*group.stalls_after),
            )
        )
    return made


def working_days_of(case: ProcedureCase) -> int:
    """About how many working days the law gives, 0 for the same day."""
    if case.same_day:
        return 0
    if case.deadline_unit == Unit.WORKING_HOURS:
        return -(-case.deadline_amount // 8)
    if case.deadline_unit == Unit.CALENDAR_DAYS:
        return case.deadline_amount * 5 // 7
    return case.deadline_amount


def _spread(count: int, chance: Random) -> list[_Group]:
    """Groups by their shares in random order, each at least once while `count` allows."""
    numbers = [max(1, int(group.share * count)) for group in _GROUPS]
    while sum(numbers) > count:
        numbers[numbers.index(max(numbers))] -= 1
    numbers[0] += count - sum(numbers)
    groups = [g for group, n in zip(_GROUPS, numbers, strict=True) for g in [group] * n]
    chance.shuffle(groups)
    return groups


def _fits(case: ProcedureCase, group: _Group) -> bool:
    if group.needs_days and working_days_of(case) < 2:
        return False
    return not group.lacks_papers or any(d.required for d in counter_documents(case))


def _channel(chance: Random) -> ResultChannel:
    return chance.choices(
        [ResultChannel.COUNTER, ResultChannel.POST, ResultChannel.ELECTRONIC], [80, 13, 7]
    )[0]


def _arrival(calendar: Calendar, now: datetime, age: float, chance: Random) -> datetime:
    """An instant of counter time about `age` working days ago, some minutes before `now`."""
    day = _days_back(calendar, clock.local(now).date(), round(age))
    for _try in range(10):
        interval = chance.choice(calendar.intervals_on(day))
        start = datetime.combine(day, interval.start, clock.VIETNAM)
        length = datetime.combine(day, interval.end, clock.VIETNAM) - start
        at = start + length * chance.uniform(0.03, 0.9)
        if at < now - timedelta(minutes=8):
            return at.replace(microsecond=0)
    return _arrival(calendar, now, age + 1, chance)


def _days_back(calendar: Calendar, day: date, count: int) -> date:
    """The working day that lies `count` working days before `day` (or before the last one)."""
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    for _n in range(count):
        day -= timedelta(days=1)
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
    return day

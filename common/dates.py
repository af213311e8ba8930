"""Dates, hours and durations in words, Vietnamese and English (screens.md 1.6).

Instants come in aware and are told in Asia/Ho_Chi_Minh. `lang` is "vi" or "en"; None means the
active language. What is sent to a citizen passes lang="vi" always.

    day_phrase        thứ Sáu 27/11/2026            Friday 27 November 2026
    due_phrase        17:00, thứ Sáu 27/11/2026     17:00, Friday 27 November 2026
    date_time_phrase  thứ Sáu 27/11/2026, 17:00     Friday 27 November 2026, 17:00
    short_day         27/11                         27 November
    short_day_phrase  thứ Sáu 27/11                 Friday 27 November
    short_due_phrase  17:00 thứ Sáu 27/11           17:00 Friday 27 November
    stamp             15:20 23/11                   15:20 23 November
    day_list_phrase   18, 19, 20, 23/11             18, 19, 20, 23 November
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Protocol

from django.utils.translation import get_language

from common.clock import VIETNAM

NO_BREAK_SPACE = "\u00a0"

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_AND = {"vi": " và ", "en": " and "}
_TO = {"vi": "đến", "en": "to"}


class OpenInterval(Protocol):
    """A stretch of opening hours, such as `offices.worktime.Interval`."""

    @property
    def start(self) -> time: ...
    @property
    def end(self) -> time: ...


def language(lang: str | None = None) -> str:
    """ "vi" or "en": of `lang`, else of the active language; Vietnamese for any other."""
    return "en" if (lang or get_language() or "vi").startswith("en") else "vi"


def weekday_name(day: date, lang: str | None = None) -> str:
    """ "thứ Sáu", "Chủ nhật"; "Friday"."""
    return _WEEKDAYS[language(lang)][_local_day(day).weekday()]


def clock_phrase(at: datetime) -> str:
    """ "08:40"."""
    return f"{_local(at):%H:%M}"


def short_day(day: date, lang: str | None = None) -> str:
    """ "27/11"; "27 November"."""
    return _day_and_month(_local_day(day), language(lang))


def short_day_phrase(day: date, lang: str | None = None, *, no_break: bool = False) -> str:
    """ "thứ Sáu 27/11"; "Friday 27 November"."""
    return _tied(f"{weekday_name(day, lang)} {short_day(day, lang)}", no_break)


def day_phrase(day: date, lang: str | None = None, *, no_break: bool = False) -> str:
    """ "thứ Sáu 27/11/2026"; "Friday 27 November 2026"."""
    separator = " " if language(lang) == "en" else "/"
    phrase = f"{short_day_phrase(day, lang)}{separator}{_local_day(day).year}"
    return _tied(phrase, no_break)


def due_phrase(at: datetime, lang: str | None = None, *, no_break: bool = False) -> str:
    """ "17:00, thứ Sáu 27/11/2026"; "17:00, Friday 27 November 2026"."""
    return f"{clock_phrase(at)}, {day_phrase(at, lang, no_break=no_break)}"


def date_time_phrase(at: datetime, lang: str | None = None, *, no_break: bool = False) -> str:
    """ "thứ Sáu 27/11/2026, 17:00"; "Friday 27 November 2026, 17:00"."""
    return f"{day_phrase(at, lang, no_break=no_break)}, {clock_phrase(at)}"


def short_due_phrase(at: datetime, lang: str | None = None, *, no_break: bool = False) -> str:
    """ "17:00 thứ Sáu 27/11"; "17:00 Friday 27 November"."""
    return _tied(f"{clock_phrase(at)} {short_day_phrase(at, lang)}", no_break)


def stamp(at: datetime, lang: str | None = None) -> str:
    """ "15:20 23/11"; "15:20 23 November"."""
    return f"{clock_phrase(at)} {short_day(at, lang)}"


def day_list_phrase(days: Iterable[date], lang: str | None = None) -> str:
    """ "26, 27, 30/11, 1, 2/12"; "26, 27, 30 November, 1, 2 December"; "" without days.

    The month stands with the last day of each run of one month.
    """
    runs = [list(run) for _key, run in groupby(days, key=lambda day: (day.year, day.month))]
    return ", ".join(
        ", ".join([*(str(day.day) for day in run[:-1]), _list_end(run[-1], language(lang))])
        for run in runs
    )


def hours_phrase(
    intervals: Iterable[OpenInterval], lang: str | None = None, *, spoken: bool = False
) -> str:
    """ "7:00–11:30, 13:30–17:00"; `spoken` puts "và" (and) before the last."""
    stretches = [f"{_hour(i.start)}–{_hour(i.end)}" for i in intervals]
    if spoken and len(stretches) > 1:
        return ", ".join(stretches[:-1]) + _AND[language(lang)] + stretches[-1]
    return ", ".join(stretches)


def week_hours_phrase(weekly: Mapping[int, Sequence[OpenInterval]], lang: str | None = None) -> str:
    """ "thứ Hai đến thứ Sáu, 7:00–11:30 và 13:30–17:00; thứ Bảy, 7:00–11:30".

    `weekly` is by weekday, 0 = Monday; neighbours with the same hours are told together.
    """
    return "; ".join(
        f"{days}, {hours}" for days, hours in _weekday_runs(weekly, language(lang)) if hours
    )


def duration_days_phrase(days: int, lang: str | None = None) -> str:
    """ "2 ngày làm việc"; "2 working days", "1 working day"."""
    return f"{days} ngày làm việc" if language(lang) == "vi" else _counted(days, "working day")


def calendar_days_phrase(days: int, lang: str | None = None) -> str:
    """ "2 ngày"; "2 days", "1 day"."""
    return f"{days} ngày" if language(lang) == "vi" else _counted(days, "day")


def working_time_phrase(minutes: int, lang: str | None = None) -> str:
    """ "8 giờ làm việc", "5 giờ 30 phút làm việc"; "8 working hours", "30 minutes of work"."""
    hours, rest = divmod(minutes, 60)
    if language(lang) == "vi":
        parts = [f"{hours} giờ"] * (hours > 0 or not rest) + [f"{rest} phút"] * (rest > 0)
        return " ".join([*parts, "làm việc"])
    if not rest:
        return _counted(hours, "working hour")
    parts = [_counted(hours, "hour")] * (hours > 0) + [_counted(rest, "minute")]
    return " ".join([*parts, "of work"])


def sentence_start(text: str) -> str:
    """The same words with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"An instant needs a time zone: {at.isoformat()}.")
    return at.astimezone(VIETNAM)


def _local_day(day: date) -> date:
    return _local(day).date() if isinstance(day, datetime) else day


def _day_and_month(day: date, lang: str) -> str:
    return f"{day:%d/%m}" if lang == "vi" else f"{day.day} {_MONTHS[day.month - 1]}"


def _list_end(day: date, lang: str) -> str:
    return f"{day.day}/{day.month}" if lang == "vi" else _day_and_month(day, lang)


def _hour(clock: time) -> str:
    return f"{clock.hour}:{clock:%M}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _tied(phrase: str, no_break: bool) -> str:
    return phrase.replace(" ", NO_BREAK_SPACE) if no_break else phrase


def _weekday_runs(
    weekly: Mapping[int, Sequence[OpenInterval]], lang: str
) -> Iterator[tuple[str, str]]:
    names = _WEEKDAYS[lang]

    def spoken(weekday: int) -> str:
        return hours_phrase(weekly.get(weekday, ()), lang, spoken=True)

    for hours, group in groupby(range(7), key=spoken):
        run = list(group)
        first, last = names[run[0]], names[run[-1]]
        yield (first if len(run) == 1 else f"{first} {_TO[lang]} {last}"), hours

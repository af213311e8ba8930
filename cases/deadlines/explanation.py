"""Why a due date is what it is, in sentences for citizens and officers (design.md 4)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from cases.deadlines.ledger import Budget, Entry, EntryKind, Unit
from cases.deadlines.reckoning import MICROSECONDS_A_MINUTE, MINUTES, Due, Stretch, days_used
from cases.deadlines.words import WORDS
from common import dates
from offices.kinds import DayKind
from offices.worktime import Calendar, days_between, local_time

_DAYS_NAMED = 10
# Where an import took a day from is no reason for a citizen; a decision, entered by hand, is.
_NOT_A_DECISION = re.compile(r"holidays \d|press\b")


def explain(
    due: Due,
    budget: Budget,
    entries: Sequence[Entry],
    calendar: Calendar,
    lang: str | None = None,
    *,
    until: datetime | None = None,
) -> list[str]:
    """The reasons for a due date, one sentence each, in `lang` or the active language.

    `until` is the instant up to which days off during a pause that lasts are named.
    """
    return list(_Explanation(due, budget, calendar, dates.language(lang)).sentences(entries, until))


class _Explanation:
    """The sentences about one due date in one language."""

    def __init__(self, due: Due, budget: Budget, calendar: Calendar, lang: str) -> None:
        self._due = due
        self._budget = budget
        self._calendar = calendar
        self._lang = lang
        self._words = WORDS[lang]
        self._cutoff = f"{due.cutoff:%H:%M}"

    def sentences(self, entries: Sequence[Entry], until: datetime | None) -> Iterator[str]:
        yield from self._answer()
        if not self._due.stretches:
            return
        yield from self._deadline(self._due.stretches[0])
        for entry in entries:
            if entry.kind == EntryKind.EXTEND:
                yield self._say("extended", amount=self._amount(entry.amount))
        yield from self._pauses()
        yield from self._counted()
        yield from self._unusual_days(until)

    def _answer(self) -> Iterator[str]:
        due = self._due
        if not due.stretches:
            yield self._say("not_started")
        if due.due_at is not None:
            yield self._say("due", due=dates.due_phrase(due.due_at, self._lang))
        if due.paused_since is not None and due.remaining is not None:
            left = self._amount(due.remaining.amount, due.remaining.unit)
            yield self._say("paused", at=self._at(due.paused_since), left=left)
        if due.stopped_at is not None:
            yield self._say("stopped", at=self._at(due.stopped_at))

    def _deadline(self, first: Stretch) -> Iterator[str]:
        amount, day = self._amount(self._budget.amount), self._day(first.received_on)
        if self._budget.unit == Unit.WORKING_HOURS:
            yield self._say("hours", amount=amount, at=self._at(first.began_at))
            return
        if self._budget.amount:
            words = "days" if self._budget.unit == Unit.WORKING_DAYS else "calendar_days"
            yield self._say(words, amount=amount, day=day)
        else:
            yield from self._same_day(first)
        yield from self._receipt(first)

    def _same_day(self, first: Stretch) -> Iterator[str]:
        words = "same_day_next" if first.after_cutoff else "same_day"
        yield self._say(words, cutoff=self._cutoff)
        worked = self._calendar.is_working_day(first.received_on)
        if worked and not first.after_cutoff and first.counted_from != first.received_on:
            yield self._say("office_closed")

    def _receipt(self, stretch: Stretch) -> Iterator[str]:
        """What moved the day of receipt, or the day from which counting starts."""
        day = dates.sentence_start(self._day(stretch.received_on))
        if local_time(stretch.began_at).date() != stretch.received_on:
            at = dates.sentence_start(self._at(stretch.began_at))
            yield self._say("out_of_hours", at=at, day=self._day(stretch.received_on))
        if not self._calendar.is_working_day(stretch.received_on):
            yield self._say("counter_only", day=day)
        if stretch.left and stretch.counted_from != stretch.received_on:
            shifted_to = self._day(stretch.counted_from)
            yield self._say("shifted", cutoff=self._cutoff, day=shifted_to)

    def _pauses(self) -> Iterator[str]:
        for before, after in pairwise(self._due.stretches):
            if before.ended_at is None:
                continue
            yield self._waiting(before.ended_at, before, after)
            if self._budget.unit == Unit.WORKING_HOURS:
                continue
            yield from self._receipt(after)
            if not after.left:
                yield self._nothing_left(after)
        if len(self._due.stretches) > 1 and self._budget.unit != Unit.WORKING_HOURS:
            yield self._say("pause_rule")

    def _waiting(self, paused_at: datetime, before: Stretch, after: Stretch) -> str:
        since = dates.short_due_phrase(paused_at, self._lang)
        until = dates.short_due_phrase(after.began_at, self._lang)
        days = len(self._due.waited_between(before, after))
        if not days:
            return self._say("waited_briefly", since=since, until=until)
        amount = dates.duration_days_phrase(days, self._lang)
        return self._say("waited", since=since, until=until, amount=amount)

    def _nothing_left(self, stretch: Stretch) -> str:
        if stretch.counted_from == local_time(stretch.began_at).date():
            return self._say("nothing_left", cutoff=self._cutoff)
        at = dates.short_due_phrase(stretch.began_at, self._lang)
        return self._say("nothing_left_next", at=at)

    def _counted(self) -> Iterator[str]:
        """The days that count: those used before a pause, those of the stretch that runs."""
        due = self._due
        if due.unit == Unit.WORKING_HOURS:
            yield from self._used_time()
            return
        if used := due.used_days:
            yield self._say(
                "used",
                used=len(used),
                total=self._amount(due.total),
                days=dates.day_list_phrase(used, self._lang),
            )
        last = due.stretches[-1]
        if due.due_at is None or last.ended_at is not None:
            return
        counted = days_used(due, last, due.due_at)
        if len(counted) > _DAYS_NAMED:
            first, final = self._day(counted[0]), self._day(counted[-1])
            yield self._say("counted_from", first=first, last=final)
        elif counted:
            yield self._say("counted", days=dates.day_list_phrase(counted, self._lang))

    def _used_time(self) -> Iterator[str]:
        due, last = self._due, self._due.stretches[-1]
        left = due.remaining.amount if due.remaining else last.left // MICROSECONDS_A_MINUTE
        used = due.total * 60 - left
        if used > 0:
            amount = self._amount(used, MINUTES)
            yield self._say("used_time", used=amount, total=self._amount(due.total))

    def _unusual_days(self, until: datetime | None) -> Iterator[str]:
        due = self._due
        end = due.due_at or until or due.paused_since
        yield from self._rolled()
        for skipped in due.skipped_until(end):
            name = self._named(skipped.name, skipped.legal_reference)
            yield self._say("day_off", day=self._starting(skipped.day), name=name)
        if due.unit == Unit.CALENDAR_DAYS or end is None:
            return
        for day in days_between(due.stretches[0].received_on, local_time(end).date()):
            rule = self._calendar.days.get(day)
            if rule is not None and rule.kind == DayKind.WORK:
                name = self._named(rule.name, rule.legal_reference)
                yield self._say("day_worked", day=self._starting(day), name=name)
            elif rule is not None and rule.kind == DayKind.HALF:
                hours = dates.hours_phrase(self._calendar.intervals_on(day), self._lang)
                yield self._say("short_day", day=self._starting(day), hours=hours)

    def _rolled(self) -> Iterator[str]:
        due, last = self._due, self._due.stretches[-1]
        if due.unit != Unit.CALENDAR_DAYS or due.due_at is None:
            return
        day = last.counted_from + timedelta(days=last.left)
        if not self._calendar.is_working_day(day):
            yield self._say("rolled", day=self._day(day))

    def _say(self, key: str, **facts: object) -> str:
        return self._words[key].format(**facts)

    def _named(self, name: str, reference: str) -> str:
        if not reference or _NOT_A_DECISION.match(reference):
            return name
        return self._say("by", name=name, reference=reference)

    def _at(self, at: datetime) -> str:
        return dates.due_phrase(at, self._lang)

    def _day(self, day: date) -> str:
        return dates.short_day_phrase(day, self._lang)

    def _starting(self, day: date) -> str:
        return dates.sentence_start(self._day(day))

    def _amount(self, amount: int, unit: str | None = None) -> str:
        unit = unit or self._budget.unit
        if unit == Unit.CALENDAR_DAYS:
            return dates.calendar_days_phrase(amount, self._lang)
        if unit == Unit.WORKING_DAYS:
            return dates.duration_days_phrase(amount, self._lang)
        minutes = amount if unit == MINUTES else amount * 60
        return dates.working_time_phrase(minutes, self._lang)

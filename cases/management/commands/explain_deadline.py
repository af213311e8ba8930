"""`manage.py explain_deadline`: when something received now would be due, and why."""

import argparse
import json
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases.deadlines import (
    Budget,
    Calendar,
    Due,
    Entry,
    EntryKind,
    Unit,
    default_calendar,
    due,
    explain,
)
from cases.deadlines.ledger import MAX_AMOUNT
from common.clock import VIETNAM
from common.errors import DomainError
from offices.models import Office
from offices.selectors.calendars import calendar_for, counter_calendar_for


class Command(BaseCommand):
    help = (
        "Reckon a due date and say why. Times are ISO 8601, local where they name no zone."
        " Without --office: Monday to Friday 07:00-11:30 and 13:30-17:00, national calendar."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--received", type=_instant, required=True, metavar="TIME")
        parser.add_argument("--amount", type=int, required=True, help="0 means the same day.")
        parser.add_argument("--unit", choices=Unit.values, default=Unit.WORKING_DAYS.value)
        for name in ("--pause", "--resume"):
            parser.add_argument(name, type=_instant, action="append", default=[], metavar="TIME")
        parser.add_argument("--office", metavar="CODE", help="Its calendar and its counter's.")
        parser.add_argument("--cutoff-shifts-all", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        calendar, counter = self._calendars(options["office"])
        budget = _budget(options["amount"], options["unit"])
        entries = _entries(options["received"], options["pause"], options["resume"])
        shifts_all = options["cutoff_shifts_all"] or settings.ONESTOP_CUTOFF_SHIFTS_ALL
        try:
            result = due(
                budget,
                entries,
                calendar,
                counter=counter,
                cutoff_shifts_all=shifts_all,
                cutoff=settings.CUTOFF,
            )
            sentences = explain(result, budget, entries, calendar)
        except DomainError as error:
            raise CommandError(error.message) from None
        except OverflowError:
            raise CommandError(_("The date lies too far ahead.")) from None
        self._tell(result, sentences, as_json=options["as_json"])

    def _calendars(self, code: str | None) -> tuple[Calendar, Calendar]:
        """Of the office as it decides and as its counter receives; without one the usual week."""
        if code is None:
            national = calendar_for(None).days
            if not national:
                self.stderr.write(_("The national calendar is empty: no day off is known."))
            usual = default_calendar(national)
            return usual, usual
        office = Office.objects.filter(code=code).first()
        if office is None:
            raise CommandError(_("There is no office with the code %(code)s.") % {"code": code})
        return calendar_for(office), counter_calendar_for(office)

    def _tell(self, result: Due, sentences: list[str], *, as_json: bool) -> None:
        if not as_json:
            for sentence in sentences:
                self.stdout.write(sentence)
            return
        due_at = result.due_at and result.due_at.astimezone(VIETNAM).isoformat()
        answer = {"due": due_at, "explanation": sentences}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("%(text)s is no time such as 2026-11-23T15:30.") % {"text": text}
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def _budget(amount: int, unit: str) -> Budget:
    try:
        return Budget(amount, Unit(unit))
    except ValueError:
        raise CommandError(
            _("A deadline is between 0 and %(most)d.") % {"most": MAX_AMOUNT}
        ) from None


def _entries(
    received: datetime, pauses: list[datetime], resumptions: list[datetime]
) -> list[Entry]:
    """The ledger: pauses and resumptions by turns, in order of time."""
    turns = zip_longest(sorted(pauses), sorted(resumptions))
    entries = [Entry(EntryKind.START, received)]
    for paused_at, resumed_at in turns:
        if paused_at is None:
            raise _out_of_turn()
        entries.append(Entry(EntryKind.PAUSE, paused_at))
        if resumed_at is not None:
            entries.append(Entry(EntryKind.RESUME, resumed_at))
    times = [entry.at for entry in entries]
    if times != sorted(times):
        raise _out_of_turn()
    return entries


def _out_of_turn() -> CommandError:
    return CommandError(
        _("Pauses and resumptions must take turns, beginning with a pause after receipt.")
    )

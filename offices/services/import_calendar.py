"""Takes days off and made-up working days of a file over (`manage.py import_calendar`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.importing import CsvRow, Fault, Faults, ImportRefused, ImportReport, read_csv
from common.obligations import obligations
from offices.kinds import DayKind
from offices.models import CalendarDay, Office
from offices.services.calendar import require_working_days

COLUMNS = ("date", "dow", "kind", "name", "source")
OPTIONAL = ("office", "opens", "closes")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d", re.ASCII)
_LONGEST = {"name": 120, "source": 200}


@dataclass(frozen=True)
class DayRow:
    """One day of the file; `office` "" is national, hours are for half days."""

    place: str
    day: date
    office: str
    kind: str
    name: str
    source: str
    opens: time | None
    closes: time | None


@transaction.atomic
def import_calendar(path: Path) -> ImportReport:
    """Days of the file by date and office; days that the file does not name stay as they are.

    Raises ImportRefused with every fault, also when the calendar would then have no working day
    within a year; nothing is written then.
    """
    faults = Faults()
    rows = read_csv(path, required=COLUMNS, optional=OPTIONAL, faults=faults)
    days = [day for row in rows if (day := _day_row(row, faults))]
    offices = {office.code: office for office in Office.objects.all()}
    _check_whole(days, offices, faults)
    faults.refuse_if_any()
    report = _apply(days, offices, faults)
    faults.refuse_if_any()
    try:
        require_working_days()
    except DomainError as error:
        raise ImportRefused([Fault(path.name, str(error))]) from None
    return report


def _day_row(row: CsvRow, faults: Faults) -> DayRow | None:
    before = len(faults.found)
    day = _date(row, faults)
    kind = row["kind"]
    faults.require(
        kind in DayKind.values, row.place, _("unknown kind: %(kind)s") % {"kind": kind or "–"}
    )
    for column, longest in _LONGEST.items():
        faults.require(row[column], row.place, _("%(column)s is empty") % {"column": column})
        faults.require(
            len(row[column]) <= longest,
            row.place,
            _("%(column)s has %(found)d characters, at most %(longest)d")
            % {"column": column, "found": len(row[column]), "longest": longest},
        )
    opens, closes = _time(row, "opens", faults), _time(row, "closes", faults)
    has_hours = opens is not None and closes is not None and opens < closes
    faults.require(
        has_hours if kind == DayKind.HALF else opens is closes is None or has_hours,
        row.place,
        _("opens and closes: both, in order; a half day needs them"),
    )
    if day is None or len(faults.found) > before:
        return None
    return DayRow(row.place, day, row["office"], kind, row["name"], row["source"], opens, closes)


def _date(row: CsvRow, faults: Faults) -> date | None:
    try:
        day = date.fromisoformat(_written(_DATE, row["date"]))
    except ValueError:
        reason = _("%(column)s: a date is written as 2025-07-01, not %(value)s")
        faults.add(row.place, reason % {"column": "date", "value": row["date"]})
        return None
    faults.require(
        row["dow"] in ("", _DAYS[day.weekday()]),
        row.place,
        _("%(date)s is a %(day)s, not %(dow)s")
        % {"date": day.isoformat(), "day": _DAYS[day.weekday()], "dow": row["dow"]},
    )
    return day


def _time(row: CsvRow, column: str, faults: Faults) -> time | None:
    if not row[column]:
        return None
    try:
        return time.fromisoformat(_written(_TIME, row[column]))
    except ValueError:
        reason = _("%(column)s: a time is written as 07:00, not %(value)s")
        faults.add(row.place, reason % {"column": column, "value": row[column]})
        return None


def _written(form: re.Pattern[str], text: str) -> str:
    """The text; ValueError for a form that Python reads and the file must not have (an offset)."""
    if form.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _check_whole(days: Sequence[DayRow], offices: dict[str, Office], faults: Faults) -> None:
    first: dict[tuple[date, str], DayRow] = {}
    for row in days:
        faults.require(
            not row.office or row.office in offices,
            row.place,
            _("unknown office: %(code)s") % {"code": row.office},
        )
        other = first.setdefault((row.day, row.office), row)
        faults.require(
            other is row,
            row.place,
            _("%(column)s %(value)s stands already in %(place)s")
            % {"column": "date", "value": row.day.isoformat(), "place": other.place},
        )


def _apply(days: Sequence[DayRow], offices: dict[str, Office], faults: Faults) -> ImportReport:
    report = ImportReport()
    known = {(row.date, row.office_id): row for row in CalendarDay.objects.all()}
    new: list[CalendarDay] = []
    for row in days:
        office = offices.get(row.office)
        values = {
            "kind": row.kind,
            "name": row.name,
            "legal_reference": row.source,
            "opens": row.opens,
            "closes": row.closes,
        }
        place = " ".join(part for part in (row.day.isoformat(), row.office) if part)
        day = known.get((row.day, office.pk if office else None))
        if day is None:
            new.append(CalendarDay(date=row.day, office=office, **values))
            report.created.append(place)
            continue
        differing = [name for name, value in values.items() if getattr(day, name) != value]
        if not differing:
            report.unchanged += 1
            continue
        if day.kind != row.kind:
            for reason in obligations(settings.CALENDAR_OBLIGATIONS, day):
                faults.add(row.place, reason)
        report.add_change(place, [(name, getattr(day, name), values[name]) for name in differing])
        for name in differing:
            setattr(day, name, values[name])
        day.save(update_fields=differing)
    CalendarDay.objects.bulk_create(new)
    return report

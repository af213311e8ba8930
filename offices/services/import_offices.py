"""Takes the office tree of a file over into the database (`manage.py import_offices`)."""

from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.importing import Faults, ImportReport
from common.obligations import obligations
from offices.kinds import OfficeKind
from offices.models import Commune, Office, WeeklyInterval
from offices.services.office_file import OfficeRow, read_offices
from offices.worktime import Interval, default_calendar

_PLAIN = (
    "kind", "name", "short_name", "subcode", "address", "phone", "latitude", "longitude",
    "valid_from", "valid_to", "note",
)  # fmt: skip
_WEEKDAYS = range(5)
_SATURDAY = 5
_USUAL_HOURS = default_calendar().weekly[0]

Slot = tuple[int, time, time, bool]
"""Weekday, opening, closing, counter only."""


@transaction.atomic
def import_offices(path: Path) -> ImportReport:
    """Communes, offices and opening hours as in the file; a second run changes nothing.

    An office that keeps the usual hours follows the rule for all, which is written once and then
    left to the administrators. Offices that the file no longer names stay and are reported.
    Raises ImportRefused with every fault of the file, and then nothing is written.
    """
    rows = read_offices(path)
    _refuse_closings(rows)
    report = ImportReport()
    communes = _import_communes(rows, report)
    offices = _import_tree(rows, communes, report)
    _import_served(rows, communes, offices, report)
    _import_hours(rows, offices, report)
    gone = sorted(set(offices) - {row.code for row in rows})
    if gone:
        report.notes.append(
            _("Kept, though not in the file: %(codes)s.") % {"codes": ", ".join(gone)}
        )
    return report


def _refuse_closings(rows: Sequence[OfficeRow]) -> None:
    """An office with open work is closed neither by hand nor by a file."""
    faults = Faults()
    known = {office.code: office for office in Office.objects.filter(valid_to=None)}
    for row in rows:
        office = known.get(row.code)
        if office is not None and row.valid_to is not None:
            for reason in obligations(settings.OFFICE_OBLIGATIONS, office):
                faults.add(row.place, _("valid_to: %(reason)s") % {"reason": reason})
    faults.refuse_if_any()


def _import_communes(rows: Sequence[OfficeRow], report: ImportReport) -> dict[str, Commune]:
    known = {commune.code: commune for commune in Commune.objects.all()}
    new: list[Commune] = []
    for row in rows:
        if row.kind != OfficeKind.COMMUNE:
            continue
        values = {"name": row.commune_name, "predecessors": list(row.predecessors)}
        commune = known.get(row.unit_code)
        if commune is None:
            commune = known[row.unit_code] = Commune(code=row.unit_code, **values)
            new.append(commune)
            report.created.append(row.unit_code)
        else:
            _update(commune, values, row.unit_code, report)
    for commune in new:
        commune.derive()
    Commune.objects.bulk_create(new)
    return known


def _import_tree(
    rows: Sequence[OfficeRow], communes: dict[str, Commune], report: ImportReport
) -> dict[str, Office]:
    known = {o.code: o for o in Office.objects.select_related("commune", "parent")}
    new: list[tuple[str, Office]] = []
    for row in rows:
        values = {name: getattr(row, name) for name in _PLAIN}
        commune = communes.get(row.unit_code)
        office = known.get(row.code)
        if office is None:
            office = known[row.code] = Office(code=row.code, commune=commune, **values)
            office.derive()
            new.append((row.parent, office))
            report.created.append(row.code)
        else:
            links = {"commune": commune, "parent": known[row.parent] if row.parent else None}
            _update(office, values | links, row.code, report)
    _create_from_the_root(new, known)
    return known


def _create_from_the_root(new: Sequence[tuple[str, Office]], known: dict[str, Office]) -> None:
    """One insert per level of the tree, so that each parent has its key before its children."""
    waiting = list(new)
    while waiting:
        level = [(p, office) for p, office in waiting if not p or known[p].pk is not None]
        for parent, office in level:
            office.parent = known[parent] if parent else None
        Office.objects.bulk_create([office for _parent, office in level])
        waiting = [pair for pair in waiting if pair[1].pk is None]


def _update(
    row: Commune | Office, values: dict[str, Any], place: str, report: ImportReport
) -> None:
    """Saves what differs and reports the names of the columns, or counts the row as unchanged."""
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    if not differing:
        report.unchanged += 1
        return
    report.add_change(place, [(name, getattr(row, name), values[name]) for name in differing])
    for name in differing:
        setattr(row, name, values[name])
    row.save()


def _import_served(
    rows: Sequence[OfficeRow],
    communes: dict[str, Commune],
    offices: dict[str, Office],
    report: ImportReport,
) -> None:
    links = Office.serves.through.objects.values_list("office_id", "commune__code")
    before: dict[int, set[str]] = {}
    for office_id, code in links:
        before.setdefault(office_id, set()).add(code)
    created = set(report.created)
    for row in rows:
        office = offices[row.code]
        if before.get(office.pk, set()) != set(row.serves):
            office.serves.set([communes[code] for code in row.serves])
            if row.code not in created:
                served = sorted(before.get(office.pk, ()))
                report.add_change(row.code, [("serves", served, sorted(row.serves))])


def _import_hours(
    rows: Sequence[OfficeRow], offices: dict[str, Office], report: ImportReport
) -> None:
    if not WeeklyInterval.objects.filter(office=None).exists():
        WeeklyInterval.objects.bulk_create(
            _interval(None, slot) for slot in _week(_USUAL_HOURS, counter_on_saturday=())
        )
    before: dict[int, set[Slot]] = {}
    for own in WeeklyInterval.objects.filter(office__isnull=False):
        slot = (own.weekday, own.opens, own.closes, own.counter_only)
        before.setdefault(own.office_id or 0, set()).add(slot)
    created = set(report.created)
    for row in rows:
        office = offices[row.code]
        wanted, until_now = _own_hours(row), before.get(office.pk, set())
        if wanted == until_now:
            continue
        office.weekly_intervals.all().delete()
        WeeklyInterval.objects.bulk_create(_interval(office, slot) for slot in sorted(wanted))
        if row.code not in created:
            report.add_change(row.code, [("hours", _week_words(until_now), _week_words(wanted))])


def _week_words(slots: set[Slot]) -> list[str]:
    """ "Monday 07:00-11:30" in order; nothing for the rule for all."""
    return [
        f"{WeeklyInterval.Weekday(day).label} {opens:%H:%M}-{closes:%H:%M}"
        for day, opens, closes, _counter_only in sorted(slots)
    ]


def _own_hours(row: OfficeRow) -> set[Slot]:
    """The office's own week, or nothing when it follows the rule for all."""
    if row.hours == _USUAL_HOURS and not row.saturday_hours:
        return set()
    return set(_week(row.hours, counter_on_saturday=row.saturday_hours))


def _week(hours: Sequence[Interval], *, counter_on_saturday: Sequence[Interval]) -> list[Slot]:
    week = [(day, each.start, each.end, False) for day in _WEEKDAYS for each in hours]
    # On a Saturday only the counter is open: a day of receipt, no working day (onestop-rules 3).
    week += [(_SATURDAY, each.start, each.end, True) for each in counter_on_saturday]
    return week


def _interval(office: Office | None, slot: Slot) -> WeeklyInterval:
    weekday, opens, closes, counter_only = slot
    return WeeklyInterval(
        office=office, weekday=weekday, opens=opens, closes=closes, counter_only=counter_only
    )

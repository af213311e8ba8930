"""The rows of offices.csv (data/README.md): read and checked, nothing written."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.utils.translation import gettext as _

from common.importing import CsvRow, Faults, read_csv
from common.text import abbreviations
from offices.kinds import COMMUNE_KINDS, RECEIVING_KINDS, OfficeKind
from offices.worktime import Interval

COLUMNS = (
    "code", "parent", "kind", "name", "short_name", "subcode", "unit_code", "address", "phone",
    "hours", "saturday_hours", "lat", "lon", "serves", "valid_from", "valid_to", "predecessors",
    "note",
)  # fmt: skip
_LONGEST = {"code": 80, "name": 160, "short_name": 30, "address": 200, "phone": 20, "note": 300}
_NEEDED = ("code", "name", "short_name", "address", "phone", "hours", "valid_from")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SUBCODE = re.compile(r"\d{3}", re.ASCII)
_UNIT = re.compile(r"\d{5}", re.ASCII)
_PHONE = re.compile(r"0[\d ]{8,13}", re.ASCII)
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_COMMUNE_PREFIX = "Ủy ban nhân dân "
# A box around Việt Nam: a swapped or mistyped pair falls outside.
_LATITUDES, _LONGITUDES = (8.0, 24.0), (102.0, 110.0)


@dataclass(frozen=True)
class OfficeRow:
    """One office of the file, its values in their types; `parent` "" is a root."""

    place: str
    code: str
    parent: str
    kind: str
    name: str
    short_name: str
    subcode: str | None
    unit_code: str
    address: str
    phone: str
    hours: tuple[Interval, ...]
    saturday_hours: tuple[Interval, ...]
    latitude: float | None
    longitude: float | None
    serves: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    predecessors: tuple[str, ...]
    note: str

    @property
    def commune_name(self) -> str:
        """The name of the commune whose People's Committee this row is: "phường Mỹ Tho"."""
        return self.name.removeprefix(_COMMUNE_PREFIX)


def read_offices(path: Path) -> list[OfficeRow]:
    """All offices of the file, parents before their children.

    Raises ImportRefused with every fault: of single rows, and of the tree as a whole.
    """
    faults = Faults()
    rows = read_csv(path, required=COLUMNS, faults=faults)
    if not faults.found:  # with a line lost, what it is above would be blamed for it
        _check_links(rows, faults)
    offices = [office for row in rows if (office := _office(row, faults))]
    if not faults.found:
        _check_whole(offices, path.name, faults)
    faults.refuse_if_any()
    return _parents_first(offices)


def _office(row: CsvRow, faults: Faults) -> OfficeRow | None:
    """The typed row, or None when it has a fault."""
    before = len(faults.found)
    _check_words(row, faults)
    _check_kind(row, faults)
    hours, saturday = _hours(row, "hours", faults), _hours(row, "saturday_hours", faults)
    latitude = _degrees(row, "lat", _LATITUDES, faults)
    longitude = _degrees(row, "lon", _LONGITUDES, faults)
    valid_from, valid_to = _day(row, "valid_from", faults), _day(row, "valid_to", faults)
    if len(faults.found) > before or valid_from is None:
        return None
    return OfficeRow(
        place=row.place,
        **{name: row[name] for name in ("code", "parent", "kind", "name", "short_name")},
        **{name: row[name] for name in ("unit_code", "address", "phone", "note")},
        subcode=row["subcode"] or None,
        hours=hours,
        saturday_hours=saturday,
        latitude=latitude,
        longitude=longitude,
        serves=row.items("serves"),
        valid_from=valid_from,
        valid_to=valid_to,
        predecessors=row.items("predecessors"),
    )


def _check_words(row: CsvRow, faults: Faults) -> None:
    for column in _NEEDED:
        faults.require(row[column], row.place, _("%(column)s is empty") % {"column": column})
    for column, longest in _LONGEST.items():
        faults.require(
            len(row[column]) <= longest,
            row.place,
            _("%(column)s has %(found)d characters, at most %(longest)d")
            % {"column": column, "found": len(row[column]), "longest": longest},
        )
    short = abbreviations(row["short_name"])
    faults.require(
        not short,
        row.place,
        _("short_name holds an abbreviation: %(words)s") % {"words": ", ".join(short)},
    )
    for column, pattern in (("code", _CODE), ("phone", _PHONE)):
        faults.require(
            not row[column] or pattern.fullmatch(row[column]),
            row.place,
            _("%(column)s is badly formed: %(value)s") % {"column": column, "value": row[column]},
        )


def _check_kind(row: CsvRow, faults: Faults) -> None:
    kind = row["kind"]
    if not faults.require(
        kind in OfficeKind.values, row.place, _("unknown kind: %(kind)s") % {"kind": kind or "–"}
    ):
        return
    faults.require(
        bool(_SUBCODE.fullmatch(row["subcode"])) == (kind in RECEIVING_KINDS)
        and (row["subcode"] == "" or kind in RECEIVING_KINDS),
        row.place,
        _("subcode: three digits for a receiving unit, empty for every other"),
    )
    faults.require(
        bool(_UNIT.fullmatch(row["unit_code"])) == (kind in COMMUNE_KINDS)
        and (row["unit_code"] == "" or kind in COMMUNE_KINDS),
        row.place,
        _("unit_code: five digits for an office of a commune, empty for every other"),
    )
    faults.require(
        kind != OfficeKind.COMMUNE or row["name"].startswith(_COMMUNE_PREFIX),
        row.place,
        _("the name of a commune begins with “%(prefix)s”") % {"prefix": _COMMUNE_PREFIX.strip()},
    )
    for column in ("serves", "predecessors"):
        wrong = [code for code in row.items(column) if not _UNIT.fullmatch(code)]
        faults.require(
            not wrong,
            row.place,
            _("%(column)s is badly formed: %(value)s")
            % {"column": column, "value": ", ".join(wrong)},
        )


def _hours(row: CsvRow, column: str, faults: Faults) -> tuple[Interval, ...]:
    try:
        return tuple(_interval(part) for part in row[column].split(",") if part)
    except ValueError:
        reason = _("%(column)s: hours are written as 07:00-11:30,13:30-17:00, not %(value)s")
        faults.add(row.place, reason % {"column": column, "value": row[column]})
        return ()


def _interval(text: str) -> Interval:
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    opens_h, opens_m, closes_h, closes_m = map(int, match.groups())
    return Interval(time(opens_h, opens_m), time(closes_h, closes_m))


def _degrees(row: CsvRow, column: str, bounds: tuple[float, float], faults: Faults) -> float | None:
    if not row[column]:
        return None
    try:
        value = float(row[column])
    except ValueError:
        value = float("nan")
    faults.require(
        bounds[0] < value < bounds[1],
        row.place,
        _("%(column)s is not a place in the country: %(value)s")
        % {"column": column, "value": row[column]},
    )
    return value


def _day(row: CsvRow, column: str, faults: Faults) -> date | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        reason = _("%(column)s: a date is written as 2025-07-01, not %(value)s")
        faults.add(row.place, reason % {"column": column, "value": row[column]})
        return None


def _check_links(rows: Sequence[CsvRow], faults: Faults) -> None:
    """Doubles and unknown parents: seen by the words alone, also where other cells are wrong."""
    for column in ("code", "subcode"):
        _check_unique(rows, column, faults)
    codes = {row["code"] for row in rows}
    for row in rows:
        faults.require(
            not row["parent"] or row["parent"] in codes,
            row.place,
            _("unknown parent: %(parent)s") % {"parent": row["parent"]},
        )


def _check_unique(rows: Sequence[CsvRow], column: str, faults: Faults) -> None:
    first: dict[str, CsvRow] = {}
    for row in rows:
        value = row[column]
        if not value:
            continue
        other = first.setdefault(value, row)
        faults.require(
            other is row,
            row.place,
            _("%(column)s %(value)s stands already in %(place)s")
            % {"column": column, "value": value, "place": other.place},
        )


def _check_whole(offices: Sequence[OfficeRow], file: str, faults: Faults) -> None:
    """What only the rows together show: the tree, and each commune with all its parts."""
    parents = {office.code: office.parent for office in offices}
    for office in offices:
        faults.require(
            not _is_its_own_ancestor(office.code, parents),
            office.place,
            _("the office is above itself in the tree"),
        )
    _check_communes(offices, file, faults)


def _is_its_own_ancestor(code: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    at = parents.get(code, "")
    while at and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False


def _check_communes(offices: Sequence[OfficeRow], file: str, faults: Faults) -> None:
    """Each commune has one office of every commune kind and one land registry branch."""
    kinds = Counter((o.unit_code, o.kind) for o in offices if o.unit_code)
    served = Counter(unit for office in offices for unit in office.serves)
    units = {o.unit_code: o.place for o in offices if o.unit_code}
    for unit, place in units.items():
        for kind in sorted(COMMUNE_KINDS):
            faults.require(
                kinds[unit, kind] == 1,
                place,
                _("commune %(unit)s has %(n)d offices of kind %(kind)s, must be 1")
                % {"unit": unit, "n": kinds[unit, kind], "kind": kind},
            )
        faults.require(
            served[unit] == 1,
            place,
            _("commune %(unit)s is served by %(n)d land registry branches, must be 1")
            % {"unit": unit, "n": served[unit]},
        )
    for unit in sorted(set(served) - set(units)):
        faults.add(file, _("an office serves the unknown commune %(unit)s") % {"unit": unit})


def _parents_first(offices: Sequence[OfficeRow]) -> list[OfficeRow]:
    placed: dict[str, OfficeRow] = {}
    waiting = list(offices)
    while waiting:
        ready = [o for o in waiting if not o.parent or o.parent in placed]
        placed |= {office.code: office for office in ready}
        waiting = [office for office in waiting if office.code not in placed]
    return list(placed.values())

"""Import files: read whole, checked whole, applied whole or not at all."""

import csv
import io
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.text import clip, nfc

MOST_BYTES = 32_000_000
"""Far more than any file of a province; a larger one is a mistake and would fill the memory."""

MOST_ROWS = 20_000
_MOST_FAULTS = 1000
_SHOWN = 500


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where (file and line, or the names that lead there) and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class ImportRefused(DomainError):
    """The file has faults, so nothing of it was taken over; `reasons` names each with its place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(
            ngettext(
                "Nothing was imported: %(n)d fault.",
                "Nothing was imported: %(n)d faults.",
                len(self.faults),
            )
            % {"n": len(self.faults)},
            code="import_refused",
            reasons=[str(fault) for fault in self.faults],
        )


class Faults:
    """Collects everything that is wrong, so that a person mends a file once.

    Raises ImportRefused when it comes to no end: that is another kind of file.
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, place: str, reason: str) -> None:
        self.found.append(Fault(place, reason))
        if len(self.found) == _MOST_FAULTS:
            text = _("%(n)d faults up to here; the rest was not looked at") % {"n": _MOST_FAULTS}
            raise ImportRefused([*self.found, Fault(place, text)])

    def require(self, holds: object, place: str, reason: str) -> bool:
        """Adds a fault unless `holds`; says whether it does."""
        if not holds:
            self.add(place, reason)
        return bool(holds)

    def refuse_if_any(self) -> None:
        """Raises ImportRefused when something was found."""
        if self.found:
            raise ImportRefused(self.found)


@dataclass
class ImportReport:
    """What an import did: the rows it created, those it changed, those it left alone.

    A changed row is "place: column “before” → “after”, …", a created one its place.
    """

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def changed_nothing(self) -> bool:
        return not self.created and not self.changed

    def lines(self) -> list[str]:
        """The report in sentences for the person who ran the import."""
        if self.changed_nothing:
            text = _("Nothing has changed: %(n)d rows are as in the file.") % {"n": self.unchanged}
            return [text, *self.notes]
        summary = _("%(created)d created, %(changed)d changed, %(same)d as before.") % {
            "created": len(self.created),
            "changed": len(self.changed),
            "same": self.unchanged,
        }
        return [*self.changed, summary, *self.notes]

    def new_rows(self) -> list[str]:
        """Each created row in a line."""
        return [_("%(place)s: new") % {"place": place} for place in self.created]

    def add_change(self, place: str, changes: Iterable[tuple[str, object, object]]) -> None:
        """A row that changes: (column, before, after) of each column that differs."""
        words = (f"{name} “{_shown(old)}” → “{_shown(new)}”" for name, old, new in changes)
        self.changed.append(f"{place}: {', '.join(words)}")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


@dataclass(frozen=True)
class CsvRow:
    """One line of a CSV file; the cells are NFC without stray white space."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def items(self, column: str) -> tuple[str, ...]:
        """A cell that holds a list, its parts separated by semicolons."""
        return tuple(part.strip() for part in self[column].split(";") if part.strip())


def read_text(path: Path) -> str:
    """The text of an import file.

    Raises ImportRefused for what cannot be read as UTF-8, is larger than MOST_BYTES, or is neither
    file nor folder: a pipe is waited for, a device never ends.
    """
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = _("not UTF-8 text (byte %(byte)d)") % {"byte": error.start}
        raise ImportRefused([Fault(path.name, reason)]) from None
    except OSError as error:
        reason = _("cannot be read: %(error)s") % {"error": error.strerror or error}
        raise ImportRefused([Fault(str(path), reason)]) from None


def _read(path: Path) -> bytes:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ImportRefused([Fault(str(path), _("is no file"))])
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        reason = _("larger than %(n)d MB") % {"n": MOST_BYTES // 1_000_000}
        raise ImportRefused([Fault(path.name, reason)])
    return content


def read_csv(
    path: Path, *, required: Collection[str], optional: Collection[str] = (), faults: Faults
) -> list[CsvRow]:
    """The rows of a comma-separated file with a header; a row of wrong length becomes a fault.

    Raises ImportRefused at once when the file cannot be read or its columns are not the expected.
    """
    lines = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = [nfc(cell) for cell in next(lines, [])]
        _check_header(header, f"{path.name}:1", required, optional)
        rows = (row for cells in lines if (row := _row(cells, header, path, lines, faults)))
        found = list(islice(rows, MOST_ROWS + 1))
    except csv.Error as error:
        place = f"{path.name}:{lines.line_num}"
        raise ImportRefused([*faults.found, Fault(place, str(error))]) from None
    if len(found) > MOST_ROWS:
        reason = _("more than %(n)d rows") % {"n": MOST_ROWS}
        raise ImportRefused([Fault(path.name, reason)])
    return found


def _check_header(
    header: list[str], place: str, required: Collection[str], optional: Collection[str]
) -> None:
    missing = [name for name in required if name not in header]
    wrong = [n for n in header if n not in (*required, *optional) or header.count(n) > 1]
    if missing or wrong:
        reason = _("columns missing: %(missing)s; unknown or twice: %(unknown)s") % {
            "missing": ", ".join(missing) or "–",
            "unknown": clip(", ".join(wrong), _SHOWN) or "–",
        }
        raise ImportRefused([Fault(place, reason)])


def _row(
    cells: list[str], header: list[str], path: Path, lines: Any, faults: Faults
) -> CsvRow | None:
    """The row of these cells; None for an empty line, and with a fault for one of wrong length."""
    place = f"{path.name}:{lines.line_num}"
    if not cells:
        return None
    if len(cells) != len(header):
        reason = _("%(found)d cells, expected %(expected)d")
        faults.add(place, reason % {"found": len(cells), "expected": len(header)})
        return None
    return CsvRow(place, dict(zip(header, map(nfc, cells), strict=True)))

"""The logs of a demo's processes: their ends, and the errors that are written while it runs."""

import re
from collections.abc import Iterator
from pathlib import Path

_READ_AT_MOST = 200_000
_IS_ERROR = re.compile(
    r'"level": "(?:error|critical)"|\[(?:ERROR|CRITICAL)\]|: (?:ERROR|CRITICAL)/'
)
_EVENT = re.compile(r'"event": "((?:[^"\\]|\\.)*)"')


class LogWatch:
    """Reads what is appended to the log of each named process after this object was made."""

    def __init__(self, folder: Path, names: set[str]) -> None:
        self._read_to = {folder / f"{name}.log": 0 for name in names}
        for log in self._read_to:
            self._read_to[log] = log.stat().st_size if log.exists() else 0

    def new_errors(self) -> Iterator[str]:
        """One short line per error that was logged since the last call."""
        for log in self._read_to:
            for line in self._new_lines(log):
                if _IS_ERROR.search(line):
                    event = _EVENT.search(line)
                    yield f"{log.stem}: {(event[1] if event else line)[:200]}"

    def _new_lines(self, log: Path) -> list[str]:
        """Complete lines since the last call; a rotated file is read from its start."""
        try:
            with log.open("rb") as content:
                size = content.seek(0, 2)
                begin = self._read_to[log] if self._read_to[log] <= size else 0
                content.seek(max(begin, size - _READ_AT_MOST))
                read = content.read()
        except OSError:
            return []
        complete = read.rfind(b"\n") + 1
        self._read_to[log] = size - len(read) + complete
        return read[:complete].decode(errors="replace").splitlines()


def last_lines(log: Path, count: int) -> list[str]:
    """The end of a log; empty when it is not there."""
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return []

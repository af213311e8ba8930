"""How everything stands that stays as it was set (`fault_table.MODES`)."""

from collections.abc import Mapping
from typing import Any

from sandbox.fault_table import MODES


class BadFault(ValueError):
    """An order that cannot be taken; the message says why, in Vietnamese."""


class Modes:
    """The value of each mode; `start` are those that this sandbox was started with."""

    def __init__(self, start: Mapping[str, str]) -> None:
        self._start = {kind: start.get(kind, mode.normal) for kind, mode in MODES.items()}
        self._now = dict(self._start)

    def __getitem__(self, kind: str) -> str:
        return self._now[kind]

    def set(self, kind: str, value: object) -> None:
        """Switches one mode; BadFault when it has no such value."""
        text = _as_value(value)
        if text not in MODES[kind].values:
            known = ", ".join(MODES[kind].values)
            raise BadFault(f"Giá trị của {kind} phải là một trong: {known}.")
        self._now[kind] = text

    def reset(self) -> None:
        """Everything as it was at the start."""
        self._now = dict(self._start)

    def as_rows(self) -> list[dict[str, Any]]:
        """The whole table with its present values, as plain data."""
        return [
            {
                "kind": kind,
                "value": self._now[kind],
                "start": self._start[kind],
                "words": mode.words,
                "values": dict(mode.values),
            }
            for kind, mode in MODES.items()
        ]


def _as_value(value: object) -> str:
    """2 and "2" are the same value; true and false are none."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_whole else value if isinstance(value, str) else ""

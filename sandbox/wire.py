"""The wire log that the phone page shows: what passed in either direction, secrets masked."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange: its head line and indented details."""

    at: datetime
    head: str
    details: tuple[str, ...] = ()


@dataclass(slots=True)
class WireLog:
    """The last exchanges and a number that grows with each change anywhere in the sandbox."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    revision: int = 0

    def add(self, at: datetime, head: str, *details: str) -> None:
        """Writes one exchange."""
        self.entries.append(Entry(at, head, tuple(filter(None, details))))
        self.touch()

    def touch(self) -> None:
        """Says that something on the page changed."""
        self.revision += 1


def mask(value: object) -> str:
    """8495…0143 for an id, phone or token: enough to recognise, too little to use."""
    text = str(value).encode("utf-8", "replace").decode()
    return f"{text[:4]}…{text[-4:]}" if len(text) > 10 else "…" * bool(text)

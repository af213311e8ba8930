"""What the sandbox keeps in its JSON file, so that a restart does not kill the product's tokens."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from sandbox.messages import Mailbox
from sandbox.people import People
from sandbox.tokens import TokenBook

logger = logging.getLogger(__name__)


class StateFile:
    """Saves and restores tokens, people and the newest messages; without a path it does nothing."""

    def __init__(
        self, path: Path | None, *, tokens: TokenBook, people: People, mailbox: Mailbox
    ) -> None:
        self._path = path
        self._parts: dict[str, TokenBook | People | Mailbox] = {
            "tokens": tokens,
            "people": people,
            "messages": mailbox,
        }

    def save(self) -> None:
        """Writes the file anew; after a crash the old or the new one stands, never half of one."""
        if self._path is None:
            return
        text = json.dumps(
            {name: part.dump() for name, part in self._parts.items()}, ensure_ascii=False
        )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def restore(self) -> None:
        """Reads the file if it is there; a damaged one is put aside and said so."""
        if self._path is None or not self._path.exists():
            return
        try:
            data: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            for name, part in self._parts.items():
                part.restore(data[name])
        except (
            OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError,
        ) as error:  # fmt: skip
            aside = self._path.with_suffix(".damaged")
            self._path.replace(aside)
            logger.warning("The state file was damaged (%s); it is now %s.", error, aside)

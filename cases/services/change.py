"""One move of one dossier while it is being made, handed from effect to effect."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Dossier
from cases.selectors.access import Position
from cases.workflow import Transition
from common.fields import keyed_hash
from offices.models import Officer


@dataclass
class Change:
    """The locked dossier, who moves it by which row, when, and what the event will say.

    Effects set fields of `dossier`, which is saved once at the end, and add to `payload`.
    """

    dossier: Dossier
    officer: Officer
    position: Position
    row: Transition
    at: datetime
    payload: dict[str, Any] = field(default_factory=dict)


def fingerprint(data: object) -> str:
    """Tells the input of a move from any other without saying what it holds."""
    return keyed_hash(repr(data))[:32]

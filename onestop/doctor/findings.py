"""What a check finds."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _


class Level(IntEnum):
    """How bad it is; the value is the exit code of the command."""

    OK = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True)
class Finding:
    """One sentence, and what to do about it (nothing where another finding says so)."""

    level: Level
    sentence: str
    remedy: str = ""


def ok(sentence: str) -> Finding:
    return Finding(Level.OK, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, sentence, remedy)


def fault(sentence: str, remedy: str) -> Finding:
    return Finding(Level.FAULT, sentence, remedy)


def run(command: str) -> str:
    """The remedy that is one command."""
    return _("Run: %(command)s") % {"command": command}


def ago(seconds: float) -> str:
    """A duration in words, in the unit that leaves two of it at least."""
    if seconds >= 2 * 86_400:
        return _("%(n)d days") % {"n": round(seconds / 86_400)}
    if seconds >= 2 * 3600:
        return _("%(n)d hours") % {"n": round(seconds / 3600)}
    if seconds >= 2 * 60:
        return _("%(n)d minutes") % {"n": round(seconds / 60)}
    return _("%(n)d seconds") % {"n": max(0, round(seconds))}

"""What a person meant by a line in the chat. Plain rules, no ORM.

Codes are typed by hand on a phone: lower case, spaces in the middle, O for 0, any order of the two.
"""

import re
from dataclasses import dataclass
from enum import Enum

from cases.lookup import is_code, normal_code
from common.text import fold, nfc
from common.tokens import READABLE

_SEPARATOR = r"(?:\s*[-\u2010-\u2015\u2212_]\s*|\s+)"
_CODE = re.compile(
    rf"(?<!\w)([A-Z]\s?[0-9O]{{2}}(?:\s*\.\s*[0-9O]{{2,3}}){{0,3}}){_SEPARATOR}"
    rf"([0-9O]{{6}}){_SEPARATOR}([0-9O]{{4,7}})(?![0-9O])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"(?:\+?84|0)(?:[\s.]?[0-9]){9}(?!\d)")
_SECRET_LENGTH, _ONE_TIME_LENGTH = 4, 8


class Command(Enum):
    """Things that can be asked for by a word or a number of the menu."""

    MY_DOSSIERS = "my dossiers"
    STOP = "stop everything"
    STOP_NEWS = "stop the news"


_COMMANDS: dict[str, Command] = {
    **dict.fromkeys(("1", "ho so cua toi", "ho so", "tra cuu", "tracuu"), Command.MY_DOSSIERS),
    **dict.fromkeys(("5", "dung", "ngung", "stop", "dung lai"), Command.STOP),
    **dict.fromkeys(
        ("dung tin", "ngung tin", "dung tin tuc", "ngung nhan tin", "dung nhan tin"),
        Command.STOP_NEWS,
    ),
}


@dataclass(frozen=True)
class Said:
    """What was found in a line; "" and None for what was not."""

    code: str = ""
    secret: str = ""
    command: Command | None = None
    one_time_code: str = ""


def read(text: str) -> Said:
    """The code of a dossier, a second secret, a command, or an officer's one-time code."""
    line = nfc(text)
    command = _COMMANDS.get(" ".join(_WORD.findall(fold(line))))
    if command is not None:
        return Said(command=command)
    found = _CODE.search(line)
    if found is None:
        return Said(secret=_lone_secret(line), one_time_code=_one_time_code(line))
    code = normal_code("-".join(found.groups()))
    rest = line[: found.start()], line[found.end() :]
    return Said(code=code, secret=_secret_beside(*rest)) if is_code(code) else Said()


def _secret_beside(before: str, after: str) -> str:
    """The look-up code or phone digits among the other words; those behind the code come first."""
    for part in (after, before):
        phone = _PHONE.search(part)
        if phone is not None:
            return re.sub(r"\D", "", phone[0])[-_SECRET_LENGTH:]
        words = [word for word in _words(part) if word.isascii()]
        if len(joined := "".join(words)) == _SECRET_LENGTH and part.isascii():
            return joined
        fitting = [word for word in words if len(word) == _SECRET_LENGTH]
        with_digit = [word for word in fitting if any(c.isdigit() for c in word)]
        if with_digit or fitting:
            return (with_digit or fitting)[0]
    return ""


def _lone_secret(line: str) -> str:
    """The whole line is a secret: an answer to being asked for it."""
    words = "".join(_words(line))
    return words if len(words) == _SECRET_LENGTH and words.isascii() else ""


def _one_time_code(line: str) -> str:
    words = "".join(_words(line))
    fits = len(words) == _ONE_TIME_LENGTH and all(c in READABLE for c in words)
    return words if fits else ""


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text.upper())]

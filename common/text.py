"""Vietnamese text: one normal form, search without accents, alphabetical order, masks."""

import re
import unicodedata

# The Vietnamese alphabet with its seven extra letters in their places, then the five tones.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_ALPHABET, start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def nfc(text: str) -> str:
    """`text` in Unicode NFC with runs of white space made one space and none at the ends.

    Without what nobody sees: control characters, joiners, marks that turn the direction of reading
    around. They make two texts that look alike, or one that reads otherwise than it is stored.
    """
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(c for c in composed if c.isprintable() or c.isspace())
    return " ".join(composed.split())


def fold(text: str) -> str:
    """Lower case without accents: "Đặng Thị Ngọc" -> "dang thi ngoc"; for search columns."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """A string whose plain byte order is the Vietnamese dictionary order of `text`.

    Letters first (a ă â b c d đ ...), tones second; other characters keep their code point. The
    two are parted by U+0001, the smallest character that PostgreSQL takes in a text.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", text.lower()):
        tone = 0
        base = char
        for mark in unicodedata.normalize("NFD", char)[1:]:
            if mark in _TONES:
                tone = _TONES[mark]
                parts = unicodedata.normalize("NFD", char).replace(mark, "", 1)
                base = unicodedata.normalize("NFC", parts)
        letters.append(chr(0x100 + _RANK[base]) if base in _RANK else char)
        tones.append(str(tone))
    return "".join(letters) + "\x01" + "".join(tones)


def mask_name(name: str) -> str:
    """Family name in full, of the others one letter: "Nguyễn Văn Tám" -> "Nguyễn V** T**"."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(part[0] + "**" for part in rest)])


def mask_digits(digits: str, *, head: int, tail: int) -> str:
    """The first `head` and last `tail` characters, stars between: "087******143"."""
    hidden = max(len(digits) - head - tail, 0)
    return digits[:head] + "*" * hidden + digits[len(digits) - tail :] if hidden else digits


def clip(text: str, limit: int) -> str:
    """`text` cut to at most `limit` characters, never inside a word, with an ellipsis."""
    text = nfc(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if text[limit - 1] != " " and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:") + "…"


def abbreviations(text: str) -> list[str]:
    """The words in capitals only, two letters or more: "Cấp GCN" -> ["GCN"]."""
    words = re.findall(r"\w+", text)
    return [w for w in words if len(w) > 1 and w.upper() == w and w.lower() != w]

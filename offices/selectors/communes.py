"""Reads about communes: which one a person means, by its name of today or of before 2025."""

from collections.abc import Callable, Iterable

from django.db.models import Q

from common.text import fold, nfc
from offices.models import Commune, FormerCommune


def all_communes() -> list[Commune]:
    """All communes in alphabetical order."""
    return list(Commune.objects.all())


def match_communes(text: str, communes: Iterable[Commune]) -> list[Commune]:
    """Which of `communes` a person means: the name as written, else without accents, else part.

    "Phong Mỹ", "xã phong my" and "phong" find xã Phong Mỹ. Of a pair whose names differ by accents
    alone both are found unless the accents are written.
    """
    typed, plain = nfc(text).lower(), fold(text)
    if not plain:
        return []
    rules: tuple[Callable[[Commune], bool], ...] = (
        lambda commune: typed in (commune.name.lower(), _bare(commune.name).lower()),
        lambda commune: plain in (commune.search_text, _bare(commune.search_text)),
        lambda commune: plain in commune.search_text,
    )
    choices = list(communes)
    found = ([c for c in choices if rule(c)] for rule in rules)
    return next((some for some in found if some), [])


# Thành phố, thị xã, thị trấn, huyện, tỉnh as people shorten them.
_SHORT = frozenset({"tp", "tx", "tt", "h", "t"})


def communes_meant(text: str, communes: Iterable[Commune]) -> list[Commune]:
    """As `match_communes`; a name that no commune has any more finds what it became.

    Of former communes "Phường 5" names several; district and province after it tell them apart:
    "Phường 5, thành phố Mỹ Tho". Written with accents, a former name goes before one of today that
    differs from it by accents. One more query where no name of today is the one written.
    """
    choices, typed = list(communes), nfc(text).strip().lower()
    found = match_communes(text, choices)
    if any(typed in (c.name.lower(), _bare(c.name).lower()) for c in found):
        return found
    if fold(typed) == typed:
        return found or _became(text, choices)
    return _became(text, choices) or found


def _became(text: str, communes: Iterable[Commune]) -> list[Commune]:
    words = [w for w in fold(text).replace(",", " ").replace(".", " ").split() if w not in _SHORT]
    if len(words) < 2:  # the kind belongs to the name: "5" alone means nothing
        return []
    starts = [" ".join(words[:n]) for n in range(2, len(words) + 1)]
    named = [
        former
        for former in FormerCommune.objects.filter(search_text__in=starts)
        if set(words[len(former.search_text.split()) :])
        <= set(fold(f"{former.district} {former.province}").split())
    ]
    typed = nfc(text).strip().lower()
    as_written = [former for former in named if typed.startswith(former.name.lower())]
    today = {former.commune_id for former in as_written or named}
    return [commune for commune in communes if commune.pk in today]


def _bare(name: str) -> str:
    """The name without its kind: "xã Phong Mỹ" -> "Phong Mỹ"."""
    return name.partition(" ")[2]


def find_commune(code: str) -> Commune | None:
    """By its statistics code, or by the code of one of the commune's offices."""
    return Commune.objects.filter(Q(code=code) | Q(offices__code=code)).distinct().first()

"""The people of an announcement: of its communes, reachable, willing, each and each phone once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from citizens.models import Purpose
from notifications.announcement_rules import AUDIENCE, Audience
from notifications.words import AnnouncementKind

# Who was never asked: not told news, but warned.
_WISHES = {
    Audience.CONSENTED: (Purpose.NEWS, False),
    Audience.NOT_REFUSED: (Purpose.WARNINGS, True),
}


def _wants(citizen: str) -> str:
    return f"""COALESCE((SELECT g.granted FROM citizens_consent g
      WHERE g.citizen_id = {citizen}.id AND g.purpose = %(purpose)s
      ORDER BY g.id DESC LIMIT 1), %(unasked)s)"""


# Of several people with one phone the one with a linked account is told, else the first known.
_FROM = f"""
FROM citizens_citizen c LEFT JOIN citizens_zalolink l ON l.citizen_id = c.id
WHERE c.commune_id = ANY(%(communes)s) AND (l.id IS NOT NULL OR c.phone_hash <> '')
  AND {_wants("c")}
  AND (l.id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM citizens_citizen t LEFT JOIN citizens_zalolink k ON k.citizen_id = t.id
    WHERE t.phone_hash = c.phone_hash AND t.id <> c.id AND t.commune_id = ANY(%(communes)s)
      AND (k.id IS NOT NULL OR t.id < c.id) AND {_wants("t")}))
"""

_NEXT = f"SELECT c.id {_FROM} AND c.id > %(after)s ORDER BY c.id LIMIT %(limit)s"
_COUNT = f"SELECT count(*), count(l.id) {_FROM}"
_WITHOUT_CONTACT = """
SELECT count(*) FROM citizens_citizen c
WHERE c.commune_id = ANY(%(communes)s) AND c.phone_hash = ''
  AND NOT EXISTS (SELECT 1 FROM citizens_zalolink l WHERE l.citizen_id = c.id)
"""


@dataclass(frozen=True)
class Size:
    """How many would be told now, how many of them by a linked account, whom nothing reaches."""

    people: int
    linked: int
    without_contact: int

    @property
    def by_phone(self) -> int:
        """Those without a linked account."""
        return self.people - self.linked


def next_people(
    *, kind: AnnouncementKind, communes: Sequence[int], after: int, limit: int
) -> list[int]:
    """Ids of the next citizens in the order of their ids; `communes` are ids."""
    params = _params(kind, communes) | {"after": after, "limit": limit}
    return [row[0] for row in _fetch(_NEXT, params)]


def size(*, kind: AnnouncementKind, communes: Sequence[int]) -> Size:
    """Counts the people of the communes as they are now; two queries."""
    params = _params(kind, communes)
    ((people, linked),) = _fetch(_COUNT, params)
    ((without,),) = _fetch(_WITHOUT_CONTACT, params)
    return Size(people, linked, without)


def _params(kind: AnnouncementKind, communes: Sequence[int]) -> dict[str, Any]:
    purpose, unasked = _WISHES[AUDIENCE[kind]]
    return {"communes": list(communes), "purpose": purpose.value, "unasked": unasked}


def _fetch(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

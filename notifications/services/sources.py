"""The outbox tables that the dispatcher reads, and whom each of their rows concerns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from cases.models import DossierEvent, DossierStep
from notifications.kinds import Fact, Kind, Recipient
from notifications.models import ChatReply
from notifications.words import Source


@dataclass(frozen=True)
class Occurrence:
    """One claimed outbox row."""

    source: Source
    event_id: int
    fact: Fact
    dossier_id: int | None = None
    citizen_id: int | None = None
    actor_id: int | None = None
    user_id: str = ""
    step_officers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Addressee:
    """Who gets a notification of a kind. `key` makes it unique."""

    key: str
    citizen_id: int | None = None
    officer_id: int | None = None


def citizen_key(citizen_id: int) -> str:
    """The recipient key of a citizen."""
    return f"c{citizen_id}"


def officer_key(officer_id: int) -> str:
    """The recipient key of an officer."""
    return f"o{officer_id}"


def account_key(user_id: str) -> str:
    """The recipient key of a Zalo account that asked something in the chat."""
    return f"z{user_id}"


def user_id_of(recipient_key: str) -> str | None:
    """The Zalo account of a recipient key; None for a citizen's or an officer's key."""
    return recipient_key.removeprefix("z") if recipient_key.startswith("z") else None


def addressees(kind: Kind, occurrence: Occurrence) -> list[Addressee]:
    """Whom a kind tells about one occurrence; nobody twice."""
    if kind.recipient is Recipient.CITIZEN and occurrence.citizen_id is not None:
        citizen_id = occurrence.citizen_id
        return [Addressee(citizen_key(citizen_id), citizen_id=citizen_id)]
    if kind.recipient is Recipient.STEP_OFFICER:
        others = dict.fromkeys(o for o in occurrence.step_officers if o != occurrence.actor_id)
        return [Addressee(officer_key(o), officer_id=o) for o in others]
    if kind.recipient is Recipient.CHAT:
        return [Addressee(account_key(occurrence.user_id))]
    return []


class OutboxSource(Protocol):
    """One outbox table whose rows are dispatched in batches."""

    source: Source
    table: str

    def claim(self, limit: int, *, after: int, skip: Sequence[int]) -> list[Occurrence]:
        """Lock up to `limit` undispatched rows with an id above `after`, passing over locked ones.

        Two or three queries whatever the number of rows. Must run in a transaction.
        """


class DossierSource:
    """Events of dossiers."""

    source = Source.DOSSIER
    table = DossierEvent._meta.db_table
    _CLAIM = """
    SELECT e.id, e.event, e.status_before, e.payload::text, e.dossier_id, e.actor_id, d.citizen_id
    FROM cases_dossierevent e JOIN cases_dossier d ON d.id = e.dossier_id
    WHERE e.dispatched_at IS NULL AND e.id > %s AND e.id <> ALL(%s)
    ORDER BY e.id LIMIT %s FOR UPDATE OF e SKIP LOCKED
    """

    def claim(self, limit: int, *, after: int, skip: Sequence[int]) -> list[Occurrence]:
        rows = _fetch(self._CLAIM, [after, list(skip), limit])
        facts = [Fact(row[1], row[2], _payload(row[3])) for row in rows]
        officers = _officers_of_steps(facts)
        return [
            Occurrence(
                self.source,
                row[0],
                fact,
                dossier_id=row[4],
                citizen_id=row[6],
                actor_id=row[5],
                step_officers=tuple(
                    officers[step] for step in _opened_steps(fact) if step in officers
                ),
            )
            for row, fact in zip(rows, facts, strict=True)
        ]


class ChatSource:
    """Answers owed in chats."""

    source = Source.CHAT
    table = ChatReply._meta.db_table
    _CLAIM = """
    SELECT e.id, e.event, e.dossier_id, e.user_id FROM notifications_chatreply e
    WHERE e.dispatched_at IS NULL AND e.id > %s AND e.id <> ALL(%s)
    ORDER BY e.id LIMIT %s FOR UPDATE OF e SKIP LOCKED
    """

    def claim(self, limit: int, *, after: int, skip: Sequence[int]) -> list[Occurrence]:
        rows = _fetch(self._CLAIM, [after, list(skip), limit])
        return [
            Occurrence(self.source, row[0], Fact(row[1]), dossier_id=row[2], user_id=row[3])
            for row in rows
        ]


def _fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _payload(text: str) -> dict[str, object]:
    payload = json.loads(text)
    return payload if isinstance(payload, dict) else {}


def _opened_steps(fact: Fact) -> list[int]:
    steps = fact.payload.get("opened_steps")
    return [step for step in steps if isinstance(step, int)] if isinstance(steps, list) else []


def _officers_of_steps(facts: Sequence[Fact]) -> dict[int, int]:
    ids = [step for fact in facts for step in _opened_steps(fact)]
    if not ids:
        return {}
    rows = DossierStep.objects.filter(id__in=ids, officer__isnull=False)
    return {pk: officer for pk, officer in rows.values_list("id", "officer_id") if officer}

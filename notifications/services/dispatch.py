"""From outbox rows to notifications: one transaction per batch, nothing of it or all of it."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.db import connection, transaction

from common import clock
from notifications.kinds import kinds_of
from notifications.services import announcing
from notifications.services.enrol import Telling, enrol
from notifications.services.outage import database_is_gone
from notifications.services.sources import (
    ChatSource,
    DossierSource,
    Occurrence,
    OutboxSource,
    addressees,
)
from notifications.words import AnnouncementKind, Lane

BATCH = 500
# Ids are drawn before commit: the hint below the newest seen id is for speed only, and every few
# seconds a full pick finds what committed late (delivery-rules 1.2).
_SLACK = 1_000
_FULL_PICK_EVERY_S = 5.0
_POISON_REST_S = 60.0
# Shorter: it may be a warning, and a failed chunk costs little.
_ANNOUNCEMENT_REST_S = 5.0
_ANNOUNCEMENTS = "announcements"

logger = logging.getLogger(__name__)

SOURCES: tuple[OutboxSource, ...] = (ChatSource(), DossierSource())


class Dispatcher:
    """Reads the outbox tables of the lanes of one process. Any number may run."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        lanes = frozenset(lanes)
        self._sources = SOURCES if lanes & {Lane.PERSONAL, Lane.BULK} else ()
        self._announcements = tuple(
            kind
            for lane, kind in (
                (Lane.EMERGENCY, AnnouncementKind.EMERGENCY),
                (Lane.BULK, AnnouncementKind.POLICY_NEWS),
            )
            if lane in lanes
        )
        self._seen: dict[str, int] = {}
        self._full_at: dict[str, float] = {}
        self._poison: dict[tuple[str, int], float] = {}

    def step(self) -> bool:
        """One batch of each outbox; True when there may be more at once.

        One that fails does not stop the others: what it raised is raised at the end.
        """
        batches: list[Callable[[], bool]] = [
            *(partial(self._fills_batch, source) for source in self._sources),
            self._announce,
        ]
        more = False
        failures: list[Exception] = []
        for batch in batches:
            try:
                more = batch() or more
            except Exception as error:
                if database_is_gone(error):
                    raise
                failures.append(error)
        if failures:
            raise ExceptionGroup("an outbox cannot be read", failures)
        return more

    def _announce(self) -> bool:
        """One chunk of people; an announcement that fails rests while the others go on."""
        if not self._announcements:
            return False
        try:
            return announcing.step(self._announcements, skip=self._resting(_ANNOUNCEMENTS))
        except announcing.StepFailed as error:
            if database_is_gone(error):
                raise
            self._poison[_ANNOUNCEMENTS, error.event_id] = time.monotonic() + _ANNOUNCEMENT_REST_S
            logger.exception("announcement event %s cannot go on", error.event_id)
        return True

    def _fills_batch(self, source: OutboxSource) -> bool:
        return self._batch(source) >= BATCH

    def _batch(self, source: OutboxSource) -> int:
        try:
            return self._claim_and_enrol(source, BATCH)
        except Exception as error:
            if database_is_gone(error):
                raise
            logger.exception("a batch of %s failed; its rows go one by one", source.table)
        return self._one_by_one(source)

    def _claim_and_enrol(self, source: OutboxSource, limit: int) -> int:
        with transaction.atomic():
            occurrences = source.claim(
                limit, after=self._after(source), skip=self._resting(source.table)
            )
            if not occurrences:
                return 0
            enrol(tellings_of(occurrences))
            _mark_dispatched(source, [o.event_id for o in occurrences])
        self._seen[source.table] = occurrences[-1].event_id
        return len(occurrences)

    def _one_by_one(self, source: OutboxSource) -> int:
        """After a failed batch: each row in its own transaction; one that fails rests a while."""
        done = 0
        for _turn in range(BATCH):
            claimed: list[Occurrence] = []
            try:
                with transaction.atomic():
                    claimed = source.claim(1, after=0, skip=self._resting(source.table))
                    if not claimed:
                        return done
                    enrol(tellings_of(claimed))
                    _mark_dispatched(source, [claimed[0].event_id])
                    done += 1
            except Exception:
                if not claimed:
                    raise
                event_id = claimed[0].event_id
                self._poison[source.table, event_id] = time.monotonic() + _POISON_REST_S
                logger.exception("event %s of %s cannot be dispatched", event_id, source.table)
        return done

    def _after(self, source: OutboxSource) -> int:
        now = time.monotonic()
        if now >= self._full_at.get(source.table, 0.0):
            self._full_at[source.table] = now + _FULL_PICK_EVERY_S
            return 0
        return max(0, self._seen.get(source.table, 0) - _SLACK)

    def _resting(self, table: str) -> list[int]:
        now = time.monotonic()
        self._poison = {key: until for key, until in self._poison.items() if until > now}
        return [event_id for of, event_id in self._poison if of == table]


def tellings_of(occurrences: Sequence[Occurrence]) -> list[Telling]:
    """What the registry makes of the rows, in their order."""
    return [
        Telling(
            kind,
            occurrence.source,
            occurrence.event_id,
            addressee,
            dossier_id=occurrence.dossier_id,
        )
        for occurrence in occurrences
        for kind in kinds_of(occurrence.source, occurrence.fact)
        for addressee in addressees(kind, occurrence)
    ]


def _mark_dispatched(source: OutboxSource, ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {source.table} SET dispatched_at = %s WHERE id = ANY(%s)",
            [clock.now(), list(ids)],
        )

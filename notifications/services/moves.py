"""What happens to a delivery on its way: set-based, compare-and-set, by the table of states.

Elsewhere a delivery only begins (`enrol`, `fallover`), is proven by the person's phone (`evidence`)
or is called off with its announcement (`announcing`); they go by the same table.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from notifications.states import Cause, Reason, Why, sources_of, target_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """One delivery and what happened to it. Seconds count from the database's now.

    `attempt_no` is the guard: a change of an attempt that is no longer the newest does nothing.
    """

    delivery_id: int
    cause: Cause
    attempt_no: int
    reason: Reason | None = None
    why: Why | None = None
    due_s: float | None = None
    grace_s: float | None = None
    confirm_s: float | None = None
    counted: bool = False
    token_refused: bool = False
    resent: bool = False
    msg_id: str | None = None
    accepted_at: datetime | None = None
    superseded_by: int | None = None


_SETTLE = """
UPDATE notifications_delivery d SET
  state = v.state, reason = v.reason, why = v.why, lease_until = NULL, lease_by = '', crashes = 0,
  due_at = COALESCE(now() + v.due_s * interval '1 second', d.due_at),
  failures = d.failures + v.counted,
  token_refusals = CASE WHEN v.refused > 0 THEN d.token_refusals + 1 ELSE 0 END,
  resends = d.resends + v.resent,
  msg_id = COALESCE(v.msg_id, d.msg_id),
  accepted_at = COALESCE(v.accepted_at, d.accepted_at),
  superseded_by = COALESCE(v.superseded_by, d.superseded_by),
  -- A probe that is refused goes on with the same hold; anything else ends it.
  held_since = CASE WHEN v.why = 'held' THEN COALESCE(d.held_since, now()) END,
  unknown_since = CASE
    WHEN v.state = 'unknown' THEN COALESCE(d.unknown_since, now())
    -- The only attempt of unknown fate was refused after all.
    WHEN d.state = 'unknown' AND v.state IN ('created', 'deferred') AND d.resends + v.resent = 0
      THEN NULL
    ELSE d.unknown_since END,
  grace_until = now() + v.grace_s * interval '1 second',
  confirm_by = now() + v.confirm_s * interval '1 second',
  resolution = CASE WHEN v.state = 'accepted' AND d.state <> 'sending' THEN 'late_answer'
    ELSE d.resolution END
FROM unnest(
  %s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[],
  %s::float8[], %s::float8[], %s::int[], %s::int[], %s::int[], %s::text[], %s::timestamptz[],
  %s::bigint[]
) AS v(id, no, sources, state, reason, why, due_s, grace_s, confirm_s, counted, refused, resent,
       msg_id, accepted_at, superseded_by)
WHERE d.id = v.id AND d.attempt_no = v.no AND d.state = ANY(string_to_array(v.sources, ','))
RETURNING d.id
"""

_PICK = """
UPDATE notifications_delivery d SET
  state = 'sending', attempt_no = d.attempt_no + 1, account_id = %(account)s, why = '',
  crashes = 0, lease_until = now() + %(lease)s * interval '1 second'
WHERE d.id = ANY(%(ids)s) AND d.lease_by = %(me)s AND d.state = ANY(%(sources)s)
RETURNING d.id, d.attempt_no
"""


def settle(changes: Sequence[Change]) -> set[int]:
    """Move each delivery by the row of its cause; the ids that really moved.

    One that did not move was moved by somebody else first: logged, not an error.
    """
    if not changes:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, _columns(changes))
        moved = {row[0] for row in cursor.fetchall()}
    for change in changes:
        if change.delivery_id not in moved:
            logger.info(
                "delivery %s was moved by somebody else before %r",
                change.delivery_id,
                change.cause.value,
            )
    return moved


def pick(ids: Iterable[int], *, me: str, account_id: int | None, lease_s: float) -> dict[int, int]:
    """Move leased deliveries to sending; {id: number of the attempt that may leave now}.

    Raises IntegrityError when another process has one of the same dossier and recipient on its way.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _PICK,
            {
                "ids": list(ids),
                "me": me,
                "account": account_id,
                "lease": lease_s,
                "sources": sources_of(Cause.PICKED),
            },
        )
        return dict(cursor.fetchall())


def _columns(changes: Sequence[Change]) -> list[list[object]]:
    return [
        [c.delivery_id for c in changes],
        [c.attempt_no for c in changes],
        [",".join(sources_of(c.cause)) for c in changes],
        [target_of(c.cause).value for c in changes],
        [c.reason.value if c.reason else "" for c in changes],
        [c.why.value if c.why else "" for c in changes],
        [c.due_s for c in changes],
        [c.grace_s for c in changes],
        [c.confirm_s for c in changes],
        [int(c.counted) for c in changes],
        [int(c.token_refused) for c in changes],
        [int(c.resent) for c in changes],
        [c.msg_id for c in changes],
        [c.accepted_at for c in changes],
        [c.superseded_by for c in changes],
    ]

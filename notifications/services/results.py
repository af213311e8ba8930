"""Write the results of a group of attempts: one short transaction, set-based."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import (
    DataError,
    Error,
    IntegrityError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.models import Max

from common import clock
from notifications.channels import CHANNELS
from notifications.channels.base import Answer, Outcome, Result
from notifications.models import DeliveryAttempt, ZaloTemplate
from notifications.policies import scaled
from notifications.services import contacts, holds, moves
from notifications.services.fallover import go_on
from notifications.services.intent import Outgoing
from notifications.services.verdicts import Given, Verdict, judge
from notifications.states import Cause

logger = logging.getLogger(__name__)

_CLOSE_ATTEMPTS = """
UPDATE notifications_deliveryattempt a SET
  finished_at = now(), outcome = v.outcome, http_status = v.status, code = v.code,
  detail = v.detail, duration_ms = v.ms
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::int[], %s::int[], %s::text[], %s::int[])
  AS v(id, no, outcome, status, code, detail, ms)
WHERE a.delivery_id = v.id AND a.no = v.no
"""

_WAKE_RECEIPTS = """
UPDATE notifications_webhookinbox SET next_try_at = now()
WHERE state = 'waiting' AND msg_id = ANY(%s)
"""


@dataclass(frozen=True)
class Answered:
    """An attempt with its answer."""

    out: Outgoing
    answer: Answer
    outcome: Outcome
    left_s: float


def answered(out: Outgoing, answer: Answer, *, leased_at: float) -> Answered:
    """Read the answer by the rules of its channel; `leased_at` is on the monotonic clock."""
    outcome = CHANNELS[out.row.channel].read(answer)
    left_s = out.row.lifetime_s - (time.monotonic() - leased_at)
    return Answered(out, answer, outcome, left_s)


def write(group: Sequence[Answered]) -> set[int]:
    """Write a group; the token generations that were refused. Raises when the database is gone.

    A group that fails is written row by row, so that one bad row never blocks the others.
    """
    try:
        return _write(group)
    except Exception as error:
        if _is_gone(error):
            raise
        logger.warning("a group of results failed (%s), going one by one", type(error).__name__)
    refused: set[int] = set()
    for item in group:
        refused |= _write_alone(item)
    return refused


def _is_gone(error: Exception) -> bool:
    """The database cannot be written now, whatever the row: the answers wait until it can."""
    is_of_the_row = isinstance(error, (DataError, IntegrityError, ProgrammingError))
    return isinstance(error, Error) and not (is_of_the_row and connection.is_usable())


def _write_alone(item: Answered) -> set[int]:
    try:
        return _write([item])
    except Exception as error:
        if _is_gone(error):
            raise
        logger.exception("the result of delivery %s cannot be written", item.out.row.id)
        if isinstance(error, IntegrityError) and item.outcome.msg_id is not None:
            # The provider gave one message id twice: this one is kept without it.
            return _write_alone(replace(item, outcome=replace(item.outcome, msg_id=None)))
    _leave_unknown(item)
    return set()


def _leave_unknown(item: Answered) -> None:
    """An answer that cannot be written proves nothing; at worst the sweep finds the lost lease."""
    row = item.out.row
    outcome = Outcome(Result.UNKNOWN, detail="answer could not be stored")
    grace_s = scaled(row.kind.policy.grace_s) if row.kind else 0.0
    try:
        with transaction.atomic():
            moves.settle(
                [moves.Change(row.id, Cause.AMBIGUOUS, item.out.attempt_no, grace_s=grace_s)]
            )
            _close_attempts([replace(item, outcome=outcome)])
    except Exception as error:
        if _is_gone(error):
            raise
        logger.exception("delivery %s is left to the sweep", row.id)


def _write(group: Sequence[Answered]) -> set[int]:
    now = clock.now()
    verdicts = [(item, _verdict(item, now)) for item in group]
    with transaction.atomic():
        verdicts = [(item, _put_hold(item, verdict)) for item, verdict in verdicts]
        moved = moves.settle([verdict.change for _item, verdict in verdicts])
        _close_attempts(group)
        for item, verdict in verdicts:
            if item.out.row.id in moved:
                _aftermath(item, verdict)
        go_on(
            v.change.delivery_id
            for _i, v in verdicts
            if v.goes_on and v.change.delivery_id in moved
        )
        _wake_receipts([item.outcome.msg_id for item in group if item.outcome.msg_id])
    _release_holds(group)
    return {item.out.credential.generation for item, v in verdicts if v.token_refused}


def _verdict(item: Answered, now: datetime) -> Verdict:
    kind = item.out.row.kind
    assert kind is not None, "only known kinds are sent"
    return judge(
        Given(
            item.out.row,
            kind,
            item.out.attempt_no,
            item.outcome,
            item.left_s,
            now,
            unclassified=_unclassified_before(item),
            is_refused_anew=_is_refused_anew(item),
        )
    )


def _unclassified_before(item: Answered) -> int:
    if item.outcome.result is not Result.RETRY_FEW:
        return 0
    return DeliveryAttempt.objects.filter(
        delivery_id=item.out.row.id,
        no__lt=item.out.attempt_no,
        outcome=Result.RETRY_FEW.value,
    ).count()


def _is_refused_anew(item: Answered) -> bool:
    """Another sender may have used the same refused token before it heard of the refusal."""
    if item.outcome.result is not Result.TOKEN or not item.out.row.token_refusals:
        return False
    before = DeliveryAttempt.objects.filter(
        delivery_id=item.out.row.id, no__lt=item.out.attempt_no, outcome=Result.TOKEN.value
    ).aggregate(newest=Max("token_generation"))["newest"]
    return before is not None and item.out.credential.generation > before


def _put_hold(item: Answered, verdict: Verdict) -> Verdict:
    """Hold what the verdict names; when that ends, or patience does, the delivery is due again."""
    wanted = verdict.hold
    if wanted is None:
        return verdict
    left_s = holds.put(
        wanted.key,
        wanted.why,
        code=item.outcome.code,
        detail=item.outcome.detail,
        for_s=wanted.for_s,
    )
    return replace(verdict, change=replace(verdict.change, due_s=min(left_s, wanted.look_s)))


def _aftermath(item: Answered, verdict: Verdict) -> None:
    row, code = item.out.row, item.outcome.code
    if verdict.refuses_contact and code is not None:
        contacts.remember_refusal(
            notification_id=row.notification_id, channel=row.channel, code=code
        )
    if verdict.marks_phone_only and row.kind is not None:
        ZaloTemplate.objects.filter(
            account_id=item.out.credential.account_id, name=row.kind.template_name
        ).update(phone_only=True)
    if item.outcome.result is Result.RETRY_FEW:
        logger.error("unclassified answer %s on %s", item.outcome.code, row.channel.value)


def _close_attempts(group: Sequence[Answered]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE_ATTEMPTS,
            [
                [item.out.row.id for item in group],
                [item.out.attempt_no for item in group],
                [item.outcome.result.value for item in group],
                [item.outcome.http_status for item in group],
                [item.outcome.code for item in group],
                [item.outcome.detail for item in group],
                [item.answer.duration_ms for item in group],
            ],
        )


def _wake_receipts(msg_ids: Sequence[str]) -> None:
    """Receipts that came before our own commit are matched now."""
    if not msg_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WAKE_RECEIPTS, [list(msg_ids)])


def _release_holds(group: Sequence[Answered]) -> None:
    """A success proves account, channel and template."""
    keys = {holds.ACCOUNT}
    for item in group:
        row = item.out.row
        if item.outcome.result is Result.ACCEPTED and row.kind is not None:
            keys |= {holds.channel_key(row.channel), holds.template_key(row.kind.template_name)}
    if len(keys) > 1:
        holds.release(keys)

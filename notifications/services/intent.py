"""Write the intent, then send: the short transaction after whose commit bytes may leave."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg
from django.db import connection, transaction

from common import clock
from notifications import policies, tracking
from notifications.channels import CHANNELS
from notifications.channels.base import HttpRequest, Message
from notifications.policies import scaled
from notifications.services import facts as facts_of
from notifications.services import lease, moves, preflight
from notifications.services.fallover import go_on
from notifications.services.lease import Leased
from notifications.services.outage import database_is_gone
from notifications.services.preflight import Send, Stop
from notifications.services.tokens import Credential
from notifications.states import Cause, Reason
from notifications.words import Channel

GROUP = 32
# Crashes of our own code on one row before it is set aside; the first is a suspicion only.
_POISON_AT = 4
# Below this priority number nothing is held up (emergency and chat).
_ORDERED_FROM = 2
# The unique indexes that stand behind the order: who meets one comes later, our code did not fail.
_IN_TURN = {"delivery_one_sending_per_dossier", "delivery_one_sending_per_user"}

logger = logging.getLogger(__name__)

_ATTEMPTS = """
INSERT INTO notifications_deliveryattempt
  (delivery_id, no, tracking_id, is_resend, token_generation, process)
SELECT v.id, v.no, v.tracking, v.resend, %s, %s
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::bool[]) AS v(id, no, tracking, resend)
"""


@dataclass(frozen=True)
class Outgoing:
    """One request that may leave now: its intent is committed."""

    row: Leased
    attempt_no: int
    request: HttpRequest
    credential: Credential


class Interrupted(Exception):
    """A group was cut short: `outgoing` is committed and must leave, `rest` is still leased."""

    def __init__(self, outgoing: list[Outgoing], rest: list[Leased]) -> None:
        super().__init__(f"{len(outgoing)} intents are committed, {len(rest)} are not")
        self.outgoing = outgoing
        self.rest = rest


def intend(rows: Sequence[Leased], *, credential: Credential, me: str) -> list[Outgoing]:
    """Check, render and commit the intents of a group of at most 32 leased deliveries.

    One that our own code fails on is set aside alone and the others go on. Raises Interrupted
    when the rest of the group must wait, as for a database that is gone.
    """
    calm = [row for row in rows if row.crashes == 0]
    alone = [row for row in rows if row.crashes]
    outgoing: list[Outgoing] = []
    if calm:
        try:
            outgoing += _intend(calm, credential, me)
        except Exception as error:
            if database_is_gone(error):
                raise Interrupted([], list(rows)) from error
            logger.warning("a group of intents failed (%s), going one by one", type(error).__name__)
            alone = [*calm, *alone]
    for place, row in enumerate(alone):
        try:
            outgoing += _intend_alone(row, credential, me)
        except Exception as error:
            # What cannot even be set aside keeps its lease, so that it stands before no other.
            first = place if database_is_gone(error) else place + 1
            raise Interrupted(outgoing, alone[first:]) from error
    return outgoing


def _is_out_of_turn(error: Exception) -> bool:
    """Another process has a request of the same dossier, or to the same account, on its way."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.diag.constraint_name in _IN_TURN


def _intend_alone(row: Leased, credential: Credential, me: str) -> list[Outgoing]:
    crashes = lease.count_crash(row.id, me=me)
    if crashes >= _POISON_AT:
        change = moves.Change(row.id, Cause.CRASHED, row.attempt_no, reason=Reason.POISON)
        moves.settle([change])
        logger.error("delivery %s is poison: our code failed on it %s times", row.id, crashes - 1)
        return []
    try:
        return _intend([row], credential, me)
    except Exception as error:
        if database_is_gone(error):
            raise
        if _is_out_of_turn(error):
            lease.give_back([row], me=me)
            return []
        logger.exception("delivery %s cannot be prepared", row.id)
        change = moves.Change(
            row.id, Cause.PUT_OFF, row.attempt_no, due_s=scaled(policies.HOLD_FIRST_S)
        )
        _put_off_keeping_crashes(change, crashes)
    return []


def _put_off_keeping_crashes(change: moves.Change, crashes: int) -> None:
    with transaction.atomic():
        moves.settle([change])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_delivery SET crashes = %s WHERE id = %s",
                [crashes, change.delivery_id],
            )


def _intend(rows: Sequence[Leased], credential: Credential, me: str) -> list[Outgoing]:
    with transaction.atomic():
        candidates, behind = _one_of_each(rows, me)
        facts = facts_of.load(row.notification_id for row in candidates)
        given = preflight.conditions(clock.now(), credential.account_id)
        verdicts = [
            (row, preflight.decide(row, facts.get(row.notification_id), given))
            for row in candidates
        ]
        stops = [verdict for _row, verdict in verdicts if isinstance(verdict, Stop)]
        moves.settle([stop.change for stop in stops])
        go_on(stop.change.delivery_id for stop in stops if stop.goes_on)
        sends = [(row, v.message) for row, v in verdicts if isinstance(v, Send)]
        lease.give_back(behind, me=me)
        return _pick(sends, credential, me) if sends else []


def _one_of_each(rows: Sequence[Leased], me: str) -> tuple[list[Leased], list[Leased]]:
    """The rows that may go now, one per dossier and recipient, and one per account."""
    free = lease.still_free((row.id for row in rows), me=me)
    taken: set[object] = set()
    now: list[Leased] = []
    behind: list[Leased] = []
    for row in rows:
        keys = _order_keys(row)
        if row.id not in free or taken & keys:
            behind.append(row)
            continue
        taken |= keys
        now.append(row)
    return now, behind


def _order_keys(row: Leased) -> set[object]:
    keys: set[object] = set()
    kind = row.kind
    if kind is None or kind.priority < _ORDERED_FROM:
        return keys
    if row.dossier_id is not None:
        keys.add((row.dossier_id, row.recipient_key))
    if row.channel == Channel.ZALO_USER:
        keys.add(row.recipient_key)
    return keys


def _pick(
    sends: Sequence[tuple[Leased, Message]], credential: Credential, me: str
) -> list[Outgoing]:
    numbers = moves.pick(
        (row.id for row, _message in sends),
        me=me,
        account_id=credential.account_id,
        lease_s=scaled(policies.LEASE_S),
    )
    outgoing = [
        _outgoing(row, numbers[row.id], message, credential)
        for row, message in sends
        if row.id in numbers
    ]
    if outgoing:
        _note_attempts(outgoing, credential, me)
    return outgoing


def _outgoing(row: Leased, no: int, message: Message, credential: Credential) -> Outgoing:
    tracked = replace(message, tracking_id=tracking.encode(row.id, no))
    request = CHANNELS[row.channel].request(tracked, credential.access_token)
    return Outgoing(row, no, request, credential)


def _note_attempts(outgoing: Sequence[Outgoing], credential: Credential, me: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _ATTEMPTS,
            [
                credential.generation,
                me[:60],
                [out.row.id for out in outgoing],
                [out.attempt_no for out in outgoing],
                [tracking.encode(out.row.id, out.attempt_no) for out in outgoing],
                [out.row.resends > 0 for out in outgoing],
            ],
        )

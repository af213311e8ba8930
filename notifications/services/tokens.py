"""The token pair of the official account: one row, renewed under a lease in that row.

No transaction is open while the provider is asked. The commit of the lease proves that the
database takes writes just before the provider rotates the pair (delivery-rules 5).
"""

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, connection

from common.fields import encrypt
from notifications import policies
from notifications.channels import oauth
from notifications.channels.oauth import Pair, Refused
from notifications.models import ZaloAccount
from notifications.models.zalo import TokenStatus
from notifications.policies import scaled
from notifications.services import holds

REFRESH_AGE_S = 20 * 3600.0
LEASE_S = 30.0
_WAIT_S = 15.0
_POLL_S = 0.2
_STORE_FOR_S = 30.0
# After 2, 4, 8, 16 and then each 20 min: six tries in an hour at most, as delivery-rules 5.3 says.
_RETRY_FIRST_S, _RETRY_LONGEST_S = 60.0, 1200.0
_SPARE_SHARE = 0.8

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Credential:
    """What a request needs. The token is never logged."""

    account_id: int
    access_token: str
    generation: int


@dataclass(frozen=True)
class _Row:
    id: int
    status: TokenStatus
    generation: int
    is_valid: bool
    is_old: bool
    may_refresh: bool


_STATE = """
SELECT id, status, generation, access_token <> '' AND expires_at > now(),
  now() > obtained_at + LEAST(%(age)s * interval '1 second',
                              %(share)s * (expires_at - obtained_at)),
  (refresh_started_at IS NULL OR refresh_started_at < now() - %(lease)s * interval '1 second')
    AND (next_refresh_at IS NULL OR next_refresh_at <= now())
FROM notifications_zaloaccount WHERE oa_id = %(oa)s
"""

_TAKE = """
UPDATE notifications_zaloaccount SET
  refresh_started_at = now(), refresh_by = %(me)s, refresh_tries = refresh_tries + 1,
  status = CASE WHEN status = 'ok' THEN 'refreshing' ELSE status END
WHERE id = %(id)s AND generation = %(generation)s AND status <> 'dead' AND refresh_token <> ''
  AND (refresh_started_at IS NULL OR refresh_started_at < now() - %(lease)s * interval '1 second')
  AND (next_refresh_at IS NULL OR next_refresh_at <= now())
RETURNING id
"""

_STORE = """
UPDATE notifications_zaloaccount SET
  access_token = %(access)s, refresh_token = %(refresh)s, obtained_at = now(),
  expires_at = now() + %(life)s * interval '1 second', generation = generation + 1,
  status = 'ok', refresh_started_at = NULL, refresh_by = '', refresh_tries = 0,
  next_refresh_at = NULL, last_result = %(result)s
WHERE id = %(id)s AND (%(generation)s::int IS NULL OR generation = %(generation)s)
RETURNING generation
"""

_FAILED = """
UPDATE notifications_zaloaccount SET
  status = %(status)s, refresh_started_at = NULL, refresh_by = '', last_result = %(result)s,
  next_refresh_at = now() + LEAST(%(longest)s, %(first)s * 2 ^ LEAST(refresh_tries, 10))
                            * interval '1 second'
WHERE id = %(id)s AND generation = %(generation)s
"""


def credential(*, refused: int | None = None) -> Credential | None:
    """The token to use now, or None: not authorised, expired, or of the `refused` generation.

    A pair that cannot be renewed any more still sends while its access token lives: that is the
    time in which a person can authorise again.
    """
    account = ZaloAccount.objects.filter(oa_id=settings.ZALO_OA_ID).first()
    state = _state()
    if account is None or state is None or not state.is_valid:
        return None
    if account.generation != state.generation or account.generation == refused:
        return None
    return Credential(account.pk, account.access_token, account.generation)


def wants_renewal(*, refused: int | None = None) -> bool:
    """True when a renewal should be tried now: the token is old, expired, or was refused."""
    state = _state()
    if state is None or state.status == TokenStatus.DEAD or not state.may_refresh:
        return False
    return _is_due(state, refused)


def _is_due(state: _Row, refused: int | None) -> bool:
    return state.generation == refused or state.is_old or not state.is_valid


def renew(
    *, me: str, refused: int | None = None, gives_up: threading.Event | None = None
) -> Credential | None:
    """Renew the pair, or wait at most 15 s while somebody else does; the credential afterwards.

    However many call it at the same time, one request leaves. `refused` is the generation that the
    provider refused; when a newer one is there already, that is the answer, as is one that was
    renewed since the caller looked. Once `gives_up` is set no request is begun.
    """
    gives_up = gives_up or threading.Event()
    deadline = time.monotonic() + scaled(_WAIT_S)
    while True:
        state = _state()
        if state is None or state.status == TokenStatus.DEAD:
            return credential(refused=refused)
        if not _is_due(state, refused):
            return credential()
        if not gives_up.is_set() and _take(state, me):
            _ask(state, me)
            return credential(refused=refused)
        if gives_up.is_set() or time.monotonic() >= deadline:
            return credential(refused=refused)
        gives_up.wait(scaled(_POLL_S))


def longest_renewal_s() -> float:
    """How long a renewal that has begun may take until its pair is stored or given up."""
    asking_s = policies.HTTP_CONNECT_S + policies.HTTP_DEADLINE_S
    return scaled(asking_s) + _STORE_FOR_S


def store_first_pair(pair: Pair) -> int:
    """Store a pair that an operator brings; held deliveries go on at once. Its generation."""
    account, _is_new = ZaloAccount.objects.get_or_create(oa_id=settings.ZALO_OA_ID)
    generation = _store(account.pk, pair, generation=None, result="first pair stored")
    holds.forget_cache()
    holds.release([holds.ACCOUNT])
    wake_held()
    return generation or 0


def _state() -> _Row | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _STATE,
            {
                "oa": settings.ZALO_OA_ID,
                "age": scaled(REFRESH_AGE_S),
                "share": _SPARE_SHARE,
                "lease": scaled(LEASE_S),
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return _Row(row[0], TokenStatus(row[1]), row[2], bool(row[3]), bool(row[4]), bool(row[5]))


def _take(state: _Row, me: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "id": state.id,
                "generation": state.generation,
                "me": me[:60],
                "lease": scaled(LEASE_S),
            },
        )
        return cursor.fetchone() is not None


def _ask(state: _Row, me: str) -> None:
    """One request with the stored refresh token; whatever it answers is written down."""
    account = ZaloAccount.objects.get(pk=state.id)
    answer = oauth.refresh(account.refresh_token)
    if isinstance(answer, Pair):
        _store_for_sure(state, answer)
        logger.info("the token pair was renewed, generation %s", state.generation + 1)
        return
    is_dead = isinstance(answer, Refused)
    status = TokenStatus.DEAD if is_dead else TokenStatus.SUSPECT
    with connection.cursor() as cursor:
        cursor.execute(
            _FAILED,
            {
                "id": state.id,
                "generation": state.generation,
                "status": status.value,
                "result": answer.detail[:80],
                "first": scaled(_RETRY_FIRST_S),
                "longest": scaled(_RETRY_LONGEST_S),
            },
        )
    log = logger.error if is_dead else logger.warning
    log("the token pair is %s: %s", status.value, answer.detail)


def _store_for_sure(state: _Row, pair: Pair) -> None:
    """The provider has rotated: this pair is the only one, so a refused write is repeated."""
    deadline = time.monotonic() + _STORE_FOR_S
    while True:
        try:
            _store(state.id, pair, generation=state.generation, result="renewed")
            return
        except Error:
            if time.monotonic() >= deadline:
                raise
            logger.exception("the new token pair could not be stored; trying again")
            connection.close()
            time.sleep(_POLL_S)


def _store(account_id: int, pair: Pair, *, generation: int | None, result: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "id": account_id,
                "access": encrypt(pair.access_token),
                "refresh": encrypt(pair.refresh_token),
                "life": pair.life_s,
                "generation": generation,
                "result": result,
            },
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def wake_held() -> None:
    """Deliveries that waited for a token or a mended account are due now, by their priority."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_delivery SET due_at = now() "
            "WHERE state = 'deferred' AND why IN ('held', 'token')"
        )

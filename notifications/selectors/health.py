"""Whether messages can leave and receipts come: for `doctor` and the start page of administrators.

Seconds are reckoned by the database, on whose clock leases and due times are. What counts as late
stands here, once (delivery-rules, alarms; docs/operations.md says it to operators).
"""

from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.db import connection

from notifications.models import ZaloTemplate
from notifications.models.zalo import TemplateStatus, TokenStatus
from notifications.words import Lane
from notifications.zalo_templates import templates

_LATE_S = {Lane.EMERGENCY: 10.0, Lane.PERSONAL: 120.0, Lane.BULK: 900.0}
_WEBHOOK_LATE_S = 60.0
_DAY_S = 86_400.0
# Renewed each 20 hours.
_RENEWED_WITHIN_S = _DAY_S
# Zalo takes a refresh token for three months (contract 1.2).
REFRESH_LIFE_S, _REFRESH_WARNING_S = 90 * _DAY_S, 60 * _DAY_S


class TokenTrouble(Enum):
    """What is wrong with a pair, the gravest first."""

    DEAD = auto()
    EXPIRED = auto()
    REFRESH_TOKEN_OLD = auto()
    NOT_RENEWED = auto()


@dataclass(frozen=True)
class TokenHealth:
    """The token pair of the account. `left_s` of the access token may be negative: it is over."""

    status: TokenStatus
    generation: int
    age_s: float
    left_s: float
    last_result: str

    @property
    def trouble(self) -> TokenTrouble | None:
        """The gravest trouble; None: it is in order."""
        if self.status == TokenStatus.DEAD:
            return TokenTrouble.DEAD
        if self.left_s <= 0:
            return TokenTrouble.EXPIRED
        if self.age_s > _REFRESH_WARNING_S:
            return TokenTrouble.REFRESH_TOKEN_OLD
        if self.status == TokenStatus.SUSPECT or self.age_s > _RENEWED_WITHIN_S:
            return TokenTrouble.NOT_RENEWED
        return None


@dataclass(frozen=True)
class TemplateTrouble:
    """A template of the product that the account cannot send.

    `status` is None for one that is not registered; `problem` says in what its parameters differ.
    """

    name: str
    status: TemplateStatus | None
    problem: str


@dataclass(frozen=True)
class WebhookBacklog:
    """What came from Zalo and is not worked on. `oldest_s` is None where nothing waits.

    `parked` counts those among the newest 10,000 that were given up.
    """

    waiting: int
    oldest_s: float | None
    parked: int

    @property
    def late_s(self) -> float | None:
        """How long the oldest has waited where nobody works on them; None: it goes on."""
        return self.oldest_s if (self.oldest_s or 0.0) > _WEBHOOK_LATE_S else None


@dataclass(frozen=True)
class Receipts:
    """Whether webhooks come: None where none ever came."""

    last_verified_s: float | None
    accepted_in_15_min: int


@dataclass(frozen=True)
class HeldBack:
    """What sending waits for: a template, a channel or the account, and why."""

    key: str
    detail: str
    since_s: float


_TOKEN = """
SELECT status, generation, EXTRACT(epoch FROM now() - obtained_at)::float8,
  EXTRACT(epoch FROM expires_at - now())::float8, last_result
FROM notifications_zaloaccount WHERE oa_id = %s AND obtained_at IS NOT NULL
"""

# In the order of the index that the senders use: the first in turn, however many wait behind it.
_LATE = """
SELECT EXTRACT(epoch FROM now() - due_at)::float8 FROM notifications_delivery
WHERE state IN ('created', 'deferred') AND lane = %s AND due_at < now() - %s * interval '1 s'
  AND expires_at > now() AND (lease_until IS NULL OR lease_until < now())
ORDER BY priority, due_at, id LIMIT 1
"""

_WAS_BUSY = """
SELECT started_at > now() - %s * interval '1 s'
FROM notifications_deliveryattempt ORDER BY id DESC LIMIT 1
"""

_BACKLOG = """
SELECT
  (SELECT count(*) FROM notifications_webhookinbox WHERE state = 'new' AND next_try_at <= now()),
  (SELECT EXTRACT(epoch FROM now() - min(next_try_at))::float8 FROM notifications_webhookinbox
    WHERE state = 'new' AND next_try_at <= now()),
  (SELECT count(*) FROM (SELECT state FROM notifications_webhookinbox
    ORDER BY id DESC LIMIT 10000) AS newest WHERE state = 'parked')
"""

_RECEIPTS = """
SELECT
  (SELECT EXTRACT(epoch FROM now() - max(received_at))::float8 FROM
    (SELECT received_at FROM notifications_webhookinbox WHERE verified
     ORDER BY id DESC LIMIT 1) AS newest),
  (SELECT count(*) FROM (SELECT FROM notifications_deliveryattempt
    WHERE started_at > now() - interval '15 min' AND outcome = 'accepted' LIMIT 1000) AS lately)
"""

_HOLDS = """
SELECT key, detail, EXTRACT(epoch FROM now() - since)::float8
FROM notifications_channelhold WHERE until > now() ORDER BY key
"""


def token_health() -> TokenHealth | None:
    """The pair of the account of the settings; None when it was never authorised."""
    with connection.cursor() as cursor:
        cursor.execute(_TOKEN, [settings.ZALO_OA_ID])
        row = cursor.fetchone()
    return TokenHealth(TokenStatus(row[0]), *row[1:]) if row else None


def templates_in_trouble() -> list[TemplateTrouble]:
    """Templates of the product that the account cannot send, by name; one query."""
    known = {
        row.name: row for row in ZaloTemplate.objects.filter(account__oa_id=settings.ZALO_OA_ID)
    }
    found = []
    for name in sorted(templates()):
        row = known.get(name)
        if row is None:
            found.append(TemplateTrouble(name, None, ""))
        elif row.status != TemplateStatus.ENABLE or row.problem:
            found.append(TemplateTrouble(name, TemplateStatus(row.status), row.problem))
    return found


def lanes_standing_still() -> dict[Lane, float]:
    """By lane: for how many seconds its first message in turn is due though nobody takes it.

    A message to very many people may take hours: the lane for it stands still only where no request
    left in the meantime either. At most four queries.
    """
    found = {}
    with connection.cursor() as cursor:
        for lane in Lane:
            cursor.execute(_LATE, [lane.value, _LATE_S[lane]])
            if row := cursor.fetchone():
                found[lane] = float(row[0])
        if Lane.BULK in found:
            cursor.execute(_WAS_BUSY, [_LATE_S[Lane.BULK]])
            if cursor.fetchone() == (True,):
                del found[Lane.BULK]
    return found


def webhook_backlog() -> WebhookBacklog:
    """What still has to be worked on; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BACKLOG)
        return WebhookBacklog(*cursor.fetchone())


def receipts() -> Receipts:
    """What has come from Zalo; one query, which reads the attempts."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS)
        return Receipts(*cursor.fetchone())


def held_back() -> list[HeldBack]:
    """What sending waits for at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS)
        return [HeldBack(*row) for row in cursor.fetchall()]

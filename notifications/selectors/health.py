"""Whether messages can leave and receipts come: reads for the doctor and for start pages.

Seconds are reckoned by the database, on whose clock leases and due times are.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from cases.models import DossierEvent
from common import clock
from notifications.models import ZaloTemplate
from notifications.models.zalo import TemplateStatus, TokenStatus
from notifications.words import Lane
from notifications.zalo_templates import templates


@dataclass(frozen=True)
class TokenHealth:
    """The token pair of the account. `left_s` of the access token may be negative: it is over."""

    status: TokenStatus
    generation: int
    age_s: float
    left_s: float
    last_result: str


@dataclass(frozen=True)
class TemplateTrouble:
    """A template of the product that the account cannot send: `status` is "" for one that is not
    registered, `problem` says in what its parameters differ."""

    name: str
    status: str
    problem: str


@dataclass(frozen=True)
class WebhookHealth:
    """What came from Zalo. Seconds are None where there is no such row."""

    last_verified_s: float | None
    oldest_waiting_s: float | None
    waiting: int
    parked: int
    accepted_lately: int


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

_OLDEST_DUE = """
SELECT EXTRACT(epoch FROM now() - min(due_at))::float8
FROM (SELECT due_at FROM notifications_delivery
      WHERE state IN ('created', 'deferred') AND lane = %s AND due_at <= now() - interval '5 s'
        AND expires_at > now() AND (lease_until IS NULL OR lease_until < now())
      ORDER BY due_at LIMIT 1000) AS late
"""

_WEBHOOKS = """
SELECT
  (SELECT EXTRACT(epoch FROM now() - max(received_at))::float8 FROM
    (SELECT received_at FROM notifications_webhookinbox WHERE verified
     ORDER BY id DESC LIMIT 1) AS newest),
  (SELECT EXTRACT(epoch FROM now() - min(next_try_at))::float8 FROM notifications_webhookinbox
    WHERE state = 'new' AND next_try_at <= now()),
  (SELECT count(*) FROM notifications_webhookinbox WHERE state = 'new' AND next_try_at <= now()),
  (SELECT count(*) FROM (SELECT FROM notifications_webhookinbox
    WHERE state = 'parked' LIMIT 1000) AS parked),
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
    """Templates of the product that the account cannot send, by name."""
    known = {
        row.name: row for row in ZaloTemplate.objects.filter(account__oa_id=settings.ZALO_OA_ID)
    }
    found = []
    for name in sorted(templates()):
        row = known.get(name)
        if row is None:
            found.append(TemplateTrouble(name, "", ""))
        elif row.status != TemplateStatus.ENABLE or row.problem:
            found.append(TemplateTrouble(name, row.status, row.problem))
    return found


def oldest_due_s() -> dict[Lane, float]:
    """For each lane on which something is due and lies there: for how long the oldest does."""
    found = {}
    with connection.cursor() as cursor:
        for lane in Lane:
            cursor.execute(_OLDEST_DUE, [lane.value])
            (age,) = cursor.fetchone()
            if age is not None:
                found[lane] = float(age)
    return found


def oldest_untold_s() -> float | None:
    """How long the oldest fact of a dossier has waited for its messages; None when none waits."""
    waiting = DossierEvent.objects.filter(dispatched_at__isnull=True).order_by("id")
    oldest = waiting.values_list("at", flat=True).first()
    return (clock.now() - oldest).total_seconds() if oldest else None


def webhook_health() -> WebhookHealth:
    """What has come from Zalo and what still has to be worked on."""
    with connection.cursor() as cursor:
        cursor.execute(_WEBHOOKS)
        return WebhookHealth(*cursor.fetchone())


def held_back() -> list[HeldBack]:
    """What sending waits for at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS)
        return [HeldBack(*row) for row in cursor.fetchall()]

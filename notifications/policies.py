"""How patient we are with each family of messages (delivery-rules 3), as data.

All durations are seconds before `NOTIFY_TIME_SCALE`, which tests use to shrink every one of them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

LEASE_S = 60.0
HTTP_DEADLINE_S = 10.0
HTTP_CONNECT_S = 3.0
SWEEP_EVERY_S = 15.0
POLL_S = 0.25
# No longer does an unresolved request hold back later ones of its dossier or to its account.
ORDER_HOLD_S = 120.0
UNCLASSIFIED_DELAYS_S = (5.0, 60.0, 600.0)
HOLD_FIRST_S = 15.0
HOLD_LONGEST_S = 300.0
RATE_PAUSE_S = 15.0
PHONE_CLOSED_DAYS = 30

_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class Policy:
    """One row of the table of policies.

    `grace_s` after an unknown fate comes one resend where `resends`; `give_up_s` after the first
    unknown the delivery ends as perhaps sent, and the next channel is taken where
    `next_after_unknown`. Without a receipt within `no_receipt_s` the next channel is taken as a
    planned second way; held longer than `hold_s`, the next channel as well (None: never).
    """

    name: str
    max_tries: int
    base_s: float
    cap_s: float
    grace_s: float
    resends: bool
    give_up_s: float
    next_after_unknown: bool
    no_receipt_s: float | None
    hold_s: float | None


EMERGENCY = Policy("emergency", 20, 1, 30, 60, True, 120, True, 10 * _MINUTE, 30)
DUTY = Policy(
    "duty", 20, 5, 30 * _MINUTE, 30 * _MINUTE, True, 6 * _HOUR, True, 24 * _HOUR, 15 * _MINUTE
)
STATUS = Policy(
    "status", 12, 5, 10 * _MINUTE, 10 * _MINUTE, True, 2 * _HOUR, False, None, 30 * _MINUTE
)
BULK_NEWS = Policy("bulk_news", 6, 30, 30 * _MINUTE, 0, False, 0, False, None, None)
CHAT_REPLY = Policy("chat_reply", 4, 1, 10, 0, False, 0, False, None, None)
OFFICERS = Policy(
    "officers", 8, 5, 10 * _MINUTE, 30 * _MINUTE, False, 30 * _MINUTE, False, None, 15 * _MINUTE
)


def scaled(seconds: float) -> float:
    """`seconds` as they are in production, shrunk by NOTIFY_TIME_SCALE in tests."""
    return seconds * float(settings.NOTIFY_TIME_SCALE)


def backoff_s(
    policy: Policy, failures: int, *, uniform: Callable[[float, float], float] = random.uniform
) -> float:
    """Seconds before the next try after `failures` counted ones: full jitter, at least 1 s."""
    ceiling = min(policy.cap_s, policy.base_s * 2.0**failures)
    return scaled(max(1.0, uniform(0, ceiling)))

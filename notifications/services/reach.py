"""By which channels a person can be reached now, and which one is next for a kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from citizens.models import Purpose
from common import clock
from notifications.kinds import Kind
from notifications.states import Reason
from notifications.words import Channel


@dataclass(frozen=True)
class Reach:
    """What is open for one person: a linked account that listens, a phone that Zalo knows."""

    user_ok: bool
    phone_ok: bool
    consented: bool

    def is_open(self, channel: Channel) -> bool:
        """True when a message may go by this channel at all."""
        if channel == Channel.ZALO_USER:
            return self.user_ok
        if channel == Channel.ZALO_PHONE:
            return self.phone_ok
        return channel == Channel.ZALO_CHAT


NOBODY = Reach(user_ok=False, phone_ok=False, consented=False)
CHAT = Reach(user_ok=False, phone_ok=False, consented=True)

_CITIZENS = """
SELECT c.id,
  COALESCE(l.is_following AND NOT l.closed_until_contact AND NOT l.closed_until_opt_in, false),
  c.phone_hash <> '' AND NOT c.zalo_phone_closed_until_opt_in
    AND (c.zalo_phone_closed_until IS NULL OR c.zalo_phone_closed_until <= %(now)s),
  COALESCE((SELECT g.granted FROM citizens_consent g WHERE g.citizen_id = c.id
            AND g.purpose = %(purpose)s ORDER BY g.id DESC LIMIT 1), false)
FROM citizens_citizen c LEFT JOIN citizens_zalolink l ON l.citizen_id = c.id
WHERE c.id = ANY(%(ids)s)
"""

_OFFICERS = """
SELECT o.id,
  COALESCE(l.is_following AND NOT l.closed_until_contact AND NOT l.closed_until_opt_in, false)
FROM offices_officer o LEFT JOIN citizens_zalolink l ON l.officer_id = o.id
WHERE o.id = ANY(%(ids)s) AND o.is_active
"""


def of_citizens(ids: Iterable[int], purpose: Purpose = Purpose.DOSSIER) -> dict[int, Reach]:
    """By citizen; the newest answer counts as consent. One query."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CITIZENS, {"ids": wanted, "purpose": purpose.value, "now": clock.now()})
        return {row[0]: Reach(*row[1:]) for row in cursor.fetchall()}


def of_officers(ids: Iterable[int]) -> dict[int, Reach]:
    """By officer; officers are told by a linked account only. One query."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OFFICERS, {"ids": wanted})
        return {
            row[0]: Reach(user_ok=row[1], phone_ok=False, consented=True)
            for row in cursor.fetchall()
        }


def next_way(kind: Kind, reach: Reach, *, after: Channel | None = None) -> Channel | Reason:
    """The first open channel of the kind behind `after`, or why there is none."""
    if kind.consent is not None and not reach.consented:
        return Reason.NO_CONSENT
    channels = kind.channels
    if after is not None and after in channels:
        channels = channels[channels.index(after) + 1 :]
    for channel in channels:
        if reach.is_open(channel):
            return channel
    return Reason.NO_CHANNEL

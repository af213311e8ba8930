"""When something may be sent: the night, the promotional day, a person's last interaction."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.people import DAY_MS, Person
from sandbox.templates import Refusal

NIGHT_STARTS_H, NIGHT_ENDS_H = 22, 6
FREE_MS = 2 * DAY_MS
OPEN_MS = 7 * DAY_MS
OFFLINE_MS = 45 * DAY_MS

NIGHT_BY_PHONE = Refusal(-133, "This template cannot be sent at night (22:00-06:00)")
NIGHT_PROMOTION = Refusal(-234, "This type of message cannot be sent from 22:00 to 06:00")
NO_FOLLOWER = Refusal(-213, "User has not followed OA")
OVER_7_DAYS = Refusal(-230, "User has not interacted with the OA in the past 7 days")
OFFLINE = Refusal(-227, "User is banned or has been inactive for more than 45 days")


def is_night(now: datetime, mode: str) -> bool:
    """Whether it counts as night; `mode` is that of `fault_table` (off, clock, now)."""
    by_clock = now.hour >= NIGHT_STARTS_H or now.hour < NIGHT_ENDS_H
    return mode == "now" or (mode == "clock" and by_clock)


@dataclass(frozen=True, slots=True)
class Answerable:
    """Whether somebody may be answered in the chat, and whether that is free."""

    refusal: Refusal | None
    is_free: bool = False


def answerable(person: Person | None, now_ms: int) -> Answerable:
    """Free for 48 hours after the last interaction, billed up to seven days, then refused.

    Interactions are what a person writes, a follow, and a click on a button of the chat; looking
    at a message is none (contract 2).
    """
    if person is None or not (person.follows or person.last_interaction_ms):
        return Answerable(NO_FOLLOWER)
    if is_offline(person, now_ms):
        return Answerable(OFFLINE)
    ago_ms = now_ms - person.last_interaction_ms
    if ago_ms > OPEN_MS:
        return Answerable(OVER_7_DAYS)
    return Answerable(None, is_free=ago_ms <= FREE_MS)


def is_offline(person: Person | None, now_ms: int) -> bool:
    """Somebody who did nothing on their phone for 45 days; one who never did is not known to be."""
    return bool(person and person.last_active_ms and now_ms - person.last_active_ms > OFFLINE_MS)

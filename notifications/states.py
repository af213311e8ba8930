"""The life of a delivery as one table: what may happen to it, from where, and where it goes.

Services move deliveries only by a row of `MOVES`, compare-and-set on state and attempt number;
evidence (a receipt) may raise the rank from any state and nothing lowers it (delivery-rules 2).
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where one delivery on one channel stands."""

    CREATED = "created", _("waiting to be sent")
    DEFERRED = "deferred", _("put off")
    SENDING = "sending", _("being sent")
    UNKNOWN = "unknown", _("fate unknown")
    ACCEPTED = "accepted", _("sent")
    DELIVERED = "delivered", _("delivered")
    SEEN = "seen", _("seen")
    FAILED = "failed", _("not sent")
    CANCELLED = "cancelled", _("called off")


UNSENT = frozenset({State.CREATED, State.DEFERRED})
# At most one delivery of a notification is in one of these: no two ways at the same time.
IN_PROGRESS = UNSENT | {State.SENDING, State.UNKNOWN}
# An answer that comes late settles the attempt that the sweep had given up as unknown.
_ANSWERED = frozenset({State.SENDING, State.UNKNOWN})


class Reason(models.TextChoices):
    """Why a delivery ended without success. Three groups, never mixed in figures."""

    SUPERSEDED = "superseded", _("overtaken by something newer")
    EXPIRED = "expired", _("too old to be of use")
    NO_CONSENT = "no_consent", _("no consent to Zalo messages")
    NO_CHANNEL = "no_channel", _("no way to reach this person")
    PERMANENT = "permanent", _("refused by Zalo for this person or text")
    TECHNICAL = "technical", _("our fault or the provider's")
    PERHAPS_SENT = "perhaps_sent", _("no answer: perhaps sent, perhaps not")
    POISON = "poison", _("our program failed on this message")


# The rest was not sent on purpose.
COULD_NOT = frozenset({Reason.PERMANENT, Reason.NO_CHANNEL})
OUR_FAULT = frozenset({Reason.TECHNICAL, Reason.PERHAPS_SENT, Reason.POISON})


class Why(models.TextChoices):
    """Why a delivery was put off."""

    NIGHT = "night", _("not at night")
    QUOTA = "quota", _("quota used up")
    RATE = "rate", _("too many calls at once")
    HELD = "held", _("configuration to be mended")
    TOKEN = "token", _("waiting for a token")


class Cause(Enum):
    """What happened to a delivery; the key of a row."""

    CLAIMED = "event claimed"
    NO_WAY = "no reachable channel, or no consent"
    PICKED = "group picked"
    NOT_TRUE = "pre-flight says no"
    PUT_OFF = "night, quota, rate or a hold before sending"
    SUCCESS = "success with a message id"
    RETRY = "certain non-send, may be tried again"
    REFUSED_FOR_NOW = "provider says night, quota or rate"
    TOKEN_REFUSED = "token refused, first time"
    HELD = "configuration failure"
    PERMANENT = "refused for this recipient or this text"
    GIVEN_UP = "no attempts or no lifetime left"
    AMBIGUOUS = "no certain answer, or lease lost while sending"
    RESEND = "grace over, policy resends once"
    GRACE_OVER = "grace over, policy gives up"
    RECEIPT = "delivery receipt"
    SEEN = "seen event"
    CANCEL = "cancelled"
    CRASHED = "our own code failed on it three times"


@dataclass(frozen=True)
class Move:
    """One row: from any of `sources` (none: the delivery begins) by `cause` to `target`."""

    sources: frozenset[State]
    cause: Cause
    target: State
    guard: str
    effect: str


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


_S = State
MOVES: tuple[Move, ...] = (
    Move(_of(), Cause.CLAIMED, _S.CREATED, "unique key free", "due = now + merge window"),
    Move(_of(), Cause.NO_WAY, _S.FAILED, "", "shown to the office: call this citizen"),
    Move(
        UNSENT, Cause.PICKED, _S.SENDING,
        "lease mine, due, lane open, no earlier one in flight",
        "attempt n and its tracking id; the request may leave after commit",
    ),
    Move(
        UNSENT, Cause.NOT_TRUE, _S.FAILED,
        "not true any more, merged, too old, or consent gone",
        "reason, and the newer notification's id",
    ),
    Move(UNSENT, Cause.PUT_OFF, _S.DEFERRED, "lifetime allows", "no attempt is counted"),
    Move(
        IN_PROGRESS, Cause.SUCCESS, _S.ACCEPTED, "attempt n, also when the resend waits",
        "message id; waiting receipts",
    ),
    Move(_ANSWERED, Cause.RETRY, _S.CREATED, "tries and lifetime left", "due = backoff"),
    Move(_ANSWERED, Cause.REFUSED_FOR_NOW, _S.DEFERRED, "attempt n", "try not counted"),
    Move(_ANSWERED, Cause.TOKEN_REFUSED, _S.CREATED, "first time", "refresh, then at once"),
    Move(_ANSWERED, Cause.HELD, _S.DEFERRED, "attempt n", "hold of the narrowest key"),
    Move(
        UNSENT | _ANSWERED, Cause.PERMANENT, _S.FAILED, "attempt n",
        "contact point remembered, next channel at once",
    ),
    Move(
        IN_PROGRESS, Cause.GIVEN_UP, _S.FAILED, "attempt n",
        "next channel: it certainly was not sent",
    ),
    Move(_of(_S.SENDING), Cause.AMBIGUOUS, _S.UNKNOWN, "attempt n", "grace by policy"),
    Move(_of(_S.UNKNOWN), Cause.RESEND, _S.CREATED, "no resend yet, still true", "counted"),
    Move(
        _of(_S.UNKNOWN), Cause.GRACE_OVER, _S.FAILED, "",
        "perhaps sent; duty and emergency: next channel",
    ),
    Move(
        frozenset(State) - {_S.DELIVERED, _S.SEEN}, Cause.RECEIPT, _S.DELIVERED,
        "message or tracking id matches", "evidence raises from any state",
    ),
    Move(frozenset(State) - {_S.SEEN}, Cause.SEEN, _S.SEEN, "lists the message id", ""),
    Move(UNSENT, Cause.CANCEL, _S.CANCELLED, "", "what is sent cannot be recalled"),
    Move(
        IN_PROGRESS - {_S.UNKNOWN}, Cause.CRASHED, _S.FAILED, "counter set before the work",
        "poison: alarm, the others go on",
    ),
)  # fmt: skip

MOVE_BY: dict[Cause, Move] = {move.cause: move for move in MOVES}


def sources_of(cause: Cause) -> list[str]:
    """The states from which `cause` may move a delivery, as the database spells them."""
    return sorted(state.value for state in MOVE_BY[cause].sources)


def target_of(cause: Cause) -> State:
    """Where `cause` moves a delivery to."""
    return MOVE_BY[cause].target


def moves_from(state: State) -> list[Move]:
    """What may still happen to a delivery in `state`, in the order of the table."""
    return [move for move in MOVES if state in move.sources]

"""What an outcome does to a delivery: one function per class, no database (delivery-rules 3)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications import policies, quiet
from notifications.channels.base import Outcome, Result
from notifications.kinds import Kind
from notifications.policies import backoff_s, scaled
from notifications.services import holds
from notifications.services.lease import Leased
from notifications.services.moves import Change
from notifications.states import Cause, Reason, Why
from notifications.words import Lane


@dataclass(frozen=True)
class Given:
    """One answered attempt: the row as leased, what came back, and what is left of its time."""

    row: Leased
    kind: Kind
    attempt_no: int
    outcome: Outcome
    left_s: float
    now: datetime
    unclassified: int = 0  # earlier answers that nobody could class
    is_refused_anew: bool = False  # a token of a later generation than the one refused before

    @property
    def is_urgent(self) -> bool:
        return self.row.lane == Lane.EMERGENCY


@dataclass(frozen=True)
class HoldWanted:
    """Something that must wait: its key, and for how long when the provider says so.

    The delivery itself is looked at again after `look_s` at the latest.
    """

    key: str
    why: Why
    for_s: float | None = None
    look_s: float = math.inf


@dataclass(frozen=True)
class Verdict:
    """The change, and what goes with it."""

    change: Change
    goes_on: bool = False
    hold: HoldWanted | None = None
    refuses_contact: bool = False
    token_refused: bool = False
    marks_phone_only: bool = False


def judge(given: Given) -> Verdict:
    """The verdict on one answered attempt."""
    return _RULES[given.outcome.result](given)


def _accepted(given: Given) -> Verdict:
    no_receipt_s = given.kind.policy.no_receipt_s
    return Verdict(
        Change(
            given.row.id,
            Cause.SUCCESS,
            given.attempt_no,
            msg_id=given.outcome.msg_id,
            accepted_at=given.now,
            confirm_s=None if no_receipt_s is None else scaled(no_receipt_s),
        )
    )


def _retry(given: Given) -> Verdict:
    """Backoff while tries and lifetime are left; then the next channel, for it was not sent."""
    policy = given.kind.policy
    wait_s = backoff_s(policy, given.row.failures)
    if given.row.failures + 1 >= policy.max_tries or wait_s >= given.left_s:
        return _give_up(given)
    return Verdict(Change(given.row.id, Cause.RETRY, given.attempt_no, due_s=wait_s, counted=True))


def _retry_few(given: Given) -> Verdict:
    """A code that says little: three tries of its own, then given up and reported."""
    delays = policies.UNCLASSIFIED_DELAYS_S
    if given.unclassified >= len(delays):
        return _give_up(given)
    wait_s = scaled(delays[given.unclassified])
    if wait_s >= given.left_s:
        return _give_up(given)
    return Verdict(Change(given.row.id, Cause.RETRY, given.attempt_no, due_s=wait_s))


def _give_up(given: Given, reason: Reason = Reason.TECHNICAL) -> Verdict:
    change = Change(given.row.id, Cause.GIVEN_UP, given.attempt_no, reason=reason, counted=True)
    return Verdict(change, goes_on=True)


def _rate(given: Given) -> Verdict:
    """The whole channel pauses; the try is not counted."""
    asked = given.outcome.retry_after_s
    wait_s = scaled(policies.RATE_PAUSE_S) if asked is None else max(asked, scaled(1.0))
    key = holds.channel_key(given.row.channel)
    return Verdict(
        Change(given.row.id, Cause.REFUSED_FOR_NOW, given.attempt_no, why=Why.RATE, due_s=wait_s),
        hold=HoldWanted(key, Why.RATE, wait_s),
    )


def _quota(given: Given) -> Verdict:
    return _later(given, Why.QUOTA, quiet.until_next_day_s(given.now))


def _night(given: Given) -> Verdict:
    """The provider's word: believed over our clock."""
    return _later(given, Why.NIGHT, quiet.until_morning_s(given.now))


def _later(given: Given, why: Why, wait_s: float) -> Verdict:
    """Put off without counting; what cannot wait takes the next channel now."""
    if given.is_urgent or wait_s >= given.left_s:
        return _give_up(given)
    return Verdict(
        Change(given.row.id, Cause.REFUSED_FOR_NOW, given.attempt_no, why=why, due_s=wait_s)
    )


def _token(given: Given) -> Verdict:
    """Refused: renew and try again at once. The renewed one too: a fault of the account."""
    if given.is_refused_anew:
        return _hold(given, holds.ACCOUNT)
    change = Change(
        given.row.id, Cause.TOKEN_REFUSED, given.attempt_no, due_s=0.0, token_refused=True
    )
    return Verdict(change, token_refused=True)


def _configuration(given: Given) -> Verdict:
    if given.outcome.phone_only:
        change = Change(
            given.row.id, Cause.PERMANENT, given.attempt_no, reason=Reason.PERMANENT, counted=True
        )
        return Verdict(change, goes_on=True, marks_phone_only=True)
    keys = {
        "template": holds.template_key(given.kind.template_name),
        "channel": holds.channel_key(given.row.channel),
    }
    return _hold(given, keys.get(given.outcome.hold_key, holds.ACCOUNT))


def _hold(given: Given, key: str) -> Verdict:
    wait_s = scaled(policies.HOLD_FIRST_S)
    change = Change(given.row.id, Cause.HELD, given.attempt_no, why=Why.HELD, due_s=wait_s)
    return Verdict(change, hold=HoldWanted(key, Why.HELD, look_s=_patience_s(given)))


def _patience_s(given: Given) -> float:
    """Until the policy takes the next channel; the last look before sending knows whether one is.

    A second at least: that long may another process not know of the hold.
    """
    limit = given.kind.policy.hold_s
    if limit is None:
        return math.inf
    return max(scaled(limit) - (given.row.held_s or 0.0), scaled(1.0))


def _recipient(given: Given) -> Verdict:
    change = Change(
        given.row.id, Cause.PERMANENT, given.attempt_no, reason=Reason.PERMANENT, counted=True
    )
    return Verdict(change, goes_on=True, refuses_contact=True)


def _payload(given: Given) -> Verdict:
    """The text is refused; the other Zalo channel would carry the same text."""
    return Verdict(
        Change(
            given.row.id, Cause.PERMANENT, given.attempt_no, reason=Reason.PERMANENT, counted=True
        )
    )


def _unknown(given: Given) -> Verdict:
    grace_s = scaled(given.kind.policy.grace_s)
    return Verdict(Change(given.row.id, Cause.AMBIGUOUS, given.attempt_no, grace_s=grace_s))


_RULES: dict[Result, Callable[[Given], Verdict]] = {
    Result.ACCEPTED: _accepted,
    Result.RETRY: _retry,
    Result.RATE: _rate,
    Result.RETRY_FEW: _retry_few,
    Result.QUOTA: _quota,
    Result.NIGHT: _night,
    Result.TOKEN: _token,
    Result.CONFIGURATION: _configuration,
    Result.RECIPIENT: _recipient,
    Result.PAYLOAD: _payload,
    Result.UNKNOWN: _unknown,
}

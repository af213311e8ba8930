"""The last look before a message leaves: true, wanted, possible now? Decides, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notifications import policies, quiet
from notifications.channels.base import Message
from notifications.kinds import Kind
from notifications.models import ZaloTemplate
from notifications.models.zalo import TemplateStatus
from notifications.policies import scaled
from notifications.services import holds, render
from notifications.services.facts import Facts
from notifications.services.fallover import has_next
from notifications.services.lease import Leased
from notifications.services.moves import Change
from notifications.services.truth import newer_in_group, still_true
from notifications.states import Cause, Reason, Why
from notifications.words import Channel


@dataclass(frozen=True)
class Send:
    """It may leave, as this message."""

    message: Message


@dataclass(frozen=True)
class Stop:
    """It may not leave; `goes_on` asks for the next channel after the change."""

    change: Change
    goes_on: bool = False


@dataclass(frozen=True)
class Conditions:
    """What is the same for a whole group: business time, and the templates of the account."""

    now: datetime
    templates: Mapping[str, ZaloTemplate]


def conditions(now: datetime, account_id: int) -> Conditions:
    """Read what holds for a group; one query."""
    rows = ZaloTemplate.objects.filter(account_id=account_id)
    return Conditions(now, {row.name: row for row in rows})


def decide(row: Leased, facts: Facts | None, given: Conditions) -> Send | Stop:
    """Send it, or why not."""
    kind = row.kind
    if facts is None or kind is None:
        return _end(row, Reason.TECHNICAL, Cause.GIVEN_UP)
    return (
        _untrue(row, facts)
        or _unreachable(row, facts)
        or _at_night(row, kind, given.now)
        or _held(row, kind, facts)
        or _compose(row, kind, facts, given)
    )


def _end(
    row: Leased, reason: Reason, cause: Cause = Cause.NOT_TRUE, newer: int | None = None
) -> Stop:
    """It ends here; one that was to be resent may have arrived the first time, and says so."""
    known = Reason.PERHAPS_SENT if row.resends else reason
    return Stop(Change(row.id, cause, row.attempt_no, reason=known, superseded_by=newer))


def _untrue(row: Leased, facts: Facts) -> Stop | None:
    """Too old, merged into a newer one, or overtaken by the dossier."""
    if row.lifetime_s <= 0:
        return _end(row, Reason.EXPIRED)
    if (newer := newer_in_group(facts)) is not None:
        return _end(row, Reason.SUPERSEDED, newer=newer)
    if not still_true(facts):
        return _end(row, Reason.SUPERSEDED)
    return None


def _unreachable(row: Leased, facts: Facts) -> Stop | None:
    """Consent withdrawn, account unlinked or phone closed since the delivery was made."""
    if facts.kind.consent is not None and not facts.reach.consented:
        return _end(row, Reason.NO_CONSENT)
    if not facts.reach.is_open(row.channel):
        return _end_here(row, facts.kind, Reason.NO_CHANNEL, Cause.GIVEN_UP)
    return None


def _end_here(row: Leased, kind: Kind, reason: Reason, cause: Cause) -> Stop:
    """On by the next channel; one that perhaps was sent only where its policy says so."""
    goes_on = not row.resends or kind.policy.next_after_unknown
    return replace(_end(row, reason, cause), goes_on=goes_on)


def _at_night(row: Leased, kind: Kind, now: datetime) -> Stop | None:
    if kind.night_ok or not quiet.is_night(now):
        return None
    wait_s = quiet.until_morning_s(now)
    if wait_s >= row.lifetime_s:
        return _end(row, Reason.EXPIRED)
    return put_off(row, Why.NIGHT, wait_s)


def _held(row: Leased, kind: Kind, facts: Facts) -> Stop | None:
    keys = [holds.ACCOUNT, holds.channel_key(row.channel), holds.template_key(kind.template_name)]
    hold = holds.against(keys)
    return None if hold is None else wait_or_go_on(row, kind, facts, hold.why, hold.left_s)


def wait_or_go_on(row: Leased, kind: Kind, facts: Facts, why: Why, wait_s: float) -> Stop:
    """Put off; with a channel behind this one for no longer than its policy allows in all."""
    limit = kind.policy.hold_s if why == Why.HELD else None
    if limit is None or not has_next(row.kind_name, row.channel, facts.reach):
        return put_off(row, why, wait_s)
    left_s = scaled(limit) - (row.held_s or 0.0)
    if left_s <= 0:
        change = Change(row.id, Cause.GIVEN_UP, row.attempt_no, reason=Reason.TECHNICAL)
        return Stop(change, goes_on=True)
    return put_off(row, why, min(wait_s, left_s))


def put_off(row: Leased, why: Why, wait_s: float) -> Stop:
    """Deferred without counting an attempt."""
    return Stop(Change(row.id, Cause.PUT_OFF, row.attempt_no, why=why, due_s=max(wait_s, 0.05)))


def _compose(row: Leased, kind: Kind, facts: Facts, given: Conditions) -> Send | Stop:
    """The message itself. A template that cannot be used holds its kind, not the others."""
    if row.channel == Channel.ZALO_CHAT:
        return Send(Message(address=facts.user_id, text=render.reply_text(facts)))
    template = given.templates.get(kind.template_name)
    if template is None or template.status != TemplateStatus.ENABLE or template.problem:
        return wait_or_go_on(row, kind, facts, Why.HELD, scaled(policies.HOLD_FIRST_S))
    if row.channel == Channel.ZALO_USER and template.phone_only:
        return _end_here(row, kind, Reason.PERMANENT, Cause.PERMANENT)
    data = render.template_data(facts, caps_of(template))
    address = facts.user_id if row.channel == Channel.ZALO_USER else facts.phone
    return Send(Message(address=address, template_id=template.template_id, template_data=data))


def caps_of(template: ZaloTemplate) -> dict[str, int]:
    """The provider's own longest length by parameter."""
    return {
        str(param["name"]): int(param["maxLength"])
        for param in template.params
        if param.get("maxLength")
    }

"""What each event of Zalo changes here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from citizens.services import note_contact, note_follow
from common import clock
from notifications import zalo_events
from notifications.models import ZaloTemplate
from notifications.models.webhook import InboxState
from notifications.models.zalo import TemplateStatus
from notifications.services import chat, evidence
from notifications.services.chat_answers import Key
from notifications.services.evidence import Receipt
from notifications.zalo_events import Event


@dataclass(frozen=True)
class Effect:
    """What became of an event; `outcome` is for operators and holds no personal data."""

    state: InboxState
    outcome: str


Handler = Callable[[Event, datetime], Effect]


def apply(event: Event, received_at: datetime) -> Effect:
    """Do what the event asks for. `received_at` is on the database's clock.

    Must run in the transaction that marks it as worked on; everything here may happen twice.
    """
    if not event.name:
        return Effect(InboxState.PARKED, "no event name")
    handler = _HANDLERS.get(event.name)
    if handler is None and event.name.startswith(zalo_events.FROM_USER):
        handler = _other_message
    if handler is None:
        return Effect(InboxState.IGNORED, "nothing to do")
    if not event.person and handler in _OF_A_PERSON:
        return Effect(InboxState.PARKED, "nobody is named")
    if event.person and event.recipient != settings.ZALO_OA_ID:
        return Effect(InboxState.IGNORED, "another account")
    return handler(event, received_at)


def _received(event: Event, received_at: datetime) -> Effect:
    receipt = Receipt(event.msg_id, _no_later_than_now(event.at), event.tracking_id)
    is_known = evidence.received([receipt])[0]
    if not is_known and event.msg_id and not event.tracking_id:
        is_known = (
            evidence.adopt(user_id=event.recipient, msg_id=event.msg_id, at=received_at)
            and evidence.received([receipt])[0]
        )
    return _done("delivered") if is_known else _waiting()


def _seen(event: Event, received_at: datetime) -> Effect:
    known = evidence.seen(event.msg_ids, _no_later_than_now(event.at))
    return _done("seen") if known >= set(event.msg_ids) else _waiting()


def _followed(event: Event, received_at: datetime) -> Effect:
    at = _no_later_than_now(event.at)
    is_linked = note_follow(user_id=event.person, follows=True, at=at)
    if not is_linked:
        chat.reply(user_id=event.person, answer=chat.Answer(Key.WELCOME))
    return _done("follows")


def _unfollowed(event: Event, received_at: datetime) -> Effect:
    at = _no_later_than_now(event.at)
    is_changed = note_follow(user_id=event.person, follows=False, at=at)
    return _done("no longer follows" if is_changed else "not linked, or followed again since")


def _said(event: Event, received_at: datetime) -> Effect:
    note_contact(user_id=event.person, at=_no_later_than_now(event.at))
    key = chat.hear(user_id=event.person, text=event.text)
    return _done(f"answered {key.value}") if key else _ignored("answered too often")


def _other_message(event: Event, received_at: datetime) -> Effect:
    """Pictures, files, places: they count as contact, and are not understood."""
    return _said(event, received_at)


def _template_status(event: Event, received_at: datetime) -> Effect:
    status = event.body.get("status")
    new = str(status.get("new_status", "")) if isinstance(status, dict) else ""
    if new not in TemplateStatus.values:
        return _ignored("unknown status")
    template_id = str(event.body.get("template_id", ""))
    changed = ZaloTemplate.objects.filter(
        template_id=template_id, account__oa_id=settings.ZALO_OA_ID
    ).update(status=new)
    return _done(f"template {new}") if changed else _ignored("unknown template")


def _no_later_than_now(at: datetime | None) -> datetime:
    """The provider's time of an event; ours where it has none or one that lies ahead."""
    now = clock.now()
    return min(at or now, now)


def _done(outcome: str) -> Effect:
    return Effect(InboxState.DONE, outcome)


def _ignored(outcome: str) -> Effect:
    return Effect(InboxState.IGNORED, outcome)


def _waiting() -> Effect:
    """Its message is not known: our own result may not be stored yet."""
    return Effect(InboxState.WAITING, "no such message yet")


_OF_A_PERSON: frozenset[Handler] = frozenset({_followed, _unfollowed, _said, _other_message})
_HANDLERS: dict[str, Handler] = {
    zalo_events.RECEIVED: _received,
    zalo_events.SEEN: _seen,
    zalo_events.FOLLOW: _followed,
    zalo_events.UNFOLLOW: _unfollowed,
    zalo_events.SAID: _said,
    zalo_events.TEMPLATE_STATUS: _template_status,
}

"""Every message that reached a phone here or was typed on one, the last 20,000."""

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.clock import iso
from sandbox.templates import Button, Card

KEPT = 20_000
KEPT_ON_DISK = 500
BY_PHONE, BY_USER_ID, CHAT, SAID = "phone", "user_id", "chat", "said"


@dataclass(slots=True)
class Message:
    """One message. `channel`: template by phone or by user id, chat text, or said by the person.

    `is_hashed`: it was addressed by the hash of the phone. `is_delivered` is False while the phone
    is off: no receipt left. `image` is the address of a picture that came along.
    """

    channel: str
    sent_ms: int
    phone: str = ""
    user_id: str = ""
    template: str = ""
    template_data: dict[str, str] = field(default_factory=dict)
    text: str = ""
    card: Card | None = None
    tracking_id: str = ""
    seen_ms: int = 0
    is_hashed: bool = False
    is_delivered: bool = True
    image: str = ""
    msg_id: str = field(default_factory=lambda: secrets.token_hex(10))

    def for_control(self) -> dict[str, Any]:
        """The row of `GET /_sandbox/messages`."""
        recipient = {"phone": self.phone} if self.channel == BY_PHONE else {"user_id": self.user_id}
        buttons = self.card.buttons if self.card else ()
        return {
            "channel": self.channel,
            **recipient,
            "template": self.template or None,
            "template_data": self.template_data or None,
            "text": self.text,
            "tracking_id": self.tracking_id or None,
            "received_at": iso(self.sent_ms),
            "msg_id": self.msg_id,
            "title": self.card.title if self.card else None,
            "buttons": [asdict(button) for button in buttons],
            "seen_at": iso(self.seen_ms) if self.seen_ms else None,
            "image": self.image or None,
        }


class Mailbox:
    """The messages in order of arrival, found by id."""

    def __init__(self) -> None:
        self._all: deque[Message] = deque()
        self._by_id: dict[str, Message] = {}

    def __iter__(self) -> Iterator[Message]:
        return iter(self._all)

    def add(self, message: Message) -> None:
        """Keeps a message and forgets the oldest beyond the limit."""
        self._all.append(message)
        self._by_id[message.msg_id] = message
        while len(self._all) > KEPT:
            self._by_id.pop(self._all.popleft().msg_id, None)

    def find(self, msg_id: str) -> Message | None:
        """The message with this id, if it is still kept."""
        return self._by_id.get(msg_id)

    def clear(self) -> None:
        """Forgets every message."""
        self._all.clear()
        self._by_id.clear()

    def received(self, *, phone: str = "", user_id: str = "") -> list[Message]:
        """What recipients got, oldest first; an empty filter takes all."""
        return [
            message
            for message in self._all
            if message.channel != SAID
            and (not phone or message.phone == phone)
            and (not user_id or message.user_id == user_id)
        ]

    def of_person(self, *, phone: str, user_id: str) -> list[Message]:
        """The chat on one person's phone, whichever way a message came, oldest first."""
        return [
            message
            for message in self._all
            if (phone and message.phone == phone) or (user_id and message.user_id == user_id)
        ]

    def dump(self) -> list[dict[str, Any]]:
        """The newest messages as plain data."""
        return [asdict(message) for message in list(self._all)[-KEPT_ON_DISK:]]

    def restore(self, rows: list[dict[str, Any]]) -> None:
        """Takes back what `dump` gave."""
        for row in rows:
            self.add(Message(**{**row, "card": _card(row["card"])}))


def _card(row: dict[str, Any] | None) -> Card | None:
    if row is None:
        return None
    return Card(
        tone=row["tone"],
        title=row["title"],
        paragraphs=tuple(row["paragraphs"]),
        table=tuple((label, value) for label, value in row["table"]),
        buttons=tuple(Button(**button) for button in row["buttons"]),
    )

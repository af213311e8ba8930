"""Everything that one running sandbox holds, and the few things that people do on their phones."""

from dataclasses import dataclass

from aiohttp import web

from sandbox import events
from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.messages import BY_PHONE, SAID, Mailbox, Message
from sandbox.people import People, Person
from sandbox.state import StateFile
from sandbox.templates import Registry, load
from sandbox.tokens import Pair, TokenBook
from sandbox.webhooks import WebhookSender
from sandbox.wire import WireLog


@dataclass(slots=True)
class World:
    """The parts of one sandbox."""

    settings: Settings
    clock: Clock
    templates: Registry
    tokens: TokenBook
    people: People
    mailbox: Mailbox
    faults: Faults
    limits: Limits
    wire: WireLog
    webhooks: WebhookSender
    state: StateFile

    @property
    def today(self) -> str:
        """The local business date, as quotas count it."""
        return self.clock.now().date().isoformat()

    def receive(self, message: Message) -> None:
        """Puts an accepted message on its phone and lets the receipt leave."""
        self.mailbox.add(message)
        self.wire.touch()
        oa_id = self.settings.oa_id
        if message.channel == BY_PHONE:
            receipt = events.received_by_phone(
                oa_id=oa_id,
                phone=message.phone,
                msg_id=message.msg_id,
                tracking_id=message.tracking_id,
                at_ms=self.clock.now_ms(),
            )
        else:
            receipt = events.received_by_user(
                oa_id=oa_id, user_id=message.user_id, msg_id=message.msg_id
            )
        self.webhooks.send(receipt)

    def say(self, user_id: str, text: str) -> Message:
        """The person writes to the official account."""
        person = self._interact(user_id)
        now_ms = self.clock.now_ms()
        message = Message(SAID, now_ms, user_id=person.user_id, text=text, seen_ms=now_ms)
        self.mailbox.add(message)
        oa_id = self.settings.oa_id
        self.webhooks.send(
            events.said(oa_id=oa_id, user_id=user_id, text=text, msg_id=message.msg_id)
        )
        return message

    def follow(self, user_id: str, *, follows: bool) -> None:
        """The person follows or leaves; leaving also ends the right to answer in the chat."""
        person = self._interact(user_id)
        person.follows = follows
        if not follows:
            person.last_interaction_ms = 0
        self.webhooks.send(
            events.followed(oa_id=self.settings.oa_id, user_id=user_id, follows=follows)
        )

    def see(self, messages: list[Message]) -> None:
        """The person looks at these messages of theirs; each is reported once."""
        unseen = [message for message in messages if not message.seen_ms]
        for by_phone in (True, False):
            group = [m for m in unseen if (m.channel == BY_PHONE) == by_phone]
            if group:
                recipient = group[0].phone if by_phone else group[0].user_id
                ids = [message.msg_id for message in group]
                self.webhooks.send(
                    events.seen(
                        oa_id=self.settings.oa_id,
                        recipient=recipient,
                        msg_ids=ids,
                        by_phone=by_phone,
                    )
                )
        for message in unseen:
            message.seen_ms = self.clock.now_ms()

    def reset(self) -> None:
        """Forgets people, messages, faults and the log; tokens live on."""
        self.people.clear()
        self.mailbox.clear()
        self.faults.clear()
        self.wire.entries.clear()
        self.wire.touch()

    def _interact(self, user_id: str) -> Person:
        person = self.people.meet(user_id)
        person.last_interaction_ms = self.clock.now_ms()
        self.wire.touch()
        return person


WORLD: web.AppKey[World] = web.AppKey("world", World)


def build_world(settings: Settings, *, clock: Clock | None = None) -> World:
    """A sandbox with its saved state and the operator's first token pair; or ConfigError."""
    clock = clock or Clock(offset_s=settings.clock_offset_s)
    tokens, people, mailbox, wire = TokenBook(), People(), Mailbox(), WireLog()
    state = StateFile(settings.state, tokens=tokens, people=people, mailbox=mailbox)
    state.restore()
    tokens.seed(Pair(settings.access_token, settings.refresh_token), now_s=clock.real_s())
    return World(
        settings=settings,
        clock=clock,
        templates=load(settings.templates),
        tokens=tokens,
        people=people,
        mailbox=mailbox,
        faults=Faults(),
        limits=Limits(per_minute=settings.rate_limit, per_day=settings.daily_quota),
        wire=wire,
        webhooks=WebhookSender(settings, clock=clock, wire=wire),
        state=state,
    )

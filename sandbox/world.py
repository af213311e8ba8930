"""Everything that one running sandbox holds, and the few things that people do on their phones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox import events
from sandbox.assets import Assets
from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.messages import BY_PHONE, BY_USER_ID, SAID, Mailbox, Message
from sandbox.modes import Modes
from sandbox.people import People, Person, hash_of, user_id_of
from sandbox.state import StateFile
from sandbox.templates import Registry, load
from sandbox.tokens import Pair, TokenBook
from sandbox.webhooks import WebhookSender
from sandbox.wire import WireLog


@dataclass(slots=True)
class World:
    """The parts of one sandbox. `ratings`: answers to rating templates, by template id."""

    settings: Settings
    clock: Clock
    templates: Registry
    tokens: TokenBook
    people: People
    mailbox: Mailbox
    faults: Faults
    modes: Modes
    limits: Limits
    assets: Assets
    wire: WireLog
    webhooks: WebhookSender
    state: StateFile
    ratings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def today(self) -> str:
        """The local business date, as quotas count it."""
        return self.clock.now().date().isoformat()

    @property
    def this_month(self) -> str:
        """The local business month, as quotas count it."""
        return self.today[:7]

    async def receive(self, message: Message) -> None:
        """Puts an accepted message on its phone and lets the receipt leave, before or after us."""
        message.is_delivered = self.modes["receipt"] != "none"
        self.mailbox.add(message)
        self.wire.touch()
        if self.modes["echo"] == "on" and message.channel != BY_PHONE:
            self.webhooks.send(self._echo(message))
        if not message.is_delivered:
            return
        tried = self.webhooks.send(self._receipt(message))
        if self.modes["receipt"] == "before":
            await tried.wait()

    def say(self, user_id: str, text: str, *, image: str = "") -> Message:
        """The person writes to the official account, or shows it a picture."""
        person = self._interact(user_id)
        now_ms = self.clock.now_ms()
        message = Message(
            SAID, now_ms, user_id=person.user_id, text=text, seen_ms=now_ms, image=image
        )
        self.mailbox.add(message)
        parts = {"oa_id": self.settings.oa_id, "user_id": user_id, "msg_id": message.msg_id}
        self.webhooks.send(
            events.showed(**parts, text=text, image=image)
            if image
            else events.said(**parts, text=text)
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

    def share(self, user_id: str, info: Mapping[str, str]) -> None:
        """The person tells their name and phone; the phone is known here from now on."""
        person = self._interact(user_id)
        person.shared = {key: info.get(key, "") for key in ("name", "phone", "address")}
        address = {"user_city": "", "user_ward": "", "user_address": person.shared["address"]}
        told = {**person.shared, "user_dob": "", "gender": "", "full_address": address}
        told.pop("address")
        self.webhooks.send(events.shared(oa_id=self.settings.oa_id, user_id=user_id, info=told))

    def rate(self, message: Message, *, rate: int, note: str, feedbacks: list[str]) -> None:
        """Somebody answers a template with one to five stars (contract 3.3 and 4)."""
        rating = {
            "rating_type": "csat",
            "option": "five_emotions",
            "note": note,
            "rate": rate,
            "submit_time": str(self.clock.now_ms()),
            "msg_id": message.msg_id,
            "feedbacks": feedbacks,
            "tracking_id": message.tracking_id,
        }
        template = self.templates.by_name(message.template)
        self.pick_up(message.user_id or user_id_of(message.phone), phone=message.phone)
        self.ratings.setdefault(template.id if template else "", []).append(rating)
        self.wire.touch()
        self.webhooks.send(events.rated(oa_id=self.settings.oa_id, rating=rating))

    def pick_up(self, user_id: str, *, phone: str) -> None:
        """The person takes their phone in hand; that is no interaction with the account."""
        self.people.meet(user_id, phone=phone).last_active_ms = self.clock.now_ms()

    def see(self, messages: list[Message]) -> None:
        """The person looks at these messages of theirs; each is reported once."""
        unseen = [message for message in messages if not message.seen_ms]
        for by_phone in (True, False):
            group = [m for m in unseen if (m.channel == BY_PHONE) == by_phone]
            if group:
                self.webhooks.send(
                    events.seen(
                        oa_id=self.settings.oa_id,
                        recipient=group[0].phone if by_phone else group[0].user_id,
                        msg_ids=[message.msg_id for message in group],
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
        self.modes.reset()
        self.templates.reset()
        self.ratings.clear()
        self.wire.entries.clear()
        self.wire.touch()

    def _interact(self, user_id: str) -> Person:
        person = self.people.meet(user_id)
        person.last_interaction_ms = person.last_active_ms = self.clock.now_ms()
        self.wire.touch()
        return person

    def _receipt(self, message: Message) -> events.Event:
        oa_id, msg_id = self.settings.oa_id, message.msg_id
        if message.channel != BY_PHONE:
            return events.received_by_user(oa_id=oa_id, user_id=message.user_id, msg_id=msg_id)
        return events.received_by_phone(
            oa_id=oa_id,
            phone=hash_of(message.phone) if message.is_hashed else message.phone,
            msg_id=msg_id,
            tracking_id=message.tracking_id,
            at_ms=self.clock.now_ms(),
        )

    def _echo(self, message: Message) -> events.Event:
        return events.echoed(
            oa_id=self.settings.oa_id,
            user_id=message.user_id,
            kind="template" if message.channel == BY_USER_ID else "text",
            text=message.text,
            msg_id=message.msg_id,
        )


WORLD: web.AppKey[World] = web.AppKey("world", World)


def build_world(settings: Settings, *, clock: Clock | None = None) -> World:
    """A sandbox with its saved state and the operator's first token pair; or ConfigError."""
    clock = clock or Clock(offset_s=settings.clock_offset_s)
    tokens, people, mailbox, wire = TokenBook(), People(), Mailbox(), WireLog()
    modes = Modes({"spent": settings.spent_refresh, **settings.modes})
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
        modes=modes,
        limits=Limits(per_minute=settings.rate_limit, per_day=settings.daily_quota),
        assets=Assets(clock),
        wire=wire,
        webhooks=WebhookSender(settings, clock=clock, wire=wire, modes=modes),
        state=state,
    )

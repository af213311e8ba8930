"""Every kind of message, and for every event whom it tells, or why it tells nobody.

A new kind is one entry here and its template in zalo_templates.json. Delete a row of the workflow
table and the kinds of its event are never made (a test compares the two).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from cases.workflow import Event, Outcome, ResultChannel, Status
from citizens.models import Purpose
from notifications import policies
from notifications.policies import Policy
from notifications.words import AnnouncementFact, AnnouncementKind, Channel, Lane, Source

_HOUR = 3600.0


class Recipient(Enum):
    """Who is told."""

    CITIZEN = "the citizen of the dossier"
    STEP_OFFICER = "who has a step that the event opened, except who acted"
    PEOPLE = "the people of the announcement's communes"
    CHAT = "the account that wrote"


class Truth(Enum):
    """What must still hold when the message leaves; `services.truth` has one function for each."""

    REQUEST_OPEN = "that request is open"
    RESULT_WAITS = "the result is ready and not collected"
    STILL_THAT_STATUS = "the dossier is still in the status that the event gave it"
    FIRST_NEWS = "not cancelled, and nothing later was told"
    AT_THAT_OFFICE = "the dossier is at that office"
    DATE_TOLD_IS_DUE = "the date told is the date due"
    RECEIPT_WAS_TOLD = "the citizen was told that the dossier was received"
    OFFICER_HAS_STEP = "the officer still has the step"
    ANNOUNCEMENT_RUNS = "the announcement is released and not expired"
    ALWAYS = "always"


@dataclass(frozen=True)
class Fact:
    """What an outbox row says, as far as choosing kinds needs it."""

    event: str
    status_before: str = ""
    payload: Mapping[str, object] = field(default_factory=dict)
    subject: str = ""  # the kind of an announcement


When = Callable[[Fact], bool]


def always(fact: Fact) -> bool:
    """Every event of this name."""
    return True


def holder_changed(fact: Fact) -> bool:
    """Another office holds the dossier for the citizen now."""
    return bool(fact.payload.get("holder_changed"))


def before_acceptance(fact: Fact) -> bool:
    """The dossier had not been accepted when papers were asked for."""
    return fact.status_before == Status.SUBMITTED


def after_acceptance(fact: Fact) -> bool:
    """The dossier had been accepted when papers were asked for."""
    return not before_acceptance(fact)


def _by(fact: Fact) -> str:
    return str(fact.payload.get("channel"))


def is_posted(fact: Fact) -> bool:
    """The result travels by post, whatever it says."""
    return _by(fact) == ResultChannel.POST


def is_denied(fact: Fact) -> bool:
    """A negative result that waits at the counter."""
    return not is_posted(fact) and fact.payload.get("outcome") == Outcome.DENIED


def is_electronic(fact: Fact) -> bool:
    """A granted electronic result."""
    return _by(fact) == ResultChannel.ELECTRONIC and not is_denied(fact)


def _at_counter(fact: Fact) -> bool:
    return _by(fact) == ResultChannel.COUNTER and not is_denied(fact)


def is_early(fact: Fact) -> bool:
    """A granted result at the counter, one working day or more before the date told."""
    return _at_counter(fact) and _early_days(fact) >= 1


def is_on_or_after_date(fact: Fact) -> bool:
    """A granted result at the counter that is not early."""
    return _at_counter(fact) and _early_days(fact) < 1


def _early_days(fact: Fact) -> int:
    days = fact.payload.get("early_days") or 0
    return days if isinstance(days, int) else 0


def is_policy_news(fact: Fact) -> bool:
    """The announcement is policy news."""
    return fact.subject == AnnouncementKind.POLICY_NEWS


def is_emergency(fact: Fact) -> bool:
    """The announcement is an emergency warning."""
    return fact.subject == AnnouncementKind.EMERGENCY


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `stale_after_s` None means the announcement's own expiry, and 0 eight working hours.
    `consent` None means that the law asks for none.
    """

    name: str
    source: Source
    event: Event | AnnouncementFact | None
    recipient: Recipient
    policy: Policy
    true_while: Truth
    stale_after_s: float | None
    when: When = always
    channels: tuple[Channel, ...] = (Channel.ZALO_USER, Channel.ZALO_PHONE)
    lane: Lane = Lane.PERSONAL
    priority: int = 3
    merge_window_s: float = 0.0
    merge_group: str = ""
    night_ok: bool = False
    consent: Purpose | None = Purpose.DOSSIER
    template: str = ""

    @property
    def template_name(self) -> str:
        """The template's name at Zalo and in zalo_templates.json; "" for chat text."""
        return "" if self.recipient is Recipient.CHAT else self.template or self.name


def _duty(name: str, event: Event, truth: Truth, when: When = always) -> Kind:
    return Kind(
        name, Source.DOSSIER, event, Recipient.CITIZEN, policies.DUTY, truth, 72 * _HOUR, when,
        priority=2,
    )  # fmt: skip


def _status(name: str, event: Event, truth: Truth) -> Kind:
    return Kind(name, Source.DOSSIER, event, Recipient.CITIZEN, policies.STATUS, truth, 24 * _HOUR)


KINDS: tuple[Kind, ...] = (
    _status("received", Event.ACCEPTED, Truth.FIRST_NEWS),
    Kind(
        "handed_over", Source.DOSSIER, Event.HANDED_OVER, Recipient.CITIZEN, policies.STATUS,
        Truth.AT_THAT_OFFICE, 24 * _HOUR, holder_changed, merge_window_s=45, merge_group="moves",
    ),
    _duty("supplement", Event.SUPPLEMENT_REQUESTED, Truth.REQUEST_OPEN, after_acceptance),
    _duty("supplement_before", Event.SUPPLEMENT_REQUESTED, Truth.REQUEST_OPEN, before_acceptance),
    _status("supplement_received", Event.SUPPLEMENT_RECEIVED, Truth.DATE_TOLD_IS_DUE),
    Kind(
        "due_moved", Source.DOSSIER, Event.DUE_MOVED, Recipient.CITIZEN, policies.DUTY,
        Truth.DATE_TOLD_IS_DUE, 72 * _HOUR, priority=2, merge_window_s=45, merge_group="due",
    ),
    _duty("ready", Event.COMPLETED, Truth.RESULT_WAITS, is_on_or_after_date),
    _duty("ready_early", Event.COMPLETED, Truth.RESULT_WAITS, is_early),
    _duty("ready_post", Event.COMPLETED, Truth.RESULT_WAITS, is_posted),
    _duty("ready_online", Event.COMPLETED, Truth.RESULT_WAITS, is_electronic),
    _duty("refused_result", Event.COMPLETED, Truth.RESULT_WAITS, is_denied),
    _status("returned", Event.RETURNED, Truth.STILL_THAT_STATUS),
    _duty("refused_intake", Event.REFUSED, Truth.STILL_THAT_STATUS),
    _duty("withdrawn", Event.WITHDRAWN, Truth.STILL_THAT_STATUS),
    _duty("intake_cancelled", Event.CANCELLED, Truth.RECEIPT_WAS_TOLD),
    Kind(
        "assigned", Source.DOSSIER, Event.HANDED_OVER, Recipient.STEP_OFFICER, policies.OFFICERS,
        Truth.OFFICER_HAS_STEP, 0, channels=(Channel.ZALO_USER,), merge_window_s=45, consent=None,
    ),
    Kind(
        "policy_news", Source.ANNOUNCEMENT, AnnouncementFact.RELEASED, Recipient.PEOPLE,
        policies.BULK_NEWS, Truth.ANNOUNCEMENT_RUNS, None, is_policy_news, lane=Lane.BULK,
        priority=4, consent=Purpose.NEWS,
    ),
    Kind(
        "emergency", Source.ANNOUNCEMENT, AnnouncementFact.RELEASED, Recipient.PEOPLE,
        policies.EMERGENCY, Truth.ANNOUNCEMENT_RUNS, None, is_emergency, lane=Lane.EMERGENCY,
        priority=0, night_ok=True, consent=None,
    ),
    Kind(
        "chat_answer", Source.CHAT, None, Recipient.CHAT, policies.CHAT_REPLY, Truth.ALWAYS, 120,
        channels=(Channel.ZALO_CHAT,), priority=1, night_ok=True, consent=None,
    ),
)  # fmt: skip

# Events that tell nobody, each with the reason.
TELLS_NOBODY: dict[tuple[Source, Event | AnnouncementFact], str] = {
    (Source.DOSSIER, Event.SUBMITTED): (
        "the acceptance, the request for papers or the refusal follows in the same transaction "
        "and says more"
    ),
    (Source.DOSSIER, Event.TAKEN): (
        "the office that holds the dossier stays the same and nothing is to be done"
    ),
    (Source.ANNOUNCEMENT, AnnouncementFact.SUBMITTED): (
        "seen on the page of announcements by who releases"
    ),
    (Source.ANNOUNCEMENT, AnnouncementFact.SENT_BACK): (
        "seen on the page of announcements by its author"
    ),
    (Source.ANNOUNCEMENT, AnnouncementFact.CANCELLED): (
        "what has not left is called off; nobody is told of it"
    ),
}

KIND: dict[str, Kind] = {kind.name: kind for kind in KINDS}


def kinds_of(source: Source, fact: Fact) -> list[Kind]:
    """The kinds that one outbox row makes, in the order of the registry."""
    return [
        kind
        for kind in KINDS
        if kind.source == source and kind.event in (None, fact.event) and kind.when(fact)
    ]

"""What a channel is: it writes a request for one message and reads the answer. No ORM, no network.

A new channel is one file here, one line in `notifications.channels.CHANNELS`, and its place in the
channels of the kinds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from notifications.words import Channel


class Result(Enum):
    """Classes of outcomes (delivery-rules 3 and 4), each with one action."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    RATE = "rate"
    RETRY_FEW = "retry_few"
    QUOTA = "quota"
    NIGHT = "night"
    TOKEN = "token"
    CONFIGURATION = "config"
    RECIPIENT = "recipient"
    PAYLOAD = "payload"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Message:
    """Everything that a channel may need for one message; rendered just before it is sent."""

    address: str
    template_id: str = ""
    template_data: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    tracking_id: str = ""


@dataclass(frozen=True)
class HttpRequest:
    """One POST. `headers` hold the token, so a request is never logged."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Fault(Enum):
    """How an exchange failed without an answer that counts."""

    NEVER_LEFT = (
        "never_left"  # no byte reached the application: refused, DNS, TLS, connect time-out
    )
    NO_ANSWER = "no_answer"  # the fate is unknown


@dataclass(frozen=True)
class Answer:
    """What came back: an HTTP answer, or a fault with the name of its cause."""

    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None
    cause: str = ""
    duration_ms: int = 0


@dataclass(frozen=True)
class Outcome:
    """The meaning of an answer. `detail` is for operators and holds no personal data."""

    result: Result
    code: int | None = None
    http_status: int | None = None
    detail: str = ""
    msg_id: str | None = None
    retry_after_s: float | None = None
    phone_only: bool = False  # the template cannot be sent by user id
    hold_key: str = ""  # the narrowest thing that a configuration failure names


class ChannelProtocol(Protocol):
    """One way to a person."""

    name: Channel

    def request(self, message: Message, access_token: str) -> HttpRequest:
        """The request that carries the message."""

    def read(self, answer: Answer) -> Outcome:
        """What the answer means."""

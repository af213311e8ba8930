"""The official account's side of a conversation: what was said, and which answer it gets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cases.models import Dossier
from citizens.models import Citizen, LinkCode, Purpose, ZaloLink
from citizens.services import record_consent
from common import bell, clock, limits
from common.fields import keyed_hash
from common.tokens import digest
from notifications.chat_reading import Command, Said, read
from notifications.models import ChatReply
from notifications.services import linking
from notifications.services.chat_answers import Key, ensure_defaults
from notifications.services.chat_words import open_dossiers
from notifications.services.linking import CHAT_WORDING, TooMany
from notifications.words import Lane

# No more answers than this for one account in a while: two programs may not talk to each other.
_MOST_ANSWERS, _ANSWERS_WINDOW_S = 40, 900
# How long a code that was sent alone waits for its second secret.
_ASKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Answer:
    """Which answer, about which dossier, with which plain facts."""

    key: Key
    dossier: Dossier | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def hear(*, user_id: str, text: str) -> Key | None:
    """Acts on a line of the chat and owes the account one answer; which, or None beyond the limit.

    Must run in the transaction that marks the line as heard.
    """
    link = ZaloLink.objects.select_related("citizen", "officer").filter(user_id=user_id).first()
    said = _with_asked_code(user_id, read(text))
    return reply(user_id=user_id, answer=_answer(user_id, link, said))


def reply(*, user_id: str, answer: Answer) -> Key | None:
    """Writes the answer into the outbox of the chat; None when the account had too many."""
    key = f"chat:{keyed_hash(user_id)[:32]}"
    if limits.charge({key: _MOST_ANSWERS}, window_s=_ANSWERS_WINDOW_S):
        return None
    ensure_defaults()
    ChatReply.objects.create(
        event=answer.key.value, user_id=user_id, dossier=answer.dossier, payload=answer.payload
    )
    bell.ring(Lane.PERSONAL.value)
    return answer.key


def _answer(user_id: str, link: ZaloLink | None, said: Said) -> Answer:
    if said.code and said.secret:
        return _proven(user_id, link, said)
    if said.code:
        return _state_or_question(link, said.code)
    if said.command is not None:
        return _COMMANDS[said.command](link)
    if said.one_time_code:
        return _officer(user_id, said.one_time_code)
    return Answer(Key.NOT_UNDERSTOOD)


# ---- a dossier's code ----------------------------------------------------------------------------


def _with_asked_code(user_id: str, said: Said) -> Said:
    """A second secret alone belongs to the code that this account was asked about just before."""
    if said.code or not said.secret:
        return said
    last = ChatReply.objects.filter(user_id=user_id).order_by("-id").first()
    is_open = (
        last is not None
        and last.event in (Key.ASK_SECRET, Key.WRONG_PAIR)
        and last.at > clock.now() - _ASKED_FOR
    )
    if last is None or not is_open:
        return said
    return Said(code=str(last.payload.get("code", "")), secret=said.secret)


def _proven(user_id: str, link: ZaloLink | None, said: Said) -> Answer:
    found = linking.prove(user_id=user_id, code=said.code, secret=said.secret)
    if found is None:
        return Answer(Key.WRONG_PAIR, payload={"code": said.code})
    if isinstance(found, TooMany):
        return Answer(Key.TOO_MANY, payload={"minutes": found.minutes})
    if link is not None and link.officer_id:  # an officer's account stays the officer's
        return Answer(Key.STATE, found.dossier)
    was_anothers = linking.link_by_dossier(user_id=user_id, dossier=found.dossier)
    return Answer(Key.LINKED_ANEW if was_anothers else Key.LINKED, found.dossier)


def _state_or_question(link: ZaloLink | None, code: str) -> Answer:
    """The state of a dossier of one's own; any other code gets one and the same question."""
    own = link.citizen_id if link else None
    dossier = Dossier.objects.filter(code=code, citizen_id=own).first() if own else None
    if dossier is not None:
        return Answer(Key.STATE, dossier)
    return Answer(Key.ASK_SECRET, payload={"code": code})


# ---- words of the menu ---------------------------------------------------------------------------


def _my_dossiers(link: ZaloLink | None) -> Answer:
    if link is None or link.citizen is None:
        return Answer(Key.ASK_LINK)
    return Answer(Key.MY_DOSSIERS if open_dossiers(link.citizen) else Key.NO_DOSSIER)


def _stop(link: ZaloLink | None) -> Answer:
    return _withdraw(link, (Purpose.DOSSIER, Purpose.NEWS), Key.STOPPED)


def _stop_news(link: ZaloLink | None) -> Answer:
    return _withdraw(link, (Purpose.NEWS,), Key.NEWS_STOPPED)


def _withdraw(link: ZaloLink | None, purposes: tuple[Purpose, ...], key: Key) -> Answer:
    if link is None:
        return Answer(Key.NOTHING_TO_STOP)
    if link.citizen is None:
        return Answer(Key.OFFICER_STOP)
    for purpose in purposes:
        _refuse(link.citizen, purpose)
    return Answer(key)


def _refuse(citizen: Citizen, purpose: Purpose) -> None:
    record_consent(
        citizen=citizen,
        purpose=purpose,
        granted=False,
        officer=None,
        wording_version=CHAT_WORDING,
    )


_COMMANDS: dict[Command, Callable[[ZaloLink | None], Answer]] = {
    Command.MY_DOSSIERS: _my_dossiers,
    Command.STOP: _stop,
    Command.STOP_NEWS: _stop_news,
}


# ---- officers ------------------------------------------------------------------------------------


def _officer(user_id: str, code: str) -> Answer:
    found = linking.link_officer(user_id=user_id, code=code)
    if isinstance(found, TooMany):
        return Answer(Key.TOO_MANY, payload={"minutes": found.minutes})
    if found is not None:
        return Answer(Key.OFFICER_LINKED)
    is_old = LinkCode.objects.filter(digest=digest(code)).exists()
    return Answer(Key.OFFICER_CODE_OLD if is_old else Key.NOT_UNDERSTOOD)

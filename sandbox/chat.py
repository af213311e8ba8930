"""The phone in the middle of the page: its bar, the chat by days, the line to type in."""

from itertools import groupby

from sandbox.clock import WEEKDAYS, Clock, local
from sandbox.fields import described, field_error
from sandbox.html import Html, el, join, linked, outward
from sandbox.messages import BY_PHONE, BY_USER_ID, SAID, Message
from sandbox.templates import Card

SHOWN = 40
TONE_CLASS = {"plain": "msg-top", "warn": "msg-top-warn", "good": "msg-top-good"}
LOTUS = Html(
    '<svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
    '<path fill="#7c1439" d="M4 23c8-1 15 3 20 15-10 1-17-4-20-15zM44 23c-8-1-15 3-20 15 10 1 17-4 '
    '20-15z"/><path fill="#a61e4d" d="M12 13c8 2 12 11 12 25-9-4-14-13-12-25zM36 13c-8 2-12 11-12 '
    '25 9-4 14-13 12-25z"/><path fill="#c94a77" d="M24 6c6 7 7 20 0 32-7-12-6-25 0-32z"/>'
    '<path fill="none" stroke="#0b4f43" stroke-width="2.500" stroke-linecap="round" '
    'd="M8 42c5 2 10-2 16 0s11 2 16 0"/></svg>'
)


def phone_bar() -> Html:
    """Whom the chat is with."""
    name = el("b", {"id": "chat-title"}, "Một cửa Đồng Tháp")
    return el(
        "div",
        {"class": "phone-bar"},
        LOTUS,
        el("div", None, name, el("small", None, "Tài khoản chính thức")),
    )


def chat(messages: list[Message], *, clock: Clock) -> Html:
    """The newest messages by days; scrolls inside the phone and starts at its end."""
    shown = messages[-SHOWN:]
    items: list[str] = []
    if len(messages) > SHOWN:
        items.append(el("li", {"class": "day"}, f"{len(messages) - SHOWN} tin cũ hơn không hiện"))
    for day, group in groupby(shown, key=lambda message: local(message.sent_ms).date()):
        words = f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"
        if day == clock.now().date():
            words = f"Hôm nay, {words[0].lower()}{words[1:]}"
        items.append(el("li", {"class": "day"}, words))
        items += [_bubble(message) for message in group]
    return el("ol", {"class": "chat"}, *items)


def empty_chat(words: str) -> Html:
    """One sentence where there is nothing to show."""
    return el("ol", {"class": "chat"}, el("li", {"class": "msg msg-text"}, el("p", None, words)))


def compose(who: str, *, text: str = "", error: str = "") -> Html:
    """The line to type an answer in."""
    field = {
        "class": "input",
        "id": "say-text",
        "name": "text",
        "maxlength": "2000",
        "autocomplete": "off",
        "value": text,
        **described("say-text", error),
    }
    return el(
        "form",
        {"class": "compose", "method": "post", "action": "/_phone/say"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        el("label", {"class": "vh", "for": "say-text"}, "Gõ tin nhắn"),
        el("div", {"class": "grow"}, field_error("say-text", error), el("input", field)),
        el("button", {"class": "btn"}, "Gửi"),
        el("button", {"class": "btn btn-2", "name": "image", "value": "1"}, "Gửi ảnh"),
    )


def _bubble(message: Message) -> Html:
    stamp = f"{local(message.sent_ms):%H:%M}"
    if message.card is None:
        mine = message.channel == SAID
        return el(
            "li",
            {"class": "msg msg-me" if mine else "msg msg-text"},
            *(el("p", None, linked(line)) for line in message.text.splitlines() if line.strip()),
            _picture(message.image),
            el("span", {"class": "stamp num"}, stamp),
        )
    way = {BY_PHONE: "theo số điện thoại", BY_USER_ID: "theo tài khoản"}[message.channel]
    return _card(message.card, f"{stamp} · mẫu tin {way}")


def _picture(address: str) -> Html:
    return el("p", None, el("a", outward(address), "Ảnh đính kèm")) if address else Html("")


def _card(card: Card, stamp: str) -> Html:
    rows = [join([el("dt", None, label), el("dd", None, value)]) for label, value in card.table]
    body = el(
        "div",
        {"class": "msg-body"},
        el("h3", None, card.title),
        *(el("p", None, paragraph) for paragraph in card.paragraphs),
        *([el("dl", None, *rows)] if rows else []),
        el("span", {"class": "stamp"}, stamp),
    )
    buttons = [el("a", outward(b.url, **{"class": "cta"}), b.label) for b in card.buttons]
    return el("li", {"class": f"msg {TONE_CLASS[card.tone]}"}, body, *buttons)

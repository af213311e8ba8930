"""The phone page as a whole: whom to watch, their phone, faults and the wire log beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox import chat, fields, mode_forms
from sandbox.clock import local
from sandbox.fault_form import fault_form
from sandbox.html import Html, el, join
from sandbox.messages import SAID
from sandbox.people import has_zalo, shown_phone, user_id_of
from sandbox.wire import Entry
from sandbox.world import World

NEIGHBOURS = 12
LOG_LINES = 60
SHEETS = ("tokens", "base", "components", "staff", "app")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose phone is shown; `user_id` is empty when the number has no Zalo."""

    who: str
    phone: str
    user_id: str

    @property
    def title(self) -> str:
        """What to call them: people are known here by number only."""
        return shown_phone(self.phone) if self.phone else f"Tài khoản …{self.user_id[-6:]}"


def subject_of(world: World, who: str) -> Subject:
    """The person behind a wire phone or a user id."""
    if len(who) == 11 and who.startswith("84"):
        return Subject(who, who, user_id_of(who) if has_zalo(who) else "")
    person = world.people.find(who)
    return Subject(who, person.phone if person else "", who)


@dataclass(frozen=True, slots=True)
class Input:
    """What was typed and what is wrong with it, by field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def render(world: World, subject: Subject | None, form: Input) -> str:
    """The page as HTML text."""
    title = "MÔ PHỎNG Zalo - điện thoại thử nghiệm"
    head = el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("title", None, f"Lỗi: {title}" if form.errors else title),
        el("link", {"rel": "icon", "href": "/static/onestop/favicon.svg"}),
        *(el("link", {"rel": "stylesheet", "href": address}) for address in _sheets(world)),
        el("script", {"src": "/_phone/static/phone.js", "defer": True}),
    )
    warning = "MÔ PHỎNG để thử nghiệm, không phải Zalo thật. Không gửi tin cho ai."
    body = el(
        "body",
        {"class": "staff"},
        el("a", {"class": "skip", "href": "#main"}, "Đến nội dung chính"),
        el("header", {"class": "demo"}, el("p", None, warning)),
        el(
            "main",
            {"id": "main", "class": "bench", "data-revision": str(world.wire.revision)},
            el("h1", {"class": "vh"}, "Điện thoại thử nghiệm"),
            _error_summary(form),
            _people_panel(world, subject, form),
            _phone(world, subject, form),
            _right_panel(world, subject, form),
        ),
    )
    return "<!doctype html>\n" + el("html", {"lang": "vi"}, head, body)


def _sheets(world: World) -> list[str]:
    folder = world.settings.static / "onestop" / "css"
    product = [
        f"/static/onestop/css/{name}.css" for name in SHEETS if (folder / f"{name}.css").exists()
    ]
    return [*product, "/_phone/static/phone.css"]


def _error_summary(form: Input) -> Html:
    if not form.errors:
        return Html("")
    items = [
        el("li", None, el("a", {"href": f"#{field_id}"}, words))
        for field_id, words in form.errors.items()
    ]
    return el(
        "div",
        {"class": "errors bench-wide", "role": "alert", "tabindex": "-1", "autofocus": True},
        el("h2", None, "Có chỗ cần sửa"),
        el("ul", None, *items),
    )


def _people_panel(world: World, subject: Subject | None, form: Input) -> Html:
    error = form.errors.get("who", "")
    choose = el(
        "form",
        {"method": "get", "action": "/", "class": "stack-s"},
        el(
            "div",
            {"class": "field"},
            el("label", {"class": "label", "for": "who"}, "Số điện thoại hoặc mã người dùng"),
            fields.field_error("who", error),
            el(
                "input",
                {
                    "class": "input",
                    "id": "who",
                    "name": "who",
                    "inputmode": "tel",
                    "autocomplete": "off",
                    "value": form.typed.get("who", ""),
                    **fields.described("who", error),
                },
            ),
        ),
        el("p", None, el("button", {"class": "btn btn-2"}, "Mở điện thoại")),
    )
    known = _neighbours(world, subject)
    listed = (
        el("ul", None, *(_neighbour(world, one, subject) for one in known))
        if known
        else el("p", None, "Chưa ai nhận tin. Gõ một số điện thoại để mở máy của họ.")
    )
    return el(
        "section",
        {"class": "panel people", "aria-labelledby": "people-title"},
        el("h2", {"id": "people-title"}, "Chọn người dân"),
        choose,
        el("div", {"id": "live-people"}, listed, _facts(world, subject)),
        _standing(world, subject),
    )


def _standing(world: World, subject: Subject | None) -> Html:
    person = world.people.find(subject.user_id) if subject else None
    if subject is None or person is None:
        return Html("")
    return mode_forms.standing_form(person.standing, who=subject.who)


def _neighbours(world: World, subject: Subject | None) -> list[Subject]:
    """Whoever got or wrote something last, then whoever was met, and the one that is shown."""
    found: dict[str, Subject] = {}
    for message in reversed(list(world.mailbox)):
        if len(found) == NEIGHBOURS:
            break
        user_id = message.user_id or user_id_of(message.phone)
        if user_id not in found:
            person = world.people.find(user_id)
            phone = message.phone or (person.phone if person else "")
            found[user_id] = Subject(phone or user_id, phone, user_id)
    for person in reversed(world.people.all()):
        if len(found) < NEIGHBOURS:
            own = Subject(person.phone or person.user_id, person.phone, person.user_id)
            found.setdefault(person.user_id, own)
    if subject is not None:
        found.setdefault(subject.user_id or subject.phone, subject)
    return list(found.values())


def _neighbour(world: World, one: Subject, subject: Subject | None) -> Html:
    person = world.people.find(one.user_id)
    if not one.user_id:
        words = "số này không có Zalo"
    elif person is not None and person.follows:
        words = "đang quan tâm kênh"
    else:
        words = "chưa quan tâm kênh"
    messages = world.mailbox.of_person(phone=one.phone, user_id=one.user_id)
    fresh = sum(not message.seen_ms for message in messages)
    if fresh:
        words += f" · {fresh} tin chưa xem"
    current = subject is not None and (one.user_id, one.phone) == (subject.user_id, subject.phone)
    attributes = {"href": f"/?who={one.who}", "aria-current": "true" if current else None}
    return el("li", None, el("a", attributes, one.title, el("small", None, words)))


def _facts(world: World, subject: Subject | None) -> Html:
    person = world.people.find(subject.user_id) if subject else None
    last_ms = person.last_interaction_ms if person else 0
    left, total = world.limits.templates.left(world.today), world.limits.templates.total
    left = 0 if world.modes["quota"] == "empty" else left
    token_min = int(world.tokens.longest_left_s(now_s=world.clock.real_s()) // 60)
    rows = {
        "Tương tác gần nhất": f"{local(last_ms):%H:%M %d/%m/%Y}" if last_ms else "chưa có",
        "Mã người dùng": (subject.user_id if subject else "") or "không có",
        "Hạn mức mẫu hôm nay": f"{left:,} / {total:,}".replace(",", ".") if total else "không hạn",
        "Mã truy cập còn": f"{token_min // 60} giờ {token_min % 60} phút",
        "Giờ của hệ thống": f"{world.clock.now():%H:%M %d/%m/%Y}",
    }
    items = [
        el("div", None, el("dt", None, name), el("dd", None, value)) for name, value in rows.items()
    ]
    buttons = (
        el(
            "form",
            {"class": "row", "method": "post", "action": "/_phone/follow"},
            el("input", {"type": "hidden", "name": "who", "value": subject.who}),
            el("button", {"class": "btn btn-2", "name": "follow", "value": "1"}, "Quan tâm kênh"),
            el("button", {"class": "btn btn-quiet", "name": "follow", "value": "0"}, "Bỏ quan tâm"),
        )
        if subject is not None and subject.user_id
        else Html("")
    )
    facts = el("dl", {"class": "facts"}, *items)
    return join([buttons, el("h2", None, "Trạng thái"), facts])


def _phone(world: World, subject: Subject | None, form: Input) -> Html:
    if subject is None:
        content, line = chat.empty_chat("Chọn một người hoặc gõ số điện thoại để mở máy."), Html("")
    elif not subject.user_id:
        words = f"Số {subject.title} không có Zalo. Tin gửi theo số này bị từ chối với mã -118."
        content, line = chat.empty_chat(words), Html("")
    else:
        messages = world.mailbox.of_person(phone=subject.phone, user_id=subject.user_id)
        content = chat.chat(messages, clock=world.clock)
        if not messages:
            content = chat.empty_chat("Chưa có tin nào trên máy này.")
        line = chat.compose(
            subject.who,
            text=form.typed.get("text", ""),
            error=form.errors.get("say-text", ""),
        )
    region = {
        "class": "chat-scroll",
        "id": "live-chat",
        "tabindex": "0",
        "role": "log",
        "aria-labelledby": "chat-title",
    }
    return el(
        "section",
        {"class": "phone", "aria-label": "Điện thoại"},
        chat.phone_bar(),
        el("div", region, content),
        line,
    )


def _right_panel(world: World, subject: Subject | None, form: Input) -> Html:
    region = {
        "class": "wire",
        "id": "live-wire",
        "tabindex": "0",
        "role": "region",
        "aria-labelledby": "wire-title",
    }
    who = subject.who if subject else ""
    entries = list(world.wire.entries)[-LOG_LINES:]
    text = "\n".join(_log_lines(entry) for entry in entries) or "Chưa có gì."
    return el(
        "section",
        {"class": "panel", "aria-labelledby": "fault-title"},
        el("h2", {"id": "fault-title"}, "Gây lỗi cho lần gửi tới"),
        fault_form(
            world.faults.as_rows(),
            who=who,
            phone=subject.phone if subject else "",
            typed=form.typed,
            errors=form.errors,
        ),
        el("h2", {"id": "wire-title"}, "Nhật ký giao thức"),
        el("div", region, el("div", None, text)),
        el("h2", {"id": "mode-title"}, "Cách Zalo trả lời"),
        el("div", {"id": "live-modes"}, mode_forms.unusual(world.modes, world.templates)),
        mode_forms.mode_form(world.modes, who=who),
        el("h2", None, "Trạng thái mẫu tin"),
        mode_forms.template_form(world.templates, who=who),
    )


def _log_lines(entry: Entry) -> str:
    return "\n".join([f"{entry.at:%H:%M:%S} {entry.head}", *(f"  {d}" for d in entry.details)])


def see_all(world: World, subject: Subject) -> None:
    """What the open phone shows was seen by its owner."""
    messages = world.mailbox.of_person(phone=subject.phone, user_id=subject.user_id)
    world.see([message for message in messages if message.channel != SAID])

"""The form that orders a fault for the next sends, and how its fields become an order."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox import fields
from sandbox.fault_table import CODES, DELAY, ERROR, HTTP, NONE, ORDERS, STATUSES
from sandbox.html import Html, el
from sandbox.people import shown_phone

DELAYS: Mapping[str, str] = {"0": "0 giây", "3": "3 giây", "12": "12 giây", "30": "30 giây"}
NOTHING = {"": "Không lỗi"}


class BadForm(ValueError):
    """A field that cannot be taken: its id and words for the person."""

    def __init__(self, field_id: str, words: str) -> None:
        super().__init__(words)
        self.field_id = field_id


def choices() -> dict[str, Mapping[str, str]]:
    """Every order of the table, by groups; values are `kind` or `kind:code`."""
    ways = {kind: words for kind, words in ORDERS.items() if kind not in (ERROR, HTTP, DELAY)}
    return {
        "Bình thường": NOTHING,
        "Từ chối bằng mã của Zalo": {f"{ERROR}:{code}": f"{code} {w}" for code, w in CODES.items()},
        "Đường truyền hỏng": ways,
        ORDERS[HTTP]: {f"{HTTP}:{status}": f"HTTP {status}" for status in STATUSES},
    }


def order_from(form: Mapping[str, str], *, phone: str) -> dict[str, Any]:
    """The order that the form asks for; no fault and no delay takes all back."""
    other = _whole(form, "fault-other", form.get("other", ""))
    kind, _, text = form.get("fault", "").partition(":")
    if kind and other:
        raise BadForm("fault-fault", "Chọn một trong hai: lỗi trong danh sách hoặc mã khác.")
    code = other or _whole(form, "fault-fault", text)
    delay_s = _whole(form, "fault-delay", form.get("delay", ""))
    if not kind:
        kind = ERROR if code else DELAY if delay_s else NONE
    scope = phone if form.get("scope") == "this" else ""
    times = _whole(form, "fault-times", form.get("times", "")) or 1
    return {"kind": kind, "code": code, "delay_s": delay_s, "times": times, "phone": scope}


def fault_form(
    rows: Sequence[Mapping[str, Any]],
    *,
    who: str,
    phone: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Html:
    """The form with what is still to come below it."""

    def of(name: str) -> dict[str, str]:
        return {"error": errors.get(f"fault-{name}", "")}

    return el(
        "form",
        {"method": "post", "action": "/_phone/fault", "class": "stack-s"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        fields.select(
            "fault-fault", "fault", "Lỗi", choices(), chosen=typed.get("fault", ""), **of("fault")
        ),
        el(
            "div",
            {"class": "filters"},
            fields.number(
                "fault-other", "other", "Mã khác", value=typed.get("other", ""), **of("other")
            ),
            fields.select(
                "fault-delay",
                "delay",
                "Trả lời chậm",
                DELAYS,
                chosen=typed.get("delay", ""),
                **of("delay"),
            ),
            fields.number(
                "fault-times", "times", "Số lần", value=typed.get("times", "1"), **of("times")
            ),
        ),
        _scope(phone, typed),
        el(
            "p",
            {"class": "row"},
            el("button", {"class": "btn"}, "Áp dụng"),
            el("button", {"class": "btn btn-quiet", "name": "clear", "value": "1"}, "Bỏ hết lỗi"),
        ),
        el("div", {"id": "live-faults"}, _waiting(rows)),
    )


def _scope(phone: str, typed: Mapping[str, str]) -> Html:
    if not phone:
        return Html("")
    this = typed.get("scope", "this") == "this"
    return el(
        "fieldset",
        {"class": "stack-s"},
        el("legend", {"class": "label"}, "Áp dụng cho"),
        fields.check("radio", "scope", "this", f"chỉ số {shown_phone(phone)}", checked=this),
        fields.check("radio", "scope", "all", "mọi người nhận", checked=not this),
    )


def _waiting(rows: Sequence[Mapping[str, Any]]) -> Html:
    if not rows:
        return el("p", None, "Không có lỗi nào đang chờ.")
    return el("ul", {"class": "plain"}, *(el("li", None, _in_words(row)) for row in rows))


def _in_words(row: Mapping[str, Any]) -> str:
    words = ORDERS[row["kind"]]
    words = words[0].lower() + words[1:]
    code = f" ({row['code']})" if row["code"] else ""
    late = f", chậm {row['delay_s']:g} giây" if row["delay_s"] else ""
    whom = shown_phone(row["phone"]) if row["phone"] else "mọi người nhận"
    return f"Đang chờ: {words}{code}{late}, còn {row['times']} lần, {whom}"


def _whole(form: Mapping[str, str], field_id: str, text: str) -> int:
    text = text.strip()
    if not text:
        return 0
    try:
        return int(text)
    except ValueError:
        raise BadForm(field_id, f"Nhập một số nguyên; đang có “{text[:20]}”.") from None

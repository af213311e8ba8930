"""The form that orders a fault, and how its fields become an order."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.chat import field_error
from sandbox.faults import DELAY, DROP, ERROR, NONE
from sandbox.html import Html, el
from sandbox.people import shown_phone

CODES: Mapping[str, str] = {
    "": "Không lỗi",
    "-118": "không có tài khoản Zalo",
    "-124": "mã truy cập hỏng (gửi theo số)",
    "-216": "mã truy cập hỏng (gửi theo tài khoản)",
    "-133": "ban đêm không được gửi",
    "-144": "hết hạn mức ngày",
    "-147": "hết hạn mức mẫu",
    "-32": "gọi quá nhanh",
    "-100": "lỗi tạm thời",
    "-131": "mẫu chưa được duyệt",
    "-139": "người nhận từ chối loại tin này",
    "-213": "không quan tâm kênh",
    "-230": "quá 7 ngày không tương tác",
    "-249": "mẫu không gửi được theo tài khoản",
}
DELAYS: Mapping[str, str] = {"0": "0 giây", "3": "3 giây", "12": "12 giây", "30": "30 giây"}


class BadForm(ValueError):
    """A field that cannot be taken: its id and words for the person."""

    def __init__(self, field_id: str, words: str) -> None:
        super().__init__(words)
        self.field_id = field_id


def order_from(form: Mapping[str, str], *, phone: str) -> dict[str, Any]:
    """The order that the form asks for: a code, a cut or a delay; none of them takes all back."""
    code = _whole(form, "fault-other", form.get("other", "")) or _whole(
        form, "fault-code", form.get("code", "")
    )
    cut = "cut" in form
    if code and cut:
        raise BadForm("fault-code", "Chọn một trong hai: mã lỗi hoặc cắt kết nối.")
    delay_s = _whole(form, "fault-delay", form.get("delay", ""))
    kind = DROP if cut else ERROR if code else DELAY if delay_s else NONE
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
    """The form with what is still to come above it."""
    codes = {code: f"{code} {words}".strip() for code, words in CODES.items()}
    return el(
        "form",
        {"method": "post", "action": "/_phone/fault", "class": "stack-s"},
        el("input", {"type": "hidden", "name": "who", "value": who}),
        el(
            "div",
            {"class": "filters"},
            _select("code", "Mã lỗi", codes, typed, errors),
            _number("other", "Mã khác (không bắt buộc)", typed.get("other", ""), errors),
            _select("delay", "Trả lời chậm", DELAYS, typed, errors),
            _number("times", "Số lần", typed.get("times", "1"), errors),
        ),
        _check("checkbox", "cut", "1", "Nhận xong rồi cắt kết nối", checked="cut" in typed),
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
        _check("radio", "scope", "this", f"chỉ số {shown_phone(phone)}", checked=this),
        _check("radio", "scope", "all", "mọi người nhận", checked=not this),
    )


def _waiting(rows: Sequence[Mapping[str, Any]]) -> Html:
    if not rows:
        return el("p", None, "Không có lỗi nào đang chờ.")
    return el("ul", {"class": "plain"}, *(el("li", None, _in_words(row)) for row in rows))


def _in_words(row: Mapping[str, Any]) -> str:
    what = {
        ERROR: f"mã lỗi {row['code']}",
        DELAY: f"trả lời chậm {row['delay_s']:g} giây",
        DROP: "nhận xong rồi cắt kết nối",
    }[row["kind"]]
    whom = shown_phone(row["phone"]) if row["phone"] else "mọi người nhận"
    return f"Đang chờ: {what}, còn {row['times']} lần, {whom}"


def _select(
    name: str,
    label: str,
    options: Mapping[str, str],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Html:
    field_id, chosen = f"fault-{name}", typed.get(name, "")
    error = errors.get(field_id, "")
    return el(
        "div",
        {"class": "field"},
        el("label", {"class": "label", "for": field_id}, label),
        field_error(field_id, error),
        el(
            "select",
            {"class": "select", "id": field_id, "name": name, **_described(field_id, error)},
            *(
                el("option", {"value": value, "selected": value == chosen}, words)
                for value, words in options.items()
            ),
        ),
    )


def _number(name: str, label: str, value: str, errors: Mapping[str, str]) -> Html:
    field_id = f"fault-{name}"
    error = errors.get(field_id, "")
    return el(
        "div",
        {"class": "field"},
        el("label", {"class": "label", "for": field_id}, label),
        field_error(field_id, error),
        el(
            "input",
            {
                "class": "input",
                "id": field_id,
                "name": name,
                "value": value,
                "autocomplete": "off",
                **_described(field_id, error),
            },
        ),
    )


def _check(kind: str, name: str, value: str, words: str, *, checked: bool) -> Html:
    box = el("input", {"type": kind, "name": name, "value": value, "checked": checked})
    return el("label", {"class": "check"}, box, el("span", None, words))


def _described(field_id: str, error: str) -> dict[str, str | bool | None]:
    return {
        "aria-invalid": "true" if error else None,
        "aria-describedby": f"{field_id}-error" if error else None,
    }


def _whole(form: Mapping[str, str], field_id: str, text: str) -> int:
    text = text.strip()
    if not text:
        return 0
    try:
        return int(text)
    except ValueError:
        raise BadForm(field_id, f"Nhập một số nguyên; đang có “{text[:20]}”.") from None

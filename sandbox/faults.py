"""Faults that somebody ordered: those of the sends to come, and what stays switched."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.fault_table import ERROR, HTTP, MODES, NONE, ORDERS, PERSON, STATUSES, TEMPLATE
from sandbox.modes import BadFault
from sandbox.people import user_id_of, wire_phone

MAX_DELAY_S, MAX_TIMES, MAX_FAULTS = 120.0, 1_000_000, 200
KINDS = (*ORDERS, *MODES, PERSON, TEMPLATE, NONE)


@dataclass(slots=True)
class Fault:
    """One ordered fault: for `phone` (also when reached by its user id) or, empty, for all.

    What each kind does: `fault_table.ORDERS` and `sending.send`. `code` is Zalo's for error and
    quoted, the HTTP status for http. `delay_s` passes before the answer.
    """

    kind: str
    code: int = 0
    delay_s: float = 0.0
    times: int = 1
    phone: str = ""

    def hits(self, *, phone: str, user_id: str) -> bool:
        """True when a send to this recipient is meant."""
        return not self.phone or self.phone == phone or user_id_of(self.phone) == user_id


class Faults:
    """The open orders, oldest first; each counts down and is gone."""

    def __init__(self) -> None:
        self._open: list[Fault] = []

    def order(self, data: Mapping[str, Any]) -> None:
        """Takes an order of `ORDERS`; kind none takes back those of one phone, or all."""
        fault = _read(data)
        if fault.kind == NONE:
            self._open = [f for f in self._open if fault.phone and f.phone != fault.phone]
        elif len(self._open) >= MAX_FAULTS:
            raise BadFault("Đã có quá nhiều lỗi đang chờ. Bỏ bớt rồi đặt lại.")
        else:
            self._open.append(fault)

    def take(self, *, phone: str = "", user_id: str = "") -> Fault | None:
        """The oldest open fault for this recipient, used up by one."""
        for fault in self._open:
            if fault.hits(phone=phone, user_id=user_id):
                fault.times -= 1
                if fault.times == 0:
                    self._open.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Takes back every order."""
        self._open.clear()

    def as_rows(self) -> list[dict[str, Any]]:
        """The open orders as plain data."""
        return [asdict(fault) for fault in self._open]


def _read(data: Mapping[str, Any]) -> Fault:
    kind = data.get("kind")
    if kind not in (*ORDERS, NONE):
        raise BadFault(f"Loại lỗi phải là một trong: {', '.join(KINDS)}.")
    phone = data.get("phone") or ""
    known = wire_phone(phone)
    if phone and known is None:
        raise BadFault("Số điện thoại phải viết dạng 84 và 9 chữ số.")
    delay_s = _number(data, "delay_s", low=0, high=MAX_DELAY_S, default=0)
    times = int(_number(data, "times", low=1, high=MAX_TIMES, default=1))
    return Fault(kind=kind, code=_code(data, kind), delay_s=delay_s, times=times, phone=known or "")


def _code(data: Mapping[str, Any], kind: str) -> int:
    if kind == HTTP:
        status = int(_number(data, "code", low=0, high=599, default=502))
        if status not in STATUSES:
            raise BadFault(f"Mã HTTP phải là một trong: {', '.join(map(str, STATUSES))}.")
        return status
    code = int(_number(data, "code", low=-99_999, high=0, default=0))
    if kind == ERROR and code == 0:
        raise BadFault("Mã lỗi phải là số nguyên âm, ví dụ -124.")
    return code


def _number(
    data: Mapping[str, Any], name: str, *, low: float, high: float, default: float
) -> float:
    value = data.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadFault(f"Giá trị {name} phải là số từ {low:g} đến {high:g}.")
    return value

"""Reading an answer of Zalo: errors come inside HTTP 200, numbers come as strings."""

import json
from typing import Any

from notifications.channels.base import Answer, Fault, Outcome, Result
from notifications.channels.zalo_codes import PHONE_ONLY_TEMPLATE, meaning_of
from notifications.zalo_events import message_id

_SAFE_STATUSES = (408, 429, 503)
_DETAIL = 80
# Wider than any code of Zalo, and what the column of codes takes.
_CODES = range(-(2**31), 2**31)


def as_int(value: Any) -> int | None:
    """The number in `value`, quoted or not; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def read(answer: Answer, *, msg_id_field: str) -> Outcome:
    """What an answer to a send means. Everything that proves nothing is UNKNOWN."""
    if answer.fault is Fault.NEVER_LEFT:
        return Outcome(Result.RETRY, detail=answer.cause[:_DETAIL])
    if answer.fault is Fault.NO_ANSWER:
        return Outcome(Result.UNKNOWN, detail=answer.cause[:_DETAIL])
    if answer.status >= 500 and answer.status not in _SAFE_STATUSES:
        return Outcome(Result.UNKNOWN, None, answer.status, f"HTTP {answer.status}")
    body = _object(answer.body)
    code = as_int(body.get("error")) if body is not None else None
    if body is not None and code is not None:
        return _by_code(answer, body, code, msg_id_field)
    return _by_status(answer, is_json=body is not None)


def _by_code(answer: Answer, body: dict[str, Any], code: int, msg_id_field: str) -> Outcome:
    if code == 0:
        data = body.get("data")
        msg_id = message_id(data.get(msg_id_field)) if isinstance(data, dict) else ""
        if not msg_id or not 200 <= answer.status < 300:
            return Outcome(Result.UNKNOWN, 0, answer.status, "success without a message id")
        return Outcome(Result.ACCEPTED, 0, answer.status, msg_id=msg_id)
    meaning = meaning_of(code, str(body.get("message", "")))
    return Outcome(
        meaning.result,
        code if code in _CODES else None,
        answer.status,
        meaning.text[:_DETAIL],
        retry_after_s=_retry_after(answer),
        phone_only=code == PHONE_ONLY_TEMPLATE,
        hold_key=meaning.hold,
    )


def _by_status(answer: Answer, *, is_json: bool) -> Outcome:
    status = answer.status
    if status in _SAFE_STATUSES:
        detail = f"HTTP {status}"
        return Outcome(Result.RATE, None, status, detail, retry_after_s=_retry_after(answer))
    if 400 <= status < 500:
        return Outcome(Result.RETRY_FEW, None, status, f"HTTP {status}, no code")
    detail = "no error field" if is_json else "no JSON"
    return Outcome(Result.UNKNOWN, None, status, f"HTTP {status}, {detail}")


def _retry_after(answer: Answer) -> float | None:
    seconds = as_int(answer.headers.get("Retry-After"))
    return float(seconds) if seconds is not None and 0 <= seconds <= 3600 else None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None

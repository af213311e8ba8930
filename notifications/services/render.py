"""The parameters of a message, rendered when it is sent, from the dossier as it is then.

Texts are Vietnamese whatever the screens speak. Each is clipped by the rule of its parameter
(screens.md 5), never inside a word or a number, and is NFC.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from string import Formatter
from typing import Any

from django.conf import settings

from cases.workflow import STAGE_OF, Stage, Status
from common import clock, dates
from common.text import clip, nfc
from notifications.models import ChatAnswer
from notifications.services import chat_words
from notifications.services.facts import Facts
from notifications.words import AnnouncementKind, Hazard, Level
from notifications.zalo_templates import templates

NOT_ASSIGNED = "chưa phân công"
CODE_LATER = "cấp sau khi nhận đủ"
DUE_AFTER_PAPERS = "tính lại khi đủ giấy tờ"
DUE_AFTER_ACCEPTANCE = "tính sau khi nhận đủ"
NO_DUE = "không còn hẹn"
# The post promises five working days inside the province.
POST_WORKING_DAYS = 5
_LONGEST_PAPER = 60

HAZARDS: dict[str, str] = {
    Hazard.FLOOD: "lũ, ngập",
    Hazard.STORM: "bão",
    Hazard.RIVERBANK: "sạt lở bờ sông",
    Hazard.TIDE: "triều cường",
    Hazard.SALINITY: "xâm nhập mặn",
    Hazard.WHIRLWIND: "dông, lốc xoáy",
    Hazard.FIRE: "cháy rừng",
    Hazard.EPIDEMIC: "dịch bệnh",
}
LEVELS: dict[int, str] = {
    Level.WATCH: "Mức 1, cần chú ý",
    Level.DANGER: "Mức 2, nguy hiểm",
    Level.GRAVE: "Mức 3, rất nguy hiểm",
    Level.EXTREME: "Mức 4, đặc biệt nguy hiểm",
}


class RenderError(Exception):
    """A template asks for something that this kind of message does not have."""


def template_data(facts: Facts, caps: Mapping[str, int]) -> dict[str, str]:
    """Every parameter of the kind's template; `caps` are the provider's own lengths by name.

    Raises RenderError for a parameter that nothing fills.
    """
    template = templates().get(facts.kind.template_name)
    if template is None:
        raise RenderError(f"no template {facts.kind.template_name}")
    return {
        param.name: _fill(
            param.name, facts, min(param.max_length, caps.get(param.name, param.max_length))
        )
        for param in template.params
    }


def _fill(name: str, facts: Facts, limit: int) -> str:
    rule = PARAMS.get(name)
    if rule is None:
        raise RenderError(f"parameter {name} is not known")
    return rule(facts, limit)


def reply_text(facts: Facts) -> str:
    """The words of a chat answer as administrators keep them, at most 2,000 characters."""
    reply = facts.reply
    answer = ChatAnswer.objects.filter(key=reply.event).first() if reply else None
    if reply is None or answer is None:
        raise RenderError("no words for this chat answer")
    values: dict[str, Any] = chat_words.values_of(reply)
    if facts.dossier is not None:
        for name in ("ma", "thu_tuc", "co_quan", "can_bo", "han", "token"):
            values.setdefault(name, PARAMS[name](facts, 200))
        values.setdefault("link", f"{settings.ONESTOP_PUBLIC_URL}/t/{values['token']}")
    return Formatter().vformat(answer.text, (), _Known(values))[:2000]


class _Known(dict[str, Any]):
    """A name that nothing fills stays as it is written, so that the answer still goes out."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _row(facts: Facts) -> Mapping[str, Any]:
    if facts.dossier is None:
        raise RenderError("no dossier")
    return facts.dossier.row


def _code(facts: Facts, limit: int) -> str:
    return str(_row(facts)["code"] or CODE_LATER)


def _procedure(facts: Facts, limit: int) -> str:
    return clip(_row(facts)["procedure_version__short_name"], limit)


def _token(facts: Facts, limit: int) -> str:
    if facts.announcement is not None:
        return facts.announcement.token
    return str(_row(facts)["lookup_token"])


def _office_id(facts: Facts) -> int:
    """Which office the message names: who took in, who was handed to, else who has it."""
    row = _row(facts)
    if facts.kind.name == "received" or facts.dossier is None or facts.dossier.holder is None:
        return int(row["receiving_office_id"])
    if facts.kind.name == "handed_over":
        return int(facts.event["payload"]["to_office"])
    return facts.dossier.holder.office_id


def _office(facts: Facts, limit: int) -> str:
    return clip(facts.office(_office_id(facts)).short_name, limit)


def _officer(facts: Facts, limit: int) -> str:
    """Name and office phone; the name is clipped, the number never."""
    office = facts.office(_office_id(facts))
    name, phone = facts.actor_name, office.phone
    if facts.dossier is not None and facts.dossier.steps:
        holders = [s for s in facts.dossier.open_steps if s.office_id == office.id]
        step = holders[0] if holders else facts.dossier.holder
        name = step.officer_name if step else ""
        phone = (step.officer_phone if step else "") or office.phone
    name = name or NOT_ASSIGNED
    return f"{clip(name, limit - len(phone) - 2)}, {phone}" if phone else clip(name, limit)


def _due(facts: Facts, limit: int) -> str:
    """The administration's date; words instead while there is none."""
    if facts.announcement is not None:
        return _announced_date(facts)
    if facts.officer_id is not None:
        return _step_due(facts)
    row = _row(facts)
    status = Status(row["status"])
    if STAGE_OF[status] == Stage.CLOSED and status != Status.RETURNED:
        return NO_DUE
    if row["received_at"] is None:
        return DUE_AFTER_ACCEPTANCE
    if row["paused_at"] is not None or row["due_at"] is None:
        return DUE_AFTER_PAPERS
    return dates.due_phrase(row["due_at"], "vi")


def _step_due(facts: Facts) -> str:
    opened = facts.event["payload"].get("opened_steps") or []
    steps = facts.dossier.open_steps if facts.dossier else []
    mine = [s for s in steps if s.id in opened and s.officer_id == facts.officer_id and s.due_at]
    return dates.due_phrase(mine[0].due_at, "vi") if mine and mine[0].due_at else DUE_AFTER_PAPERS


def _announced_date(facts: Facts) -> str:
    announcement = facts.announcement
    assert announcement is not None
    if announcement.kind == AnnouncementKind.POLICY_NEWS and announcement.effective_from:
        return dates.day_phrase(clock.local(announcement.effective_from).date(), "vi")
    return dates.due_phrase(announcement.expires_at, "vi")


def _at(facts: Facts, limit: int) -> str:
    """When it happened; an undone acceptance names the acceptance."""
    row = _row(facts)
    at = row["received_at"] if facts.kind.name == "intake_cancelled" else facts.event["at"]
    return dates.due_phrase(at, "vi")


def _papers_due(facts: Facts, limit: int) -> str:
    """The citizen's own date: papers, or the day when the parcel should be there."""
    if facts.request is not None:
        return dates.due_phrase(facts.request.due_at, "vi")
    ready_at = _row(facts)["ready_at"]
    if facts.calendar is None or ready_at is None:
        raise RenderError("no date for the citizen")
    day = facts.calendar.nth_working_day(clock.local(ready_at).date(), POST_WORKING_DAYS)
    return dates.day_phrase(day, "vi")


def _papers(facts: Facts, limit: int) -> str:
    """Short names joined; what does not fit is counted: "và 2 giấy tờ khác"."""
    if facts.request is None:
        raise RenderError("no request for papers")
    return join_papers(facts.request.papers, limit)


def join_papers(names: Sequence[str], limit: int) -> str:
    """ "Bản vẽ; Bản sao sổ", the rest as "và n giấy tờ khác" when over `limit`."""
    short = [clip(name, _LONGEST_PAPER) for name in names]
    for shown in range(len(short), 0, -1):
        rest = len(short) - shown
        text = "; ".join(short[:shown]) + (f"; và {rest} giấy tờ khác" if rest else "")
        if len(text) <= limit:
            return text
    return clip(f"{len(short)} giấy tờ", limit)


def _reason(facts: Facts, limit: int) -> str:
    said = facts.event["payload"].get("reason") if facts.event else None
    text = facts.request.reason if facts.request else said or _row(facts)["closing_reason"]
    return clip(nfc(text).rstrip(" ."), limit)


def _due_before(facts: Facts, limit: int) -> str:
    """The date that was told until a change of the calendar moved it."""
    before = facts.event["payload"].get("due_before")
    if not before:
        raise RenderError("no date before")
    return dates.due_phrase(datetime.fromisoformat(str(before)), "vi")


def _place(facts: Facts, limit: int) -> str:
    office = facts.office(_row(facts)["receiving_office_id"])
    return clip(f"{office.short_name}, {office.address}", limit)


def _opening_hours(facts: Facts, limit: int) -> str:
    hours = facts.hours.get(_row(facts)["receiving_office_id"], ())
    return clip(dates.hours_phrase(hours, "vi") or "giờ hành chính", limit)


def _early(facts: Facts, limit: int) -> str:
    return dates.duration_days_phrase(int(_row(facts)["early_days"]), "vi")


def _parcel(facts: Facts, limit: int) -> str:
    return clip(_row(facts)["parcel_code"] or "chưa có", limit)


def _announced(name: str) -> Callable[[Facts, int], str]:
    def rule(facts: Facts, limit: int) -> str:
        if facts.announcement is None:
            raise RenderError("no announcement")
        return clip(nfc(getattr(facts.announcement, name)).rstrip(" ."), limit)

    return rule


def _hazard(facts: Facts, limit: int) -> str:
    return clip(HAZARDS.get(facts.announcement.hazard if facts.announcement else "", ""), limit)


def _level(facts: Facts, limit: int) -> str:
    level = facts.announcement.level if facts.announcement else None
    return clip(LEVELS.get(level or 0, ""), limit)


PARAMS: dict[str, Callable[[Facts, int], str]] = {
    "ma": _code,
    "thu_tuc": _procedure,
    "co_quan": _office,
    "can_bo": _officer,
    "han": _due,
    "luc": _at,
    "han_cu": _due_before,
    "han_nop": _papers_due,
    "giay_to": _papers,
    "ly_do": _reason,
    "noi": _place,
    "gio": _opening_hours,
    "so_ngay": _early,
    "buu_gui": _parcel,
    "token": _token,
    "viec": _announced("text"),
    "khu_vuc": _announced("area"),
    "loai": _hazard,
    "muc": _level,
}

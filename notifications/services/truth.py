"""Right beats late: is the message still true at the moment when it may leave?"""

from collections.abc import Callable
from datetime import datetime

from cases.workflow import Status
from common import clock
from notifications.kinds import KIND, Truth
from notifications.services.facts import Facts
from notifications.words import AnnouncementStatus


def still_true(facts: Facts) -> bool:
    """What the kind says must still hold does hold, by rows that were just read."""
    return CHECKS[facts.kind.true_while](facts)


def newer_in_group(facts: Facts) -> int | None:
    """The newest later notification of the same merge group and recipient, which overtakes this."""
    group = facts.kind.merge_group
    if not group:
        return None
    newer = [
        sibling.notification_id
        for sibling in facts.siblings
        if sibling.notification_id > facts.notification_id
        and sibling.recipient_key == facts.recipient_key
        and sibling.kind in KIND
        and KIND[sibling.kind].merge_group == group
    ]
    return max(newer, default=None)


def _status(facts: Facts) -> str:
    return str(facts.dossier.row["status"]) if facts.dossier else ""


def _request_open(facts: Facts) -> bool:
    is_waiting = _status(facts) == Status.SUPPLEMENT_REQUESTED
    return is_waiting and facts.request is not None and facts.request.is_open


def _result_waits(facts: Facts) -> bool:
    return _status(facts) == Status.READY


def _still_that_status(facts: Facts) -> bool:
    return _status(facts) == facts.event.get("status_after")


def _first_news(facts: Facts) -> bool:
    later = [
        s
        for s in facts.siblings
        if s.notification_id > facts.notification_id
        and s.recipient_key == facts.recipient_key
        and s.has_left
    ]
    return _status(facts) != Status.CANCELLED and not later


def _at_that_office(facts: Facts) -> bool:
    target = facts.event["payload"].get("to_office")
    return facts.dossier is not None and any(
        step.office_id == target for step in facts.dossier.open_steps
    )


def _date_told_is_due(facts: Facts) -> bool:
    told = facts.event["payload"].get("due")
    due = facts.dossier.row["due_at"] if facts.dossier else None
    is_paused = facts.dossier is not None and facts.dossier.row["paused_at"] is not None
    return bool(told) and not is_paused and due == datetime.fromisoformat(str(told))


def _receipt_was_told(facts: Facts) -> bool:
    was_told = any(
        s.kind == "received" and s.recipient_key == facts.recipient_key and s.has_left
        for s in facts.siblings
    )
    return was_told and _still_that_status(facts)


def _officer_has_step(facts: Facts) -> bool:
    opened = facts.event["payload"].get("opened_steps") or []
    return facts.dossier is not None and any(
        step.id in opened and step.officer_id == facts.officer_id
        for step in facts.dossier.open_steps
    )


def _announcement_runs(facts: Facts) -> bool:
    announcement = facts.announcement
    return (
        announcement is not None
        and announcement.status == AnnouncementStatus.RELEASED
        and announcement.expires_at > clock.now()
    )


def _always(facts: Facts) -> bool:
    return True


CHECKS: dict[Truth, Callable[[Facts], bool]] = {
    Truth.REQUEST_OPEN: _request_open,
    Truth.RESULT_WAITS: _result_waits,
    Truth.STILL_THAT_STATUS: _still_that_status,
    Truth.FIRST_NEWS: _first_news,
    Truth.AT_THAT_OFFICE: _at_that_office,
    Truth.DATE_TOLD_IS_DUE: _date_told_is_due,
    Truth.RECEIPT_WAS_TOLD: _receipt_was_told,
    Truth.OFFICER_HAS_STEP: _officer_has_step,
    Truth.ANNOUNCEMENT_RUNS: _announcement_runs,
    Truth.ALWAYS: _always,
}

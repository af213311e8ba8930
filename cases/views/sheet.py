"""The parts of a dossier's page: clock, steps, papers, person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.deadlines import MINUTES, Due, Entry, EntryKind, NoWorkingDay, Unit, share
from cases.models import Dossier, DossierPaper, DossierStep
from cases.selectors import legal_clock
from cases.selectors.timeline import TimelineEntry, timeline_of
from cases.workflow import PaperState, StepState
from citizens.models import Citizen, Purpose
from citizens.selectors import consents_of
from common import dates
from common.text import mask_digits


def clock_panel(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """The legal deadline: facts, share of time, and why; about five queries.

    While the calendar has no working day only what was told is known: no `total`, no share.
    """
    facts = [
        (_("Legal deadline"), amount_phrase(dossier.budget_amount, dossier.budget_unit)),
        (_("First promise"), _short(dossier.promised_at)),
    ]
    try:
        due, why = legal_clock.reckon_and_explain(dossier)
    except NoWorkingDay as error:
        facts.append((_("Due"), _short(dossier.due_at)))
        return {"facts": _rows(facts), "total": None, "why": [str(error)]}
    spent = share(due, now)
    if due.paused_since and due.remaining:
        left = amount_phrase(due.remaining.amount, due.remaining.unit)
        facts.append((_("Left when it runs again"), left))
        facts.append((_("If all papers come now"), _short(_resumed(dossier, now))))
    elif dossier.ready_at:
        facts.append((_("Due"), _short(dossier.due_at)))
        facts.append((_("Result ready"), _short(dossier.ready_at)))
    else:
        facts.append((_("Due"), _short(dossier.due_at)))
    return {
        "facts": _rows(facts),
        "used": spent.used,
        "total": spent.total,
        "waited": spent.waited,
        "unit": "calendar_days" if due.unit == Unit.CALENDAR_DAYS else "working_days",
        "state": _state(dossier, due, now),
        "why": why,
    }


def _rows(facts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in facts]


def amount_phrase(amount: int, unit: str) -> str:
    """ "7 working days", "8 working hours", "the same day" for 0 days."""
    if unit == MINUTES:
        return dates.working_time_phrase(amount)
    if not amount:
        return _("the same day")
    if unit == Unit.WORKING_HOURS:
        return dates.working_time_phrase(amount * 60)
    if unit == Unit.CALENDAR_DAYS:
        return dates.calendar_days_phrase(amount)
    return dates.duration_days_phrase(amount)


def _resumed(dossier: Dossier, now: datetime) -> datetime | None:
    entries = [*legal_clock.entries_of(dossier), Entry(EntryKind.RESUME, now)]
    return legal_clock.reckon(dossier, entries).due_at


def _short(at: datetime | None) -> str:
    return dates.short_due_phrase(at) if at else ""


def _state(dossier: Dossier, due: Due, now: datetime) -> str:
    if dossier.ready_at or due.stopped_at:
        return "done"
    if due.paused_since:
        return "paused"
    return "late" if due.due_at and now > due.due_at else "running"


# ---- steps ---------------------------------------------------------------------------------------

_STEP_CSS = {StepState.DONE: "done", StepState.OPEN: "at"}


def step_rows(steps: Sequence[DossierStep]) -> list[dict[str, Any]]:
    """Each step with who has or had it and when; no query."""
    return [_step_row(number, step) for number, step in enumerate(steps, start=1)]


def _step_row(number: int, step: DossierStep) -> dict[str, Any]:
    office = step.office.named_at(step.closed_at).short_name
    return {
        "number": number,
        "name": step.name,
        "css": _STEP_CSS.get(StepState(step.state), "todo"),
        "is_now": step.state == StepState.OPEN,
        "who": step.officer.full_name if step.officer else office,
        "office": office if step.officer else "",
        "time": _step_time(step),
    }


def _step_time(step: DossierStep) -> str:
    if step.state == StepState.SKIPPED:
        return str(StepState.SKIPPED.label)
    if step.closed_at and step.opened_at:
        return f"{dates.stamp(step.opened_at)} – {dates.stamp(step.closed_at)}"
    if step.opened_at and step.due_at:
        return _("step due %(when)s") % {"when": dates.stamp(step.due_at)}
    n = step.working_hours
    hours = ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    return _("%(hours)s for this step") % {"hours": hours}


# ---- papers --------------------------------------------------------------------------------------


def paper_rows(papers: Sequence[DossierPaper]) -> list[dict[str, Any]]:
    """The checklist as it stands: what is there, and a tag with tone and icon."""
    return [
        {"name": paper.name, "count": _handed_in(paper)} | _paper_tag(paper) for paper in papers
    ]


def _handed_in(paper: DossierPaper) -> str:
    if paper.state == PaperState.MISSING:
        return "–"
    if paper.state == PaperState.DATABASE:
        return str(PaperState.DATABASE.label)
    n = paper.count
    if paper.state == PaperState.COPY:
        return ngettext("%(n)d copy", "%(n)d copies", n) % {"n": n}
    return ngettext("%(n)d original", "%(n)d originals", n) % {"n": n}


def _paper_tag(paper: DossierPaper) -> dict[str, str]:
    if paper.state != PaperState.MISSING:
        return {"words": _("Handed in"), "tone": "good", "icon": "check"}
    if paper.required:
        return {"words": _("Missing"), "tone": "warn", "icon": "doc-plus"}
    return {"words": _("Not handed in"), "tone": "mute", "icon": "doc"}


# ---- history -------------------------------------------------------------------------------------


def history(dossier: Dossier) -> list[dict[str, Any]]:
    """For components/timeline.html with short=True, newest first; two queries."""
    told = reversed(timeline_of(dossier))
    return [
        {
            "at": entry.at,
            "title": entry.text,
            "text": ", ".join(filter(None, [_actor(entry), _place(entry)])),
            "state": "past" if position else "now",
        }
        for position, entry in enumerate(told)
    ]


def _actor(entry: TimelineEntry) -> str:
    return entry.actor.full_name if entry.actor else _("The system")


def _place(entry: TimelineEntry) -> str:
    return entry.office_name.short_name if entry.office_name else ""


# ---- person --------------------------------------------------------------------------------------


def person(citizen: Citizen, *, in_full: bool) -> dict[str, Any]:
    """Who filed; identity number, phone and address stay masked unless `in_full`; one query."""
    consents = consents_of(citizen)
    rows = [
        (_("Full name"), citizen.full_name),
        (_("Identity number"), _open(citizen.identity_number, in_full, head=3, tail=3)),
        (_("Phone"), _open(citizen.phone, in_full, head=2, tail=4) or _("none")),
        (_("Lives in"), str(citizen.commune)),
        (_("Address"), citizen.address if in_full else ""),
        (_("Messages about dossiers by Zalo"), _agrees(consents.get(Purpose.DOSSIER))),
    ]
    return {
        "rows": [{"label": label, "value": value} for label, value in rows],
        "in_full": in_full,
    }


def _open(digits: str, in_full: bool, *, head: int, tail: int) -> str:
    return digits if in_full else mask_digits(digits, head=head, tail=tail)


def _agrees(answer: bool | None) -> str:
    if answer is None:
        return capfirst(_("not asked"))
    return capfirst(_("agreed") if answer else _("declined"))

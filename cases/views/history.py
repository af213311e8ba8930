"""The history of a dossier as officers read it: newest first, each fact with who and where."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.deadlines import Timeliness
from cases.models import Dossier, DossierEvent, DossierStep
from cases.workflow import Event, Outcome
from common import dates

Steps = Mapping[int, DossierStep]
Words = Callable[[DossierEvent, Steps], list[str]]


def entries(dossier: Dossier, steps: Sequence[DossierStep]) -> list[dict[str, Any]]:
    """For components/timeline.html with short=True; one query."""
    by_id = {step.pk: step for step in steps}
    events = dossier.events.select_related("actor", "office", "dossier").order_by("-id")
    return [
        {
            "at": event.at,
            "title": str(Event(event.event).label),
            "text": _text(event, by_id),
            "state": "past" if position else "now",
        }
        for position, event in enumerate(events)
    ]


def _text(event: DossierEvent, steps: Steps) -> str:
    facts = _FACTS.get(Event(event.event), _nothing)(event, steps)
    who = event.actor.full_name if event.actor else _("The system")
    where = event.office.short_name if event.office else ""
    return ". ".join([*facts, ", ".join(filter(None, [who, where]))])


def _nothing(event: DossierEvent, steps: Steps) -> list[str]:
    return []


def _due(event: DossierEvent, steps: Steps) -> list[str]:
    return [_("Due %(when)s") % {"when": _when(event, "due")}] if "due" in event.payload else []


def _taken(event: DossierEvent, steps: Steps) -> list[str]:
    step = steps.get(event.payload.get("step", 0))
    return [step.name] if step else []


def _handed_over(event: DossierEvent, steps: Steps) -> list[str]:
    opened = [steps[key] for key in event.payload.get("opened_steps", []) if key in steps]
    done = steps.get(event.payload.get("from_step", 0))
    parts = [_("%(step)s done") % {"step": done.name}] if done else []
    if opened:
        names = "; ".join(f"{step.name} ({step.office.short_name})" for step in opened)
        parts.append(_("Next: %(steps)s") % {"steps": names})
    if done and done.note:
        parts.append(f"“{done.note}”")
    return parts


def _asked(event: DossierEvent, steps: Steps) -> list[str]:
    n = event.payload.get("items", 0)
    papers = ngettext("%(n)d paper", "%(n)d papers", n) % {"n": n}
    until = _("to be brought by %(when)s") % {"when": _when(event, "due")}
    return [f"{papers} {until}"]


def _completed(event: DossierEvent, steps: Steps) -> list[str]:
    parts = [str(Outcome(event.payload["outcome"]).label)]
    early = event.payload.get("early_days", 0)
    if early:
        parts.append(ngettext("%(n)d day early", "%(n)d days early", early) % {"n": early})
    else:
        parts.append(str(Timeliness(event.payload["timeliness"]).label))
    return [", ".join(parts)]


def _collected(event: DossierEvent, steps: Steps) -> list[str]:
    return [_("Collected by %(name)s") % {"name": event.dossier.collected_by}]


def _closed(event: DossierEvent, steps: Steps) -> list[str]:
    return [_("Reason: %(reason)s") % {"reason": event.dossier.closing_reason}]


def _when(event: DossierEvent, key: str) -> str:
    return dates.short_due_phrase(datetime.fromisoformat(event.payload[key]))


_FACTS: dict[Event, Words] = {
    Event.ACCEPTED: _due,
    Event.TAKEN: _taken,
    Event.HANDED_OVER: _handed_over,
    Event.SUPPLEMENT_REQUESTED: _asked,
    Event.SUPPLEMENT_RECEIVED: _due,
    Event.COMPLETED: _completed,
    Event.RETURNED: _collected,
    Event.REFUSED: _closed,
    Event.WITHDRAWN: _closed,
    Event.CANCELLED: _closed,
}

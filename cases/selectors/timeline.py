"""The history of a dossier in words, for officers and for the public page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.models import Dossier, DossierEvent, DossierStep
from cases.workflow import Event
from common import dates
from offices.models import Office, OfficeName, Officer


@dataclass(frozen=True)
class TimelineEntry:
    """One fact in the active language. `office` and `actor` are where and by whom."""

    at: datetime
    event: Event
    text: str
    actor: Officer | None
    office: Office | None

    @property
    def office_name(self) -> OfficeName | None:
        """What the office was called then."""
        return self.office.named_at(self.at) if self.office else None


@dataclass(frozen=True)
class _Story:
    """The events of one dossier with the steps and offices that they name."""

    dossier: Dossier
    events: list[DossierEvent]
    steps: dict[int, DossierStep]

    def step_name(self, step_id: int | None) -> str:
        step = self.steps.get(step_id or 0)
        return step.name if step else ""

    def note(self, step_id: int | None) -> str:
        step = self.steps.get(step_id or 0)
        return step.note if step else ""

    def opened_offices(self, event: DossierEvent) -> list[Office]:
        """Where the dossier went by a hand-over; each office once, in order of the steps."""
        steps = [
            self.steps[key] for key in event.payload.get("opened_steps", ()) if key in self.steps
        ]
        return list({step.office_id: step.office for step in steps}.values())

    def holder_after(self, event: DossierEvent) -> list[Office]:
        """Who holds the dossier for the citizen after a hand-over that opened no step."""
        office_id = event.payload.get("to_office")
        return [step.office for step in self.steps.values() if step.office_id == office_id][:1]


def timeline_of(dossier: Dossier) -> list[TimelineEntry]:
    """Everything that happened, oldest first, as officers read it; two queries."""
    return _told(_story(dossier), _OFFICERS)


def public_timeline_of(dossier: Dossier) -> list[TimelineEntry]:
    """What the citizen reads: no notes, no reasons, no moves inside an office; two queries."""
    story = _story(dossier)
    return _told(story, _PUBLIC, keep=_is_public(story.events))


def _story(dossier: Dossier) -> _Story:
    events = dossier.events.select_related("actor__office", "office").order_by("id")
    steps = dossier.steps.select_related("office")
    return _Story(dossier, list(events), {step.pk: step for step in steps})


_Words = Callable[[_Story, DossierEvent], str]


def _told(
    story: _Story, words: dict[Event, _Words], keep: Iterable[bool] | None = None
) -> list[TimelineEntry]:
    kept = [True] * len(story.events) if keep is None else keep
    return [
        TimelineEntry(
            at=event.at,
            event=Event(event.event),
            text=words[Event(event.event)](story, event),
            actor=event.actor,
            office=event.office,
        )
        for event, is_kept in zip(story.events, kept, strict=True)
        if is_kept
    ]


def _is_public(events: list[DossierEvent]) -> list[bool]:
    """Handing in counts only where acceptance did not follow at once; taking a step is inner."""
    following = [event.event for event in events[1:]] + [""]
    return [
        event.event != Event.TAKEN
        and (event.event != Event.HANDED_OVER or bool(event.payload.get("holder_changed")))
        and (event.event != Event.SUBMITTED or after != Event.ACCEPTED)
        for event, after in zip(events, following, strict=True)
    ]


# ---- words for officers --------------------------------------------------------------------------


def _names(offices: Iterable[Office], event: DossierEvent) -> str:
    return "; ".join(office.named_at(event.at).name for office in offices)


def _label(story: _Story, event: DossierEvent) -> str:
    return str(Event(event.event).label)


def _with(sentence: str, detail: str) -> str:
    return f"{sentence}: {detail}" if detail else sentence


def _due(payload: dict[str, Any]) -> str:
    text = payload.get("due")
    return dates.due_phrase(datetime.fromisoformat(text)) if text else ""


def _accepted(story: _Story, event: DossierEvent) -> str:
    return _("Dossier accepted, due %(due)s") % {"due": _due(event.payload)}


def _taken(story: _Story, event: DossierEvent) -> str:
    return _with(_label(story, event), story.step_name(event.payload.get("step")))


def _handed_over(story: _Story, event: DossierEvent) -> str:
    payload, offices = event.payload, story.opened_offices(event)
    sentence = _("Step finished, the parallel steps go on")
    if offices:
        names = _names(offices, event)
        sentence = _("Handed over to %(office)s") % {"office": names}
    return _with(sentence, story.note(payload.get("from_step")))


def _supplement_requested(story: _Story, event: DossierEvent) -> str:
    n = event.payload.get("items", 1)
    words = ngettext(
        "%(n)d missing paper requested by %(due)s", "%(n)d missing papers requested by %(due)s", n
    )
    return words % {"n": n, "due": _due(event.payload)}


def _supplement_received(story: _Story, event: DossierEvent) -> str:
    return _("Missing papers received, due %(due)s") % {"due": _due(event.payload)}


def _completed(story: _Story, event: DossierEvent) -> str:
    days = event.payload.get("early_days", 0)
    detail = _("%(time)s early") % {"time": dates.duration_days_phrase(days)} if days else ""
    return _with(_label(story, event), detail)


def _closed(story: _Story, event: DossierEvent) -> str:
    return _with(_label(story, event), story.dossier.closing_reason)


def _due_moved(story: _Story, event: DossierEvent) -> str:
    sentence = _("Due date moved to %(due)s") % {"due": _due(event.payload)}
    return _with(sentence, event.payload.get("reason", ""))


_OFFICERS: dict[Event, _Words] = {
    Event.SUBMITTED: _label,
    Event.ACCEPTED: _accepted,
    Event.TAKEN: _taken,
    Event.HANDED_OVER: _handed_over,
    Event.SUPPLEMENT_REQUESTED: _supplement_requested,
    Event.SUPPLEMENT_RECEIVED: _supplement_received,
    Event.COMPLETED: _completed,
    Event.RETURNED: _label,
    Event.REFUSED: _closed,
    Event.WITHDRAWN: _closed,
    Event.CANCELLED: _closed,
    Event.DUE_MOVED: _due_moved,
}

# ---- words for citizens --------------------------------------------------------------------------


def _public_move(story: _Story, event: DossierEvent) -> str:
    offices = story.opened_offices(event) or story.holder_after(event)
    names = _names(offices, event)
    return pgettext("citizen timeline", "Passed on to %(office)s") % {"office": names}


def _public_request(story: _Story, event: DossierEvent) -> str:
    n = event.payload.get("items", 1)
    return ngettext(
        "You are asked for %(n)d more paper", "You are asked for %(n)d more papers", n
    ) % {"n": n}


def _said(words: Callable[[], str]) -> _Words:
    return lambda story, event: words()


_PUBLIC: dict[Event, _Words] = {
    Event.SUBMITTED: _said(lambda: pgettext("citizen timeline", "Dossier handed in")),
    Event.ACCEPTED: _said(lambda: pgettext("citizen timeline", "Dossier received")),
    Event.TAKEN: _label,
    Event.HANDED_OVER: _public_move,
    Event.SUPPLEMENT_REQUESTED: _public_request,
    Event.SUPPLEMENT_RECEIVED: _said(lambda: pgettext("citizen timeline", "All papers received")),
    Event.COMPLETED: _said(lambda: pgettext("citizen timeline", "The result is ready")),
    Event.RETURNED: _said(lambda: pgettext("citizen timeline", "The result was handed over")),
    Event.REFUSED: _said(lambda: pgettext("citizen timeline", "The dossier was not accepted")),
    Event.WITHDRAWN: _said(lambda: pgettext("citizen timeline", "Stopped at your request")),
    Event.CANCELLED: _said(lambda: pgettext("citizen timeline", "The acceptance was undone")),
    Event.DUE_MOVED: _due_moved,
}

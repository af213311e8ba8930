"""What the look-up page shows beside the facts: tone, bar of time, what comes next, papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.deadlines import Share, Unit
from cases.models import Dossier
from cases.selectors.public import PublicView, Sentence
from cases.selectors.timeline import TimelineEntry
from cases.workflow import PaperState, ResultChannel, Stage, StepState

_TONES: dict[Sentence, str] = {
    Sentence.PAPERS_MISSING: "warn",
    Sentence.LATE: "bad",
    Sentence.READY: "good",
    Sentence.READY_EARLY: "good",
    Sentence.READY_POST: "good",
    Sentence.READY_ELECTRONIC: "good",
    Sentence.REFUSED: "bad",
}


@dataclass(frozen=True)
class Row:
    """One line of the timeline, in the words of components/timeline.html."""

    at: datetime | None
    title: str
    text: str
    state: str


@dataclass(frozen=True)
class Paper:
    """A paper that was handed in: name, and in what form."""

    name: str
    form: str


@dataclass(frozen=True)
class Bar:
    """What `{% share_of_time %}` takes."""

    used: int
    total: int
    waited: int
    unit: str
    state: str


@dataclass(frozen=True)
class Page:
    """Everything of the page that is not a fact of the dossier."""

    tone: str
    advice: str
    rows: Sequence[Row]
    bar: Bar | None
    papers: Sequence[Paper]
    shows_collecting: bool
    shows_counter: bool  # the result is collected there, not sent
    shows_due: bool  # not where it ended without a result
    map_url: str


def page_of(dossier: Dossier, view: PublicView) -> Page:
    """The page for a dossier; two queries."""
    return Page(
        tone=_TONES.get(view.sentence, "info"),
        advice=_advice(view),
        rows=[*_past(view), *_next(dossier, view)],
        bar=_bar(view.share, view, dossier),
        papers=_papers(dossier),
        shows_collecting=view.stage != Stage.CLOSED,
        shows_counter=view.stage != Stage.CLOSED and not _is_sent(view),
        shows_due=view.stage != Stage.CLOSED or view.ready_at is not None,
        map_url="" if view.sentence == Sentence.READY_POST else _map_url(dossier),
    )


def _advice(view: PublicView) -> str:
    """What to do, or that there is nothing to do."""
    by_sentence = {
        Sentence.AWAITING: _("We will tell you of any change."),
        Sentence.PAPERS_MISSING: _wait(view),
        Sentence.READY: _bring(),
        Sentence.READY_EARLY: _bring(),
        Sentence.DENIED: _("You have the right to complain. The letter says where."),
        Sentence.LATE: _("Call the officer below for the new date."),
        Sentence.READY_POST: _("If it does not come, call the hotline."),
        Sentence.RETURNED: _("If you did not receive it, call the hotline now."),
        Sentence.REFUSED: _("Reason: %(reason)s. You may file again or ask the officer below.")
        % {"reason": view.closing_reason.rstrip(".")},
        Sentence.CANCELLED: _("Reason: %(reason)s") % {"reason": view.closing_reason},
        Sentence.WITHDRAWN: _("Please collect your papers at the counter."),
        Sentence.READY_ELECTRONIC: _("Bring the receipt and ID card."),
    }
    nothing = _("You need do nothing. We will tell you of any change.")
    return by_sentence.get(view.sentence, nothing)


def _is_sent(view: PublicView) -> bool:
    """The result comes by post; the letter that refuses it waits at the counter."""
    return view.collecting.channel == ResultChannel.POST and view.sentence != Sentence.DENIED


def _wait(view: PublicView) -> str:
    """Before acceptance no clock runs, so there is none to pause."""
    if view.received_at is None:
        return _("Your due date is set once all papers are in.")
    return _("The wait does not count against the office.")


def _bring() -> str:
    return _("Bring the receipt and ID card. Someone else needs a written authorisation.")


def _past(view: PublicView) -> list[Row]:
    entries = list(view.timeline)
    is_over = view.stage == Stage.CLOSED
    rows = [_row(entry, "past") for entry in entries]
    if rows and not is_over:
        rows[-1] = _row(entries[-1], "now")
    return rows


def _row(entry: TimelineEntry, state: str) -> Row:
    who = entry.actor.full_name if entry.actor else ""
    where = entry.office_name.short_name if entry.office_name else ""
    if who and where:
        text = _("%(office)s, officer %(name)s") % {"office": where, "name": who}
    else:
        text = where or who
    return Row(entry.at, entry.text, text, state)


def _next(dossier: Dossier, view: PublicView) -> list[Row]:
    """What comes: the next step and the collection, without times that nobody can promise."""
    if view.stage == Stage.CLOSED:
        return []
    rows = []
    if view.stage != Stage.READY:
        waiting = list(
            dossier.steps.filter(state=StepState.WAITING)
            .select_related("office")
            .order_by("position")
        )
        if view.collecting.channel == ResultChannel.ELECTRONIC:
            waiting = waiting[:-1]  # nothing comes to the counter, so its step is left out
        if waiting:
            title = _("Next: %(step)s") % {"step": waiting[0].name}
            rows.append(Row(None, title, waiting[0].office.short_name, "next"))
    return [*rows, Row(None, _collection(view), "", "next")]


def _collection(view: PublicView) -> str:
    words = {
        ResultChannel.COUNTER: _("The result is handed over at %(place)s"),
        ResultChannel.POST: _("The result is sent by post"),
        ResultChannel.ELECTRONIC: _("The electronic result is given out at %(place)s"),
    }
    return words[view.collecting.channel] % {"place": view.collecting.place}


def _bar(share: Share | None, view: PublicView, dossier: Dossier) -> Bar | None:
    if share is None or dossier.budget_unit == Unit.WORKING_HOURS:
        return None
    state = "late" if view.is_late else "running"
    if view.paused_since is not None:
        state = "paused"
    elif view.ready_at is not None:
        state = "late" if view.is_late else "done"
    return Bar(
        used=share.used,
        total=share.total,
        waited=share.waited,
        unit=dossier.budget_unit,
        state=state,
    )


def _papers(dossier: Dossier) -> list[Paper]:
    handed_in = dossier.papers.exclude(state=PaperState.MISSING)
    return [Paper(paper.short_name, _form(paper.state, paper.count)) for paper in handed_in]


def _form(state: str, count: int) -> str:
    words = {
        PaperState.ORIGINAL: pgettext("paper", "%(n)s original(s)"),
        PaperState.COPY: pgettext("paper", "%(n)s copy(ies)"),
        PaperState.DATABASE: pgettext("paper", "taken from a database"),
    }
    return words[PaperState(state)] % {"n": count}


def _map_url(dossier: Dossier) -> str:
    office = dossier.receiving_office
    if office.latitude is None or office.longitude is None:
        return ""
    return f"https://www.openstreetmap.org/?mlat={office.latitude}&mlon={office.longitude}#map=17"

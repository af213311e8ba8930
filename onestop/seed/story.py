"""Plays the plots through the product's own services, all of them together in order of time."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.models import Dossier, DossierStep
from cases.selectors.access import is_completion_point
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.services.intake import NewDossier, PaperCheck, counter_documents, take_in, turn_away
from cases.workflow import Outcome, PaperState, ResultChannel, StepState
from common import clock
from offices.kinds import RECEIVING_KINDS, OfficeKind, Role
from offices.models import Office, Officer
from offices.selectors.calendars import calendar_for
from onestop.seed.plots import Ending, Plot

_WHY_PAPERS = (
    "Bản chụp bị mờ, không đọc được số",
    "Giấy tờ đã hết hạn, cần bản mới",
    "Chưa có chữ ký ở trang cuối",
    "Thông tin trên giấy tờ không khớp với tờ khai",
)
_WHY_REFUSED = (
    "Việc này do tỉnh khác giải quyết, nơi có thửa đất",
    "Hồ sơ này đã nộp và đang được giải quyết",
)
_WHY_WITHDRAWN = "Người nộp xin rút hồ sơ để làm lại sau"
_WHY_CANCELLED = "Chọn nhầm thủ tục khi tiếp nhận"


@dataclass
class Stage:
    """What every story shares: the officers by (office code, role), and the counters."""

    officers: dict[tuple[str, Role], Officer]
    counters: dict[int, list[Office]]  # by commune: its own first, then the sites
    chance: Random

    def officer_for(self, step: DossierStep) -> Officer:
        return step.officer or self.officers[step.office.code, Role(step.role)]


def counters_by_commune() -> dict[int, list[Office]]:
    """Where people hand in: the counter of their commune, or one of the two sites."""
    rows = list(Office.objects.filter(kind__in=RECEIVING_KINDS).order_by("code"))
    sites = [office for office in rows if office.kind == OfficeKind.SITE]
    return {office.commune_id: [office, *sites] for office in rows if office.commune_id}


def play(plots: Sequence[Plot], stage: Stage, *, until: datetime) -> int:
    """Plays all plots up to `until`, the earliest move first; the number of moves.

    Codes, events and ledgers so come into the database in the order of their times.
    """
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = [
        (plot.arrives_at, number, _Story(plot, stage).scenes()) for number, plot in enumerate(plots)
    ]
    heapq.heapify(waiting)
    moves = 0
    while waiting and waiting[0][0] < until:
        at, number, scenes = heapq.heappop(waiting)
        moves += 1
        with clock.standing_at(at):
            following = next(scenes, None)
        if following is not None:
            heapq.heappush(waiting, (max(following, at + timedelta(minutes=1)), number, scenes))
    return moves


class _Story:
    """One dossier. Its scenes yield the instant of the next move and go on at that instant."""

    def __init__(self, plot: Plot, stage: Stage) -> None:
        self._plot = plot
        self._stage = stage
        self._chance = stage.chance
        self._asked = not plot.papers_are_asked
        home, *sites = stage.counters[plot.person.applicant.commune.pk]
        to_site = plot.case.version.receives[0] != "commune_onestop" and self._chance.random() < 0.7
        self._counter = self._chance.choice(sites) if to_site else home
        self._desk = stage.officers[self._counter.code, Role.FRONT_DESK]
        self._dossier: Dossier

    def scenes(self) -> Iterator[datetime]:
        plot = self._plot
        if plot.ending is Ending.REFUSED:
            reason = self._chance.choice(_WHY_REFUSED)
            turn_away(new=self._new(), officer=self._desk, reason=reason)
            return
        self._dossier = take_in(new=self._new(), officer=self._desk)
        if plot.ending is Ending.CANCELLED:
            yield clock.now() + timedelta(minutes=3)
            self._dossier = actions.cancel(**self._move(self._desk), reason=_WHY_CANCELLED)
            return
        if plot.lacks_papers:
            if plot.ending is Ending.WAITS_FOR_PAPERS:
                return
            yield self._later(self._counter, hours=self._chance.uniform(4, 40))
            self._dossier = actions.receive_supplement(**self._move(self._desk))
        yield from self._processing()

    def _processing(self) -> Iterator[datetime]:
        ends: dict[int, datetime] = {}
        handed = 0
        while True:
            steps = list(self._dossier.steps.select_related("office", "officer"))
            for step in steps:
                if step.state == StepState.OPEN and step.pk not in ends:
                    hours = step.working_hours * self._plot.pace * self._chance.uniform(0.7, 1.1)
                    ends[step.pk] = self._later(step.office, hours=hours)
            step = min((s for s in steps if s.state == StepState.OPEN), key=lambda s: ends[s.pk])
            if self._stops(handed):
                return
            if self._plot.ending is Ending.WITHDRAWN and handed == self._plot.stalls_after:
                yield self._later(self._counter, hours=3)
                self._dossier = actions.withdraw(**self._move(self._desk), reason=_WHY_WITHDRAWN)
                return
            if not self._asked and step.role == Role.PROCESSOR:
                yield from self._ask_for_papers(step)
                if self._plot.ending is Ending.WAITS_FOR_PAPERS:
                    return
                ends.clear()
                continue
            yield ends[step.pk]
            officer = self._stage.officer_for(step)
            if is_completion_point(self._dossier, step, steps):
                yield from self._result(officer)
                return
            self._dossier = actions.hand_over(**self._move(officer))
            handed += 1

    def _stops(self, handed: int) -> bool:
        return self._plot.ending is Ending.STALLS and handed >= self._plot.stalls_after

    def _ask_for_papers(self, step: DossierStep) -> Iterator[datetime]:
        self._asked = True
        yield self._later(step.office, hours=min(4, step.working_hours / 2))
        document = self._chance.choice(counter_documents(self._plot.case))
        item = MissingPaper(document.short_name, document.originals > 0, document.copies or 1)
        self._dossier = actions.request_supplement(
            **self._move(self._stage.officer_for(step)),
            items=[item],
            reason=self._chance.choice(_WHY_PAPERS),
        )
        if self._plot.ending is Ending.WAITS_FOR_PAPERS:
            return
        yield self._later(self._counter, hours=self._chance.uniform(6, 50))
        self._dossier = actions.receive_supplement(**self._move(self._desk))

    def _result(self, officer: Officer) -> Iterator[datetime]:
        by_post = self._plot.channel == ResultChannel.POST
        self._dossier = actions.complete(
            **self._move(officer),
            outcome=Outcome.DENIED if self._chance.random() < 0.05 else Outcome.GRANTED,
            parcel_code=f"EB{self._chance.randrange(10**8, 10**9)}VN" if by_post else "",
        )
        if self._plot.ending is Ending.UNCOLLECTED:
            return
        yield self._later(self._counter, hours=self._chance.expovariate(1 / 10))
        self._dossier = actions.return_result(
            **self._move(self._desk), collected_by=self._plot.person.applicant.full_name
        )

    def _new(self) -> NewDossier:
        plot = self._plot
        papers = None
        if plot.lacks_papers:
            documents = counter_documents(plot.case)
            missing = self._chance.choice([d.key for d in documents if d.required])
            papers = [
                PaperCheck(d.key, PaperState.ORIGINAL, max(d.originals, d.copies))
                for d in documents
                if d.required and d.key != missing
            ]
        return NewDossier(
            case=plot.case,
            applicant=plot.person.applicant,
            papers=papers,
            result_channel=plot.channel,
        )

    def _move(self, officer: Officer) -> dict[str, Any]:
        return {"dossier": self._dossier, "officer": officer, "version": self._dossier.version}

    def _later(self, office: Office, *, hours: float) -> datetime:
        """After so many working hours of the office, to the second, always in its hours."""
        amount = timedelta(minutes=max(2, round(hours * 60)), seconds=self._chance.randrange(60))
        return calendar_for(office).after_working(clock.now(), amount)

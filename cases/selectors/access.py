"""Who may see a dossier and what they may do with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cases.models import Dossier, DossierOffice, DossierStep
from cases.workflow import (
    Facts,
    PaperState,
    ResultChannel,
    Status,
    StepState,
    Transition,
    Where,
    leaving,
    reasons_against,
)
from common import clock
from common.errors import NotFoundError
from offices.kinds import QUEUE_ROLES
from offices.models import Officer
from offices.selectors.officers import roles_of

RolePairs = frozenset[tuple[int, str]]
# A code or a ref; anything else (a NUL, say) would upset the database.
HANDLE = re.compile(r"[A-Za-z0-9.-]{1,40}")


def offices_that_open(pairs: RolePairs) -> list[int]:
    """Ids of the offices in which one of the roles has to do with dossiers.

    Who only writes announcements or keeps data there opens none.
    """
    return sorted({office_id for office_id, role in pairs if role in QUEUE_ROLES})


def seen_by(pairs: RolePairs) -> Q:
    """Dossiers that these offices received, decide, or have or had a step of.

    The one rule of who opens a dossier: for pages, lists, the API, and moves.
    """
    theirs = DossierOffice.objects.filter(
        dossier=OuterRef("pk"), office__in=offices_that_open(pairs)
    )
    return Q(Exists(theirs))


def visible_to(officer: Officer, dossiers: QuerySet[Dossier] | None = None) -> QuerySet[Dossier]:
    """The dossiers that the officer may open, as `seen_by` says."""
    base = Dossier.objects.all() if dossiers is None else dossiers
    return base.filter(seen_by(roles_of(officer)))


def visible_dossier(officer: Officer, handle: str) -> Dossier:
    """The dossier with this code or ref; NotFoundError when it is not there or not theirs."""
    is_handle = HANDLE.fullmatch(handle) is not None
    dossier = (
        visible_to(officer, None if is_handle else Dossier.objects.none())
        .select_related(
            "citizen__commune",
            "case",
            "procedure_version__procedure",
            "commune",
            "receiving_office",
            "deciding_office",
        )
        .filter(Q(code=handle) | Q(ref=handle))
        .first()
    )
    if dossier is None:
        raise NotFoundError(_("This page or dossier was not found."))
    return dossier


@dataclass(frozen=True)
class Position:
    """Where the officer stands towards a dossier: roles, and the step that is theirs to act on."""

    officer: Officer
    pairs: RolePairs
    steps: tuple[DossierStep, ...]  # all steps, in order
    step: DossierStep | None  # the open step that the officer acts on

    @property
    def open_steps(self) -> tuple[DossierStep, ...]:
        return tuple(step for step in self.steps if step.state == StepState.OPEN)


def position_of(officer: Officer, dossier: Dossier) -> Position:
    """Roles and the open step that is theirs: their own before a free one or a colleague's."""
    steps = tuple(
        DossierStep.objects.filter(dossier=dossier)
        .select_related("office", "officer")
        .order_by("position")
    )
    pairs = roles_of(officer)
    return Position(officer, pairs, steps, _acting_step(officer, pairs, steps))


def _acting_step(
    officer: Officer, pairs: RolePairs, steps: Iterable[DossierStep]
) -> DossierStep | None:
    mine = [s for s in steps if s.state == StepState.OPEN and (s.office_id, s.role) in pairs]
    rank = {officer.id: 0, None: 1}
    return min(mine, key=lambda s: (rank.get(s.officer_id, 2), s.position), default=None)


def role_is_right(row: Transition, dossier: Dossier, position: Position) -> bool:
    """True when the officer has a role that the row of the table asks for."""
    at_counter = any((dossier.receiving_office_id, role) in position.pairs for role in row.roles)
    at_step = position.step is not None
    return {
        Where.COUNTER: at_counter,
        Where.STEP: at_step,
        Where.COUNTER_OR_STEP: at_counter or at_step,
    }[row.where]


def facts_of(dossier: Dossier, position: Position) -> Facts:
    """What the guards look at; two queries."""
    step = position.step
    papers = dossier.papers.filter(required=True, state=PaperState.MISSING)
    requests = dossier.supplement_requests.filter(is_before_acceptance=False)
    since = None if dossier.received_at is None else clock.now() - dossier.received_at
    holder = step.officer if step and step.officer_id not in (None, position.officer.id) else None
    return Facts(
        step_is_mine=bool(step and step.officer_id == position.officer.id),
        step_holder=holder.full_name if holder else "",
        at_completion_point=step is not None and is_completion_point(dossier, step, position.steps),
        requests_made=requests.count(),
        requests_allowed=dossier.procedure_version.max_supplement_requests,
        hand_overs=sum(s.state == StepState.DONE for s in position.steps),
        since_acceptance=since,
        missing_papers=tuple(papers.values_list("short_name", flat=True)),
        cancel_within=timedelta(seconds=settings.CANCEL_WITHIN_S),
    )


def is_completion_point(dossier: Dossier, step: DossierStep, steps: Iterable[DossierStep]) -> bool:
    """True where the result is completed: the last step, or the one before for an electronic one.

    An electronic result needs nobody to take in a paper, so its last step is not needed.
    """
    others = [s for s in steps if s.id != step.id]
    ahead = [s for s in others if s.state in (StepState.WAITING, StepState.OPEN)]
    if not ahead:
        return True
    last = max(others, key=lambda s: s.position)
    return dossier.result_channel == ResultChannel.ELECTRONIC and ahead == [last]


@dataclass(frozen=True)
class AllowedMove:
    """A move that the officer's role allows now; with reasons it is shown but cannot be made."""

    row: Transition
    reasons: tuple[str, ...]


def moves_of(dossier: Dossier, position: Position) -> list[AllowedMove]:
    """What the officer may do next, in table order, refused ones with all their reasons."""
    rows = [
        row
        for row in leaving(status=Status(dossier.status), is_accepted=dossier.is_accepted)
        if role_is_right(row, dossier, position)
    ]
    if not rows:
        return []
    facts = facts_of(dossier, position)
    return [AllowedMove(row, tuple(reasons_against(row, facts))) for row in rows]

"""The queues of an officer: which dossiers are in each, how many, and a page of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Dossier, DossierEvent, DossierStep
from cases.selectors.access import RolePairs, offices_that_open, seen_by
from cases.workflow import Status, StepState
from common import clock
from common.text import fold
from offices.models import Officer
from offices.selectors.officers import roles_of

PAGE_SIZE = 30
MOST_COUNTED = 1000
"""Beyond this a count is told as "more than"."""


@dataclass(frozen=True)
class Viewer:
    """Who looks at a list, with all roles as (office id, role)."""

    officer: Officer
    pairs: RolePairs

    @property
    def office_ids(self) -> list[int]:
        """Where the viewer has to do with dossiers."""
        return offices_that_open(self.pairs)

    @property
    def has_queues(self) -> bool:
        """Whether any of the roles has to do with dossiers."""
        return bool(self.office_ids)


def viewer_of(officer: Officer) -> Viewer:
    """One query."""
    return Viewer(officer, roles_of(officer))


Condition = Callable[[Viewer, datetime], Q]


@dataclass(frozen=True)
class Queue:
    """One list of work. `tone` colours its count in the navigation."""

    key: str
    label: str | Promise
    condition: Condition
    tone: str = ""


def _open_steps() -> QuerySet[DossierStep]:
    return DossierStep.objects.filter(dossier=OuterRef("pk"), state=StepState.OPEN)


def _mine(viewer: Viewer, now: datetime) -> Q:
    mine = _open_steps().filter(officer=viewer.officer, office__in=viewer.office_ids)
    return Q(Exists(mine))


def _office(viewer: Viewer, now: datetime) -> Q:
    return Q(Exists(_open_steps().filter(office__in=viewer.office_ids)))


def _unassigned(viewer: Viewer, now: datetime) -> Q:
    return Q(Exists(_open_steps().filter(office__in=viewer.office_ids, officer=None)))


def _waiting(viewer: Viewer, now: datetime) -> Q:
    return Q(status=Status.SUPPLEMENT_REQUESTED) & seen_by(viewer.pairs)


def _ready(viewer: Viewer, now: datetime) -> Q:
    return Q(status=Status.READY) & seen_by(viewer.pairs)


def due_today(now: datetime) -> Q:
    """Running, and due from now until midnight in Vietnam."""
    return Q(due_at__gte=now, due_at__lt=_midnight(now, 1), paused_at=None, ready_at=None)


def due_soon(now: datetime) -> Q:
    """Running, and due within today and the next two days."""
    return Q(due_at__gte=now, due_at__lt=_midnight(now, 3), paused_at=None, ready_at=None)


def late(now: datetime) -> Q:
    """Running beyond the due date."""
    return Q(due_at__lt=now, paused_at=None, ready_at=None)


def _midnight(now: datetime, days: int) -> datetime:
    day = clock.local(now).date() + timedelta(days=days)
    return datetime.combine(day, time(), clock.VIETNAM)


QUEUES: tuple[Queue, ...] = (
    Queue("mine", _("My work"), _mine),
    Queue("office", _("Whole office"), _office),
    Queue("unassigned", _("Not assigned"), _unassigned, "warn"),
    Queue("waiting", _("Waiting for the citizen"), _waiting),
    Queue("today", _("Due today"), lambda v, now: _office(v, now) & due_today(now), "warn"),
    Queue("late", _("Late"), lambda v, now: _office(v, now) & late(now), "bad"),
    Queue("ready", _("Result to be collected"), _ready),
)


def queue_of(key: str) -> Queue:
    """The queue with this key, the first for an unknown one."""
    return next((queue for queue in QUEUES if queue.key == key), QUEUES[0])


class _Counted(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counts(viewer: Viewer, now: datetime, more: dict[str, Q] | None = None) -> dict[str, int]:
    """How many dossiers each queue and each of the conditions in `more` has, in one query.

    Nothing is counted beyond MOST_COUNTED + 1.
    """
    conditions = {queue.key: queue.condition(viewer, now) for queue in QUEUES} | (more or {})
    numbers = [
        _Counted(Dossier.objects.filter(condition).order_by().values("pk")[: MOST_COUNTED + 1])
        for condition in conditions.values()
    ]
    row = Officer.objects.filter(pk=viewer.officer.pk).values_list(*numbers).get()
    return dict(zip(conditions, row, strict=True))


# ---- filters -------------------------------------------------------------------------------------


def with_words(text: str) -> Q:
    """Every word is in the filer's name, in the procedure or in the code; accents do not count."""
    condition = Q()
    for word in fold(text).split():
        condition &= (
            Q(citizen__search_text__contains=word)
            | Q(procedure_version__search_text__contains=word)
            | Q(code__icontains=word)
        )
    return condition


def at_step(name: str) -> Q:
    """A step of this name is open."""
    return Q(Exists(_open_steps().filter(name=name)))


def choices_in(queue: Q) -> tuple[list[tuple[str, str]], list[str]]:
    """What a queue can be narrowed to: its procedures (code, short name), its open steps."""
    dossiers = Dossier.objects.filter(queue).order_by()
    procedures = dossiers.values_list(
        "procedure_version__procedure__code", "procedure_version__short_name"
    ).distinct()
    steps = DossierStep.objects.filter(
        dossier__in=dossiers.values("pk"), state=StepState.OPEN
    ).order_by()
    names = steps.values_list("name", flat=True).distinct()
    return sorted(dict(procedures[:200]).items(), key=lambda p: fold(p[1])), sorted(names[:200])


# ---- rows ----------------------------------------------------------------------------------------

_COLUMNS = (
    "ref", "code", "status", "version", "due_at", "paused_at", "received_at", "ready_at",
    "closed_at", "timeliness", "early_days", "deciding_office_id", "citizen__full_name",
    "procedure_version__short_name", "receiving_office__short_name",
)  # fmt: skip


def for_list(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a list shows and no more: nothing that is encrypted; three queries a page.

    `steps.all()` are then the open ones, with office and officer, and `events.all()` is the last.
    """
    open_steps = DossierStep.objects.filter(state=StepState.OPEN).select_related(
        "office", "officer"
    )
    last = (
        DossierEvent.objects.order_by("dossier_id", "-id")
        .distinct("dossier_id")
        .select_related("actor")
    )
    return (
        dossiers.select_related(None)
        .select_related("citizen", "procedure_version", "receiving_office")
        .only(*_COLUMNS)
        .prefetch_related(
            Prefetch("steps", open_steps.order_by("position")),
            Prefetch("events", last),
        )
    )

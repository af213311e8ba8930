"""Pages of a list without OFFSET and without counting: each page starts beside a known dossier."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from cases.models import Dossier


@dataclass(frozen=True)
class Order:
    """A total order of dossiers: how to sort, and which ones come after or before a given one."""

    sort: tuple[OrderBy, ...]
    after: Callable[[Dossier], Q]
    before: Callable[[Dossier], Q]


@dataclass(frozen=True)
class Page:
    """One page in order, and the handles beside which the neighbouring pages start ("" = none)."""

    rows: list[Dossier]
    newer: str
    older: str


def _after_due(mark: Dossier) -> Q:
    if mark.due_at is None:
        return Q(due_at=None, id__gt=mark.id)
    same = Q(due_at=mark.due_at, id__gt=mark.id)
    return Q(due_at__gt=mark.due_at) | same | Q(due_at=None)


def _before_due(mark: Dossier) -> Q:
    if mark.due_at is None:
        return Q(due_at__isnull=False) | Q(due_at=None, id__lt=mark.id)
    return Q(due_at__lt=mark.due_at) | Q(due_at=mark.due_at, id__lt=mark.id)


BY_DUE = Order(
    sort=(F("due_at").asc(nulls_last=True), F("id").asc()), after=_after_due, before=_before_due
)
"""Due first, first; what has no due date yet comes last."""

NEWEST_FIRST = Order(
    sort=(F("id").desc(),),
    after=lambda mark: Q(id__lt=mark.id),
    before=lambda mark: Q(id__gt=mark.id),
)


def page_of(
    dossiers: QuerySet[Dossier],
    order: Order,
    *,
    marks: QuerySet[Dossier],
    after: str = "",
    before: str = "",
    size: int,
) -> Page:
    """The `size` dossiers after, or else before, the one with that handle; the first without one.

    `marks` are those that a page may start beside: all that the viewer may see, also what has left
    the list meanwhile. Any other handle gives the first page.
    """
    mark = _find(marks, before or after)
    backwards = bool(before) and mark is not None
    ordered = dossiers.order_by(*order.sort)
    if backwards and mark is not None:
        ordered = ordered.filter(order.before(mark)).reverse()
    elif mark is not None:
        ordered = ordered.filter(order.after(mark))
    rows = list(ordered[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], "", "")
    has_newer = more if backwards else mark is not None
    has_older = True if backwards else more
    return Page(rows, rows[0].handle if has_newer else "", rows[-1].handle if has_older else "")


def _find(marks: QuerySet[Dossier], handle: str) -> Dossier | None:
    if not handle:
        return None
    found = marks.filter(Q(code=handle) | Q(ref=handle))
    return found.only("id", "due_at").first()

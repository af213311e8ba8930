"""An officer's queues, and finding a dossier by scan or words."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases.forms.queue import QueueFilters
from cases.models import Dossier
from cases.selectors import search
from cases.selectors.access import seen_by
from cases.selectors.keyset import BY_DUE, NEWEST_FIRST, Order, Page, page_of
from cases.selectors.queues import (
    PAGE_SIZE,
    Queue,
    Viewer,
    choices_in,
    counts,
    due_today,
    for_list,
    late,
    queue_of,
    viewer_of,
)
from cases.views.navigation import counted, home_without_queues, queue_url, side_nav
from cases.views.rows import rows_of
from common import clock, dates
from offices.requests import OfficerRequest, officers_only

_LONGEST_SCAN = 400


@require_safe
@officers_only
def workspace(request: OfficerRequest) -> HttpResponse:
    """A queue (`?queue=`, `f`, `procedure`, `step`, `due`), or what `?q=` finds."""
    text = request.GET.get("q", "").strip()[:_LONGEST_SCAN]
    if text:
        return _found(request, text)
    viewer, now = viewer_of(request.user), clock.now()
    if not viewer.has_queues and not request.GET:
        return redirect(home_without_queues(request))
    queue = queue_of(request.GET.get("queue", ""))
    whole = queue.condition(viewer, now)
    filters = QueueFilters(request.GET)
    filters.offer(*choices_in(whole))
    narrowed, is_narrowed = filters.condition(now)
    page = _page(request, viewer, Dossier.objects.filter(whole & narrowed), BY_DUE)
    here = {"here_late": whole & late(now), "here_today": whole & due_today(now)}
    numbers = counts(viewer, now, here)
    context = {
        "queue": queue,
        "title": f"{queue.label} ({counted(numbers[queue.key])})",
        "filters": filters,
        "is_narrowed": is_narrowed,
        "all_url": queue_url(queue.key),
        "summary": _summary(numbers, queue),
        "now": now,
        "rows": rows_of(page.rows, viewer, now),
        "pager": _pager(request, page, _due_range(page)),
        "side_nav": side_nav(request, viewer, numbers, queue.key),
        "unassigned": numbers["unassigned"],
        "unassigned_url": queue_url("unassigned"),
    }
    return render(request, "cases/queue.html", context)


def _found(request: OfficerRequest, text: str) -> HttpResponse:
    """One exact hit opens at once; otherwise a list, newest first."""
    dossier = search.exact(request.user, text)
    if dossier is not None:
        return redirect("dossier", dossier.handle)
    viewer, now = viewer_of(request.user), clock.now()
    page = _page(request, viewer, search.matching(request.user, text), NEWEST_FIRST)
    context = {
        "title": _("Dossiers found"),
        "scan_query": text,
        "now": now,
        "rows": rows_of(page.rows, viewer, now),
        "pager": _pager(request, page, ""),
        "side_nav": side_nav(request, viewer, counts(viewer, now)),
    }
    return render(request, "cases/found.html", context)


def _page(request: HttpRequest, viewer: Viewer, dossiers: QuerySet[Dossier], order: Order) -> Page:
    beside = {name: request.GET.get(name, "")[:40] for name in ("after", "before")}
    marks = Dossier.objects.filter(seen_by(viewer.pairs))
    return page_of(for_list(dossiers), order, marks=marks, **beside, size=PAGE_SIZE)


def _summary(numbers: dict[str, int], queue: Queue) -> str:
    """ "14 dossiers · 1 late · 2 due today"."""
    n = numbers[queue.key]
    parts = [ngettext("%(n)s dossier", "%(n)s dossiers", n) % {"n": counted(n)}]
    if numbers["here_late"]:
        parts.append(_("%(n)s late") % {"n": counted(numbers["here_late"])})
    if numbers["here_today"]:
        parts.append(_("%(n)s due today") % {"n": counted(numbers["here_today"])})
    return " · ".join(parts)


def _due_range(page: Page) -> str:
    due = [dossier.due_at for dossier in page.rows if dossier.due_at]
    if not due:
        return ""
    first, last = dates.short_day(due[0]), dates.short_day(due[-1])
    return _("Due %(first)s to %(last)s") % {"first": first, "last": f"{last}/{_year(due[-1])}"}


def _year(at: datetime) -> int:
    return clock.local(at).year


def _pager(request: HttpRequest, page: Page, words: str) -> dict[str, str]:
    """For components/pager.html."""
    return {
        "range": words,
        "newer_url": _beside(request, "before", page.newer),
        "older_url": _beside(request, "after", page.older),
    }


def _beside(request: HttpRequest, name: str, handle: str) -> str:
    if not handle:
        return ""
    query = request.GET.copy()
    for mark in ("after", "before"):
        query.pop(mark, None)
    query[name] = handle
    return f"?{query.urlencode()}"

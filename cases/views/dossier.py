"""The page of one dossier, its person in full, and its receipt."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Dossier
from cases.printing import Sheet
from cases.selectors.access import Position, moves_of, position_of, visible_dossier
from cases.selectors.chips import chip_of
from cases.selectors.queues import counts, queue_of, viewer_of
from cases.services import issued_forms
from cases.views import sheet
from cases.views.buttons import buttons_of
from cases.views.navigation import queue_url, side_nav
from cases.workflow import STAGE_OF, Stage, Status
from citizens.models import AccessReason
from citizens.services import log_access
from common import clock, panels
from offices.requests import OfficerRequest, officers_only
from offices.selectors.calendars import calendar_for


@require_safe
@officers_only
def show(request: OfficerRequest, handle: str) -> HttpResponse:
    """Everything about a dossier, the person masked."""
    return _page(request, visible_dossier(request.user, handle), in_full=False)


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def show_person(request: OfficerRequest, handle: str) -> HttpResponse:
    """POST: the same page with the person's data in full; who looked is written down.

    A link, such as that of the other language, leads back to the masked page.
    """
    dossier = visible_dossier(request.user, handle)
    if request.method != "POST":
        return redirect("dossier", dossier.handle)
    log_access(
        citizen=dossier.citizen,
        officer=request.user,
        reason=AccessReason.DOSSIER,
        dossier_ref=dossier.ref,
    )
    return _page(request, dossier, in_full=True)


@require_safe
@officers_only
def receipt(request: OfficerRequest, handle: str) -> HttpResponse:
    """Form 01 as issued; it names the person, so who opened it is written down."""
    dossier = visible_dossier(request.user, handle)
    pdf = issued_forms.receipt_pdf(dossier, sheet=_sheet(request))
    return _printed(request, dossier, pdf, dossier.handle)


@require_safe
@officers_only
def supplement(request: OfficerRequest, handle: str, number: int) -> HttpResponse:
    """Form 02 of the request with this number, as `receipt`."""
    dossier = visible_dossier(request.user, handle)
    pdf = issued_forms.supplement_pdf(dossier, number=number, sheet=_sheet(request))
    return _printed(request, dossier, pdf, f"{dossier.handle}-02-{number}")


def _sheet(request: OfficerRequest) -> Sheet:
    """`?kho=a4`; A5 otherwise."""
    return Sheet.A4 if request.GET.get("kho") == Sheet.A4 else Sheet.A5


def _printed(request: OfficerRequest, dossier: Dossier, pdf: bytes, name: str) -> HttpResponse:
    log_access(
        citizen=dossier.citizen,
        officer=request.user,
        reason=AccessReason.RECEIPT,
        dossier_ref=dossier.ref,
    )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _page(request: OfficerRequest, dossier: Dossier, *, in_full: bool) -> HttpResponse:
    viewer, now = viewer_of(request.user), clock.now()
    position = position_of(request.user, dossier)
    requests = dossier.supplement_requests.select_related("requested_by").order_by("-id")
    context = {
        "dossier": dossier,
        "version": dossier.procedure_version,
        "deciding_office": dossier.deciding_office.named_at(dossier.closed_at),
        "crumbs": _crumbs(dossier, position),
        "chip": chip_of(dossier, calendar_for(dossier.deciding_office), now),
        "buttons": buttons_of(dossier, moves_of(dossier, position)),
        "read_only": _why_read_only(dossier, position),
        "clock": sheet.clock_panel(dossier, now) if dossier.is_accepted else None,
        "steps": sheet.step_rows(position.steps),
        "papers": sheet.paper_rows(list(dossier.papers.all())),
        "requests": list(requests.prefetch_related("items")),
        "printable": issued_forms.printable_requests(dossier),
        "history": sheet.history(dossier),
        "person": sheet.person(dossier.citizen, in_full=in_full),
        "panels": panels.render(settings.DOSSIER_PANELS, request, dossier),
        "side_nav": side_nav(request, viewer, counts(viewer, now)),
        "now": now,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "cases/dossier.html", context)


def _crumbs(dossier: Dossier, position: Position) -> list[dict[str, str]]:
    """The queue in which the officer finds the dossier, then its code."""
    key = {Status.SUPPLEMENT_REQUESTED: "waiting", Status.READY: "ready"}.get(
        Status(dossier.status),
        "mine" if position.step and position.step.officer == position.officer else "office",
    )
    label = str(queue_of(key).label)
    return [{"label": label, "url": queue_url(key)}, {"label": dossier.handle}]


def _why_read_only(dossier: Dossier, position: Position) -> str:
    """Where the dossier is, for an officer of another office; "" where there is nothing to say."""
    if STAGE_OF[Status(dossier.status)] == Stage.CLOSED:
        return _("This dossier is closed.")
    elsewhere = [step for step in position.open_steps if step is not position.step]
    if position.step is not None or not elsewhere:
        return ""
    names = "; ".join(f"{step.name} ({step.office.short_name})" for step in elsewhere)
    return _("At the moment others work on it: %(steps)s.") % {"steps": names}

"""The page of any move: what it means, what it asks, and making it. Driven by the table alone."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.forms.base import MoveForm
from cases.forms.moves import FORMS
from cases.models import Dossier
from cases.panels import Recipient
from cases.selectors.access import AllowedMove, moves_of, position_of, visible_dossier
from cases.services.errors import IllegalMoveError, StaleError, possible_when
from cases.services.transitions import apply
from cases.views.buttons import effects_of, ends_without_result, tells_the_citizen
from cases.workflow import Action, Event, Status, find, rows_of
from citizens.models import Purpose
from citizens.selectors import has_consent
from common import panels
from common.errors import DomainError, RoleMissingError
from offices.requests import OfficerRequest, officers_only


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def move(request: OfficerRequest, handle: str, action: str) -> HttpResponse:
    """GET asks, POST makes the move and goes back to the dossier.

    A stale or refused post comes back with what was typed, the newest version and the reasons.
    """
    if action not in Action.values or not rows_of(Action(action)):
        raise Http404
    dossier = visible_dossier(request.user, handle)
    if request.method == "POST" and request.POST.get("do") != "preview":
        return _make(request, dossier, Action(action))
    allowed = _allowed(request, dossier, Action(action))
    is_preview = request.method == "POST"
    form = FORMS[allowed.row.action](request.POST if is_preview else None, dossier=dossier)
    return _page(request, dossier, allowed, form, {"is_preview": is_preview})


def _make(request: OfficerRequest, dossier: Dossier, action: Action) -> HttpResponse:
    form = FORMS[action](request.POST, dossier=dossier)
    try:
        if form.is_valid():
            moved = apply(
                action,
                dossier_id=dossier.pk,
                officer=request.user,
                version=_version(request),
                data=form.to_input(),
            )
            messages.success(request, _("Done: %(action)s.") % {"action": action.label})
            return redirect("dossier", moved.handle)
    except StaleError as error:
        return _stale(request, action, form, error)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        _show(error, form)
    allowed = _still(request, dossier, action)
    return _page(request, dossier, allowed, form, {}, status=409 if allowed.reasons else 400)


def _version(request: OfficerRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _stale(
    request: OfficerRequest, action: Action, form: MoveForm, error: StaleError
) -> HttpResponse:
    """Somebody was faster: nothing is lost, and the page goes on from the newest version."""
    dossier = visible_dossier(request.user, form.dossier.handle)
    if error.code == "already_done":
        messages.info(request, error.message)
        return redirect("dossier", dossier.handle)
    last = error.last_event
    stale = {
        "message": error.message,
        "before": Status(last.status_before).label if last.status_before else "",
        "after": Status(last.status_after).label,
        "event": Event(last.event).label,
    }
    allowed = _still(request, dossier, action)
    return _page(request, dossier, allowed, form, {"stale": stale}, status=409)


def _moves(request: OfficerRequest, dossier: Dossier) -> dict[Action, AllowedMove]:
    position = position_of(request.user, dossier)
    return {move.row.action: move for move in moves_of(dossier, position)}


def _allowed(request: OfficerRequest, dossier: Dossier, action: Action) -> AllowedMove:
    """The officer's move by the table. Raises what says best why there is none."""
    moves = _moves(request, dossier)
    if action in moves:
        return moves[action]
    status = Status(dossier.status)
    if find(action, status=status, is_accepted=dossier.is_accepted) is None:
        raise IllegalMoveError(
            action, status, [possible_when(action, is_accepted=dossier.is_accepted)]
        )
    raise RoleMissingError(
        _("“%(action)s” is not for your role at this step.") % {"action": action.label}
    )


def _still(request: OfficerRequest, dossier: Dossier, action: Action) -> AllowedMove:
    """The move after a refused post, off with the reason where it is gone: the page stays."""
    gone = AllowedMove(rows_of(action)[0], (_standing(dossier),))
    return _moves(request, dossier).get(action, gone)


def _standing(dossier: Dossier) -> str:
    return _("The dossier is “%(status)s”.") % {"status": Status(dossier.status).label}


def _show(error: DomainError, form: MoveForm) -> None:
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(form.field_for(name), text)
    if not error.fields:
        form.add_error(None, error.message)


def _page(
    request: OfficerRequest,
    dossier: Dossier,
    allowed: AllowedMove,
    form: MoveForm,
    more: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    row = allowed.row
    context = {
        "dossier": dossier,
        "title": row.action.label,
        "action": row.action.value,
        "submit": row.action.label,
        "form": form,
        "effects": [*effects_of(row), *form.effects()],
        "danger": ends_without_result(row),
        "reasons": allowed.reasons,
        "preview": form.preview(),
        "panels": _told(request, dossier) if tells_the_citizen(row) else [],
    }
    return render(request, "cases/move.html", context | more, status=status)


def _told(request: OfficerRequest, dossier: Dossier) -> list[Any]:
    citizen = dossier.citizen
    agrees = has_consent(citizen, Purpose.DOSSIER) is True
    return panels.render(settings.INTAKE_PANELS, request, Recipient(citizen, citizen.phone, agrees))

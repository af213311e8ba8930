"""The counter takes a dossier in: one form, filled step by step or at once, then one press.

Every button posts the whole form. `do` says which: `read`, `citizen:<ref>`, `procedure`,
`choose:<code>` and `refresh` fill in or look up and show the form again; `accept`, `supplement`
and `refuse` finish. Without script the page does all of it.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.intake import ACCEPT, REFUSE, SUPPLEMENT, IntakeForm, Scene
from cases.models import Dossier, ProcedureCase, ProcedureVersion
from cases.panels import Recipient
from cases.selectors.access import moves_of, position_of, visible_dossier
from cases.selectors.catalogue import current_version
from cases.selectors.preview import counter_fees, open_dossiers, preview
from cases.services.intake import counter_of, take_in, turn_away
from cases.views.intake_filling import FILLERS, Filling, procedure_options
from cases.workflow import Action, ResultChannel
from citizens.identity import parse_identity_number, parse_phone
from citizens.models import Citizen
from citizens.selectors import by_identity_number, consents_of
from citizens.services import has_other_name
from common import clock, panels
from common.errors import DomainError, NotFoundError
from common.text import fold, mask_name
from common.tokens import reference
from offices.models import Commune, Office, Officer
from offices.requests import OfficerRequest, officers_only
from offices.selectors.communes import all_communes, communes_meant


def _take_in(form: IntakeForm, officer: Officer) -> Dossier:
    return take_in(new=form.to_new(), officer=officer)


def _turn_away(form: IntakeForm, officer: Officer) -> Dossier:
    return turn_away(new=form.to_new(), officer=officer, reason=form.cleaned_data["refusal"])


_FINISHERS: dict[str, Callable[[IntakeForm, Officer], Dossier]] = {
    ACCEPT: _take_in,
    SUPPLEMENT: _take_in,
    REFUSE: _turn_away,
}


@require_http_methods(["GET", "HEAD", "POST"])
@officers_only
def intake(request: OfficerRequest) -> HttpResponse:
    """The form. GET begins anew (`?procedure=`, `?case=` choose); POST goes one step on."""
    office = counter_of(request.user)
    data = _data(request)
    do, _colon, value = str(data.get("do", "")).partition(":")
    filling = Filling(request.user, data, all_communes())
    if do in FILLERS:
        FILLERS[do](filling, value)
    is_finishing = do in _FINISHERS
    scene = _scene(filling, is_finishing=is_finishing)
    form = IntakeForm(data, scene=scene, purpose=do if is_finishing else "")
    if is_finishing and not filling.errors and form.is_valid():
        try:
            return redirect("intake-done", _FINISHERS[do](form, request.user).handle)
        except DomainError as error:
            _show(error, form)
    for name, text in filling.errors.items():
        form.add_error(name, text)
    return _page(request, office, filling, form)


@require_safe
@officers_only
def done(request: OfficerRequest, handle: str) -> HttpResponse:
    """After the press: the code large, the receipt to print, the next person, and undoing."""
    counter_of(request.user)
    dossier = visible_dossier(request.user, handle)
    moves = {m.row.action: m for m in moves_of(dossier, position_of(request.user, dossier))}
    undo = moves.get(Action.CANCEL)
    left = 0
    if undo and not undo.reasons and dossier.received_at:
        passed = (clock.now() - dossier.received_at).total_seconds()
        left = max(int(settings.CANCEL_WITHIN_S - passed), 0)
    context = {
        "dossier": dossier,
        "request_made": dossier.supplement_requests.prefetch_related("items").last(),
        "undo_left_s": left,
        "undo_left": f"{left // 60}:{left % 60:02}",
    }
    return render(request, "cases/intake_done.html", context)


def _data(request: HttpRequest) -> QueryDict:
    """What the page holds: the post, or for a new form what the address chooses."""
    if request.method == "POST":
        return request.POST.copy()
    data = QueryDict(mutable=True)
    data["submission_key"] = reference()
    for name in ("procedure", "case"):
        data[name] = request.GET.get(name, "")[:80]
    return data


def _scene(filling: Filling, *, is_finishing: bool) -> Scene:
    data = filling.data
    data.setdefault("result_channel", ResultChannel.COUNTER)
    version = _version(str(data.get("procedure", "")))
    cases = sorted(version.cases.all(), key=lambda c: c.position) if version else []
    chosen = [case for case in cases if case.code == data.get("case")] or cases[:1]
    if chosen:
        if not is_finishing:  # what finishes is refused with the case as it was posted
            data["case"] = chosen[0].code
        _show_papers(filling, chosen[0], is_finishing=is_finishing)
    citizen = _citizen(str(data.get("identity_number", "")))
    _ask_anew(filling, citizen)
    return Scene(
        communes=filling.communes,
        version=version,
        case=chosen[0] if chosen and version and not version.external_system else None,
        citizen=citizen,
        consents=consents_of(citizen) if citizen else {},
        open_dossiers=open_dossiers(citizen, filling.officer) if citizen else [],
        submission_key=str(data.get("submission_key", "")),
        name_on_record=_name_on_record(citizen, str(data.get("full_name", ""))),
    )


def _version(code: str) -> ProcedureVersion | None:
    try:
        return current_version(code) if code else None
    except NotFoundError:
        return None


def _show_papers(filling: Filling, case: ProcedureCase, *, is_finishing: bool) -> None:
    """The checklist of the case. Ticks of another one, which has the same keys, are forgotten.

    Of each paper there are as many as the procedure asks for, until somebody types a number.
    """
    data, version = filling.data, case.version
    checklist = f"{version.procedure.code}/{version.number}/{case.code}"
    if data.get("checklist", checklist) != checklist:
        filling.drop_papers()
        if is_finishing:
            text = _("These are the papers of another case than before. Check them.")
            filling.errors["case"] = text
    data["checklist"] = checklist
    for document in case.documents.all():
        name = f"count_{document.key}"
        if not data.get(name):
            data[name] = str(document.originals or document.copies)


def _ask_anew(filling: Filling, citizen: Citizen | None) -> None:
    """A tick beside a warning counts for the person, procedure and name it was shown with."""
    data = filling.data
    name = fold(str(data.get("full_name", "")))
    asked_of = f"{citizen.ref}/{data.get('procedure', '')}/{name}" if citizen else ""
    if data.get("asked_of", asked_of) != asked_of:
        filling.drop_ticks()
    data["asked_of"] = asked_of


def _name_on_record(citizen: Citizen | None, typed: str) -> str:
    if citizen is None or not typed.strip() or not has_other_name(citizen, typed):
        return ""
    return mask_name(citizen.full_name)


def _citizen(text: str) -> Citizen | None:
    try:
        parse_identity_number(text)
    except DomainError:
        return None
    return by_identity_number(text)


def _show(error: DomainError, form: IntakeForm) -> None:
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    if not error.fields:
        form.add_error(None, error.message)


# ---- the page ------------------------------------------------------------------------------------


def _page(
    request: OfficerRequest, office: Office, filling: Filling, form: IntakeForm
) -> HttpResponse:
    scene, lines = form.scene, form.lines()
    is_lacking = any(line.is_lacking for line in lines)
    missing = _still_missing(form, SUPPLEMENT if is_lacking else ACCEPT)
    context = {
        "form": form,
        "scene": scene,
        "said": filling.said,
        "people": filling.people,
        "found_procedures": filling.procedures,
        "procedure_options": procedure_options(),
        "commune_options": filling.communes,
        "lines": lines,
        "checked": sum(line.is_checked for line in lines),
        "is_lacking": is_lacking,
        "missing": missing,
        # Only a page that follows every change by script may switch its buttons off.
        "is_live": "HX-Request" in request.headers,
        "office": office,
        "panels": panels.render(settings.INTAKE_PANELS, request, _recipient(form)),
    } | _preview(form, office)
    return render(
        request, "cases/intake.html", context, status=400 if form.purpose and form.errors else 200
    )


def _still_missing(form: IntakeForm, purpose: str) -> list[str]:
    """What accepting, or asking for papers, would refuse as the form stands."""
    probe = IntakeForm(form.data, scene=form.scene, purpose=purpose)
    return list(dict.fromkeys(str(text) for texts in probe.errors.values() for text in texts))


def _preview(form: IntakeForm, office: Office) -> dict[str, Any]:
    case, commune = form.scene.case, _competent(form)
    if case is None:
        return {}
    shown: dict[str, Any] = {"fees": counter_fees(case)}
    if commune is None:
        return shown | {"preview_refusal": _("The due date is shown once the commune is known.")}
    try:
        when = clock.now()
        shown["preview"] = preview(case, commune=commune, receiving=office, now=when)
    except DomainError as error:
        shown["preview_refusal"] = error.message
    return shown


def _competent(form: IntakeForm) -> Commune | None:
    text = str(form["land_commune"].value() or form["commune"].value() or "")
    found = communes_meant(text, form.scene.communes)
    return found[0] if len(found) == 1 else None


def _recipient(form: IntakeForm) -> Recipient:
    citizen, phone = form.scene.citizen, str(form["phone"].value() or "")
    if citizen and form.keeps_phone():
        phone = citizen.phone
    try:
        phone = parse_phone(phone)
    except DomainError:
        phone = "".join(c for c in phone if c.isdigit())
    return Recipient(citizen, phone, form.agrees_to_messages())

"""The catalogue of procedures as it is in force: the current version of each."""

import re

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from cases.models import Procedure, ProcedureCase, ProcedureStep, ProcedureVersion
from common.errors import DomainError, NotFoundError
from common.text import fold

_MOST_WORDS = 10
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")


def search_procedures(text: str = "") -> QuerySet[Procedure]:
    """Procedures with a current version whose code or name holds all the words, by code.

    Accents do not matter. `current` is loaded; its cases are prefetched.
    """
    found = Procedure.objects.filter(current__isnull=False)
    for word in fold(text).split()[:_MOST_WORDS]:
        found = found.filter(current__search_text__contains=word)
    return (
        found.select_related("current")
        .prefetch_related(Prefetch("current__cases", ProcedureCase.objects.order_by("position")))
        .order_by("code")
    )


def current_version(code: str) -> ProcedureVersion:
    """The version in force with cases, papers, fees and steps. Raises NotFoundError."""
    is_code = _CODE.fullmatch(code) is not None
    version = (
        (_versions_in_force() if is_code else ProcedureVersion.objects.none())
        .prefetch_related("cases__documents", "cases__fees", "cases__steps", "steps")
        .filter(procedure__code=code)
        .first()
    )
    if version is None:
        raise NotFoundError(_("There is no procedure with this code."))
    return version


def current_case(procedure_code: str, case_code: str = "") -> ProcedureCase:
    """The case that an intake names, the first one without a code, its papers prefetched.

    Raises DomainError at field `procedure` or `case`.
    """
    if not _versions_in_force().filter(procedure__code=procedure_code).exists():
        raise _refusal("procedure", _("There is no procedure with this code."))
    cases = (
        ProcedureCase.objects.select_related("version__procedure")
        .prefetch_related("documents")
        .filter(version__in=_versions_in_force(), version__procedure__code=procedure_code)
        .order_by("position")
    )
    case = (cases.filter(code=case_code) if case_code else cases).first()
    if case is None:
        raise _refusal("case", _("The procedure has no such case."))
    return case


def steps_of(case: ProcedureCase, version: ProcedureVersion) -> list[ProcedureStep]:
    """The steps that dossiers of the case walk: its own, else those of the version.

    No query when prefetched.
    """
    own = sorted(case.steps.all(), key=lambda step: step.position)
    return own or common_steps_of(version)


def common_steps_of(version: ProcedureVersion) -> list[ProcedureStep]:
    """The steps of every case that has none of its own. No query when prefetched."""
    shared = [step for step in version.steps.all() if step.case_id is None]
    return sorted(shared, key=lambda step: step.position)


def _versions_in_force() -> QuerySet[ProcedureVersion]:
    in_force = Procedure.objects.filter(current__isnull=False).values("current")
    return ProcedureVersion.objects.select_related("procedure").filter(pk__in=in_force)


def _refusal(field: str, message: str) -> DomainError:
    return DomainError(message, fields={field: [message]})

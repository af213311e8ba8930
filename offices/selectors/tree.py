"""Reads about the tree of offices: where a step of a procedure is done."""

from collections import Counter

from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import DomainError
from offices.kinds import COMMUNE_KINDS, RECEIVING_KINDS, OfficeKind, Role
from offices.models import Commune, Office


def resolve_office(reference: str, role: str, *, commune: Commune, receiving: Office) -> Office:
    """The office that a step or a version names by code or kind, for one dossier.

    Front desk of a receiving kind means the unit that received the dossier; commune kinds mean the
    competent commune; a land registry branch is the one that serves it; any other kind stands once.
    Raises DomainError when the tree has no such office, or several.
    """
    if role == Role.FRONT_DESK and reference in RECEIVING_KINDS:
        return receiving
    offices = Office.objects.in_force()
    if reference in COMMUNE_KINDS:
        found = offices.filter(kind=reference, commune=commune)
    elif reference == "land_registry_branch":
        found = offices.filter(kind=reference, serves=commune)
    else:
        found = offices.filter(Q(code=reference) | Q(kind=reference))
    matches = list(found[:2])
    if len(matches) != 1:
        raise _not_one(reference, commune, is_there=bool(matches))
    return matches[0]


def _not_one(reference: str, commune: Commune, *, is_there: bool) -> DomainError:
    """Why a reference leads to no office, in words for who takes the dossier in."""
    text = (
        _("%(commune)s has more than one office “%(office)s”. An administrator must leave one.")
        if is_there
        else _("%(commune)s has no office “%(office)s”. An administrator must enter it.")
    )
    names = {"commune": str(commune), "office": _name_of(reference)}
    return DomainError(text % names, code="office_missing")


def _name_of(reference: str) -> str:
    """The words for a kind, the name of an office, closed ones too, else what is written."""
    if reference in OfficeKind.values:
        return str(OfficeKind(reference).label)
    office = Office.objects.filter(code=reference).first()
    return office.name if office else reference


def office_references() -> frozenset[str]:
    """Every code or kind by which `resolve_office` finds one office whatever the commune is.

    Kinds of a commune count while each commune has one, `land_registry_branch` while each commune
    is served by one, other kinds while they stand once in the tree.
    """
    communes = Commune.objects.count()
    rows = list(Office.objects.in_force().values_list("code", "kind"))
    times = Counter(kind for _code, kind in rows)
    found = {code for code, _kind in rows}
    found |= {k for k, n in times.items() if n == (communes if k in COMMUNE_KINDS else 1)}
    found.discard(OfficeKind.LAND_REGISTRY_BRANCH)
    branches = Office.objects.in_force().filter(kind=OfficeKind.LAND_REGISTRY_BRANCH)
    served = Commune.objects.filter(served_by__in=branches)
    if (
        communes
        and sorted(Counter(served.values_list("code", flat=True)).values()) == [1] * communes
    ):
        found.add(OfficeKind.LAND_REGISTRY_BRANCH)
    return frozenset(map(str, found))

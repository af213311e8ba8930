"""Reads about officers: who has which role where."""

from collections.abc import Iterable

from django.db.models import QuerySet

from offices.kinds import Role
from offices.models import Office, Officer, RoleAssignment


def only_officer_with(role: str, office: Office) -> Officer | None:
    """The officer who alone has the role there, else None (a step stays unassigned)."""
    rows = Officer.objects.filter(
        is_active=True, role_assignments__office=office, role_assignments__role=role
    ).order_by("id")[:2]
    officers = list(rows)
    return officers[0] if len(officers) == 1 else None


def roles_of(officer: Officer) -> frozenset[tuple[int, str]]:
    """All (office id, role) pairs of an officer; one query."""
    pairs = RoleAssignment.objects.filter(officer=officer).values_list("office_id", "role")
    return frozenset(pairs)


def assignments_of(officer: Officer) -> QuerySet[RoleAssignment]:
    """The officer's roles with their offices, by office."""
    rows = RoleAssignment.objects.filter(officer=officer).select_related("office")
    return rows.order_by("office__sort_key", "role")


def offices_with_role(officer: Officer, roles: Iterable[str]) -> list[Office]:
    """Offices where the officer has one of the roles, the own office first."""
    rows = Office.objects.filter(
        role_assignments__officer=officer, role_assignments__role__in=list(roles)
    ).distinct()
    return sorted(rows, key=lambda office: (office.id != officer.office_id, office.sort_key))


def receiving_offices(officer: Officer) -> list[Office]:
    """Counters of today at which the officer stands."""
    desks = offices_with_role(officer, [Role.FRONT_DESK])
    return [office for office in desks if office.is_receiving and office.is_in_force()]

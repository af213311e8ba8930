"""Roles of officers, and the rights in the administration that one of them brings."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from offices.kinds import Role
from offices.models import Officer

ADMINISTRATORS = "Quản trị hệ thống"
"""Name of the group that holds the rights of settings.ADMINISTRATOR_RIGHTS."""


@transaction.atomic
def ensure_administrators() -> Group:
    """The group of administrators with exactly the rights of the settings; may run again.

    Raises LookupError for a right that no model has: a slip in the settings, never a user's fault.
    """
    group, _created = Group.objects.get_or_create(name=ADMINISTRATORS)
    wanted = {
        (app, f"{action}_{model}")
        for app, models in settings.ADMINISTRATOR_RIGHTS.items()
        for model, actions in models.items()
        for action in actions
    }
    rows = Permission.objects.select_related("content_type").filter(
        content_type__app_label__in=settings.ADMINISTRATOR_RIGHTS
    )
    known = {(row.content_type.app_label, row.codename): row for row in rows}
    if missing := wanted - known.keys():
        raise LookupError(f"No such rights: {sorted(missing)}")
    group.permissions.set([known[right] for right in wanted])
    return group


@transaction.atomic
def sync_administration(officer: Officer) -> None:
    """Makes an officer's rights in the administration those that the roles bring, no more."""
    is_administrator = officer.role_assignments.filter(role=Role.ADMINISTRATOR).exists()
    if is_administrator:
        officer.groups.add(ensure_administrators())
    else:
        officer.groups.remove(*Group.objects.filter(name=ADMINISTRATORS))
    may_enter = is_administrator or officer.is_superuser
    if officer.is_staff != may_enter:
        officer.is_staff = may_enter
        officer.save(update_fields=["is_staff"])

"""Accounts and roles of officers; one active administrator must always be left."""

from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.errors import DomainError
from offices.kinds import Role
from offices.models import ApiToken, Officer, RoleAssignment
from offices.services.roles import ADMINISTRATORS, sync_administration

Row = TypeVar("Row", Officer, ApiToken)


@transaction.atomic
def close_accounts(*, officers: Iterable[Officer], by: Officer) -> list[Officer]:
    """Nobody logs in with these accounts any more, their tokens end; whom it changed.

    Raises DomainError for one's own account, a superuser's (unless by one), or when no active
    administrator would be left.
    """
    chosen = _not_oneself(officers, by)
    changed = [officer for officer in chosen if officer.is_active]
    Officer.objects.filter(pk__in=[officer.pk for officer in changed]).update(is_active=False)
    revoke_tokens(tokens=ApiToken.objects.filter(officer__in=changed))
    require_administrator()
    return changed


@transaction.atomic
def open_accounts(*, officers: Iterable[Officer], by: Officer) -> list[Officer]:
    """These accounts are open again, with the roles they have; whom it changed."""
    changed = [officer for officer in _not_oneself(officers, by) if not officer.is_active]
    Officer.objects.filter(pk__in=[officer.pk for officer in changed]).update(is_active=True)
    return changed


@transaction.atomic
def end_roles(*, officers: Iterable[Officer], by: Officer) -> dict[Officer, list[str]]:
    """Takes every role of these officers; by officer what was taken, in words.

    Raises DomainError as `close_accounts`.
    """
    taken: dict[Officer, list[str]] = {}
    for officer in _not_oneself(officers, by):
        given = list(officer.role_assignments.select_related("office"))
        if given:
            taken[officer] = [str(role) for role in given]
            RoleAssignment.objects.filter(pk__in=[role.pk for role in given]).delete()
            sync_administration(officer)
    require_administrator()
    return taken


@transaction.atomic
def revoke_tokens(*, tokens: Iterable[ApiToken]) -> list[ApiToken]:
    """These tokens open nothing from now on; which were not revoked before."""
    open_ones = [token for token in _locked(ApiToken, tokens) if token.revoked_at is None]
    ApiToken.objects.filter(pk__in=[token.pk for token in open_ones]).update(revoked_at=clock.now())
    return open_ones


def require_administrator() -> None:
    """Refuses what would leave no active administrator; two at once cannot end each other.

    Locks the group of administrators until the end of the transaction.
    """
    Group.objects.select_for_update().filter(name=ADMINISTRATORS).first()
    if not active_administrators().exists():
        raise DomainError(last_administrator(), code="last_administrator", status=409)


def active_administrators() -> QuerySet[Officer]:
    """Officers who may administrate now."""
    return Officer.objects.filter(
        is_active=True, role_assignments__role=Role.ADMINISTRATOR
    ).distinct()


def last_administrator() -> str:
    """The words of that refusal."""
    return _("No administrator would be left: give the role to somebody else first.")


def _not_oneself(officers: Iterable[Officer], by: Officer) -> list[Officer]:
    """The officers, locked: who comes at the same time sees what the first one did."""
    chosen = _locked(Officer, officers)
    if any(officer.pk == by.pk for officer in chosen):
        raise DomainError(_("This is your own account: another administrator must do it."))
    if not by.is_superuser and any(officer.is_superuser for officer in chosen):
        raise DomainError(_("Only a superuser changes the account of a superuser."), status=403)
    return chosen


def _locked(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """The rows as they are now, in the order of their keys so that nobody waits in a circle."""
    locked = model._default_manager.select_for_update(no_key=True, of=("self",))
    return list(locked.filter(pk__in=[row.pk for row in rows]).order_by("pk"))

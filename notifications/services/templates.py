"""Compares the templates of the product with those of the account, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common.errors import DomainError
from notifications.channels import zalo_api
from notifications.channels.base import Result
from notifications.channels.zalo_answers import as_int
from notifications.channels.zalo_api import TemplateRow, ZaloReadError
from notifications.channels.zalo_codes import meaning_of
from notifications.models import ZaloAccount, ZaloTemplate
from notifications.models.zalo import TemplateStatus
from notifications.services import holds, tokens
from notifications.zalo_templates import Template, templates

_T = TypeVar("_T")
_PROBLEM = 200


@dataclass(frozen=True)
class Compared:
    """What a comparison found, by template name."""

    enabled: list[str]
    unusable: dict[str, str]
    missing: list[str]


def sync(*, me: str) -> Compared:
    """Learn ids, states and parameters of the account's templates and keep them.

    Deliveries that were held for a template that is in order now are due at once. Raises
    DomainError when the account is not authorised or Zalo does not answer.
    """
    rows = {row.name: row for row in _read(me, zalo_api.list_templates)}
    enabled: list[str] = []
    unusable: dict[str, str] = {}
    account = ZaloAccount.objects.get(oa_id=settings.ZALO_OA_ID)
    for name, template in templates().items():
        row = rows.get(name)
        if row is None:
            continue
        params = _read(me, partial(zalo_api.template_params, template_id=row.template_id))
        problem = _keep(account, template, row, params)
        if problem:
            unusable[name] = problem
        else:
            enabled.append(name)
    missing = sorted(set(templates()) - rows.keys())
    ZaloTemplate.objects.filter(account=account, name__in=missing).delete()
    _let_go(enabled)
    return Compared(sorted(enabled), unusable, missing)


def _read(me: str, read: Callable[[str], _T]) -> _T:
    """One read with the account's token; a refused token is renewed once."""
    credential = tokens.credential() or tokens.renew(me=me)
    for _turn in range(2):
        if credential is None:
            raise DomainError(
                _("The Zalo account is not authorised. Run zalo_authorize first."),
                code="not_authorised",
                status=409,
            )
        try:
            return read(credential.access_token)
        except ZaloReadError as error:
            if error.code is None or meaning_of(error.code).result is not Result.TOKEN:
                raise DomainError(str(error), code="zalo", status=502) from error
            credential = tokens.renew(me=me, refused=credential.generation)
    raise DomainError(_("Zalo refuses the token."), code="not_authorised", status=409)


@transaction.atomic
def _keep(
    account: ZaloAccount, template: Template, row: TemplateRow, params: list[dict[str, Any]]
) -> str:
    """Store one template; why it cannot be used, or ""."""
    status = row.status if row.status in TemplateStatus.values else TemplateStatus.PENDING_REVIEW
    problem = _problem(template, params)
    ZaloTemplate.objects.update_or_create(
        account=account,
        name=template.name,
        defaults={
            "template_id": row.template_id,
            "status": status,
            "quality": row.quality,
            "params": [
                {
                    "name": param["name"],
                    "type": param.get("type", ""),
                    "maxLength": as_int(param.get("maxLength")),
                    "require": bool(param.get("require")),
                }
                for param in params
            ],
            "problem": problem[:_PROBLEM],
            "synced_at": Now(),
        },
    )
    if status != TemplateStatus.ENABLE:
        return str(TemplateStatus(status).label)
    return problem


def _problem(template: Template, params: list[dict[str, Any]]) -> str:
    """Why the account's version does not fit the product's; "" when it does."""
    known = {str(param["name"]) for param in params}
    ours = {param.name for param in template.params}
    required = {str(param["name"]) for param in params if param.get("require")}
    if lacking := sorted(ours - known):
        return _("Zalo's version lacks %(names)s.") % {"names": ", ".join(lacking)}
    if unknown := sorted(required - ours):
        return _("Zalo's version wants %(names)s.") % {"names": ", ".join(unknown)}
    return ""


def _let_go(enabled: list[str]) -> None:
    holds.release(holds.template_key(name) for name in enabled)
    tokens.wake_held()

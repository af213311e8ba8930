"""Repeated API calls: the same key gets the same answer, and the work is done once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import IdempotencyKey
from common import clock
from common.errors import DomainError
from offices.models import ApiToken

KEPT_FOR = timedelta(hours=24)
_FORGOTTEN_AT_ONCE = 100


@dataclass(frozen=True)
class Answer:
    """A 2xx answer: HTTP status and a body that JSON can hold."""

    status: int
    body: Any
    is_repeated: bool = False


def answer_once(*, token: ApiToken, key: str, digest: str, produce: Callable[[], Answer]) -> Answer:
    """What `produce` answers, or what it answered to this key of the token within 24 hours.

    Key and work commit together: a refusal raised by `produce` keeps nothing, and a second call
    that arrives meanwhile waits for the first. Raises DomainError 422 when the key came before
    with another request, as `digest` tells.
    """
    with transaction.atomic():
        row = _locked_row(token, key, digest)
        if row.status is None:
            answer = produce()
            row.status = answer.status
            row.answer = json.dumps(answer.body, ensure_ascii=False)
            row.save(update_fields=["status", "answer", "body_digest", "created_at"])
        elif row.body_digest != digest:
            message = _("This Idempotency-Key was used for another request.")
            raise DomainError(message, code="idempotency_key_reused", status=422)
        else:
            answer = Answer(row.status, json.loads(row.answer), is_repeated=True)
    forget_old_answers()
    return answer


def _locked_row(token: ApiToken, key: str, digest: str) -> IdempotencyKey:
    """The row of the key, new (no status) or known; waits while another call holds it."""
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(token=token, key=key, body_digest=digest)],
        update_conflicts=True,  # the update changes nothing, but it waits and locks
        unique_fields=["token", "key"],
        update_fields=["key"],
    )
    row = IdempotencyKey.objects.get(token=token, key=key)
    if clock.now() - row.created_at > KEPT_FOR:
        row.status, row.body_digest, row.created_at = None, digest, clock.now()
    return row


def forget_old_answers() -> int:
    """Deletes answers older than 24 hours, some at a time, past those in use; says how many."""
    with transaction.atomic():
        old = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT_FOR)
        ids = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
        deleted, _models = IdempotencyKey.objects.filter(
            pk__in=list(ids[:_FORGOTTEN_AT_ONCE])
        ).delete()
    return deleted

"""The row that is history, timeline and outbox at once (docs/architecture.md, "Event = outbox")."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock


def append_only(*, allow_dispatch: bool = False) -> list[pgtrigger.Trigger]:
    """Triggers for a ledger: no delete, no truncate, and no update but one.

    With `allow_dispatch` the one update allowed is `dispatched_at` from NULL to a time.
    """
    update = pgtrigger.Trigger(
        name="no_update",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=(
            "IF OLD.dispatched_at IS NULL AND NEW.dispatched_at IS NOT NULL AND "
            "to_jsonb(OLD) - 'dispatched_at' = to_jsonb(NEW) - 'dispatched_at' THEN RETURN NEW; "
            "END IF; RAISE EXCEPTION 'ledger rows are never changed';"
            if allow_dispatch
            else "RAISE EXCEPTION 'ledger rows are never changed';"
        ),
    )
    return [
        update,
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        never_emptied("ledger rows are never removed"),
    ]


def never_emptied(words: str) -> pgtrigger.Trigger:
    """A trigger that refuses TRUNCATE, which no trigger for rows sees."""
    return pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func=f"RAISE EXCEPTION '{words}';",
    )


class OutboxRow(models.Model):
    """One fact, written in the transaction that makes it true, told to others later.

    `payload` holds ids and plain facts, no personal data. Each app has its own concrete table.
    """

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(_("event"), max_length=40)
    at = models.DateTimeField(_("at"), default=clock.now)
    payload = models.JSONField(_("facts"), default=dict)
    dispatched_at = models.DateTimeField(_("passed on at"), null=True, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(dispatched_at__isnull=True),
                name="%(app_label)s_%(class)s_todo",
            ),
        ]

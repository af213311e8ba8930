"""What rows of every app share: ledgers that only grow, text in one form, the outbox."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.text import nfc


def append_only(*, set_once: str = "") -> list[pgtrigger.Trigger]:
    """Triggers for a ledger: no delete, no truncate, and no update but one.

    The one update allowed is of the column `set_once`, from NULL to a value.
    """
    update = pgtrigger.Trigger(
        name="no_update",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        func=(
            f"IF OLD.{set_once} IS NULL AND NEW.{set_once} IS NOT NULL AND "
            f"to_jsonb(OLD) - '{set_once}' = to_jsonb(NEW) - '{set_once}' THEN RETURN NEW; "
            "END IF; RAISE EXCEPTION 'ledger rows are never changed';"
            if set_once
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


class ComposedText(models.Model):
    """Rows whose text is `nfc` from the first save on, whoever typed it; also text in lists.

    `bulk_create` and `update` go past it.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compose()
        super().save(*args, **kwargs)

    def compose(self) -> None:
        """Brings every text of the row into its one form."""
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(value, str):
                setattr(self, field.attname, nfc(value))
            elif isinstance(value, list):
                composed = [nfc(item) if isinstance(item, str) else item for item in value]
                setattr(self, field.attname, composed)


class OutboxRow(models.Model):
    """One fact, written in the transaction that makes it true, told to others later.

    History, timeline and outbox at once (docs/architecture.md, "Event = outbox").

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

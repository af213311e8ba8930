"""Reads about events as an outbox: whether anybody takes them up."""

from datetime import datetime, timedelta

from cases.models import DossierEvent
from common import clock

# Longer than any busy minute of the senders: docs/operations.md says it to operators.
_PASSED_ON_WITHIN = timedelta(minutes=1)


def waiting_since() -> datetime | None:
    """When the oldest event happened that nobody takes up; None when none waits too long."""
    untold = DossierEvent.objects.filter(dispatched_at=None).order_by("id")
    oldest = untold.values_list("at", flat=True).first()
    return oldest if oldest and clock.now() - oldest > _PASSED_ON_WITHIN else None
